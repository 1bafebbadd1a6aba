"""What comes after an erasure: facts are taken as ever, private parts of erased families and operations are not stored.

A record sent again is recognised by its facts (`intake`); a new one about an erased family keeps its facts alone. In an erased
operation no card is known any more, so each batch meets its cards for the first time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from relief.kernel.ids import random_id, to_bytes
from relief.ledger.documents import Document
from relief.ledger.erasing import erase_entries
from relief.ledger.erasure_orders import find_erased
from relief.ledger.intake import HeldRecord, Intake
from relief.ledger.marks import OrderMarks
from relief.ledger.register_reading import forget_words
from relief.ledger.sealing import NewEntry
from relief.ledger.values import is_id
from relief.ledger.wire import CARDS_OF

_IDENTITY = ("v", "id", "kind", "enrolment", "seq")


def forget_cards(operation_id: bytes, intake: Intake) -> None:
    """In an erased operation, give cards that a batch names for the first time random keys before anything is stored."""
    if intake.erased != operation_id:
        return
    random_keys = {key: random_id().hex() for key in intake.new_cards}
    for each in intake.fresh:
        private = each.prepared.private
        private.update({name: random_keys[private[name]] for name in CARDS_OF[each.prepared.kind]
                        if private.get(name) in random_keys})  # fmt: skip
    intake.new_cards = set(random_keys.values())


def forget_entries(connection: Connection, operation_id: bytes, intake: Intake, entries: Iterable[NewEntry],
                   after: Mapping[str, Document], marks: OrderMarks) -> None:  # fmt: skip
    """Take the private parts off entries that are about to be stored, where their family or operation was erased.

    `after` are the groups they moved. Earlier records whose card has only now led to an erased family lose theirs as well.
    """
    if intake.erased is None:
        return
    if intake.erased == operation_id:
        _strip(entries)
        return
    families = [document for document in after.values() if document.basis.households]
    erased = _erased_among(connection, operation_id, {each for family in families for each in family.basis.households}, marks)
    for family in families:
        if erased.issuperset(family.basis.households):  # one merged with a family that stays is no longer erased
            named = {to_bytes(entry.id) for entry in family.entries if entry.facts["kind"] != "link"}
            _strip(each for each in entries if each.id in named)
            erase_entries(connection, operation_id, tuple(named))
            forget_words(connection, operation_id, [to_bytes(each) for each in family.basis.cards])


def _erased_among(connection: Connection, operation_id: bytes, households: Iterable[str], marks: OrderMarks) -> set[str]:
    by_id = {to_bytes(each): each for each in households}
    return {by_id[each] for each in find_erased(connection, operation_id, by_id.keys(), marks)}


def _strip(entries: Iterable[NewEntry]) -> None:
    for each in entries:
        each.private = each.private_salt = None


def forget_held(connection: Connection, operation_id: bytes, erased: bytes | None, held: Sequence[HeldRecord],
                marks: OrderMarks) -> None:  # fmt: skip
    """Leave of records that are about to be held only who sent which, where their household or operation was erased."""
    if erased is None:
        return
    households = {name for each in held if is_id(name := _household(each.record))}
    gone = _erased_among(connection, operation_id, households, marks)
    for each in held:
        if erased == operation_id or _household(each.record) in gone:
            record = each.record if type(each.record) is dict else {}
            each.record = {name: record[name] for name in _IDENTITY if name in record}


def _household(record: Any) -> Any:
    return record.get("household") if type(record) is dict else None
