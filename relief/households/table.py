"""A table out of the bytes of a file: CSV or XLSX, as spreadsheets, Kobo and ODK write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from relief.households.column_names import count_known, recognise
from relief.households.csv_text import read_csv
from relief.households.merged_cells import fill_merged
from relief.households.sheets import LARGEST_BYTES, Cells, Rows, Sheet
from relief.households.submissions import Joined, find_repeats, join_repeats
from relief.households.wide import unfold_members
from relief.households.workbook import read_package
from relief.kernel.errors import BadInput, TooLarge

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = b"PK\x03\x04"
_DOCUMENTS = (b"<html", b"<!doctype", b"<?xml", b"<table", b"{\\rtf", b"%pdf")
_HEADER_AMONG = 20


@dataclass(frozen=True, slots=True)
class Table:
    """The header's cells and, for each row that is not blank, its number in the file (1 = first line) and its cells.

    Where members came from a sheet of their own, `member_start` is their first column, `alone` the rows that describe no
    member, and `places` says for each row where it stands: (sheet and row of the household, sheet and row of the member).
    """

    header: Cells
    rows: Rows
    sheet: str = ""
    unread_sheets: tuple[str, ...] = ()
    member_start: int | None = None
    alone: frozenset[int] = frozenset()
    places: Mapping[int, tuple[str, int, str, int]] = field(default_factory=dict)


def read_table(content: bytes, encoding: str | None = None, members: bytes | None = None) -> Table:
    """Return the table in a file's bytes; `members` is a second file with a row for each member. Raises TooLarge, BadInput."""
    sheets = [*read_sheets(content, encoding), *(read_sheets(members, encoding, _("second file")) if members else ())]
    filled = [cut for sheet in sheets if (cut := _from_header(sheet)).rows]
    if not filled:
        raise BadInput(_("The file is empty."))
    if members and len(filled) == 2 and not find_repeats(filled):
        raise BadInput(_("The second file does not say which household its rows belong to: it needs the column "
                         "_parent_index, _submission__uuid or PARENT_KEY."), where="members")  # fmt: skip
    joined = join_repeats(filled)
    if joined is not None:
        return _joined_table(joined, filled)
    best = max(filled, key=lambda sheet: count_known(sheet.rows[0][1]))
    unfolded = unfold_members(best)
    if unfolded is not None:
        return _joined_table(unfolded, filled)
    unread = tuple(sheet.name for sheet in filled if sheet is not best and len(sheet.rows) > 1)
    return Table(best.rows[0][1], best.rows[1:], best.name, unread)


def read_sheets(content: bytes, encoding: str | None = None, name: str = "") -> list[Sheet]:
    """Return the sheets of a file, recognised by its first bytes and never by its name; a CSV's sheet is called `name`."""
    if len(content) > LARGEST_BYTES:
        raise TooLarge(_("The file is larger than 10 MB."), limit=LARGEST_BYTES)
    if content.startswith(_ZIP):
        return read_package(content, encoding)
    if content.startswith(_OLE):
        raise _old_workbook(content)
    if content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_DOCUMENTS):
        raise BadInput(_("This is a page or a document, whatever its name says. Save the list as XLSX or CSV UTF-8."),
                       code="not_a_list")  # fmt: skip
    return [read_csv(content, encoding, name)]


def _old_workbook(content: bytes) -> BadInput:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return BadInput(_("The file is protected by a password. Take the password off, and bring it again."), code="encrypted")
    return BadInput(_("This is an old workbook (XLS). Save it as XLSX, or as CSV UTF-8, and bring that."), code="xls")


def _from_header(sheet: Sheet) -> Sheet:
    """Return a sheet from its header on: titles above it left out, and the row of hashtags below it."""
    if not sheet.rows:
        return sheet
    first = sheet.rows[:_HEADER_AMONG]
    known = [count_known(cells) for _number, cells in first]
    start = known.index(max(known)) if max(known) >= 2 else 0
    header, rows = sheet.rows[start], sheet.rows[start + 1 :]
    if rows and all(cell.startswith("#") for cell in rows[0][1] if cell):
        rows = rows[1:]
    # Of the household's number alone: an empty sex or age must never become somebody else's.
    numbers = frozenset(place for place, cell in enumerate(header[1]) if recognise(cell, False)[0] == "external_id")
    return Sheet(sheet.name, (header, *fill_merged(rows, sheet.merged, numbers)))


def _joined_table(joined: Joined, filled: list[Sheet]) -> Table:
    unread = tuple(sheet.name for sheet in filled if sheet.name not in (joined.main, joined.repeat) and len(sheet.rows) > 1)
    return Table(joined.header, joined.rows, joined.main, unread, joined.member_start, joined.alone, joined.places)
