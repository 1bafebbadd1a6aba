"""Tally sheets as PDF: A4, one page a sheet, to be filled in with a pen and typed in later.

Import this module inside the function that prints: see `cards/typesetting.py`. Lengths are millimetres.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from relief.cards.lanes import signs_of_lane
from relief.cards.qr import text_modules
from relief.cards.typesetting import A4, Paper
from relief.office.paper.queries import Sheet
from relief.operations.queries import OperationRow
from relief.operations.rules import Item, Plan, Site
from relief.totals.words import day

LEFT, TOP, RIGHT, BOTTOM = 12.0, 12.0, 198.0, 285.0
QR_SIDE = 22.0
LINE_WIDTH, NUMBER_WIDTH, SIGNS_WIDTH, ITEM_WIDTH = 9.0, 33.0, 26.0, 19.0
HEAD_HEIGHT, LINE_HEIGHT = 15.0, 9.5
THIN, THICK = 0.15, 0.4


def print_sheets(file: IO[bytes], operation: OperationRow, plan: Plan, sheets: Sequence[Sheet]) -> None:
    """Write a PDF with a page for each sheet, in their order."""
    paper = Paper(_("Tally sheets of %(operation)s", operation=operation.code), A4, str(get_locale() or "en"))
    for sheet in sheets:
        paper.new_page()
        _SheetPage(paper, operation, plan, sheet).draw()
    paper.write_to(file)


def how_to_write(item: Item) -> str:
    """Return what goes into an item's column."""
    if item.reaches == "chosen_members":
        return _("member numbers")
    return _("how many") if item.recipient == "person" or item.service else _("tick or number")


def neutral_name(item: Item) -> str:
    """Return an item's name where anybody may read it."""
    return item.public_label or item.name


