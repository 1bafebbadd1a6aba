"""PDF pages in any script people here write: one way of making them for cards, lists and tally sheets.

Fonts come from a package: FiraGO (Latin, Cyrillic, Greek, Arabic, Hebrew, Georgian, Devanagari, Thai) and Fira Mono. Import this
module inside the function that prints: it brings in a PDF and an imaging library, which a server that prints nothing should not
carry. Lengths are millimetres from the upper left corner, sizes of letters points.
"""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.metadata import version
from io import BytesIO
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO
from unicodedata import bidirectional

from fpdf import FPDF
from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection
from fpdf.fonts import TTFFont
from fpdf.output import OutputProducer, PDFPage
from fpdf.syntax import Name, PDFContentStream
from PIL import Image

TEXT, CODE = "relief", "relief code"
FONTS = {(TEXT, ""): "FiraGO_Regular", (TEXT, "B"): "FiraGO_Bold", (CODE, "B"): "FiraMono_Bold"}
LAYOUT_TABLES = ("GDEF", "GPOS", "GSUB")  # fpdf embeds none of them, but has them read, which takes most of a short print
A4 = (210.0, 297.0)
ID_1 = (85.6, 53.98)
POINT_MM = 25.4 / 72
SMALLEST_SHARE = 0.75  # of the wanted size; what does not fit then is cut
BASELINE = 0.8  # of the height of a line's cell
# Latin, Greek, Cyrillic and signs between words, without marks that stand on another letter.
_PLAIN = re.compile("[ -\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u200a\u2010-\u2027\u2030-\u205f\u20a0-\u20bf\u2100-\u21ff]*")

_NUMBER = re.compile(r"[+(]{0,2}\d+(?:[ \u00a0().\-\u2013/]{1,2}\d+)+")  # a telephone number, 17-0403, 12/2026

logging.getLogger("fontTools").setLevel(logging.ERROR)  # it speaks of flags in the fonts that nobody here can mend


