"""Households that may be one: found among the registered, kept as a list of pairs, decided through the ledger.

A suspicion holds nobody up: who is under question receives like anybody else. It is kept without names. Where the private
parts are erased there is nothing to compare, and no suspicion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from flask_babel import gettext as _
from sqlalchemy import Connection, delete, func, insert, select, update

from relief.households.likeness import STRONG, Candidate, Likeness, find_alike, same_person
from relief.households.models import Household, Suspicion
from relief.households.rules import UNKNOWN
from relief.kernel.errors import BadInput, Conflict, NotFound
from relief.kernel.ids import to_bytes, to_text
from relief.kernel.paging import PAGE_SIZE, Page
from relief.ledger.desk import tell
from relief.ledger.keys import Keys, open_words
from relief.ledger.models import Entry
from relief.ledger.verdicts import Verdict

MERGED, KEPT_APART = "merged", "kept_apart"
_table = Suspicion.__table__
Row = tuple[Any, ...]
Member = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger knows of one household: its latest registration or composition, and its private words."""

    household_id: bytes
    members: tuple[dict[str, Any], ...]
    private: dict[str, Any]
    state: str = ""

    def name_of(self, number: int) -> str:
        """Return the name of the member of this number, '' where the list did not tell it."""
        names = self.private.get("names", ())
        place = sum(each["number"] < number for each in self.members)
        return str(names[place]) if place < len(names) else ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two households that may be one, and why."""

    low: bytes
    high: bytes
    points: int
    reasons: tuple[str, ...]
    later: bool

    @property
    def is_strong(self) -> bool:
        return self.points >= STRONG


def list_known(connection: Connection, operation_id: bytes, wanted: Sequence[bytes] | None = None,
               keys: Keys | None = None) -> dict[bytes, Known]:  # fmt: skip
    """Return the registered households of an operation that are neither withdrawn nor merged away, by id."""
    return {each.household_id: each for each in iterate_known(connection, operation_id, wanted, keys)}


def iterate_known(connection: Connection, operation_id: bytes, wanted: Sequence[bytes] | None = None,
                  keys: Keys | None = None) -> Iterator[Known]:  # fmt: skip
    """Yield them one by one: all of them opened at once take several times the memory of what the ledger keeps."""
    table = Household.__table__.c
    query = select(table.household_id, table.state).where(
        table.operation_id == operation_id, table.household_id == table.group_id, table.state != "withdrawn"
    )
    if wanted is not None:
        query = query.where(table.household_id.in_(list(wanted)))
    states = {bytes(row.household_id): row.state for row in connection.execute(query)}
    entry = Entry.__table__.c
    entries = select(entry.household_id, entry.facts, entry.private).where(
        entry.operation_id == operation_id, entry.kind.in_(("registration", "composition"))
    )
    if wanted is not None:
        entries = entries.where(entry.household_id.in_(list(wanted)))
    latest: dict[bytes, tuple[bytes, bytes | None]] = {}
    for household, facts, private in connection.execute(entries.order_by(entry.received_at, entry.seq)):
        key = bytes(household) if household else b""
        if key in states:
            again = key in latest and not open_words(operation_id, private, keys)
            latest[key] = (facts, latest[key][1] if again else private)
    for key, (facts, private) in latest.items():
        yield Known(key, tuple(orjson.loads(facts)["members"]), open_words(operation_id, private, keys), states[key])


def read_candidates(connection: Connection, operation_id: bytes) -> list[Candidate]:
    """Return what is compared of each household whose private words are known."""
    return [_candidate(each) for each in iterate_known(connection, operation_id) if each.private]


def look_for_duplicates(bind: Connection, operation_id: bytes) -> list[Row]:
    """Return the rows of all suspicions of an operation, compared here and now; nothing is written."""
    return suspicion_rows(bind, operation_id, find_alike(read_candidates(bind, operation_id)))


def suspicion_rows(connection: Connection, operation_id: bytes, found: Iterable[Likeness]) -> list[Row]:
    """Return the rows of likenesses that nobody has decided about."""
    decided = _decided(connection, operation_id)
    return [(operation_id, each.one, each.other, each.points, " ".join(each.reasons))
            for each in found if (each.one, each.other) not in decided]  # fmt: skip


def store_suspicions(connection: Connection, operation_id: bytes, rows: Sequence[Row]) -> None:
    """Replace the list of suspicions; what was put off stays put off."""
    later = {(bytes(row.low_id), bytes(row.high_id)): row.later_at for row in connection.execute(
        select(_table).where(_table.c.operation_id == operation_id, _table.c.later_at.is_not(None)))}  # fmt: skip
    connection.execute(delete(Suspicion).where(_table.c.operation_id == operation_id))
    if rows:
        names = ("operation_id", "low_id", "high_id", "score", "reasons")
        connection.execute(insert(Suspicion), [dict(zip(names, row, strict=True)) | {"later_at": later.get((row[1], row[2]))}
                                            for row in rows])  # fmt: skip


def _candidate(known: Known) -> Candidate:
    private = known.private
    births = tuple(str(each) for each in private.get("births", ()))
    people = tuple(
        (member["sex"], member["age_band"], births[place] if place < len(births) else "")
        for place, member in enumerate(sorted(known.members, key=lambda member: member["number"]))
    )
    return Candidate(known.household_id, _text(private, "head"),
                     tuple(str(each) for each in private.get("names", ())), births, _text(private, "phone"),
                     _text(private, "document"), _text(private, "village"), _text(private, "address"), people)  # fmt: skip


def _text(private: dict[str, Any], name: str) -> str:
    value = private.get(name, "")
    return value if isinstance(value, str) else ""


def _decided(connection: Connection, operation_id: bytes) -> set[tuple[bytes, bytes]]:
    """Return the pairs somebody has decided already: both ways of deciding are remembered by the ledger."""
    entry = Entry.__table__.c
    rows = connection.execute(select(entry.facts).where(entry.operation_id == operation_id, entry.kind == "household"))
    pairs = set()
    for (facts,) in rows:
        told = orjson.loads(facts)
        if told["action"] in (MERGED, KEPT_APART):
            low, high = sorted((to_bytes(told["household"]), to_bytes(told["other"])))
            pairs.add((low, high))
    return pairs


def list_pairs(connection: Connection, operation_id: bytes, number: int = 1, size: int = PAGE_SIZE) -> Page[Pair]:
    """Return a page of what waits: the likeliest first, what was put off last."""
    where = _table.c.operation_id == operation_id
    total = connection.execute(select(func.count()).select_from(_table).where(where)).scalar_one()
    ordered = select(_table).where(where).order_by(_table.c.later_at.is_not(None), _table.c.score.desc(), _table.c.low_id,
                                                   _table.c.high_id)  # fmt: skip
    rows = connection.execute(ordered.limit(size).offset((number - 1) * size)).all()
    return Page([_pair(row) for row in rows], number, size, total)


def find_pair(connection: Connection, operation_id: bytes, low: bytes, high: bytes) -> Pair:
    """Return two households to compare: a suspicion, or any two that somebody names.

    Raises NotFound where one was never there, Conflict (`pair_decided`) where one is merged away or withdrawn meanwhile.
    """
    table = Household.__table__.c
    two = (table.operation_id == operation_id, table.household_id.in_((low, high)))
    rows = connection.execute(select(table.household_id, table.group_id, table.state).where(*two)).all()
    if low >= high or len(rows) < 2:
        raise NotFound(_("There is no such pair."))
    if any(bytes(group) != bytes(household) or state == "withdrawn" for household, group, state in rows):
        raise pair_decided()
    row = connection.execute(select(_table).where(_table.c.operation_id == operation_id, _table.c.low_id == low,
                                                  _table.c.high_id == high)).one_or_none()  # fmt: skip
    return _pair(row) if row is not None else Pair(low, high, 0, (), later=False)


def pair_decided() -> Conflict:
    """Return the error for two households about which there is nothing left to decide as it was shown."""
    return Conflict(_("Somebody has decided about these two households meanwhile."), code="pair_decided")


def _pair(row: Any) -> Pair:
    return Pair(bytes(row.low_id), bytes(row.high_id), row.score, tuple(row.reasons.split()), row.later_at is not None)


def put_off(connection: Connection, operation_id: bytes, pair: Pair, now: int) -> None:
    """Let a pair wait behind the others."""
    connection.execute(update(Suspicion).where(_table.c.operation_id == operation_id, _table.c.low_id == pair.low,
                                            _table.c.high_id == pair.high).values(later_at=now))  # fmt: skip


def decide_pair(connection: Connection, operation_id: bytes, desk_id: bytes, pair: Pair, action: str, user_id: bytes, now: int,
                keys: Keys, reason: str = "", same_members: Sequence[tuple[str, str]] = ()) -> list[Verdict]:  # fmt: skip
    """Write into the ledger that two households are one, with the pairs of equal members, or that they are two.

    Raises BadInput where a reason is missing, or a member is paired twice or belongs to neither.
    """
    if action not in (MERGED, KEPT_APART):
        raise BadInput(_("There is no such decision."), where="action")
    if action == KEPT_APART and not reason.strip():
        raise BadInput(_("Say in a few words why they are two families."), where="reason")
    record: dict[str, Any] = {"kind": "household", "household": to_text(pair.low), "other": to_text(pair.high), "action": action,
                              "by": to_text(user_id)}  # fmt: skip
    if reason.strip():
        record["reason"] = reason.strip()
    if action == MERGED:
        known = list_known(connection, operation_id, (pair.low, pair.high), keys)
        _check_members(known, pair, same_members)
        record["pairs"] = [list(each) for each in same_members]
    verdicts = tell(connection, operation_id, desk_id, [record], now, keys)
    gone = [(_table.c.low_id == pair.low) & (_table.c.high_id == pair.high)]
    if action == MERGED:  # suspicions of the household that is merged away are those of the survivor: looked for anew
        gone = [(_table.c.low_id == pair.high) | (_table.c.high_id == pair.high), *gone]
    for each in gone:
        connection.execute(delete(Suspicion).where(_table.c.operation_id == operation_id, each))
    return verdicts


def _check_members(known: dict[bytes, Known], pair: Pair, same_members: Sequence[tuple[str, str]]) -> None:
    ids = [{member["id"] for member in known[key].members} if key in known else set() for key in (pair.low, pair.high)]
    ones, others = [one for one, _other in same_members], [other for _one, other in same_members]
    if not set(ones) <= ids[0] or not set(others) <= ids[1]:
        raise BadInput(_("Somebody has changed these households meanwhile: look at them again."), where="members")
    if len(set(ones)) < len(ones) or len(set(others)) < len(others):
        raise BadInput(_("One person cannot be two people of the other family."), where="members")


def guess_same_members(one: Known, other: Known) -> dict[str, str]:
    """Return which members of `one` most likely are which of `other`, for a person to correct.

    By name, else by sex and age, else where nothing that is known of the two differs: lists often describe the head alone.
    """
    free = {member["id"]: member for member in other.members}
    guess: dict[str, str] = {}
    for are_alike in (_same_name, _same_band, _nothing_differs):
        for member in one.members:
            twin_id = next((key for key, twin in free.items() if are_alike(one, member, other, twin)), None)
            if twin_id is not None and member["id"] not in guess:
                guess[member["id"]] = twin_id
                del free[twin_id]
    return guess


def _same_name(one: Known, member: Member, other: Known, twin: Member) -> bool:
    return same_person(one.name_of(member["number"]), other.name_of(twin["number"]))


def _same_band(one: Known, member: Member, other: Known, twin: Member) -> bool:
    both_named = one.name_of(member["number"]) and other.name_of(twin["number"])
    same = (member["sex"], member["age_band"]) == (twin["sex"], twin["age_band"])
    return same and member["age_band"] != UNKNOWN and not both_named


def _nothing_differs(one: Known, member: Member, other: Known, twin: Member) -> bool:
    both_named = one.name_of(member["number"]) and other.name_of(twin["number"])
    known = (len({member[name], twin[name]} - {UNKNOWN}) for name in ("sex", "age_band"))
    return not both_named and all(count <= 1 for count in known)
