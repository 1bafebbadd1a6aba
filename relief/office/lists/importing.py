"""Taking a household list into the ledger, and approving it: the same list again adds nothing, a changed row loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.accounts.queries import UserRow, find_user_by_email, list_roles
from relief.db import snapshot, write
from relief.households.naming import get_import_salt
from relief.households.rules import HouseholdRow
from relief.kernel.errors import NotAllowed, NotFound
from relief.kernel.ids import derived_id, to_bytes, to_text
from relief.ledger import desk
from relief.ledger.keys import Keys
from relief.ledger.verdicts import Verdict
from relief.office.register_queries import list_authors, list_stored_ids

BATCH = 500


@dataclass(slots=True)
class Imported:
    """What became of a list's households, by external id where somebody must look: `changed` says something else than before."""

    added: int = 0
    already_there: int = 0
    changed: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    households: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Approved:
    """How many households an approval approved, and how many it had approved before."""

    approved: int = 0
    already_approved: int = 0
    held: int = 0

    def count(self, verdicts: Iterable[Verdict]) -> None:
        """Add what became of some approvals."""
        for verdict in verdicts:
            self.approved += verdict.verdict in ("accepted", "flagged")
            self.already_approved += verdict.verdict == "already_there"
            self.held += verdict.verdict == "held"


def household_id(salt: bytes, external_id: str) -> bytes:
    """Return the id that a household of this name in the lists has in the operation of this salt (`get_import_salt`)."""
    return derived_id(salt, f"household:{external_id}")


def registration_record(salt: bytes, row: HouseholdRow, author_id: bytes | None = None) -> dict[str, Any]:
    """Return the registration that a row of a list makes: its ids come from the operation's salt and the external id alone."""
    private: dict[str, Any] = {"external_id": row.external_id, **row.private}
    if any(member.name for member in row.members):
        private["names"] = [member.name for member in row.members]
    if any(member.born for member in row.members):
        private["births"] = [member.born for member in row.members]
    record: dict[str, Any] = {
        "kind": "registration",
        "id": to_text(derived_id(salt, f"registration:{row.external_id}")),
        "household": to_text(household_id(salt, row.external_id)),
        "members": [_member(salt, row.external_id, member) for member in row.members],
        "private": private,
    }
    given = {"area": row.area, "home_site": row.home_site, "by": author_id and to_text(author_id)}
    return record | {name: value for name, value in given.items() if value}


def _member(salt: bytes, external_id: str, member: Any) -> dict[str, Any]:
    # The external id's length keeps the member 11 of "H-1" apart from the member 1 of "H-1:1".
    name = f"member:{len(external_id)}:{external_id}:{member.number}"
    return {"id": to_text(derived_id(salt, name)), "number": member.number, "sex": member.sex,
            "age_band": member.age_band, "disability": member.disability}  # fmt: skip


def import_households(
    connection: Connection, operation_id: bytes, enrolment_id: bytes, rows: Sequence[HouseholdRow], now: int,
    author_id: bytes | None = None, keys: Keys | None = None,
) -> Imported:  # fmt: skip
    """Register the households of a list through the ledger and return what became of each.

    `keys`: `current_keys()`, fetched before a job goes to the writer (`db.write`); may be left out where an app is at hand.
    """
    result, salt = Imported(), get_import_salt(connection, operation_id)
    for some in batches(rows):
        records = [registration_record(salt, row, author_id) for row in some]
        for row, verdict in zip(some, tell_records(connection, operation_id, enrolment_id, records, now, keys), strict=True):
            _sort_in(result, row, verdict, salt)
    return result


def _sort_in(result: Imported, row: HouseholdRow, verdict: Verdict, salt: bytes) -> None:
    if verdict.verdict == "held":
        (result.changed if "conflict" in verdict.codes else result.held).append(row.external_id)
        return
    if verdict.verdict == "already_there":
        result.already_there += 1
    else:
        result.added += 1
    result.households.append(household_id(salt, row.external_id))


