"""Cells of tables that people open in a spreadsheet: no text of a user may start a formula.

One pair of functions for CSV, XLSX, HXL, logs and error reports. Numbers are written as numbers and never pass here.
"""

from __future__ import annotations

import re

# What a spreadsheet skips before it looks for a formula: BOM, zero-width and direction marks, every kind of space.
_SKIPPED = "\ufeff\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069" \
           " \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\x00\x0b\x0c\x1c-\x1f\x85\u2028\u2029"  # fmt: skip
_DANGEROUS = re.compile(f"[{_SKIPPED}]*[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n|%\uff5c\uff05]")


def safe_cell(text: str) -> str:
    """Return `text` with one apostrophe before it when it could start a formula, else as it is.

    Safe to repeat: a text that was escaped starts with the apostrophe and is left alone.
    """
    return "'" + text if _DANGEROUS.match(text) else text


def unescape_cell(text: str) -> str:
    """Return `text` without the apostrophe that `safe_cell` put before it; any other apostrophe stays."""
    return text[1:] if text.startswith("'") and _DANGEROUS.match(text, 1) else text
