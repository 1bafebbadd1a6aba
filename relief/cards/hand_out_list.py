"""The hand-out list: who gets which card, in the order of the cards, with room to sign. Printed apart from the cards.

By site, village and street; each of them begins with a heading, each site on a page of its own. Lengths are millimetres.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO

from relief.cards.typesetting import A4, Paper

LEFT, RIGHT, TOP, BOTTOM = 12.0, 198.0, 14.0, 282.0
ROW_MM, HEADING_MM, GROUP_MM = 9.0, 15.0, 8.0
SIZE, SMALL = 10.0, 8.0


@dataclass(frozen=True, slots=True)
class ListRow:
    """One card of the list; `place` is its village and street."""

    number: str
    name: str
    last_four: str
    site: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class ListWords:
    """The words of a list in the language people read; `page` holds `{page}`."""

    title: str
    number: str
    name: str
    last_four: str
    signature: str
    note: str
    page: str
    no_site: str


@dataclass(frozen=True, slots=True)
class _Column:
    x: float
    width: float


NUMBER, NAME, SIGNS, SIGNATURE = _Column(LEFT, 26), _Column(40, 76), _Column(120, 20), _Column(142, RIGHT - 142)


def print_list(file: IO[bytes], rows: Iterable[ListRow], words: ListWords, *, language: str = "en",
               progress: Callable[[int], None] = lambda _done: None) -> int:  # fmt: skip
    """Write the list as PDF, in the order of `rows`; return how many. `progress` is told the number of rows, page by page."""
    pages = _Pages(Paper(words.title, A4, language), words)
    count = 0
    for count, row in enumerate(rows, 1):
        if pages.put(row):
            progress(count - 1)
    if not count:
        pages.begin_page("")
    progress(count)
    pages.paper.write_to(file)
    return count


class _Pages:
    """Where the next row goes."""

    def __init__(self, paper: Paper, words: ListWords) -> None:
        self.paper, self._words = paper, words
        self._site: str | None = None
        self._place = ""
        self._y = BOTTOM

    def put(self, row: ListRow) -> bool:
        """Write one row, and what must stand before it; tell whether it began a page."""
        new_group = row.place != self._place and bool(row.place)
        fresh = row.site != self._site or self._y + ROW_MM + (GROUP_MM if new_group else 0) > BOTTOM
        if fresh:
            self.begin_page(row.site)
        if row.place and (new_group or fresh):
            self.paper.write_line(LEFT, self._y + GROUP_MM - 2.2, row.place, RIGHT - LEFT, SIZE, bold=True)
            self._y += GROUP_MM
        self._place = row.place
        self._write(row)
        return fresh

    def begin_page(self, site: str) -> None:
        """Begin a page of a site."""
        self._site = site
        self.paper.new_page()
        words, paper = self._words, self.paper
        paper.write_line(LEFT, TOP + 4, words.title, 120, 13, bold=True)
        paper.write_line(140, TOP + 4, words.page.format(page=paper.page), RIGHT - 140, SMALL, align="R")
        paper.write_line(LEFT, TOP + 10, site or words.no_site, 120, 11)
        paper.write_line(LEFT, BOTTOM + 6, words.note, RIGHT - LEFT, SMALL)
        for column, title in ((NUMBER, words.number), (NAME, words.name), (SIGNS, words.last_four), (SIGNATURE, words.signature)):
            paper.write_line(column.x, TOP + HEADING_MM + 2, title, column.width, SMALL, bold=True)
        self._y = TOP + HEADING_MM + 4
        self._rule(0.4)

    def _write(self, row: ListRow) -> None:
        paper, base = self.paper, self._y + ROW_MM - 3
        paper.write_line(NUMBER.x, base, row.number, NUMBER.width, SIZE, bold=True, align="L")
        paper.write_line(NAME.x, base, row.name, NAME.width, SIZE)
        paper.write_code(SIGNS.x, base, row.last_four, SIZE)
        self._y += ROW_MM
        self._rule(0.1)

    def _rule(self, width: float) -> None:
        self.paper.set_line_width(width)
        self.paper.line(LEFT, self._y, RIGHT, self._y)
