"""Printed pages, opened again by a renderer that shares no code with the program."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from unicodedata import bidirectional

import pypdfium2

DOTS_PER_INCH = 150
POINTS_PER_INCH = 72
LINE_POINTS = 8  # letters whose feet are nearer than this stand in one line


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


def lines(content: bytes) -> list[list[str]]:
    """Return the lines of every page from above, their letters as they stand from left to right, without blanks.

    By where each letter is drawn: what is copied out of a line that runs from right to left is in an order of its own.
    """
    with pypdfium2.PdfDocument(BytesIO(content)) as document:
        return [_lines(page.get_textpage()) for page in document]


def _lines(page: Any) -> list[str]:
    signs = [(page.get_text_range(place, 1), page.get_charbox(place, loose=True)) for place in range(page.count_chars())]
    found: list[list[tuple[float, str]]] = []
    foot = float("inf")
    for sign, (left, bottom, _right, _top) in sorted(signs, key=lambda each: -each[1][1]):
        if not sign.strip():
            continue
        if foot - bottom > LINE_POINTS:
            found.append([])
            foot = bottom
        found[-1].append((left, sign))
    return ["".join(sign for _left, sign in sorted(line)) for line in found]


def drawn(text: str) -> str:
    """Return a text of one script as `lines` tells it."""
    letters = "".join(text.split())
    return letters[::-1] if bidirectional(letters[0]) in ("R", "AL") else letters
