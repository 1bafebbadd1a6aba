"""What else stands beside the entries: plan versions, what devices are said to have sent, card keys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from relief.accounts.models import Enrolment
from relief.cards.models import Card
from relief.kernel.ids import to_text
from relief.ledger.models import Entry
from relief.ledger.problems import Problem
from relief.ledger.wire import CARD_FIELDS, CARDS_OF
from relief.operations.models import Operation, PlanVersion


class CardKeys:
    """The keys of all cards, beside what the entries that are not erased say of them."""

    def __init__(self, connection: Connection, operation_id: bytes) -> None:
        card = Card.__table__.c
        rows = connection.execute(select(card.card_id, card.card_key).where(card.operation_id == operation_id))
        self._keys = {to_text(bytes(row.card_id)): row.card_key.hex() for row in rows}
        self.wrong: dict[str, str] = {}
        self.lost: set[str] = set()

    def compare(self, row: Sequence[Any], facts: dict[str, Any]) -> None:
        """Note the cards of one entry (a row of `stream_entries`) whose key is another: id -> key as the entry says it.

        An erased entry says no key, but that there is a card: without its row it is `lost`.
        """
        names = CARDS_OF[row[3]]
        if not names:
            return
        if row[15] is None:
            self.lost.update(facts[field] for field in map(CARD_FIELDS.__getitem__, names)
                             if field in facts and facts[field] not in self._keys)  # fmt: skip
            return
        private = None
        for name in names:
            card = facts.get(CARD_FIELDS[name])
            if card is not None:
                private = private or orjson.loads(row[15])
                if self._keys.get(card) != private.get(name):
                    self.wrong[card] = private.get(name)

    def problems(self) -> Iterator[Problem]:
        for card in sorted(self.wrong):
            yield Problem("card_key_differs", card)


def plan_problems(connection: Connection, operation_id: bytes) -> Iterator[Problem]:
    """Compare every stored plan with the record that the ledger sealed of it, and the plan in force with the last one."""
    table, entry, operation = PlanVersion.__table__, Entry.__table__.c, Operation.__table__.c
    stored = connection.execute(select(table).where(table.c.operation_id == operation_id).order_by(table.c.version)).all()
    rows = connection.execute(
        select(entry.facts, entry.received_at).where(entry.operation_id == operation_id, entry.kind == "plan_version")
    )
    sealed = {}
    for row in rows:
        facts = orjson.loads(row.facts)
        sealed[facts["version"]] = (facts["digest"], facts.get("predecessor"), row.received_at, facts.get("by"))
    for row in stored:
        digest = hashlib.sha256(row.body).hexdigest()
        saved_by = to_text(bytes(row.saved_by)) if row.saved_by is not None else None
        said = sealed.pop(row.version, None)
        if said is None or digest != row.digest.hex() or said != (digest, row.predecessor, row.saved_at, saved_by):
            yield Problem("plan_differs", f"version {row.version}")
    for version in sealed:
        yield Problem("plan_differs", f"version {version}")
    in_force = connection.execute(select(operation.plan_version).where(operation.id == operation_id)).scalar_one()
    if in_force != max((row.version for row in stored), default=0):
        yield Problem("plan_differs", f"version {in_force} in force")


def device_problems(connection: Connection, operation_id: bytes) -> Iterator[Problem]:
    """Compare what each device's row says of its numbers with its entries."""
    table, entry = Enrolment.__table__.c, Entry.__table__.c
    columns = (table.enrolment_id, table.max_seq, table.seq_count)
    rows = connection.execute(select(*columns).where(table.operation_id == operation_id))
    counted = connection.execute(
        select(entry.enrolment_id, func.max(entry.seq), func.count(entry.seq.distinct()))
        .where(entry.operation_id == operation_id).group_by(entry.enrolment_id)
    )  # fmt: skip
    said = {bytes(row[0]): (row[1], row[2]) for row in counted}
    stored = {bytes(row[0]): (row[1], row[2]) for row in rows if row[1] or row[2]}
    for device in sorted(stored.keys() | said.keys()):
        if stored.get(device) != said.get(device):
            yield Problem("device_differs", to_text(device))
