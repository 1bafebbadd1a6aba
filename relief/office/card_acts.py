"""What the office does with single cards: hand out by scan or tick, take back a tick, replace, cancel. The ledger decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.cards.rules import card_key, check_code, normalise_typed, parse_running_number, practice_number
from relief.kernel.errors import BadInput, Conflict, NotFound
from relief.kernel.ids import to_text
from relief.ledger import desk
from relief.ledger.keys import Keys
from relief.office import card_issue
from relief.office.card_queries import CardRow, find_card

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Desk:
    """Who acts: the operation, the device of her desk, and her user id; the moment, and the keys of the ledger."""

    operation_id: bytes
    enrolment_id: bytes
    user_id: bytes | None
    now: int
    keys: Keys


def find_scanned(connection: Connection, operation_id: bytes, text: str) -> CardRow:
    """Return the card of a scanned or typed code, or of a running number; raises BadInput, NotFound."""
    try:
        parse_running_number(text.strip())
    except ValueError:
        return _by_code(connection, operation_id, normalise_typed(text))
    found = find_card(connection, operation_id, number=text.strip())
    if found is None:
        raise NotFound(_("There is no card of this number."), code="unknown_card", where="code")
    return found


def _by_code(connection: Connection, operation_id: bytes, code: str) -> CardRow:
    if practice_number(code) is not None:
        raise BadInput(_("This is a practice card: it is nobody's."), code="practice_card", where="code")
    if not check_code(code):
        raise BadInput(_("This is not one of our cards. Read it again, or type its number."), code="not_a_card", where="code")
    found = find_card(connection, operation_id, key=card_key(operation_id, code))
    if found is None:
        raise NotFound(_("This card is not known here."), code="unknown_card", where="code")
    return found


def hand_out(connection: Connection, acting: Desk, cards: Sequence[CardRow]) -> list[CardRow]:
    """Note that cards were given to their households; return those that were not noted before. Raises Conflict.

    Only a card that leads to a household can be handed out, not one that is blank, replaced or cancelled.
    """
    for card in cards:
        if card.state != "linked":
            raise Conflict(_not_to_give(card), code=f"card_{card.state}", where="code")
    fresh = [card for card in cards if card.handed_out_at is None]
    _tell(connection, acting, [card_issue.hand_out(card.key) for card in fresh])
    return fresh


def take_back(connection: Connection, acting: Desk, card: CardRow) -> bool:
    """Undo a hand-out that did not happen; return whether there was one."""
    if card.handed_out_at is None:
        return False
    _tell(connection, acting, [card_issue.take_back(card.key)])
    return True


def cancel(connection: Connection, acting: Desk, card: CardRow, reason: str) -> None:
    """Cancel a card: it entitles to nothing from now on. Raises BadInput without a reason, Conflict for a dead card."""
    _check_alive(card)
    _tell(connection, acting, [card_issue.cancel(card.key, _checked_reason(reason))])


def replace(connection: Connection, acting: Desk, card: CardRow, new: CardRow, reason: str) -> None:
    """Put a blank card in the place of another, and note that it was handed out. Raises BadInput, Conflict."""
    _check_alive(card)
    if new.state != "blank":
        raise Conflict(_("Card %(number)s is not blank: take one from the blank stock.", number=new.number), code="not_blank",
                       where="new_card")  # fmt: skip
    _tell(connection, acting, [card_issue.replace(card.key, new.key, _checked_reason(reason)), card_issue.hand_out(new.key)])


def replace_with_new(connection: Connection, acting: Desk, card: CardRow, reason: str) -> card_issue.IssuedCard:
    """Issue a card of its own run in the place of another, and return it to be printed. Raises BadInput, Conflict."""
    _check_alive(card)
    because = _checked_reason(reason)
    (fresh,) = card_issue.issue_blank_cards(connection, acting.operation_id, acting.enrolment_id, 1, acting.now, acting.keys)
    _tell(connection, acting, [card_issue.replace(card.key, fresh.key, because)])
    return fresh


def _check_alive(card: CardRow) -> None:
    if card.state in ("cancelled", "replaced"):
        raise Conflict(_not_to_give(card), code=f"card_{card.state}")


def _not_to_give(card: CardRow) -> str:
    return {
        "blank": _("Card %(number)s is blank: it is linked to a family first.", number=card.number),
        "replaced": _("Card %(number)s was replaced by another.", number=card.number),
        "cancelled": _("Card %(number)s was cancelled.", number=card.number),
    }.get(card.state, _("Card %(number)s is nobody's here.", number=card.number))


def _checked_reason(reason: str) -> str:
    text = " ".join(reason.split())
    if not text:
        raise BadInput(_("Say why, in a few words."), where="reason")
    return text[:LONGEST_REASON]


def _tell(connection: Connection, acting: Desk, records: list[dict[str, Any]]) -> None:
    by = {"by": to_text(acting.user_id)} if acting.user_id else {}
    told = [{**record, **by} for record in records]
    for verdict in desk.tell(connection, acting.operation_id, acting.enrolment_id, told, acting.now, acting.keys):
        if verdict.verdict == "held":
            raise Conflict(_("The ledger did not take this."), code="not_taken", where=",".join(verdict.codes))
