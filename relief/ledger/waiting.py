"""What waits for a person beside the cases of households and cards (`queries.list_cases`): all of it is asked, nothing stored.

Causes, devices that used a number twice, grants that nobody ended, records that were held. Each list is paged.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import orjson
from flask_babel import gettext as _
from sqlalchemy import Connection, and_, func, literal_column, select

from relief.accounts.models import Enrolment
from relief.cards.models import Card
from relief.kernel.errors import NotFound
from relief.kernel.ids import to_text
from relief.kernel.paging import PAGE_SIZE, Page
from relief.ledger.models import Counter, Entry, Held, Standing
from relief.ledger.queries import list_counters
from relief.ledger.rules.entry import WAITING
from relief.ledger.wire import KINDS
from relief.operations.queries import get_current_plan
from relief.operations.rules import Plan

GRANT_IS_LATE_SECONDS = 24 * 3600
UNRESOLVED_GRANT = "unresolved_grant"


@dataclass(frozen=True, slots=True)
class CauseRow:
    """Dates that do not fit: `cause` is the id of the round or site, `count` how many hand-overs there are of it.

    The first and last day (ISO) on which something stands as given outside the plan's dates; empty where nothing does.
    """

    code: str
    cause: str
    count: int
    plan_version: int
    first_day: str = ""
    last_day: str = ""


@dataclass(frozen=True, slots=True)
class GrantRow:
    """An ask that was granted at `moment`; since then nobody has said whether the goods were given."""

    record_id: str
    item: str
    site: str
    quantity: int
    moment: int
    day: str
    phone: str
    card_number: str | None


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A record that was kept raw: why, whose (empty where its device is not known), and of which kind as far as it says."""

    held_id: str
    record_id: str | None
    code: str
    kind: str | None
    device: str
    seq: int | None
    received_at: int
    taken_up_at: int | None


def list_causes(connection: Connection, operation_id: bytes, number: int = 1, size: int = PAGE_SIZE) -> Page[CauseRow]:
    """Return the causes of dates that do not fit their round or site, without those decided under the plan in force.

    One case a cause, however many hand-overs it has: a decision holds for its plan version, as long as there are any.
    """
    counter = Counter.__table__.c
    rows = connection.execute(
        select(counter.key, counter.n)
        .where(counter.operation_id == operation_id, counter.n > 0, counter.key.startswith("causes|"))
    ).all()  # fmt: skip
    if not rows:
        return page_of([], number, size)
    plan = get_current_plan(connection, operation_id)
    decided, days = _decided_causes(connection, operation_id, plan.version), _days_outside(connection, operation_id, plan)
    found = []
    for row in rows:
        _word, code, cause = row.key.split("|")
        if (code, cause) not in decided:
            outside = days.get((code, cause), [""])
            found.append(CauseRow(code, cause, row.n, plan.version, min(outside), max(outside)))
    return page_of(sorted(found, key=lambda row: (row.code, row.cause)), number, size)


def _days_outside(connection: Connection, operation_id: bytes, plan: Plan) -> dict[tuple[str, str], list[str]]:
    """Return (code, round or site) -> the days outside its dates on which something stands as given."""
    found: dict[tuple[str, str], list[str]] = {}
    for key, count in list_counters(connection, operation_id).items():
        word, *rest = key.split("|")
        if word == "given" and count:
            _item, site, during, day = rest
            for code, cause, place in (("outside_round", during, plan.round.get(during)),
                                       ("outside_site", site, plan.site.get(site))):  # fmt: skip
                if place and ((place.first_day and day < place.first_day) or (place.last_day and day > place.last_day)):
                    found.setdefault((code, cause), []).append(day)
    return found


def _decided_causes(connection: Connection, operation_id: bytes, version: int) -> set[tuple[str, str]]:
    entry, device = Entry.__table__.c, Enrolment.__table__.c
    desks = select(device.enrolment_id).where(device.operation_id == operation_id, device.kind == "desk")
    rows = connection.execute(
        select(entry.facts).where(entry.operation_id == operation_id, entry.enrolment_id.in_(desks), entry.kind == "decision")
    ).scalars()
    decisions = [orjson.loads(facts) for facts in rows]
    return {(each["case"], each["cause"]) for each in decisions if each.get("plan_version") == version and "cause" in each}