class Paper(FPDF):
    """A document of pages of one size. A page that is full is packed, so that a long document takes little memory."""

    def __init__(self, title: str, size: tuple[float, float] = A4, language: str = "en") -> None:
        super().__init__(unit="mm", format=size)
        self.set_auto_page_break(False)
        self.set_margin(0)
        self.c_margin = 0
        self.allow_images_transparency = False
        self.single_resources_object = True
        self.set_title(title)
        self.set_lang(language)
        self.set_creator(f"relief {version('relief')}")
        for (family, style), name in FONTS.items():
            self.add_font(family, style, _font_file(name))
        self._packed: dict[int, bytes] = {}

    def new_page(self) -> None:
        """Begin a page; the one before is complete."""
        self._pack()
        self.add_page()

    def write_line(self, x: float, y: float, text: str, width: float, size: float = 10, *, bold: bool = False,
                   align: str = "", smallest: float = SMALLEST_SHARE) -> None:  # fmt: skip
        """Write one line whose letters stand on `y`, at `x` and no wider than `width`: made smaller, at last cut short.

        `align`: L, R or C; left out, the side from which the text is read. `smallest`: to which share of `size`.
        """
        self._set(text, TEXT, size, bold)
        text = self._fit(text, width, size, smallest)
        top, side = y - BASELINE * self.font_size, align or _side(text)
        runs = visual_runs(text) if needs_shaping(text) else []
        if len(runs) > 1:
            self._write_runs(x, top, runs, width, side)
            return
        self.set_xy(x, top)
        self.cell(width, None, text, align=side)

    def _write_runs(self, x: float, top: float, runs: list[tuple[str, str]], width: float, side: str) -> None:
        """Write a line of both directions run by run, from the left: left to itself, fpdf takes them as they were typed."""
        self.set_text_shaping(True)
        widths = [self.get_string_width(text) for text, _direction in runs]
        spare = width - sum(widths)
        x += {"R": spare, "C": spare / 2}.get(side, 0.0)
        for (text, direction), wide in zip(runs, widths, strict=True):
            self.set_text_shaping(True, direction=direction)
            self.set_xy(x, top)
            self.cell(wide, None, text)
            x += wide

    def write_code(self, x: float, y: float, text: str, size: float) -> None:
        """Write text in the mono face at `x`; its letters stand on `y`."""
        self._set("", CODE, size, True)
        self.text(x, y, text)

    def write_paragraph(self, x: float, y: float, text: str, width: float, size: float = 10, *, bold: bool = False,
                        leading: float = 1.3) -> float:  # fmt: skip
        """Write lines broken at `width` whose first begins at `y` (its upper edge); return where the next would begin."""
        self._set(text, TEXT, size, bold)
        high, side = size * POINT_MM * leading, _side(text)
        if needs_shaping(text) and len(visual_runs(text)) > 1:  # fpdf would break it as it was typed
            base = TextDirection.RTL if side == "R" else TextDirection.LTR
            for line in self._broken(text, width):
                self._write_runs(x, y + (high - self.font_size) / 2, visual_runs(line, base), width, side)
                y += high
            return y
        self.set_xy(x, y)
        self.multi_cell(width, high, text, align=side, new_x="LEFT", new_y="NEXT")
        return self.get_y()

    def _broken(self, text: str, width: float) -> list[str]:
        lines: list[str] = []
        for part in text.splitlines():
            line = ""
            for word in part.split():
                longer = f"{line} {word}".strip()
                if line and self.get_string_width(longer) > width:
                    lines.append(line)
                    longer = word
                line = longer
            lines.append(line)
        return lines

    def draw(self, operators: bytes) -> None:
        """Add PDF operators to the page as they are (in points, from the lower left corner)."""
        self._out(operators)

    def record(self, drawing: Callable[[], None]) -> bytes:
        """Return what `drawing` draws as operators, to be repeated, instead of putting it on the page."""
        contents = self.pages[self.page].contents
        assert isinstance(contents, bytearray)
        start = len(contents)
        self.set_font(CODE, "B", 1)  # so that the first font of the drawing is named in it
        drawing()
        recorded = bytes(contents[start:])
        del contents[start:]
        self.set_font(CODE, "B", 2)
        return recorded

    def moved(self, x: float, y: float) -> bytes:
        """Return the operators after which a recorded drawing stands at (x, y), until `Q`."""
        return f"q 1 0 0 1 {x * self.k:.3f} {-y * self.k:.3f} cm".encode("ascii")

    def scaled(self, x: float, y: float, side: float) -> bytes:
        """Return the operator after which lengths count in units of `side`, to the right and upwards from (x, y)."""
        return f"{side * self.k:.4f} 0 0 {side * self.k:.4f} {x * self.k:.3f} {(self.h - y) * self.k:.3f} cm".encode("ascii")

    def put_picture(self, picture: bytes, x: float, y: float, width: float, height: float) -> None:
        """Draw a picture as large as the box allows, at its left and in the middle of its height."""
        with Image.open(BytesIO(picture)) as opened:
            scale = min(width / opened.width, height / opened.height)
            wide, high = opened.width * scale, opened.height * scale
        self.image(BytesIO(picture), x, y + (height - high) / 2, wide, high)

    def write_to(self, file: IO[bytes]) -> None:
        """Finish the document and write it."""
        self._pack()
        for font in (each.ttfont for each in self.fonts.values() if isinstance(each, TTFFont)):
            for table in LAYOUT_TABLES:
                if table in font:
                    del font[table]
        file.write(self.output(output_producer_class=_PackedPages))

    def take_packed(self, page: PDFPage) -> bytes:
        """Hand over a page's packed operators."""
        return self._packed.pop(page.index())

    def _pack(self) -> None:
        if self.page and self.page not in self._packed:
            contents = self.pages[self.page].contents
            assert isinstance(contents, bytearray)
            self._packed[self.page] = zlib.compress(contents)
            contents.clear()

    def _set(self, text: str, family: str, size: float, bold: bool) -> None:
        self.set_font(family, "B" if bold else "", size)
        self.set_text_shaping(needs_shaping(text))

    def _fit(self, text: str, width: float, size: float, smallest: float) -> str:
        wanted = self.get_string_width(text)
        if wanted <= width:
            return text
        self.set_font_size(size * max(smallest, width / wanted))
        if self.get_string_width(text) <= width:
            return text
        shortest, longest = 0, len(text)
        while shortest < longest:
            middle = (shortest + longest + 1) // 2
            fits = self.get_string_width(text[:middle].rstrip() + "…") <= width
            shortest, longest = (middle, longest) if fits else (shortest, middle - 1)
        return text[:shortest].rstrip() + "…"


