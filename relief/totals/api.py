"""Live totals as JSON."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, current_app
from flask_smorest import Blueprint
from marshmallow import RAISE, Schema

from relief.accounts.guards import has_role, role
from relief.db import snapshot
from relief.kernel.ids import to_bytes
from relief.operations.discretion import ROLES_IN_THE_KNOW
from relief.totals.freshness import not_changed, with_mark
from relief.totals.people_filter import PeopleFilter
from relief.totals.people_reading import read_people
from relief.totals.people_schemas import FilteredPeopleSchema, PeopleQuerySchema, people_as_json
from relief.totals.queries import find_mark, read_totals
from relief.totals.schemas import TotalsSchema, totals_as_json

blueprint = Blueprint("totals_api", __name__, url_prefix="/api/v1", description="Live totals of an operation")


@blueprint.route("/operations/<operation_id>/totals")
@role("manager", "site_lead", "finance", "auditor")
@blueprint.arguments(Schema, location="query", unknown=RAISE, as_kwargs=True)
@blueprint.response(200, TotalsSchema)
@blueprint.alt_response(304, description="Nothing changed since the ETag in If-None-Match.")
def get_totals(operation_id: str) -> Response:
    """Return all totals with the moment, ledger position and head they stand at.

    Ask again with `If-None-Match`: as long as nothing changed the answer is 304 and costs no totals query.
    """
    now = current_app.extensions["relief_clock"].now()
    with snapshot() as connection:
        mark = find_mark(connection, to_bytes(operation_id), now)
        if same := not_changed(mark):
            return same
        totals = read_totals(connection, to_bytes(operation_id), now)
    return with_mark(_json(totals_as_json(totals)), mark)


@blueprint.route("/operations/<operation_id>/people")
@role("manager", "site_lead", "finance", "auditor")
@blueprint.arguments(PeopleQuerySchema, location="query", unknown=RAISE)
@blueprint.response(200, FilteredPeopleSchema)
@blueprint.alt_response(304, description="Nothing changed since the ETag in If-None-Match.")
def get_people(query: PeopleFilter, operation_id: str) -> Response:
    """Count distinct people by any mixture of item, site, days, area, sex, age band and disability.

    Who may not know of sensitive items gets the figures without them.
    """
    now, operation = current_app.extensions["relief_clock"].now(), to_bytes(operation_id)
    with snapshot() as connection:
        in_the_know = has_role(connection, operation, ROLES_IN_THE_KNOW)
        mark = f"{find_mark(connection, operation, now)}-{int(in_the_know)}"
        if same := not_changed(mark):
            return same
        found = read_people(connection, operation, query, now, knows_sensitive=in_the_know)
    answer = _json(people_as_json(found, operation))
    return answer if found.unsealed else with_mark(answer, mark)


def _json(answer: dict[str, Any]) -> Response:
    return Response(orjson.dumps(answer), mimetype="application/json")
