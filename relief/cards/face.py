"""The face of a card: what stands where. Nothing on it tells of the person or the programme; all cards look alike.

Lengths are millimetres from the upper left corner of the card. What is the same on every card is drawn once and repeated.
"""

from __future__ import annotations

from dataclasses import dataclass

from relief.cards.qr import MODULES, QUIET_ZONE, pdf_path
from relief.cards.rules import format_code
from relief.cards.typesetting import CODE, ID_1, POINT_MM, TEXT, Lettering, Paper

SYMBOL_MM = 30.0  # the 25 modules; the quiet zone comes on top
QUIET_MM = SYMBOL_MM / MODULES * QUIET_ZONE
CODE_SIZE = 16.5  # points: capitals 4 mm high
PLAIN, LARGE, MARK_SIZE = 8.5, 15.0, 24.0
SMALLEST_WORDS = 0.5  # a telephone number must not be cut
BOXES, BOX_MM, BOX_GAP_MM = 6, 6.0, 1.1
LINE_POINTS = 0.4


@dataclass(frozen=True, slots=True)
class CardWords:
    """What is printed on every card of a print, in the language people read; what is left empty is left out."""

    society: str = ""
    valid_until: str = ""
    hotline: str = ""
    mark: str = ""  # in large letters, white on black, in the place of logo and name: no card for a family


@dataclass(frozen=True, slots=True)
class Face:
    """Where the parts of one kind of card stand: the symbol's corner, two places for the code, number, logo and words."""

    width: float
    height: float
    symbol: tuple[float, float]
    codes: tuple[tuple[tuple[float, float, int, int], ...], ...]  # x, baseline, first sign, after the last of the grouped code
    numbers: tuple[tuple[float, float, float], ...]  # x, baseline, size
    logo: tuple[float, float, float, float]
    words: tuple[float, float, float, float]  # x, upper edge, width, size
    boxes: tuple[float, float]
    fold: float | None = None  # where it is folded, from the left


WIDE = Face(
    *ID_1, symbol=(5.2, 5.2), codes=(((41.6, 25.0, 0, 9), (41.6, 31.2, 10, 19)), ((5.2, 50.8, 0, 19),)),
    numbers=((41.6, 18.6, LARGE), (72.6, 50.8, PLAIN)), logo=(41.6, 3.6, 41.0, 9.4), words=(41.6, 33.0, 41.4, 7.0),
    boxes=(41.6, 39.4),
)  # fmt: skip
# Folded in the middle with the code inside: it stays clean in a pocket.
FOLDED = Face(
    105.0, 74.25, symbol=(11.2, 8.4),
    codes=(((10.6, 51.0, 0, 9), (10.6, 57.2, 10, 19)), ((57.0, 51.0, 0, 9), (57.0, 57.2, 10, 19))),
    numbers=((10.6, 66.6, LARGE), (57.0, 66.6, LARGE)), logo=(57.0, 5.0, 43.0, 12.0), words=(57.0, 19.0, 43.0, 8.5),
    boxes=(57.0, 36.0), fold=52.5,
)  # fmt: skip


class Stamp:
    """Puts cards of one face on the pages of a document."""

    def __init__(self, paper: Paper, face: Face, words: CardWords, logo: bytes = b"", *, with_symbol: bool = True) -> None:
        self._paper, self._face, self._with_symbol = paper, face, with_symbol
        self._letters = Lettering(paper, CODE, CODE_SIZE)
        self._figures = {size: Lettering(paper, TEXT, size) for _x, _y, size in face.numbers}
        self._same = paper.record(lambda: _draw_same(paper, face, words, logo))

    def put(self, x: float, y: float, number: str, code: str) -> None:
        """Draw one card with its upper left corner at (x, y) of the page; `number` is the running number, `code` its 16 signs."""
        face, grouped = self._face, format_code(code)
        parts = [self._paper.moved(x, y), self._same]
        if self._with_symbol:
            parts.append(self._symbol(code))
        parts += [self._letters.at(left, base, grouped[first:last]) for place in face.codes for left, base, first, last in place]
        parts += [self._figures[size].at(left, base, number) for left, base, size in face.numbers]
        parts.append(b"Q")
        self._paper.draw(b"\n".join(parts))

    def _symbol(self, code: str) -> bytes:
        """Return one filled path, a module its unit, upwards from the lower left module."""
        left, top = self._face.symbol
        units = self._paper.scaled(left, top + SYMBOL_MM, SYMBOL_MM / MODULES)
        return b"q " + units + b" 0 g " + pdf_path(code).encode("ascii") + b"f Q"


def _draw_same(paper: Paper, face: Face, words: CardWords, logo: bytes) -> None:
    paper.draw(f"0 G 0 g {LINE_POINTS} w".encode("ascii"))
    x, y, width, height = face.logo
    if words.mark:
        paper.rect(x, y, width, height, style="F")
        paper.set_text_color(255)
        paper.write_line(x + 1.5, y + height * 0.78, words.mark, width - 3, MARK_SIZE, bold=True, align="C", smallest=0.3)
        paper.set_text_color(0)
    elif logo:
        paper.put_picture(logo, x, y, width, height)
    elif words.society:
        paper.write_paragraph(x, y, words.society, width, PLAIN, bold=True, leading=1.15)
    _write_words(paper, face, words)
    left, top = face.boxes
    for number in range(BOXES):
        paper.rect(left + number * (BOX_MM + BOX_GAP_MM), top, BOX_MM, BOX_MM)


def _write_words(paper: Paper, face: Face, words: CardWords) -> None:
    x, y, width, size = face.words
    for line in filter(None, (words.valid_until, words.hotline)):
        y += size * POINT_MM * 1.25
        paper.write_line(x, y - 0.8, line, width, size, align="L", smallest=SMALLEST_WORDS)


