"""What the office does with single cards: hand out by scan or tick, take back a tick, replace, cancel. The ledger decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.kernel.errors import BadInput, Conflict
from relief.kernel.ids import to_text
from relief.ledger import desk
from relief.office.acting import Desk
from relief.office.cards import issuing as card_issue
from relief.office.cards.queries import CardRow
from relief.office.cards.replacements import issue_replacement

LONGEST_REASON = 200


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


def link(connection: Connection, acting: Desk, card: CardRow, household_id: bytes) -> None:
    """Give a card that is nobody's (of `get_free_card`) to a household: what was given on it then counts for that."""
    _tell(connection, acting, [card_issue.link(card.key, household_id)])


def cancel(connection: Connection, acting: Desk, card: CardRow, reason: str) -> None:
    """Cancel a card: it entitles to nothing from now on. Raises BadInput without a reason, Conflict for a dead card."""
    _check_alive(card)
    _tell(connection, acting, [card_issue.cancel(card.key, _checked_reason(reason))])


def cancel_all(connection: Connection, acting: Desk, cards: Sequence[CardRow], reason: str) -> None:
    """Cancel several cards for one reason: a stack that is lost or spoiled. Raises BadInput without a reason."""
    because = _checked_reason(reason)
    for start in range(0, len(cards), card_issue.BATCH):
        _tell(connection, acting, [card_issue.cancel(card.key, because) for card in cards[start : start + card_issue.BATCH]])


def replace(connection: Connection, acting: Desk, card: CardRow, new: CardRow, reason: str) -> None:
    """Put a blank card (of `get_blank_card`) in the place of another, handed out at once. Raises BadInput, Conflict."""
    _check_alive(card)
    _tell(connection, acting, [card_issue.replace(card.key, new.key, _checked_reason(reason)), card_issue.hand_out(new.key)])


def replace_with_new(connection: Connection, acting: Desk, card: CardRow, reason: str) -> card_issue.IssuedCard:
    """Issue a card in the place of another, and return it to be printed with the day's others. Raises BadInput, Conflict."""
    _check_alive(card)
    because = _checked_reason(reason)
    fresh = issue_replacement(connection, acting)
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
