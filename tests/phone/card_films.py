"""Films of our own printed cards, as a hand holds them before a phone's camera."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image

from relief.cards.face import CardWords
from relief.cards.sheets import print_cards
from tests.cards.printed import pictures

WIDTH, HEIGHT, PICTURES_A_CARD, WALL = 640, 480, 20, 96
WORDS = CardWords("Demo Society", "Valid until 12/2026", "Hotline +375 17 000 00 00")


def film_of_cards(cards: Sequence[tuple[str, str]], path: Path, tilts: Sequence[float] = (6,)) -> Path:
    """Write a film in which cards, (number, code), come one after the other, each two seconds; return its path."""
    sheet = BytesIO()
    print_cards(sheet, iter(cards), "single", WORDS)
    shown = [held_up(page, tilts[place % len(tilts)]) for place, page in enumerate(pictures(sheet.getvalue()))]
    return write_film(path, (picture for picture in shown for _each in range(PICTURES_A_CARD)))


def held_up(card: Image.Image, tilt: float) -> Image.Image:
    """Return a picture of a card before a wall, in a hand that does not hold it straight."""
    picture = Image.new("L", (WIDTH, HEIGHT), WALL)
    turned = card.convert("L").rotate(tilt, expand=True, fillcolor=WALL)
    picture.paste(turned, ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2))
    return picture


def write_film(path: Path, shown: Iterable[Image.Image]) -> Path:
    """Write grey pictures as a film (Y4M), ten a second."""
    no_colour = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420\n".encode())
        for picture in shown:
            film.write(b"FRAME\n" + picture.tobytes() + no_colour)
    return path
