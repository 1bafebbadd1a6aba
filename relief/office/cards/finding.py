"""Which card somebody means: a code from a scanner or as it is read from the card, or a running number, however it is typed."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.cards.rules import card_key, check_code, practice_number, typed_readings, whole_number
from relief.kernel.errors import BadInput, Conflict, NotFound
from relief.kernel.ids import is_id_text, to_bytes, to_text
from relief.office.cards.queries import CardRow, find_card


def get_typed_card(connection: Connection, operation_id: bytes, text: str, where: str = "code") -> CardRow:
    """Return the card of a scanned or typed code, or of a running number; raises BadInput, NotFound, which name `where`."""
    typed = "".join(sign for sign in text if sign.isprintable()).strip()
    number, run = whole_number(typed, None)
    found = find_card(connection, operation_id, number=number) if run else _by_code(connection, operation_id, typed, where)
    if found is None:
        words = _("There is no card of this number.") if run else _("This card is not known here.")
        raise NotFound(words, code="unknown_card", where=where)
    return found


def get_blank_card(connection: Connection, operation_id: bytes, text: str, where: str) -> CardRow:
    """Return the card of the blank stock that somebody scanned or typed; raises as `get_typed_card` does."""
    card = get_typed_card(connection, operation_id, text, where)
    if card.state != "blank":
        raise BadInput(_("Card %(number)s is not blank: take one from the blank stock.", number=card.number), code="not_blank",
                       where=where)  # fmt: skip
    return card


def get_free_card(connection: Connection, operation_id: bytes, card_id: str) -> CardRow:
    """Return the card of an id if it is nobody's yet: of the blank stock, or only known from a scan. Raises Conflict."""
    card = find_card(connection, operation_id, card_id=to_bytes(card_id)) if is_id_text(card_id) else None
    if card is None or card.state not in ("blank", "unknown"):
        raise Conflict(_("This card is not free any more. Look again."), code="card_not_free", where="card")
    return card


def get_typed_free_card(connection: Connection, operation_id: bytes, text: str) -> CardRow:
    """Return the card of an id, a code or a number if it is nobody's yet; raises as `get_typed_card` and `get_free_card` do."""
    named = text if is_id_text(text) else to_text(get_typed_card(connection, operation_id, text, "card").card_id)
    return get_free_card(connection, operation_id, named)


def _by_code(connection: Connection, operation_id: bytes, typed: str, where: str) -> CardRow | None:
    for code in typed_readings(typed):
        if practice_number(code) is not None:
            raise BadInput(_("This is a practice card: it is nobody's."), code="practice_card", where=where)
        if check_code(code):
            return find_card(connection, operation_id, key=card_key(operation_id, code))
    if any(letter.isalpha() and not letter.isascii() for letter in typed):
        words = _("These are not the letters of a card. Set the keyboard to Latin letters (EN), then scan again.")
        raise BadInput(words, code="not_latin", where=where)
    raise BadInput(_("This is not one of our cards. Read it again, or type its number."), code="not_a_card", where=where)
