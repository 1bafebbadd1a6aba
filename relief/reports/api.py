"""The report as JSON."""

from __future__ import annotations

from flask import Response, current_app, jsonify
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema

from relief.accounts.guards import role
from relief.db import snapshot
from relief.kernel.ids import to_bytes
from relief.reports.build import build_report
from relief.reports.json_ import report_as_json
from relief.reports.queries import read_material
from relief.reports.schemas import ReportSchema

blueprint = Blueprint("reports_api", __name__, url_prefix="/api/v1", description="The final report")


@blueprint.route("/operations/<operation_id>/report")
@role("manager", "finance", "auditor")
@blueprint.arguments(Schema, location="query", unknown=RAISE, as_kwargs=True)
@blueprint.response(200, ReportSchema)
def get_report(operation_id: str) -> Response:
    """Return the final report, internal edition: all figures at one ledger position, each with its unit and source."""
    now = current_app.extensions["relief_clock"].now()
    with snapshot() as connection:
        material = read_material(connection, to_bytes(operation_id), now)
    return jsonify(report_as_json(build_report(material)))