class Lettering:
    """Writes plain signs in one size again and again, many times as fast as `write_line`: for codes and numbers."""

    def __init__(self, paper: Paper, family: str, size: float) -> None:
        paper.set_font(family, "B", size)
        font = paper.current_font
        assert isinstance(font, TTFFont)
        self._pick = font.subset.pick
        self._begin = f"BT /F{font.i} {size} Tf"
        self._paper = paper
        self._coded: dict[str, str] = {}

    def at(self, x: float, y: float, text: str) -> bytes:
        """Return the operators that write `text` at `x`, its letters standing on `y`."""
        coded = "".join([self._coded.get(sign) or self._code(sign) for sign in text])
        right, up = x * self._paper.k, (self._paper.h - y) * self._paper.k
        return f"{self._begin} {right:.3f} {up:.3f} Td <{coded}> Tj ET".encode("ascii")

    def _code(self, sign: str) -> str:
        place = self._pick(ord(sign))
        assert place is not None, "a sign the font does not have"
        self._coded[sign] = f"{place:04X}"
        return self._coded[sign]


class _PackedStream(PDFContentStream):
    """A page's operators that were compressed when the page was full."""

    def __init__(self, packed: bytes) -> None:
        super().__init__(packed)
        self.filter = Name("FlateDecode")


class _PackedPages(OutputProducer):
    """Writes pages that were packed; fonts and the rest as ever."""

    def _add_pages(self, _slice: slice = slice(0, None)) -> list[PDFPage]:
        assert isinstance(self.fpdf, Paper)
        pages = list(self._iter_pages_in_order())[_slice]
        for page in pages:
            self._add_pdf_obj(page, "pages")
            page.contents = _PackedStream(self.fpdf.take_packed(page))
            self._add_pdf_obj(page.contents, "pages")
        return pages


def needs_shaping(text: str) -> bool:
    """Tell whether letters of the text join, stack or run from the right: placing them takes thirty times as long."""
    return _PLAIN.fullmatch(text) is None


def visual_runs(text: str, base: TextDirection | None = None) -> list[tuple[str, str]]:
    """Return the runs of a line as they stand from left to right, each with its direction, `ltr` or `rtl`.

    `base` is that of its paragraph; left out, the line is one, and its first letter says it.

    Numbers among Arabic words are read from the left: Unicode's bidirectional algorithm, rule L2. A telephone or card number is
    one number, blanks and dashes in it included; the algorithm would have its groups the other way round.
    """
    signs = BidiParagraph(text=text, base_direction=base).get_characters_with_embedding_level()
    levels = [sign.embedding_level for sign in signs]
    for number in _NUMBER.finditer("".join(sign.character for sign in signs)):
        deepest = max(levels[slice(*number.span())])
        levels[slice(*number.span())] = [deepest + deepest % 2] * len(number[0])
    parts = groupby(zip(levels, signs, strict=True), lambda part: part[0])
    runs = [(level, "".join(sign.character for _level, sign in some)) for level, some in parts]
    for deepest in range(max((level for level, _text in runs), default=0), 0, -1):
        turned: list[tuple[int, str]] = []
        for is_deep, some in groupby(runs, lambda run, deepest=deepest: run[0] >= deepest):  # type: ignore[misc]
            together = list(some)
            turned += together[::-1] if is_deep else together
        runs = turned
    return [(text, "rtl" if level % 2 else "ltr") for level, text in runs]


def runs_from_right(text: str) -> bool:
    """Tell whether the first letter of the text is of a script that is read from the right."""
    strong = (kind for kind in map(bidirectional, text) if kind in ("L", "R", "AL"))
    return next(strong, "L") != "L"


def _side(text: str) -> str:
    return "R" if runs_from_right(text) else "L"


@cache
def _font_file(name: str) -> Path:
    """Return a font of the package as a file, which lives as long as the process; packed, it is a module."""
    path = Path(_folder().name) / f"{name}.otf"
    path.write_bytes(import_module(f"pymupdf_fonts.{name}").fontbuffer)
    return path


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="relief-fonts-")
