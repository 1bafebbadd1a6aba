"""A table out of the bytes of a CSV file: comma, semicolon or tab, with or without BOM, as spreadsheets write it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass

from flask_babel import gettext as _

from relief.kernel.cells import unescape_cell
from relief.kernel.errors import BadInput, TooLarge

LARGEST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
ENCODINGS = ("utf-8", "windows-1251", "windows-1252")
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """The header's cells and, for each row that is not blank, its number in the file (1 = first line) and its cells."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_table(content: bytes, encoding: str = "utf-8") -> Table:
    """Return the table in a file's bytes; raises TooLarge and BadInput.

    Cells come in NFC, blanks at their ends dropped and runs of them one space, a formula's apostrophe taken off.
    """
    if len(content) > LARGEST_BYTES:
        raise TooLarge(_("The file is larger than 10 MB."), limit=LARGEST_BYTES)
    text, skipped = _without_separator_line(_decode(content, encoding))
    delimiter = skipped or _guess_delimiter(text.split("\n", 1)[0])
    rows: list[tuple[int, tuple[str, ...]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, 2 if skipped else 1):
            if any(cells):
                rows.append((number, tuple(map(_tidy, cells))))
            if len(rows) > MOST_ROWS + 1:
                raise TooLarge(_("The file has more than 100,000 rows."), limit=MOST_ROWS)
    except csv.Error as error:
        raise BadInput(_("The file is not a table: %(why)s.", why=str(error)), where=f"line {reader.line_num}") from error
    if not rows:
        raise BadInput(_("The file is empty."))
    if len(rows[0][1]) > MOST_COLUMNS:
        raise TooLarge(_("The file has more than 1,000 columns."), limit=MOST_COLUMNS)
    return Table(rows[0][1], tuple(row for row in rows[1:] if any(row[1])))


def _decode(content: bytes, encoding: str) -> str:
    if encoding not in ENCODINGS:
        raise BadInput(_("Choose one of these encodings: %(names)s.", names=", ".join(ENCODINGS)))
    try:
        return content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        raise BadInput(
            _("The file is not in %(encoding)s. Save it as CSV UTF-8, or name its encoding.", encoding=encoding),
            where=f"byte {error.start}",
        ) from error


def _without_separator_line(text: str) -> tuple[str, str | None]:
    """Take off the line `sep=;` that some spreadsheets write, returning the separator it names."""
    match = _SEPARATOR_LINE.match(text)
    return (text[match.end() :], match.group(1)) if match else (text, None)


def _guess_delimiter(first_line: str) -> str:
    return max(",;\t", key=re.sub(r'"[^"]*"', "", first_line).count)


def _tidy(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", unescape_cell(cell)).split())