class _SheetPage:
    def __init__(self, paper: Paper, operation: OperationRow, plan: Plan, sheet: Sheet) -> None:
        self.paper, self.operation, self.plan, self.sheet = paper, operation, plan, sheet
        self.items = [plan.item[each] for each in sheet.items if each in plan.item]
        widths = [LINE_WIDTH, NUMBER_WIDTH, SIGNS_WIDTH, *(ITEM_WIDTH for _item in self.items)]
        self.edges = [LEFT]
        for width in widths:
            self.edges.append(self.edges[-1] + width)
        self.edges.append(RIGHT)

    def draw(self) -> None:
        y = self._head()
        y = self._instructions(y)
        self._table(y)

    def _head(self) -> float:
        paper, sheet, plan = self.paper, self.sheet, self.plan
        site = plan.site[sheet.site]
        wide = RIGHT - QR_SIDE - 6 - LEFT
        paper.write_line(LEFT, TOP + 6, _("Tally sheet %(number)s", number=f"{sheet.number:04d}"), wide, 20, bold=True)
        paper.write_line(LEFT, TOP + 12, f"{self.operation.title} · {self.operation.code}", wide, 10)
        paper.write_line(LEFT, TOP + 18.5, site.name, wide, 13, bold=True)
        each = plan.round[sheet.round]
        span = f"{day(each.first_day)} – {day(each.last_day)}"
        paper.write_line(LEFT, TOP + 24, _("Round: %(name)s (%(days)s)", name=each.name, days=span), wide, 10)
        self._code(RIGHT - QR_SIDE, TOP)
        y = TOP + 29
        if sheet.lane:
            paper.write_line(LEFT, y, lane_words(sheet.lane, site), wide, 10, bold=True)
            y += 5
        return self._blanks(y + 5)

    def _blanks(self, y: float) -> float:
        """Draw what is written once for the whole sheet."""
        for x, words, width in ((LEFT, _("Day"), 46), (LEFT + 66, _("From (time)"), 22), (LEFT + 116, _("Lead (name)"), 42)):
            self.paper.write_line(x, y, words, 24, 10)
            start = x + min(26, 3 + self.paper.get_string_width(words))
            self._rule(start, y + 1, min(start + width, RIGHT), y + 1)
        return y + 5

    def _code(self, x: float, y: float) -> None:
        modules = text_modules(self.sheet.code)
        side = QR_SIDE / len(modules)
        self.paper.set_fill_color(0)
        for row, line in enumerate(modules):
            start = 0
            while start < len(line):
                width = 0
                while start + width < len(line) and line[start + width]:
                    width += 1
                if width:
                    self.paper.rect(x + start * side, y + row * side, width * side, side, style="F")
                start += width + 1
        self.paper.write_code(x, y + QR_SIDE + 5, self.sheet.code, 11)

    def _instructions(self, y: float) -> float:
        sentences = (
            _("One line for each card, as families come. Copy the card's number, such as 17-0403, and the last four signs of its "
              "code."),
            _("Tick what you give, or write how many. What is not given stays empty. A mistake: strike the whole line out and "
              "take a new one."),
            _("A card that was given on another sheet, a changed or an unknown card: ask your lead first, then write what you "
              "gave."),
            _("No names. Give the sheet back to the desk the same day, also when it is empty."),
        )  # fmt: skip
        for number, sentence in enumerate(sentences, 1):
            y = self.paper.write_paragraph(LEFT, y, f"{number}. {sentence}", RIGHT - LEFT, 8.5, leading=1.2)
        return y + 2

    def _table(self, y: float) -> None:
        count = self.sheet.lines
        height = min(LINE_HEIGHT, (BOTTOM - 14 - y - HEAD_HEIGHT) / (count + 1))
        self._table_head(y)
        below = y + HEAD_HEIGHT + height * count
        for line in range(1, count + 1):
            bottom = y + HEAD_HEIGHT + line * height
            self.paper.write_line(self.edges[0], bottom - height / 2 + 1.3, str(line), LINE_WIDTH - 2, 10, align="R")
            self._rule(LEFT, bottom, RIGHT, bottom)
            self._sign_places(bottom - height, height)
        self.paper.write_line(self.edges[1] + 1.5, below + height / 2 + 1.3, _("Total"), 40, 10, bold=True)
        self._rule(self.edges[3], below + height, self.edges[-2], below + height, THICK)
        for place, x in enumerate(self.edges):
            in_total = 3 <= place <= len(self.edges) - 2
            is_thick = in_total or x in (LEFT, RIGHT)
            self._rule(x, y, x, below + (height if in_total else 0), THICK if is_thick else THIN)
        self._signatures(below + height + 7)

    def _table_head(self, y: float) -> None:
        heads = [("", ""), (_("Card number"), _("such as 17-0403")), (_("Last four"), _("signs of the code")),
                 *((neutral_name(item), how_to_write(item)) for item in self.items),
                 (_("Signature or thumb"), _("of who received"))]  # fmt: skip
        for (name, how), x, end in zip(heads, self.edges, self.edges[1:], strict=False):
            if name:
                self.paper.write_paragraph(x + 1, y + 1, name, end - x - 2, 8.5, bold=True, leading=1.15)
                self.paper.write_line(x + 1, y + HEAD_HEIGHT - 1.5, how, end - x - 2, 7)
        self._rule(LEFT, y, RIGHT, y, THICK)
        self._rule(LEFT, y + HEAD_HEIGHT, RIGHT, y + HEAD_HEIGHT, THICK)

    def _sign_places(self, y: float, height: float) -> None:
        """Draw the dash of the running number and a place for each of the four signs."""
        dash = self.edges[1] + 11
        self._rule(dash, y + height / 2, dash + 2.5, y + height / 2, THICK)
        for place in range(1, 4):
            x = self.edges[2] + place * SIGNS_WIDTH / 4
            self._rule(x, y + height - 2.2, x, y + height)

    def _signatures(self, y: float) -> None:
        third = (RIGHT - LEFT) / 3
        for place, words in enumerate((_("Filled in by"), _("Counted by (lead)"), _("Taken in at the desk"))):
            x = LEFT + place * third
            self.paper.write_line(x, y, words, third / 2, 8.5)
            self._rule(x + 2 + self.paper.get_string_width(words), y + 1, x + third - 3, y + 1)

    def _rule(self, x: float, y: float, to_x: float, to_y: float, width: float = THIN) -> None:
        self.paper.set_line_width(width)
        self.paper.line(x, y, to_x, to_y)


def lane_words(lane: int, site: Site) -> str:
    """Return which cards come to a lane, as a person at the table sees it."""
    signs = signs_of_lane(lane, site.lanes)
    return ngettext("Lane %(lane)s of %(lanes)s: cards whose code ends in %(signs)s",
                    "Lane %(lane)s of %(lanes)s: cards whose code ends in one of %(signs)s", len(signs),
                    lane=lane, lanes=site.lanes, signs=" ".join(signs))  # fmt: skip
