"""What a household list would change: compared with what lists said before, household by household, before anything is told.

What the desk has corrected since is the desk's: the same list again does not bring the old words back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from flask_babel import gettext as _
from sqlalchemy import Connection, select

from relief.households.rules import UNKNOWN, HouseholdRow
from relief.kernel.clock import parse_wall, wall
from relief.kernel.ids import derived_id, to_text
from relief.ledger.keys import open_words
from relief.ledger.models import Entry
from relief.office.lists.importing import household_id, registration_record
from relief.totals.words import label

PRIVATE_FIELDS = ("external_id", "head", "village", "address", "phone", "document", "names", "births")
PLACE_FIELDS = ("area", "home_site")
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that a list says otherwise than before; members as `2: Women and girls, 18–59`."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class HouseholdChange:
    """A household that would change; `at_the_desk` when its members were corrected there since: then lists leave them."""

    external_id: str
    row: int
    household: bytes
    fields: tuple[FieldChange, ...]
    at_the_desk: bool = False


@dataclass(slots=True)
class Comparison:
    """What a list would do: `new` and `changes` become records; households it does not name stay as they are.

    Of a new household the row is kept, and its record made when it is told: records take several times the memory.
    """

    salt: bytes = b""
    author_id: bytes | None = None
    new: list[HouseholdRow] = field(default_factory=list)
    changed: list[Record] = field(default_factory=list)
    changes: list[HouseholdChange] = field(default_factory=list)
    same: int = 0
    not_in_list: int = 0
    households: list[bytes] = field(default_factory=list)

    def new_records(self) -> Iterator[Record]:
        """Yield the registrations of the new households."""
        return (registration_record(self.salt, row, self.author_id) for row in self.new)


@dataclass(slots=True)
class _Said:
    """What lists said last of a household, as the ledger keeps it, and whether the desk changed its members since.

    It is opened when it is compared: opened all at once, a long list takes hundreds of megabytes.
    """

    kept_facts: bytes
    kept_private: bytes | None
    operation_id: bytes
    at_the_desk: bool = False

    def facts(self) -> Record:
        told: Record = orjson.loads(self.kept_facts)
        return told

    def private(self) -> Record | None:
        return open_words(self.operation_id, self.kept_private) or None


def compare_list(connection: Connection, operation_id: bytes, enrolment_id: bytes, salt: bytes, rows: Sequence[HouseholdRow],
                 now: int, author_id: bytes | None = None) -> Comparison:  # fmt: skip
    """Compare a list with what the import device `enrolment_id` told of its households; nothing is written."""
    said = _said_before(connection, operation_id, enrolment_id)
    result = Comparison(salt, author_id, not_in_list=len(said))
    for row in rows:
        household = household_id(salt, row.external_id)
        before = said.get(household)
        result.not_in_list -= before is not None
        result.households.append(household)
        if before is None:
            result.new.append(row)
            continue
        record = registration_record(salt, row, author_id)
        fields = tuple(_differences(before, record))
        if not fields:
            result.same += 1
            continue
        if before.at_the_desk and any(change.field == "members" for change in fields):
            result.changes.append(HouseholdChange(row.external_id, row.row, household, fields, at_the_desk=True))
            continue
        result.changes.append(HouseholdChange(row.external_id, row.row, household, fields))
        result.changed.append(_following(salt, row.external_id, before, record, now))
    return result


def _said_before(connection: Connection, operation_id: bytes, enrolment_id: bytes) -> dict[bytes, _Said]:
    entry = Entry.__table__.c
    query = (
        select(entry.household_id, entry.kind, entry.enrolment_id, entry.facts, entry.private)
        .where(entry.operation_id == operation_id, entry.kind.in_(("registration", "composition")))
        .order_by(entry.enrolment_id, entry.seq)
    )
    said: dict[bytes, _Said] = {}
    elsewhere: set[bytes] = set()
    for household, kind, device, facts, private in connection.execute(query):
        if household is None:
            continue
        if bytes(device) != enrolment_id:
            if kind == "composition":
                elsewhere.add(bytes(household))
            continue
        said[bytes(household)] = _Said(facts, private, operation_id)
    for household in elsewhere & said.keys():
        said[household].at_the_desk = True
    return said


def _differences(before: _Said, record: Record) -> Iterator[FieldChange]:
    facts, private = before.facts(), before.private()
    old, new = map(_members_by_number, (facts["members"], record["members"]))
    for number in sorted(old.keys() | new.keys()):
        if old.get(number) != new.get(number):
            yield FieldChange("members", _member_words(number, old), _member_words(number, new))
    for name in PLACE_FIELDS:
        if facts.get(name, "") != record.get(name, ""):
            yield FieldChange(name, facts.get(name, ""), record.get(name, ""))
    if private is not None:  # erased: what was there can be compared no more
        for name in PRIVATE_FIELDS:
            told, tells = _told(private.get(name)), _told(record["private"].get(name))
            if told != tells:
                yield FieldChange(name, _private_words(told), _private_words(tells))


def _told(value: Any) -> Any:
    """Return a private field without the empty names at its end: how many people there are is another field's matter."""
    if not isinstance(value, list):
        return value or ""
    return value[: max((place for place, each in enumerate(value, 1) if each), default=0)]


def _members_by_number(members: Sequence[Record]) -> dict[int, tuple[str, str, str]]:
    return {each["number"]: (each["sex"], each["age_band"], each["disability"]) for each in members}


def _member_words(number: int, members: dict[int, tuple[str, str, str]]) -> str:
    if number not in members:
        return ""
    sex, band, disability = members[number]
    told = [label(each) for each in (sex, band) if each != UNKNOWN]
    told += {"yes": [_("with a disability")], "no": [_("without a disability")]}.get(disability, [])
    return f"{number}: {', '.join(told) or _('nothing known')}"


def _private_words(value: Any) -> str:
    return ", ".join(str(each) for each in value if each) if isinstance(value, list) else str(value or "")


def _following(salt: bytes, external_id: str, before: _Said, record: Record, now: int) -> Record:
    """Return the registration that follows one: told later than it, under an id that both together make."""
    facts = before.facts()
    content = orjson.dumps({name: value for name, value in record.items() if name != "by"}, option=orjson.OPT_SORT_KEYS).hex()
    name = f"changed:{len(external_id)}:{external_id}:{facts['id']}:{content}"
    at = max(now, parse_wall(facts["at"]) + 1)
    return {**record, "id": to_text(derived_id(salt, name)), "at": wall(at)}
