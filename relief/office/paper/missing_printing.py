"""The list of who has not come, as PDF: by village, to go from door to door with.

Import this module inside the function that prints: see `cards/typesetting.py`. Lengths are millimetres.
"""

from __future__ import annotations

from itertools import groupby
from typing import IO

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from relief.cards.typesetting import A4, Paper
from relief.households.place_words import village_words
from relief.office.paper.missing import Missing, MissingList
from relief.office.paper.words import completeness_sentences, left_words
from relief.operations.queries import OperationRow
from relief.operations.rules import Plan

LEFT, TOP, RIGHT, BOTTOM = 12.0, 14.0, 198.0, 283.0
COLUMNS = (12.0, 36.0, 92.0, 133.0, 142.0, 178.0)  # number, name, street, people, due, came
ROW, HEAD = 7.5, 7.0


def print_missing(file: IO[bytes], operation: OperationRow, plan: Plan, found: MissingList, title: str) -> None:
    """Write the whole list as PDF; `title` says of which place, round and item it is."""
    paper = Paper(_("Who has not come"), A4, str(get_locale() or "en"))
    _Pages(paper, operation, plan, found, title).draw()
    paper.write_to(file)


class _Pages:
    def __init__(self, paper: Paper, operation: OperationRow, plan: Plan, found: MissingList, title: str) -> None:
        self.paper, self.operation, self.plan, self.found, self.title = paper, operation, plan, found, title
        self.y, self.page = 0.0, 0

    def draw(self) -> None:
        self._new_page()
        for _village, rows in groupby(self.found.rows, key=lambda row: village_words(row.village)):
            households = list(rows)
            self._village(households[0].village, len(households))
            for row in households:
                self._row(row)
        if not self.found.rows:
            self.paper.write_line(LEFT, self.y + 6, _("Everybody has come."), RIGHT - LEFT, 11)

    def _new_page(self) -> None:
        self.page += 1
        paper = self.paper
        paper.new_page()
        paper.write_line(LEFT, TOP + 4, _("Who has not come"), 120, 15, bold=True)
        paper.write_line(RIGHT - 40, TOP + 4, _("Page %(number)s", number=self.page), 40, 9, align="R")
        paper.write_line(LEFT, TOP + 9.5, f"{self.operation.title} · {self.operation.code} · {self.title}", RIGHT - LEFT, 9)
        self.y = TOP + 12
        zone = self.plan.sites[0].zone if self.plan.sites else "UTC"
        for sentence in completeness_sentences(self.found, zone):
            self.y = paper.write_paragraph(LEFT, self.y, sentence, RIGHT - LEFT, 8, leading=1.2)
        words = _("Personal data. Give it back to the desk; it is destroyed there.")
        paper.write_line(LEFT, BOTTOM + 5, words, RIGHT - LEFT, 7.5)
        self._heads()

    def _heads(self) -> None:
        self.y += 6
        heads = (_("Card"), _("Name"), _("Street"), _("People"), _("Still due"), _("Has come"))
        for x, words in zip(COLUMNS, heads, strict=True):
            self.paper.write_line(x, self.y, words, 34, 7.5, bold=True)
        self.y += 1.5
        self._rule(0.4)

    def _village(self, village: str, count: int) -> None:
        if self.y + HEAD + ROW > BOTTOM:
            self._new_page()
        self.y += HEAD
        name = village or _("No village")
        words = ngettext("%(village)s: %(num)s family", "%(village)s: %(num)s families", count, village=name)
        self.paper.write_line(LEFT, self.y - 1.8, words, RIGHT - LEFT, 10.5, bold=True)
        self._rule(0.4)

    def _row(self, row: Missing) -> None:
        if self.y + ROW > BOTTOM:
            self._new_page()
        self.y += ROW
        cells = (", ".join(row.numbers) or "–", row.head, row.street, str(row.people), left_words(row.left, self.plan))
        for x, end, text in zip(COLUMNS, COLUMNS[1:], cells, strict=False):
            self.paper.write_line(x, self.y - 2.3, text, end - x - 2, 9)
        if row.came:
            self.paper.write_line(COLUMNS[5], self.y - 2.3, _("a part"), RIGHT - COLUMNS[5] - 6, 8)
        self.paper.set_line_width(0.2)
        self.paper.rect(RIGHT - 5, self.y - 5.5, 4, 4)
        self._rule(0.1)

    def _rule(self, width: float) -> None:
        self.paper.set_line_width(width)
        self.paper.line(LEFT, self.y, RIGHT, self.y)
