"""What the desk may do about a family: decide, change who lives in it, its cards, taking back. All of it is told to the ledger.

A page says what it showed (`seen`); when something was added meanwhile nothing is written (`household_changed`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection, select

from relief.cards.models import Card
from relief.kernel.errors import BadInput, Conflict, NotAllowed, NotFound
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.desk import tell
from relief.ledger.keys import Keys
from relief.ledger.rules.entry import ENTITLED, EXCESS
from relief.ledger.values import LONGEST_TEXT
from relief.ledger.verdicts import HELD, Verdict
from relief.office.cards import issuing as card_issue
from relief.office.cards.finding import get_blank_card, get_free_card
from relief.office.families.family import Family, get_family

DECISIONS = ("approved", "not_approved", "withdrawn")
CARD_ACTIONS = ("handed_out", "cancelled", "replaced", "linked")
Record = dict[str, Any]
Making = Callable[[Connection, Family], Sequence[Record]]


def act(connection: Connection, operation_id: bytes, desk_id: bytes, household_id: bytes, seen: str, make: Making,
        user_id: bytes, now: int, keys: Keys) -> list[Verdict]:  # fmt: skip
    """Tell the ledger the records that `make` returns for a family as it stands.

    Raises NotFound, Conflict (`household_changed`) when it is not what was `seen`, and what `make` raises.
    """
    family = get_family(connection, operation_id, household_id, keys.words)
    if family.seen != seen:
        raise Conflict(_("Somebody has changed this household meanwhile. Look at it again."), code="household_changed")
    records = [{**record, "by": to_text(user_id)} for record in make(connection, family)]
    verdicts = tell(connection, operation_id, desk_id, records, now, keys)
    if any(each.verdict == HELD for each in verdicts):
        raise Conflict(_("The ledger did not take this. Look at the household again."), code="not_taken")
    return verdicts


def decide_family(action: str, reason: str, user_id: bytes) -> Making:
    """Approve, do not approve, or withdraw; whoever told a part of a family does not approve it (`own_household`)."""
    if action not in DECISIONS:
        raise BadInput(_("There is no such decision."), where="action")
    if action != "approved" and not reason.strip():
        raise BadInput(_("Say why, in a few words."), where="reason")

    def make(_connection: Connection, family: Family) -> list[Record]:
        if action == "approved" and user_id in authors_of(family):
            raise NotAllowed(_("You entered or changed this household yourself: somebody else approves it."),
                             code="own_household")  # fmt: skip
        return [{"kind": "household", "action": action, "household": each, **reason_of(reason)} for each in family.households]

    return make


def authors_of(family: Family) -> set[bytes]:
    """Return who registered a family, changed or corrected it."""
    return {each.by for each in family.told if each.by and each.entry.facts["kind"] in ("registration", "composition")}


def separate(household: str, reason: str) -> Making:
    """Take a household that was merged by mistake out of its family again."""
    if not reason.strip():
        raise BadInput(_("Say how you know that they are two families."), where="reason")

    def make(_connection: Connection, family: Family) -> list[Record]:
        facts = [each.entry.facts for each in family.told if each.entry.facts["kind"] == "household"]
        pairs = {tuple(sorted((each["household"], each["other"]))) for each in facts
                 if each["action"] == "merged" and household in (each["household"], each["other"])}  # fmt: skip
        if household not in family.households or not pairs:
            raise NotFound(_("This household is not part of that family."))
        return [{"kind": "household", "action": "kept_apart", "household": one, "other": other, **reason_of(reason)}
                for one, other in sorted(pairs)]  # fmt: skip

    return make


def take_back(operation_id: bytes, record_id: str, goods_back: bool, reason: str) -> Making:
    """Take a hand-over back that stands."""
    if not reason.strip():
        raise BadInput(_("Say why, in a few words."), where="reason")

    def make(connection: Connection, family: Family) -> list[Record]:
        facts = next((entry.facts for entry in family.document.moves if entry.id == record_id and entry.step == "given"), None)
        standing = family.document.standings.get(record_id)
        if facts is None or facts["kind"] != "handover" or not standing or standing[0] not in (ENTITLED, EXCESS):
            raise Conflict(_("This was taken back already."), code="household_changed")
        key = _key_of(connection, operation_id, facts["card_id"])
        return [{"kind": "void", "target": record_id, "card": key, "cause": "returned" if goods_back else "mistake",
                 "goods_back": int(goods_back), **reason_of(reason)}]  # fmt: skip

    return make


def handle_card(operation_id: bytes, action: str, card_id: str, typed: str, reason: str) -> Making:
    """Hand a card out, cancel it, put a blank one in its place, or link one that is nobody's.

    `typed` names the blank card; one to link may be named by its id instead.
    """
    if action not in CARD_ACTIONS:
        raise BadInput(_("There is no such act."), where="action")
    if action in ("cancelled", "replaced") and not reason.strip():
        raise BadInput(_("Say why, in a few words."), where="reason")

    def make(connection: Connection, family: Family) -> list[Record]:
        if action == "linked" and card_id:
            return [card_issue.link(get_free_card(connection, operation_id, card_id).key, family.id)]
        blank = get_blank_card(connection, operation_id, typed, "typed").key if action in ("replaced", "linked") else b""
        if action == "linked":
            return [card_issue.link(blank, family.id)]
        card = next((each for each in family.cards if each.id == card_id), None)
        if card is None or card.state != "linked":
            raise Conflict(_("This card is not in use any more."), code="household_changed")
        key = bytes.fromhex(_key_of(connection, operation_id, card_id))
        if action == "replaced":
            return [card_issue.replace(key, blank, reason.strip()[:LONGEST_TEXT])]
        return [card_issue.hand_out(key) if action == "handed_out" else card_issue.cancel(key, reason.strip()[:LONGEST_TEXT])]

    return make


def _key_of(connection: Connection, operation_id: bytes, card_id: str) -> str:
    card = Card.__table__.c
    wanted = select(card.card_key).where(card.operation_id == operation_id, card.card_id == to_bytes(card_id))
    return bytes(connection.execute(wanted).scalar_one()).hex()


def reason_of(reason: str) -> Record:
    """Return the field of a reason, none where nobody gave one."""
    return {"reason": reason.strip()[:LONGEST_TEXT]} if reason.strip() else {}
