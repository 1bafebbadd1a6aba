"""The QR of a card: version 2, level H, alphanumeric, one fixed mask. It holds the 16 signs and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from relief.cards.rules import check_code

MODULES = 25  # a side, of version 2
QUIET_ZONE = 4  # light modules that must stay free around it
MASK = 3  # searching the best of eight masks takes ten times as long, and decoders read both equally well


def qr_modules(code: str) -> tuple[tuple[bool, ...], ...]:
    """Return 25 rows of 25 modules, True = dark, without the quiet zone; raises ValueError for what is not a code."""
    if not check_code(code):
        raise ValueError("not a card code")
    return text_modules(code)


def text_modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the same picture of at most 20 capitals, digits and dashes: for paper that is no card."""
    # Imported here because it brings in an imaging library, which a server that prints no cards should not carry.
    from qrcode.constants import ERROR_CORRECT_H
    from qrcode.main import QRCode
    from qrcode.util import MODE_ALPHA_NUM, QRData

    drawing = QRCode(version=2, error_correction=ERROR_CORRECT_H, border=0, mask_pattern=MASK)
    drawing.add_data(QRData(text, mode=MODE_ALPHA_NUM), optimize=0)
    drawing.make(fit=False)
    return tuple(tuple(bool(module) for module in row) for row in drawing.modules)


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
