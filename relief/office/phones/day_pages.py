"""The page of the days that leads opened and closed, and of volunteers' hours; both also as CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, request
from marshmallow import fields, validate

from relief.accounts import guards
from relief.accounts.schemas import FormSchema
from relief.db import snapshot
from relief.kernel.ids import to_bytes
from relief.kernel.paging import Page
from relief.office.families.history import default_zone
from relief.office.operations.reading import plan_for_reader
from relief.office.phones import day_words as words
from relief.office.phones.day_queries import Days, read_days
from relief.operations.queries import get_operation
from relief.operations.rules import Plan

blueprint = Blueprint("days", __name__, url_prefix="/operations/<operation_id>/phones/days")
READERS = ("manager", "auditor")
PAGE = 20


class DaysQuery(FormSchema):
    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000_000))


@blueprint.get("")
@guards.role(*READERS)
def show(operation_id: str) -> str:
    number = DaysQuery().load(request.args)["page"]
    operation, plan, days = _read(operation_id)
    some = Page(days.pages[(number - 1) * PAGE : number * PAGE], number, PAGE, len(days.pages))
    return render_template("phones/days.html", operation=operation, plan=plan, days=days, page=some, words=words,
                           totals=words.total_hours(days), zone=default_zone(plan))  # fmt: skip


@blueprint.get("/days.csv")
@guards.role(*READERS)
def days_file(operation_id: str) -> Response:
    return _file(operation_id, words.days_csv, "days.csv")


@blueprint.get("/hours.csv")
@guards.role(*READERS)
def hours_file(operation_id: str) -> Response:
    return _file(operation_id, words.hours_csv, "hours.csv")


def _file(operation_id: str, write: Callable[[Days, Plan], str], name: str) -> Response:
    _operation, plan, days = _read(operation_id)
    answer = Response(write(days, plan), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer


def _read(operation_id: str) -> tuple[Any, Plan, Days]:
    with snapshot() as connection:
        operation = get_operation(connection, to_bytes(operation_id))
        return operation, plan_for_reader(connection, operation.id), read_days(connection, operation.id)
