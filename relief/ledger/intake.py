"""At the door: each record of a batch is read, its device and references are checked, and what is known already is recognised.

Nothing is written here. What comes out is, per record, either a verdict (held, already there, an answer given before) or a
`Fresh` record that will become an entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection

from relief.kernel.ids import to_bytes, to_text
from relief.ledger.devices import Device
from relief.ledger.sets import rows_where_in
from relief.ledger.verdicts import ACCEPTED, ALREADY_THERE, HELD, REFUSED, Verdict
from relief.ledger.wire import CARD_FIELDS, CARDS_OF, Prepared, Unreadable, canonical, prepare
from relief.operations.rules import Plan


@dataclass(slots=True)
class Known:
    """What is stored under one record id: its content and which steps exist."""

    facts: dict[str, Any]
    private: bytes | None
    given: bool = False
    answer: dict[str, Any] | None = None
    asked: bool = False  # asked in this very batch
    fresh: bool = False  # first seen in this very batch, not yet on disk


@dataclass(slots=True)
class Fresh:
    """A record that becomes an entry: `facts` gain their card ids once the cards are known."""

    prepared: Prepared
    facts: dict[str, Any]
    device: Device
    known: Known
    card_id: bytes | None = None
    at: int = 0
    unsure: bool = False
    new_seq: bool = True

    @property
    def step(self) -> str:
        return "answer" if self.prepared.ask else "given"

    @property
    def id(self) -> bytes:
        return to_bytes(self.prepared.id)


@dataclass(slots=True)
class HeldRecord:
    """A record kept raw for the desk."""

    index: int
    record: Any
    record_id: str | None
    code: str
    detail: Any


@dataclass(slots=True)
class Intake:
    """A batch after the door. `repeats` are asks whose stored answer must be read again under lock.

    `references` are names of facts with the ids that the plan has for them.
    `cards` are card ids by card key (hex), `group_of` the groups (text) of card ids (text) as they were at the door.
    """

    uploader: Device
    devices: Mapping[bytes, Device]
    references: tuple[tuple[str, Mapping[str, object]], ...]
    fresh: list[Fresh] = field(default_factory=list)
    held: list[HeldRecord] = field(default_factory=list)
    repeats: list[tuple[Prepared, Known]] = field(default_factory=list)
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    new_cards: set[str] = field(default_factory=set)
    cards: dict[str, bytes] = field(default_factory=dict)
    group_of: dict[str, str] = field(default_factory=dict)
    taken_up: bool = False
    erased: bytes | None = None  # something of this operation was: see `forgetting`

    def look_up_cards(self, connection: Connection, operation_id: bytes, keys: Iterable[str]) -> None:
        """Find those of these card keys that have been seen before."""
        rows = rows_where_in(connection, "SELECT card_key, card_id, group_id FROM card", operation_id, "card_key",
                             {bytes.fromhex(key) for key in keys})  # fmt: skip
        for key, card_id, group_id in rows:
            self.cards[bytes(key).hex()] = bytes(card_id)
            self.group_of[to_text(bytes(card_id))] = to_text(bytes(group_id))


def take_in(connection: Connection, operation_id: bytes, uploader: Device, devices: Mapping[bytes, Device], plan: Plan,
            raw: Sequence[Any], taken_up: bool = False) -> Intake:  # fmt: skip
    """Read a batch and sort its records; see the module's text. `devices` are those that the records name, as far as enrolled.

    What the desk takes up may be of a revoked phone.
    """
    references = (("item", plan.item), ("site", plan.site), ("to_site", plan.site), ("round", plan.round),
                  ("area", plan.area), ("home_site", plan.site))  # fmt: skip
    intake = Intake(uploader, devices, references, taken_up=taken_up)
    readable = []
    for each in [prepare(index, record) for index, record in enumerate(raw)]:
        if isinstance(each, Unreadable):
            _hold(intake, each.index, each.record, each.id, each.code)
        else:
            readable.append(each)
    intake.look_up_cards(connection, operation_id, {key for each in readable for key in card_keys(each)})
    known = _known_entries(connection, operation_id, [each.id for each in readable])
    for each in readable:
        _sort(intake, each, raw[each.index], known)
    return intake


def _sort(intake: Intake, each: Prepared, raw: Any, known: dict[str, Known]) -> None:
    """Make a record a verdict or a Fresh one."""
    stored = known.get(each.id)
    same = stored is None or _same_content(intake, each, stored)
    if stored is not None and same and stored.given:  # also from a revoked phone: there is nothing to decide
        intake.verdicts[each.index] = Verdict(each.index, each.id, ALREADY_THERE)
    elif intake.uploader.revoked and not intake.taken_up:
        _hold(intake, each.index, raw, each.id, "revoked")
    elif not same:
        _hold(intake, each.index, each.facts if stored and stored.private is None else raw, each.id, "conflict")
    elif (problem := _problem(intake, each)) is not None:
        _hold(intake, each.index, raw, each.id, *problem)
    elif stored is not None and each.ask:
        intake.repeats.append((each, stored))
    else:
        if stored is None:
            stored = known[each.id] = Known(each.facts, canonical(each.private), asked=each.ask, fresh=True)
            intake.new_cards.update(key for key in card_keys(each) if key not in intake.cards)
        stored.given = not each.ask
        intake.fresh.append(Fresh(each, each.facts, intake.devices[to_bytes(each.facts["enrolment"])], stored))


def _problem(intake: Intake, each: Prepared) -> tuple[str, Any] | None:
    """Return why a readable record cannot become an entry: (code of held, detail), or None."""
    device = intake.devices.get(to_bytes(each.facts["enrolment"]))
    if device is None:
        return "unknown_enrolment", None
    if device.revoked and not intake.taken_up:
        return "revoked", None
    if not device.may_tell(each.kind, each.facts.get("action")) or not intake.uploader.may_bring(device):
        return "not_for_this_device", None
    facts = each.facts
    for name, existing in intake.references:
        if name in facts and facts[name] not in existing:
            return "unknown_reference", name
    return None


def _same_content(intake: Intake, each: Prepared, stored: Known) -> bool:
    """Compare with what is stored; where the private part is erased, only the facts are."""
    if stored.fresh:
        return each.facts == stored.facts and canonical(each.private) == stored.private
    if stored.private is None:
        _drop_private(intake, each, stored)
        return each.facts == stored.facts
    return canonical(each.private) == stored.private and with_card_ids(each, intake.cards) == stored.facts


def _drop_private(intake: Intake, each: Prepared, stored: Known) -> None:
    """Leave of a record whose stored one was erased its facts; a card that nobody knows any more is taken for the stored one."""
    own = {CARD_FIELDS[name]: stored.facts.get(CARD_FIELDS[name]) for name in CARDS_OF[each.kind] if name in each.private}
    facts = {name: card for name, card in own.items() if card is not None} | with_card_ids(each, intake.cards)
    each.facts, each.private = facts, {}


def with_card_ids(each: Prepared, cards: dict[str, bytes]) -> dict[str, Any]:
    """Return a record's facts with the random ids of its cards in the place of their keys (missing where unknown)."""
    facts = dict(each.facts)
    for name in CARDS_OF[each.kind]:
        key = each.private.get(name)
        if key in cards:
            facts[CARD_FIELDS[name]] = to_text(cards[key])
    return facts


