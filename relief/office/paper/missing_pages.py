"""The page and the print of who has not come: by village, to look for them."""

from __future__ import annotations

import io
from importlib import import_module
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask_babel import gettext as _

from relief.accounts import guards
from relief.accounts.purposes import purpose_needed
from relief.db import snapshot
from relief.kernel.errors import NotFound
from relief.kernel.ids import to_bytes
from relief.kernel.paging import PAGE_SIZE, Page
from relief.office.operations.reading import plan_for_reader
from relief.office.paper.missing import MissingList, Question, current_round, read_missing
from relief.office.paper.pages import MOST_PAGES, ROLES
from relief.office.paper.words import completeness_sentences, left_words, title_of
from relief.office.pdf_answer import pdf_response
from relief.operations.queries import OperationRow, get_operation
from relief.operations.rules import Plan

blueprint = Blueprint("paper_missing", __name__, url_prefix="/operations/<operation_id>/paper/missing")


@blueprint.get("")
@guards.role(*ROLES)
@purpose_needed("paper.missing_listed")
def show(operation_id: str) -> str:
    operation, plan, question, found = _read(operation_id)
    number = min(max(1, request.args.get("page", 1, type=int)), MOST_PAGES)
    rows = found.rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE] if found else ()
    zone = plan.sites[0].zone if plan.sites else "UTC"
    return render_template("paper/missing.html", operation=operation, plan=plan, question=question,
                           page=Page(rows, number, PAGE_SIZE, len(found.rows) if found else 0),
                           said=completeness_sentences(found, zone) if found else [], left_words=left_words)  # fmt: skip


@blueprint.get("/list.pdf")
@guards.role(*ROLES)
@purpose_needed("paper.missing_printed")
def print_list(operation_id: str) -> Response:
    operation, plan, question, found = _read(operation_id)
    if found is None:
        raise NotFound(_("The plan has no round yet."))
    file = io.BytesIO()
    # by name, when something is printed: it brings in a PDF library
    import_module("relief.office.paper.missing_printing").print_missing(file, operation, plan, found, title_of(plan, question))
    return pdf_response(file.getvalue(), "who-has-not-come.pdf")


def _read(operation_id: str) -> tuple[OperationRow, Plan, Question, MissingList | None]:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        plan = plan_for_reader(connection, operation.id)
        question = _question(plan, request.args)
        found = read_missing(connection, operation.id, plan, question, _now()) if question.round else None
    return operation, plan, question, found


def _question(plan: Plan, asked: Any) -> Question:
    """Return what the address asks for; what the plan does not have is not asked for."""
    round_id = asked.get("round", "")
    item, site, area = asked.get("item", ""), asked.get("site", ""), asked.get("area", "")
    return Question(round_id if round_id in plan.round else current_round(plan, _now()),
                    (item,) if item in plan.item else (), site if site in plan.site else "",
                    area if area in plan.area else "")  # fmt: skip


def _now() -> int:
    return int(current_app.extensions["relief_clock"].now())
