"""The QR of a card: version 2, level H, alphanumeric, one fixed mask. It holds the 16 signs and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from relief.cards.rules import check_code

MODULES = 25  # a side, of version 2
QUIET_ZONE = 4  # light modules that must stay free around it
MASK = 3  # searching the best of eight masks takes ten times as long, and decoders read both equally well
_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # the values of QR's own alphabet
_DARK = re.compile("1+")
# A third of a row, as column, height, first and after the last bit: so short that each is drawn before and only looked up.
_PARTS = [(first, MODULES - 1 - row, row * MODULES + first, row * MODULES + last)
          for row in range(MODULES) for first, last in ((0, 8), (8, 16), (16, MODULES))]  # fmt: skip


def qr_modules(code: str) -> tuple[tuple[bool, ...], ...]:
    """Return 25 rows of 25 modules, True = dark, without the quiet zone; raises ValueError for what is not a code."""
    if not check_code(code):
        raise ValueError("not a card code")
    return _rows(_bits(code))


def text_modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the same picture of at most 20 capitals, digits and dashes: for paper that is no card."""
    return _rows(_drawn(text))


def link_modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the picture of a link, in the smallest version that holds it at level M: it is read off a screen or clean paper."""
    # Imported here for the reason told in `_drawn`.
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode

    drawing = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    drawing.add_data(text)
    drawing.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in drawing.modules)


def pdf_path(signs: str) -> str:
    """Return the rectangles of the dark modules of 16 signs, whatever their check sign, as PDF draws them.

    A module is their unit; they go to the right and upwards from the lower left corner.
    """
    text = f"{_bits(signs):0{MODULES * MODULES}b}"
    return "".join([_rectangles(column, height, text[start:end]) for column, height, start, end in _PARTS])


@cache
def _rectangles(column: int, height: int, part: str) -> str:
    runs = [(column + run.start(), run.end() - run.start()) for run in _DARK.finditer(part)]
    return "".join(f"{left} {height} {width} 1 re " for left, width in runs)


def _rows(bits: int) -> tuple[tuple[bool, ...], ...]:
    text = f"{bits:0{MODULES * MODULES}b}"
    return tuple(tuple(module == "1" for module in text[start : start + MODULES]) for start in range(0, len(text), MODULES))


def _bits(signs: str) -> int:
    """Return the modules of 16 signs as one number, the first module its highest bit.

    With version, mode and mask fixed every module is a sum of bits of the text: so a symbol is that of sixteen zeros with what
    each pair of signs changes in it, and eight exclusive ors take the place of drawing it (some 200 times as fast).
    """
    bits = _of_zeros()
    for place in range(0, 16, 2):
        bits ^= _changed(place, signs[place : place + 2])
    return bits


@cache
def _changed(place: int, pair: str) -> int:
    """Return which modules differ from those of sixteen zeros when this pair stands at this place."""
    value = _ALPHANUMERIC.index(pair[0]) * 45 + _ALPHANUMERIC.index(pair[1])
    changed = 0
    for bit in range(value.bit_length()):
        if value >> bit & 1:
            changed ^= _changed_by_bit(place, bit)
    return changed


@cache
def _changed_by_bit(place: int, bit: int) -> int:
    high, low = divmod(1 << bit, 45)
    pair = _ALPHANUMERIC[high] + _ALPHANUMERIC[low]
    return _of_zeros() ^ _drawn("0" * place + pair + "0" * (14 - place))


@cache
def _of_zeros() -> int:
    return _drawn("0" * 16)


def _drawn(text: str) -> int:
    # Imported here because it brings in an imaging library, which a server that prints no cards should not carry.
    from qrcode.constants import ERROR_CORRECT_H
    from qrcode.main import QRCode
    from qrcode.util import MODE_ALPHA_NUM, QRData

    drawing = QRCode(version=2, error_correction=ERROR_CORRECT_H, border=0, mask_pattern=MASK)
    drawing.add_data(QRData(text, mode=MODE_ALPHA_NUM), optimize=0)
    drawing.make(fit=False)
    return int("".join("1" if module else "0" for row in drawing.modules for module in row), 2)


def svg_path(modules: Sequence[Sequence[bool]]) -> str:
    """Return the `d` of one SVG path of the dark modules, one unit a module, shifted by the quiet zone.

    Dark neighbours in a row are one rectangle: fewer, and without hairlines between them.
    """
    parts = []
    for y, row in enumerate(modules, QUIET_ZONE):
        x = 0
        while x < len(row):
            width = 0
            while x + width < len(row) and row[x + width]:
                width += 1
            if width:
                parts.append(f"M{x + QUIET_ZONE} {y}h{width}v1h-{width}z")
            x += width + 1
    return "".join(parts)


def svg(code: str, millimetres: int = 30) -> str:
    """Return a whole SVG picture of the code, its quiet zone within `millimetres` a side."""
    side = MODULES + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{millimetres}mm" height="{millimetres}mm" '
        f'viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/>'
        f'<path d="{svg_path(qr_modules(code))}"/></svg>'
    )
