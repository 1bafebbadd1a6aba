"""Sheets of cards: ten on an A4 page, eight to fold, or single ones for a card printer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO

from relief.cards.face import FOLDED, WIDE, CardWords, Face, Stamp
from relief.cards.typesetting import A4, ID_1, Paper

MARK_MM = 4.0


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How cards lie on a page: its size, how many beside and below one another, and what they look like."""

    page: tuple[float, float]
    columns: int
    rows: int
    face: Face

    @property
    def count(self) -> int:
        return self.columns * self.rows

    def corner(self, place: int) -> tuple[float, float]:
        """Return the upper left corner of a place on the page, from 0, line by line."""
        row, column = divmod(place, self.columns)
        left = (self.page[0] - self.columns * self.face.width) / 2
        top = (self.page[1] - self.rows * self.face.height) / 2
        return left + column * self.face.width, top + row * self.face.height


ARRANGEMENTS = {"a4": Arrangement(A4, 2, 5, WIDE), "fold": Arrangement(A4, 2, 4, FOLDED), "single": Arrangement(ID_1, 1, 1, WIDE)}


def print_cards(file: IO[bytes], cards: Iterable[tuple[str, str]], arrangement: str, words: CardWords, *, title: str = "",
                logo: bytes = b"", language: str = "en", progress: Callable[[int], None] = lambda _done: None,
                with_symbol: bool = True) -> int:  # fmt: skip
    """Write a PDF of cards given as (running number, code), in their order; return how many.

    `progress` is called with the number of cards after every page. `with_symbol` is for measuring what the symbols cost.
    """
    arranged = ARRANGEMENTS[arrangement]
    paper = Paper(title, arranged.page, language)
    paper.new_page()
    stamp = Stamp(paper, arranged.face, words, logo, with_symbol=with_symbol)
    marks = paper.record(lambda: _draw_marks(paper, arranged))
    count = 0
    for count, (number, code) in enumerate(cards, 1):
        place = (count - 1) % arranged.count
        if place == 0:
            if count > 1:
                paper.new_page()
            paper.draw(marks)
            progress(count - 1)
        stamp.put(*arranged.corner(place), number, code)
    progress(count)
    paper.write_to(file)
    return count


def _draw_marks(paper: Paper, arranged: Arrangement) -> None:
    """Draw where to cut and fold: short lines at the edges of the page, so that none shows on a card."""
    if arranged.count == 1:
        return
    paper.draw(b"0.6 G 0.3 w")
    face, (width, height) = arranged.face, arranged.page
    left, top = arranged.corner(0)
    for column in range(arranged.columns + 1):
        _upright(paper, left + column * face.width, height)
    for row in range(arranged.rows + 1):
        y = top + row * face.height
        for x in (0.0, width - MARK_MM):
            paper.line(x, y, x + MARK_MM, y)
    if face.fold is not None:
        paper.draw(b"[1.5 1.5] 0 d")
        for column in range(arranged.columns):
            _upright(paper, left + column * face.width + face.fold, height)
        paper.draw(b"[] 0 d")


def _upright(paper: Paper, x: float, height: float) -> None:
    paper.line(x, 0, x, MARK_MM)
    paper.line(x, height - MARK_MM, x, height)
