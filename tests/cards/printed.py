"""Printed pages, opened again by a renderer that shares no code with the program."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pypdfium2

DOTS_PER_INCH = 150
POINTS_PER_INCH = 72


def pictures(content: bytes) -> list[Any]:
    """Return every page as a picture of 150 dots an inch."""
    with pypdfium2.PdfDocument(BytesIO(content)) as document:
        return [page.render(scale=DOTS_PER_INCH / POINTS_PER_INCH).to_pil().convert("L") for page in document]


def texts(content: bytes) -> list[str]:
    """Return the text of every page, as it would be copied."""
    with pypdfium2.PdfDocument(BytesIO(content)) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def sizes(content: bytes) -> list[tuple[int, int]]:
    """Return width and height of every page in whole millimetres."""
    with pypdfium2.PdfDocument(BytesIO(content)) as document:
        return [(round(page.get_width() / 72 * 25.4), round(page.get_height() / 72 * 25.4)) for page in document]
