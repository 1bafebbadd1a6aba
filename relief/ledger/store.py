"""Writing what a batch settled: entries, documents, standings, cards and households, counters' deltas."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import Connection

from relief.cards.models import Card
from relief.cards.rules import split_number
from relief.households.models import Household
from relief.kernel.ids import new_id, to_bytes
from relief.ledger.chain import part_digest
from relief.ledger.documents import Document, counter_change, describe_members, dump_identity, dump_moves
from relief.ledger.intake import Fresh
from relief.ledger.models import Citation, FoldGroup, Standing
from relief.ledger.rules.tally import full_counters
from relief.ledger.sealing import NewEntry
from relief.ledger.sets import insert_rows, replace_rows, rows_where_in
from relief.ledger.verdicts import Verdict
from relief.ledger.wire import canonical
from relief.operations.rules import Plan

STANDING_COLUMNS = ("operation_id", "record_id", "group_id", "kind", "standing", "entitled", "excess", "codes", "item_id",
                    "site_id", "day", "effective_at", "unsure", "people", "quantity", "lost", "reached", "newly")  # fmt: skip
DOCUMENT_COLUMNS = ("operation_id", "group_id", "document", "open_cases")
CARD_COLUMNS = ("operation_id", "card_id", "group_id", "household_id", "state", "number", "run", "place", "was_blank",
                "handed_out_at")  # fmt: skip
BLANK_CARD = {"household_id": None, "state": "unknown", "number": None, "run": None, "place": None, "was_blank": False,
              "handed_out_at": None}  # fmt: skip
HOUSEHOLD_COLUMNS = ("operation_id", "household_id", "group_id", "state", "area_id", "home_site_id", "size", "members")


def _id(text: str | None) -> bytes | None:
    return None if text is None else to_bytes(text)


def new_entries(settled: Iterable[tuple[Fresh, dict[str, Any]]], verdicts: dict[int, Verdict]) -> list[NewEntry]:
    """Return the entries to seal, with fresh salts; facts carry the card ids, private parts the keys."""
    settled = list(settled)
    salts = os.urandom(32 * len(settled))
    made = []
    for number, (each, facts) in enumerate(settled):
        salt = salts[32 * number : 32 * number + 32]
        verdict = verdicts[each.prepared.index]
        private = canonical(each.prepared.private)
        made.append(NewEntry(
            id=each.id, step=each.step, kind=each.prepared.kind, enrolment_id=each.device.enrolment_id, seq=facts["seq"],
            session_id=to_bytes(facts["session"]), card_id=each.card_id, household_id=_id(facts.get("household")),
            target_id=_id(facts.get("target")), verdict=" ".join((verdict.verdict, *verdict.codes))[:160],
            facts=canonical(facts), facts_salt=salt[:16], private=private, private_salt=salt[16:],
            private_digest=part_digest(salt[16:], private),
        ))  # fmt: skip
    return made


def store_documents(connection: Connection, operation_id: bytes, before: dict[str, Document], after: dict[str, Document],
                    plan: Plan, plan_before: Plan | None = None) -> list[tuple[str, dict[str, int]]]:  # fmt: skip
    """Write the documents and standings that changed; return the change of counters per group.

    Where the origins were not read, identity has not changed and only the moves are written. `plan_before` is the plan
    under which `before` was folded, where that is another.
    """
    whole: list[tuple[Any, ...]] = []
    moves, standings, deltas = [], [], []
    for gid, document in sorted(after.items()):
        old, row = before[gid], (operation_id, to_bytes(gid), dump_moves(document), document.open_cases)
        if document.is_empty:
            whole.append((*row[:2], b"", 0, None, None))
        elif document.origins is not None and document.has_identity:
            whole.append((*row, *dump_identity(document)))
        else:
            moves.append(row)
        standings += standing_rows(operation_id, gid, old, document)
        change = _move_change(old, document, plan, plan_before)
        if document.basis is not old.basis:
            change.update(counter_change(old.basis.counters, document.basis.counters))
        deltas.append((gid, change))
    replace_rows(connection, FoldGroup, DOCUMENT_COLUMNS, moves)
    replace_rows(connection, FoldGroup, (*DOCUMENT_COLUMNS, "basis", "origins"), whole)
    replace_rows(connection, Standing, STANDING_COLUMNS, standings)
    return deltas


def _move_change(old: Document, new: Document, plan: Plan, plan_before: Plan | None) -> dict[str, int]:
    if plan_before is None:
        return full_counters(counter_change(old.counters, new.counters), plan)
    return counter_change(full_counters(old.counters, plan_before), full_counters(new.counters, plan))


def standing_rows(operation_id: bytes, gid: str, old: Document | None, new: Document) -> list[tuple[Any, ...]]:
    """Return the rows of `standing` that differ from those of `old` (all of them without one)."""
    times = {entry.id: (entry.at, entry.unsure) for entry in old.moves} if old else {}
    said = old.standings if old else {}
    group_id = to_bytes(gid)
    rows = {}
    for entry in new.moves:
        standing = new.standings.get(entry.id)
        if standing is None or entry.id in rows:
            continue
        if said.get(entry.id) == standing and times.get(entry.id) == (entry.at, entry.unsure):
            continue
        facts = entry.facts
        word, entitled, excess, codes, day, people, lost, reached, newly = standing
        rows[entry.id] = (operation_id, to_bytes(entry.id), group_id, facts["kind"], word, entitled, excess,
                          " ".join(codes)[:160], _id(facts.get("item")), _id(facts.get("site")), day, entry.at, entry.unsure,
                          people, facts.get("quantity"), lost, reached, newly)  # fmt: skip
    return list(rows.values())


def store_places(connection: Connection, operation_id: bytes, before: dict[str, Document], after: dict[str, Document]) -> None:
    """Write the projections of the cards and households of all groups whose identity was put together anew."""
    fresh = [(gid, document) for gid, document in after.items() if document.basis is not before[gid].basis]
    cards = [row for gid, document in fresh for row in card_rows(operation_id, gid, document)]
    keys = rows_where_in(connection, "SELECT card_id, card_key FROM card", operation_id, "card_id", [row[1] for row in cards])
    key_of = {bytes(card): bytes(key) for card, key in keys}
    replace_rows(connection, Card, (*CARD_COLUMNS, "card_key"), [(*row, key_of[row[1]]) for row in cards])
    households = [row for gid, document in fresh for row in household_rows(operation_id, gid, document)]
    replace_rows(connection, Household, HOUSEHOLD_COLUMNS, households)


def card_rows(operation_id: bytes, gid: str, document: Document) -> list[tuple[Any, ...]]:
    """Return the rows of `card` (CARD_COLUMNS) that a group whose origins are known makes."""
    basis = document.basis
    holder = _id(basis.households[0]) if basis.households else None
    told, states = _told_of_cards(document), basis.card_states
    return [(operation_id, to_bytes(each), to_bytes(gid), holder, states.get(each, "unknown"), *told.get(each, _UNTOLD))
            for each in basis.cards]  # fmt: skip


_UNTOLD = tuple(BLANK_CARD.values())[2:]


def _told_of_cards(document: Document) -> dict[str, tuple[Any, ...]]:
    """Return by card id what CARD_COLUMNS end in: of several numbers the first told, of handing out and taking back the last."""
    numbers: dict[str, str] = {}
    blank: dict[str, bool] = {}
    handed_out: dict[str, int | None] = {}
    for entry in sorted(document.origins or (), key=lambda entry: entry.rank):
        if entry.facts["kind"] != "card":
            continue
        card, action = entry.facts["card_id"], entry.facts["action"]
        if "number" in entry.facts:
            numbers.setdefault(entry.facts.get("new_card_id", card), entry.facts["number"])
        if action == "issued":
            blank.setdefault(card, "household" not in entry.facts)
        elif action in ("handed_out", "not_handed_out"):
            handed_out[card] = entry.at if action == "handed_out" else None
    return {card: (numbers.get(card), *split_number(numbers.get(card)), blank.get(card, False), handed_out.get(card))
            for card in {*numbers, *blank, *handed_out}}  # fmt: skip


def household_rows(operation_id: bytes, gid: str, document: Document) -> list[tuple[Any, ...]]:
    """Return the rows of `household` (HOUSEHOLD_COLUMNS) that a group whose origins are known makes."""
    size, members = len(document.basis.composition().now()), describe_members(document.basis)
    rows = []
    for each in document.basis.households:
        registrations = [entry for entry in document.origins or () if entry.facts["kind"] == "registration"
                         and entry.facts["household"] == each]  # fmt: skip
        last = max(registrations, key=lambda entry: entry.rank).facts if registrations else {}
        rows.append((operation_id, to_bytes(each), to_bytes(gid), document.basis.shown_status, _id(last.get("area")),
                     _id(last.get("home_site")), size, members if each == gid else ""))  # fmt: skip
    return rows


def store_citations(connection: Connection, operation_id: bytes, fresh: Iterable[Fresh]) -> None:
    """Note which decisions cite which records, so that a record that comes later finds its decision."""
    rows = [(operation_id, to_bytes(cited), each.id) for each in fresh if each.prepared.kind == "decision"
            for cited in set(each.facts.get("cites", ()))]  # fmt: skip
    insert_rows(connection, Citation, ("operation_id", "cited_id", "decision_id"), rows,
                "(operation_id, cited_id, decision_id) DO NOTHING")  # fmt: skip


def deltas_as_rows(operation_id: bytes, deltas: Iterable[tuple[str, dict[str, int]]]) -> list[tuple[bytes, bytes, bytes, bytes]]:
    """Return the rows of `delta`: what the sealer adds later, one a group."""
    return [(operation_id, new_id(), to_bytes(gid), orjson.dumps(change)) for gid, change in deltas]
