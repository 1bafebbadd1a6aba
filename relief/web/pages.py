"""The shell's own pages: home, health, readiness, and the description of the API."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify, render_template
from sqlalchemy import text

from relief.accounts import guards
from relief.accounts.queries import list_operation_ids
from relief.db import db
from relief.operations.queries import list_operations

blueprint = Blueprint("web", __name__)


@blueprint.get("/")
@guards.signed_in
def home() -> str:
    reader = guards.current_user()
    mine = None if reader.is_administrator else list_operation_ids(db.session, reader.id)
    return render_template("web/home.html", operations=list_operations(db.session, mine))


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
        db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    except Exception:  # whatever is wrong with it, the answer is the same
        db.session.rollback()
        return jsonify(status="not_ready", reason="database"), 503
    return jsonify(status="ready")


@blueprint.get("/api/v1/openapi.json")
@guards.public
def description() -> Response:
    """Return the OpenAPI description of the API."""
    return jsonify(current_app.extensions["relief_api"].spec.to_dict())
