"""The shell's own pages: home, health, readiness, and the description of the API."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, render_template
from sqlalchemy.exc import SQLAlchemyError

from relief.accounts import guards
from relief.accounts.queries import list_operation_ids
from relief.db import db
from relief.kernel.errors import Unusable
from relief.operations.queries import list_operations
from relief.schema import is_current

blueprint = Blueprint("web", __name__)


@blueprint.get("/")
@guards.signed_in
def home() -> str:
    reader = guards.get_current_user()
    mine = None if reader.is_administrator else list_operation_ids(db.session, reader.id)
    return render_template("web/home.html", operations=list_operations(db.session(), mine))


@blueprint.get("/healthz")
@guards.public
def health() -> Response:
    """Say that the process lives; asks nobody else."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@guards.public
def readiness() -> Response | tuple[Response, int]:
    """Say whether the database answers and has its tables."""
    try:
        with db.engine.connect() as connection:
            ready = is_current(connection)
    except (SQLAlchemyError, Unusable):
        ready = False
    return jsonify(status="ready") if ready else (jsonify(status="not_ready", reason="database"), 503)


@blueprint.get("/api/v1/openapi.json")
@guards.public
def description() -> Response:
    """Return the OpenAPI description of the API."""
    return jsonify(current_app.extensions["relief_api"].describe())
