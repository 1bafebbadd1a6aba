"""Join codes on paper: A4, one alone or six to a sheet to be cut, each with its picture, its signs and how to join.

Import this module inside the function that prints: see `cards/typesetting.py`. Lengths are millimetres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from flask_babel import get_locale
from flask_babel import gettext as _

from relief.accounts.join_codes import JoinCodeRow
from relief.cards.qr import QUIET_ZONE, link_modules
from relief.cards.typesetting import A4, Paper
from relief.office.families.history import default_zone
from relief.office.phones.links import join_link
from relief.office.phones.words import lanes_words, places
from relief.operations.queries import OperationRow
from relief.operations.rules import Plan
from relief.totals.words import moment_text

MARGIN = 10.0
ROWS, COLUMNS = 3, 2
DASH = 0.2


@dataclass(frozen=True, slots=True)
class _Size:
    """How large things are on a sheet of one or of six; letters in points."""

    side: float
    title: float
    text: float
    code: float
    pad: float


ALONE = _Size(side=135, title=30, text=15, code=40, pad=14)
OF_SIX = _Size(side=44, title=14, text=8.5, code=14, pad=6)


def print_join_codes(file: IO[bytes], operation: OperationRow, plan: Plan, codes: Sequence[tuple[str, JoinCodeRow]],
                     address: str) -> None:  # fmt: skip
    """Write a PDF of these codes, in their order."""
    paper = Paper(_("Join codes of %(operation)s", operation=operation.code), A4, str(get_locale() or "en"))
    press = _Press(paper, operation, plan, address)
    if len(codes) == 1:
        paper.new_page()
        press.draw_alone(*codes[0])
    else:
        width, height = (A4[0] - 2 * MARGIN) / COLUMNS, (A4[1] - 2 * MARGIN) / ROWS
        for place, (code, row) in enumerate(codes):
            if place % (ROWS * COLUMNS) == 0:
                paper.new_page()
                press.draw_cuts(width, height)
            down, across = divmod(place % (ROWS * COLUMNS), COLUMNS)
            press.draw_of_six(code, row, MARGIN + across * width, MARGIN + down * height, width, height)
    paper.write_to(file)


def steps(code: str) -> tuple[str, str, str]:
    """Return how to join, in three lines."""
    return (
        _("1. Point your phone's camera at the picture and open the link."),
        _("2. Put the page on your home screen, and open it from there."),
        _("3. There, scan the picture again or type %(code)s.", code=code),
    )


class _Press:
    def __init__(self, paper: Paper, operation: OperationRow, plan: Plan, address: str) -> None:
        self.paper, self.operation, self.plan, self.address = paper, operation, plan, address

    def draw_alone(self, code: str, row: JoinCodeRow) -> None:
        size, width = ALONE, A4[0] - 2 * ALONE.pad
        y = self._head(row, size.pad, size.pad + 10, width, size)
        self._picture(code, (A4[0] - size.side) / 2, y + 4, size.side)
        y += size.side + 18
        self.paper.set_font("relief code", "B", size.code)
        self.paper.write_code((A4[0] - self.paper.get_string_width(code)) / 2, y, code, size.code)
        self._until(row, size.pad, self._steps(code, size.pad, y + 12, width, size) + 2, width, size)

    def draw_of_six(self, code: str, row: JoinCodeRow, x: float, y: float, width: float, height: float) -> None:
        size = OF_SIX
        left, wide = x + size.pad, width - 2 * size.pad
        below = self._head(row, left, y + size.pad + 4, wide, size)
        self._picture(code, left, below, size.side)
        beside, room = left + size.side + 2, wide - size.side - 2
        self.paper.write_line(beside, below + 13, f"{row.number}", room, 34, bold=True)
        self.paper.write_code(beside, below + 23, code, size.code)
        self._until(row, beside, below + 26, room, size)
        self._steps(code, left, below + size.side + 1, wide, size)

    def draw_cuts(self, width: float, height: float) -> None:
        self.paper.set_line_width(DASH)
        self.paper.set_dash_pattern(1.5, 1.5)
        for column in range(1, COLUMNS):
            self.paper.line(MARGIN + column * width, MARGIN, MARGIN + column * width, A4[1] - MARGIN)
        for row in range(1, ROWS):
            self.paper.line(MARGIN, MARGIN + row * height, A4[0] - MARGIN, MARGIN + row * height)
        self.paper.set_dash_pattern()

    def _head(self, row: JoinCodeRow, x: float, y: float, width: float, size: _Size) -> float:
        """Write whose code it is; return where the picture may begin."""
        paper, line = self.paper, size.text * 0.5
        paper.write_line(x, y, row.label, width, size.title, bold=True)
        paper.write_line(x, y + line + 1, f"{self.operation.title} · {self.operation.code}", width, size.text)
        where = [places(row.sites, self.plan), *lanes_words(row.lanes_read, row.sites, self.plan)]
        if row.site_lead:
            where.append(_("lead's phone"))
        paper.write_line(x, y + 2 * line + 2, " · ".join(where), width, size.text)
        return y + 2 * line + 4

    def _steps(self, code: str, x: float, y: float, width: float, size: _Size) -> float:
        for sentence in steps(code):
            y = self.paper.write_paragraph(x, y, sentence, width, size.text, leading=1.25)
        return y

    def _until(self, row: JoinCodeRow, x: float, y: float, width: float, size: _Size) -> float:
        until = _("For one phone, once, until %(moment)s. Keep it as you keep a key.",
                  moment=moment_text(row.expires_at, default_zone(self.plan)))  # fmt: skip
        return self.paper.write_paragraph(x, y, until, width, size.text * 0.9, leading=1.25)

    def _picture(self, code: str, x: float, y: float, side: float) -> None:
        """Draw the QR with its quiet zone inside `side`."""
        modules = link_modules(join_link(self.address, code))
        unit = side / (len(modules) + 2 * QUIET_ZONE)
        self.paper.set_fill_color(0)
        for down, line in enumerate(modules, QUIET_ZONE):
            start = 0
            while start < len(line):
                end = start
                while end < len(line) and line[end]:
                    end += 1
                if end > start:
                    self.paper.rect(x + (start + QUIET_ZONE) * unit, y + down * unit, (end - start) * unit, unit, style="F")
                start = end + 1
