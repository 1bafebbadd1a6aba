"""The hand-out list: who gets which card, in the order of the cards, with room to sign. Printed apart from the cards.

By site, village and street: each site on a page of its own, under a village its streets, however each of them is written, and
the house beside the name. Lengths are millimetres.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import IO

from relief.cards.typesetting import A4, Paper
from relief.households.place_words import split_address, village_words

LEFT, RIGHT, TOP, BOTTOM = 12.0, 198.0, 14.0, 282.0
ROW_MM, HEADING_MM, VILLAGE_MM, STREET_MM = 9.0, 15.0, 9.5, 7.0
SIZE, SMALL = 10.0, 8.0


@dataclass(frozen=True, slots=True)
class ListRow:
    """One card of the list, its village and address as somebody wrote them."""

    number: str
    name: str
    last_four: str
    site: str = ""
    village: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class ListWords:
    """The words of a list in the language people read; `page` holds `{page}`."""

    title: str
    number: str
    name: str
    house: str
    last_four: str
    signature: str
    note: str
    page: str
    no_site: str
    no_place: str


@dataclass(frozen=True, slots=True)
class _Column:
    x: float
    width: float


NUMBER, NAME, HOUSE = _Column(LEFT, 26), _Column(40, 64), _Column(106, 16)
SIGNS, SIGNATURE = _Column(124, 18), _Column(144, RIGHT - 144)


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
        self._village: tuple[str, ...] = ()
        self._street: tuple[str, ...] = ()
        self._y = BOTTOM

    def put(self, row: ListRow) -> bool:
        """Write one row, and what must stand before it; tell whether it began a page."""
        address, village = split_address(row.address), village_words(row.village)
        fresh = row.site != self._site or self._y + ROW_MM + sum(self._heights(village, address.street_words)) > BOTTOM
        if fresh:
            self.begin_page(row.site)
            self._village, self._street = (), ()
        village_mm, street_mm = self._heights(village, address.street_words)
        if village_mm:
            self._head(row.village or self._words.no_place, village_mm, 12)
        if street_mm:
            self._head(address.street or self._words.no_place, street_mm, SIZE)
        self._village, self._street = village, address.street_words
        self._write(row, address.house_words)
        return fresh

    def _heights(self, village: tuple[str, ...], street: tuple[str, ...]) -> tuple[float, float]:
        """Return how much room the headings need that must stand before a row: of its village, of its street."""
        new_village = village != self._village
        new_street = street != (() if new_village else self._street)
        return (VILLAGE_MM if new_village else 0.0), (STREET_MM if new_street else 0.0)

    def _head(self, words: str, height: float, size: float) -> None:
        self.paper.write_line(LEFT, self._y + height - 2.2, words, RIGHT - LEFT, size, bold=True)
        self._y += height

    def begin_page(self, site: str) -> None:
        """Begin a page of a site."""
        self._site = site
        self.paper.new_page()
        words, paper = self._words, self.paper
        paper.write_line(LEFT, TOP + 4, words.title, 120, 13, bold=True)
        paper.write_line(140, TOP + 4, words.page.format(page=paper.page), RIGHT - 140, SMALL, align="R")
        paper.write_line(LEFT, TOP + 10, site or words.no_site, 120, 11)
        paper.write_line(LEFT, BOTTOM + 6, words.note, RIGHT - LEFT, SMALL)
        titles = (words.number, words.name, words.house, words.last_four, words.signature)
        for column, title in zip((NUMBER, NAME, HOUSE, SIGNS, SIGNATURE), titles, strict=True):
            paper.write_line(column.x, TOP + HEADING_MM + 2, title, column.width, SMALL, bold=True)
        self._y = TOP + HEADING_MM + 4
        self._rule(0.4)

    def _write(self, row: ListRow, house: str) -> None:
        paper, base = self.paper, self._y + ROW_MM - 3
        paper.write_line(NUMBER.x, base, row.number, NUMBER.width, SIZE, bold=True, align="L")
        paper.write_line(NAME.x, base, row.name, NAME.width, SIZE)
        paper.write_line(HOUSE.x, base, house, HOUSE.width, SIZE)
        paper.write_code(SIGNS.x, base, row.last_four, SIZE)
        self._y += ROW_MM
        self._rule(0.1)

    def _rule(self, width: float) -> None:
        self.paper.set_line_width(width)
        self.paper.line(LEFT, self._y, RIGHT, self._y)