def list_late_grants(connection: Connection, operation_id: bytes, now: int, number: int = 1,
                     size: int = PAGE_SIZE) -> Page[GrantRow]:  # fmt: skip
    """Return the grants that were open for a day at `now`, the oldest first."""
    standing, entry, device, card = (model.__table__.c for model in (Standing, Entry, Enrolment, Card))
    late = (standing.operation_id == operation_id, standing.standing == literal_column(f"'{WAITING}'"),
            standing.effective_at <= now - GRANT_IS_LATE_SECONDS)  # fmt: skip
    total = connection.execute(select(func.count()).select_from(Standing.__table__).where(*late)).scalar_one()
    rows = connection.execute(
        select(standing.record_id, standing.item_id, standing.site_id, standing.entitled + standing.excess,
               standing.effective_at, standing.day, device.label, card.number)
        .join(Entry.__table__, and_(entry.operation_id == operation_id, entry.id == standing.record_id, entry.step == "answer"))
        .join(Enrolment.__table__, and_(device.operation_id == operation_id, device.enrolment_id == entry.enrolment_id))
        .outerjoin(Card.__table__, and_(card.operation_id == operation_id, card.card_id == entry.card_id))
        .where(*late).order_by(standing.effective_at, standing.record_id).limit(size).offset((number - 1) * size)
    )  # fmt: skip
    return Page([GrantRow(to_text(row[0]), to_text(row[1]), to_text(row[2]), *row[3:]) for row in rows], number, size, total)


def list_held(connection: Connection, operation_id: bytes, number: int = 1, size: int = PAGE_SIZE) -> Page[HeldRow]:
    """Return the records that are held and not taken up, the oldest first, without what they say of anybody."""
    held = Held.__table__.c
    waits = (held.operation_id == operation_id, held.taken_up_at.is_(None), held.put_aside_at.is_(None))
    total = connection.execute(select(func.count()).select_from(Held.__table__).where(*waits)).scalar_one()
    ordered = _held_rows().where(*waits).order_by(Held.__table__.c.received_at, Held.__table__.c.held_id)
    rows = connection.execute(ordered.limit(size).offset((number - 1) * size))
    return Page([_held(row) for row in rows], number, size, total)


def get_held(connection: Connection, operation_id: bytes, held_id: bytes) -> tuple[HeldRow, Any]:
    """Return one held record and all that it says, names included (None once that is erased); raises NotFound."""
    held = Held.__table__.c
    row = connection.execute(_held_rows().where(held.operation_id == operation_id, held.held_id == held_id)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such record."))
    return _held(row), read_raw(row.raw)


def read_raw(raw: bytes | None) -> Any:
    """Return the JSON value that a held record was sent as."""
    return None if raw is None else json.loads(raw)


def _held_rows() -> Any:
    held, device = Held.__table__.c, Enrolment.__table__.c
    whose = and_(device.operation_id == held.operation_id, device.enrolment_id == held.enrolment_id)
    columns = (held.held_id, held.record_id, held.code, held.raw, device.label, held.seq, held.received_at, held.taken_up_at)
    return select(*columns).select_from(Held.__table__.outerjoin(Enrolment.__table__, whose))


def _held(row: Any) -> HeldRow:
    record = read_raw(row.raw)
    kind = record.get("kind") if isinstance(record, dict) else None
    return HeldRow(to_text(row.held_id), row.record_id and to_text(row.record_id), row.code,
                   kind if isinstance(kind, str) and kind in KINDS else None, row.label or "", row.seq, row.received_at,
                   row.taken_up_at)  # fmt: skip


def page_of(rows: list[Any], number: int, size: int) -> Page[Any]:
    """Return one page of a list that is short enough to be had whole."""
    return Page(rows[(number - 1) * size : number * size], number, size, len(rows))
