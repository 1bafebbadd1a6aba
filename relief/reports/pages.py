"""The report as a page of the app, and as files to take away."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, Response, current_app, render_template, send_file
from flask_babel import gettext as _

from relief.accounts import guards
from relief.db import snapshot
from relief.kernel.errors import NotFound
from relief.kernel.ids import to_bytes
from relief.reports.build import build_report
from relief.reports.document import Document
from relief.reports.html import template_values
from relief.reports.queries import Material, read_material
from relief.reports.writers import WRITERS

blueprint = Blueprint("reports", __name__)
READERS = ("manager", "finance", "auditor")


@blueprint.get("/operations/<operation_id>/report")
@guards.role(*READERS)
def show_report(operation_id: str) -> str:
    """Show the report inside the app."""
    material = _read(operation_id)
    return render_template("reports/show.html", operation=material.totals.operation, operation_id=operation_id,
                           forms=("html", "csv", "json"), **template_values(build_report(material)))  # fmt: skip


@blueprint.get("/operations/<operation_id>/report.<form>")
@guards.role(*READERS)
def download_report(operation_id: str, form: str) -> Response:
    """Answer the report as a file: html, csv or json."""
    if form not in WRITERS:
        raise NotFound(_("A report can be had as html, csv or json."))
    document = build_report(_read(operation_id))
    writer = WRITERS[form]
    response = send_file(BytesIO(writer.write(document)), mimetype=writer.media_type, as_attachment=True,
                         download_name=_file_name(document, form), etag=False)  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    return response


def _read(operation_id: str) -> Material:
    with snapshot() as connection:
        return read_material(connection, to_bytes(operation_id), current_app.extensions["relief_clock"].now())


def _file_name(document: Document, form: str) -> str:
    name = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in document.meta.code)
    return f"{name}-final-report-internal-{document.meta.position}.{form}"
