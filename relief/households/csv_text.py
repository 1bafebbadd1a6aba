"""The text and the table in the bytes of a CSV file: encoding and separator as spreadsheets and form tools write them."""

from __future__ import annotations

import codecs
import csv
import io
import re

from flask_babel import gettext as _

from relief.households.sheets import Sheet, make_sheet
from relief.kernel.errors import BadInput

ENCODINGS = ("utf-8", "utf-16", "windows-1251", "windows-1252")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SEPARATOR_LINE = re.compile(r"sep=([,;\t|])\r?\n", re.IGNORECASE)
_WORD = re.compile(rb"[A-Za-z\x80-\xff]{2,}")
_SAMPLE = 200_000


def read_csv(content: bytes, encoding: str | None = None, name: str = "") -> Sheet:
    """Return the table of a CSV file; `encoding` None recognises it. Raises BadInput and TooLarge."""
    text, named = _without_separator_line(decode(content, encoding))
    delimiter = named or _guess_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return make_sheet(name, enumerate(reader, 2 if named else 1))
    except csv.Error as error:
        raise BadInput(_("The file is not a table: %(why)s.", why=str(error)), where=f"line {reader.line_num}") from error


def decode(content: bytes, encoding: str | None = None) -> str:
    """Return the text of a file; raises BadInput where it is not in `encoding`, or is not text at all."""
    if encoding is not None and encoding not in ENCODINGS:
        raise BadInput(_("Choose one of these encodings: %(names)s.", names=", ".join(ENCODINGS)), where="encoding")
    chosen = encoding or guess_encoding(content)
    marked = next((codec for mark, codec in _MARKS if content.startswith(mark)), None)
    if chosen == "utf-8":
        chosen = "utf-8-sig"
    elif chosen == "utf-16" and marked is None:
        chosen = _utf16_without_mark(content) or "utf-16-le"
    try:
        text = content.decode(chosen)
    except UnicodeDecodeError as error:
        raise BadInput(
            _("The file is not in %(encoding)s. Save it as CSV UTF-8, or name its encoding.", encoding=encoding or chosen),
            where=f"byte {error.start}",
        ) from error
    if text.count("\x00", 0, _SAMPLE) * 10 > len(text[:_SAMPLE]):
        raise BadInput(_("The file is not a table of text. Save the list as XLSX or as CSV UTF-8."), code="not_a_list")
    return text


def guess_encoding(content: bytes) -> str:
    """Return which of ENCODINGS a file is in: by its mark, by its zeros, as valid UTF-8, else by its words."""
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return "utf-8" if codec == "utf-8-sig" else "utf-16"
    if _utf16_without_mark(content):
        return "utf-16"
    try:
        content.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        return _guess_windows(content)


def _utf16_without_mark(content: bytes) -> str | None:
    """Tell UTF-16 by its zeros: separators, digits and line ends have one in each pair."""
    sample = content[: _SAMPLE & ~1]
    if len(content) < 4 or len(content) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 20 < len(sample) or min(even, odd) * 20 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _guess_windows(content: bytes) -> str:
    """Tell Cyrillic from Western by words: Cyrillic ones have high bytes alone, Western ones a few among ASCII letters."""
    cyrillic = western = 0
    for word in _WORD.findall(content[:_SAMPLE]):
        high = sum(byte > 0x7F for byte in word)
        if high == len(word):
            cyrillic += 1
        elif high:
            western += 1
    guess = "windows-1251" if cyrillic > western else "windows-1252"
    try:
        content.decode(guess)
    except UnicodeDecodeError:
        return "windows-1251" if guess == "windows-1252" else "windows-1252"
    return guess


def _without_separator_line(text: str) -> tuple[str, str | None]:
    """Take off the line `sep=;` that some spreadsheets write, returning the separator it names."""
    match = _SEPARATOR_LINE.match(text)
    return (text[match.end() :], match.group(1)) if match else (text, None)


def _guess_delimiter(text: str) -> str:
    """Return the separator that the first lines use most: a title above the header may have none of it."""
    lines = re.sub(r'"[^"]*"', "", text[:20_000]).splitlines()[:20]
    return max(",;\t|", key=lambda sign: (max((line.count(sign) for line in lines), default=0) if len(lines) > 1 else 0,
                                         lines[0].count(sign) if lines else 0))  # fmt: skip
