"""Pictures of our own printed cards, from the PDF that goes to the printer, and of codes of other people."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import qrcode
from PIL import Image

from relief.cards.face import CardWords
from relief.cards.sheets import print_cards
from relief.office.cards.issuing import IssuedCard
from tests.cards.printed import pictures
from tests.phone.hand import Sight

WORDS = CardWords("Demo Society", "Valid until 12/2026", "Hotline +375 17 000 00 00")
# What a queue in the rain looks like: each of them is read at once.
SIGHTS = (
    Sight(turned=6), Sight(turned=20, large=0.7), Sight(turned=180), Sight(turned=-15, leaning=0.2), Sight(blurred=1.5),
    Sight(moving=7), Sight(light=0.3, noise=25), Sight(noise=80), Sight(turned=8, large=0.5),
    Sight(turned=90, large=0.6, noise=30),
)  # fmt: skip


def printed(cards: Iterable[IssuedCard]) -> list[Image.Image]:
    """Return a picture of each card as it is printed, 85.6 mm wide, 150 dots an inch."""
    return printed_codes((card.number, card.code) for card in cards)


def printed_codes(cards: Iterable[tuple[str, str]]) -> list[Image.Image]:
    """Return a picture of each card (running number, code)."""
    sheet = BytesIO()
    print_cards(sheet, iter(cards), "single", WORDS)
    return pictures(sheet.getvalue())


def code_of(text: str) -> Image.Image:
    """Return a QR code with any text, as others print them."""
    drawing = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_L, border=4)
    drawing.add_data(text)
    drawing.make(fit=True)
    return drawing.make_image().convert("L")