def import_in_steps(operation_id: bytes, enrolment_id: bytes, steps: Iterable[list[dict[str, Any]]], now: int, keys: Keys,
                    progress: Callable[[int], None] = lambda _done: None) -> list[str]:  # fmt: skip
    """Tell the ledger the records of a checked list, each step in a transaction of its own; return the ids that were held.

    Phones are served between two steps. What was cut short goes on where it stood when it is told again: the ids are the
    same. `progress` is called with the number of records told.
    """
    held: list[str] = []
    done = 0
    for records in steps:
        verdicts = write(partial(tell_records, operation_id=operation_id, enrolment_id=enrolment_id, records=records, now=now,
                                 keys=keys))  # fmt: skip
        held += [verdict.id or "" for verdict in verdicts if verdict.verdict == "held"]
        done += len(records)
        progress(done)
    return held


def approve_households(
    connection: Connection, operation_id: bytes, enrolment_id: bytes, approver_id: bytes, list_version: str,
    household_ids: Sequence[bytes], now: int, keys: Keys | None = None,
) -> Approved:  # fmt: skip
    """Approve registered households as one list version; raises NotAllowed when the approver registered any of them."""
    _check_not_author(connection, operation_id, approver_id, set(household_ids))
    result = Approved()
    for some in batches(household_ids):
        records = [_approval(operation_id, approver_id, list_version, each) for each in some]
        result.count(tell_records(connection, operation_id, enrolment_id, records, now, keys))
    return result


def approve_in_steps(operation_id: bytes, enrolment_id: bytes, approver_id: bytes, list_version: str,
                     household_ids: Sequence[bytes], now: int, keys: Keys) -> Approved:  # fmt: skip
    """Approve a long list in several transactions, so that phones are served meanwhile; raises NotAllowed as its twin does."""
    with snapshot() as connection:
        _check_not_author(connection, operation_id, approver_id, set(household_ids))
    result = Approved()
    for some in batches(household_ids):
        records = [_approval(operation_id, approver_id, list_version, each) for each in some]
        result.count(write(partial(tell_records, operation_id=operation_id, enrolment_id=enrolment_id, records=records, now=now,
                                   keys=keys)))  # fmt: skip
    return result


def _approval(operation_id: bytes, approver_id: bytes, list_version: str, household: bytes) -> dict[str, Any]:
    return {"kind": "household", "action": "approved", "household": to_text(household), "list_version": list_version,
            "id": to_text(derived_id(operation_id, f"approved:{to_text(household)}:{list_version}")),
            "by": to_text(approver_id)}  # fmt: skip


def tell_records(connection: Connection, operation_id: bytes, enrolment_id: bytes, records: list[dict[str, Any]], now: int,
                 keys: Keys | None) -> list[Verdict]:  # fmt: skip
    """Tell the ledger; a record that is there already keeps who captured it, whoever brings it again."""
    stored = list_stored_ids(connection, operation_id, [to_bytes(record["id"]) for record in records])
    repeated = [{name: value for name, value in record.items() if name != "by"} if to_bytes(record["id"]) in stored else record
                for record in records]  # fmt: skip
    return desk.tell(connection, operation_id, enrolment_id, repeated, now, keys)


def _check_not_author(connection: Connection, operation_id: bytes, approver_id: bytes, household_ids: set[bytes]) -> None:
    """Hold that four eyes see a list: the ledger knows who told what of each household, whatever is said now."""
    for household, author in list_authors(connection, operation_id):
        if to_bytes(author) == approver_id and household in household_ids:
            raise NotAllowed(_("Somebody other than its author approves a list."), code="own_list", where="approved_by")


def get_author(bind: Any, email: str) -> UserRow:
    """Return the user who made a list; raises NotFound."""
    user = find_user_by_email(bind, email)
    if user is None or user.disabled_at is not None:
        raise NotFound(_("There is no such user."), where="imported_by")
    return user


def get_approver(bind: Any, operation_id: bytes, email: str) -> UserRow:
    """Return the user who may approve lists of an operation: its manager or an administrator. Raises NotFound, NotAllowed."""
    user = find_user_by_email(bind, email)
    if user is None or user.disabled_at is not None:
        raise NotFound(_("There is no such user."), where="approved_by")
    if not user.is_administrator and "manager" not in list_roles(bind, operation_id, user.id):
        raise NotAllowed(_("Only a manager of the operation approves a list."), where="approved_by")
    return user


def batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield a list in steps of BATCH."""
    remaining = iter(rows)
    while some := list(islice(remaining, BATCH)):
        yield some