def card_keys(each: Prepared) -> list[str]:
    """Return the card keys (hex) that a record names."""
    private = each.private
    return [private[name] for name in CARDS_OF[each.kind] if name in private]


def _known_entries(connection: Connection, operation_id: bytes, ids: list[str]) -> dict[str, Known]:
    rows = rows_where_in(connection, "SELECT id, step, facts, private FROM entry", operation_id, "id",
                         {to_bytes(each) for each in ids})  # fmt: skip
    known: dict[str, Known] = {}
    for entry_id, step, facts, private in rows:
        parsed = orjson.loads(facts)
        answer = parsed.pop("answer", None)
        each = known.setdefault(to_text(bytes(entry_id)), Known(parsed, private))
        if step == "given":
            each.given = True
        else:
            each.answer = answer
    return known


def _hold(intake: Intake, index: int, record: Any, record_id: str | None, code: str, detail: Any = None) -> None:
    intake.held.append(HeldRecord(index, record, record_id, code, detail))
    intake.verdicts[index] = Verdict(index, record_id, HELD, (code,), detail=detail)


def answer_verdict(prepared: Prepared, answer: dict[str, Any], ended: bool = False) -> Verdict:
    """Return the verdict of an ask: the stored answer, or `ended` once its grant has."""
    if answer["granted"] and not ended:
        return Verdict(prepared.index, prepared.id, ACCEPTED, mode="granted")
    if ended:
        return Verdict(prepared.index, prepared.id, REFUSED, ("ended",))
    detail = {"received": answer.get("received", []), "left": answer.get("left", 0)}
    return Verdict(prepared.index, prepared.id, REFUSED, tuple(answer.get("codes", ())), detail=detail)
