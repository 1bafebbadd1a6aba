"""The columns of a household list, and the choice that tells which of a file's columns are which."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from relief.kernel.errors import BadInput
from relief.operations.rules import AGE_BANDS, SEXES

PRIVATE_COLUMNS = {"head_name": "head", "village": "village", "address": "address", "phone": "phone", "document": "document"}
HOUSEHOLD_COLUMNS = ("external_id", *PRIVATE_COLUMNS, "area", "home_site", "members")
AGE_COLUMNS = ("age_band", "age", "birth_date", "birth_year")
MEMBER_COLUMNS = ("member_number", "member_name", "sex", *AGE_COLUMNS, "disability")
COUNT_COLUMNS = {
    f"{sex}_{band.replace('-', '_').replace('+', '_plus')}": (sex, band) for sex in SEXES for band in AGE_BANDS
}  # fmt: skip
COUNTED_COLUMNS = frozenset({"members", *COUNT_COLUMNS, *MEMBER_COLUMNS} - {"member_name"})  # numbers and codes: no text
# Several columns of a file may make one of these, joined by a blank in the order of the file: surname, given name, patronymic.
JOINED_COLUMNS = frozenset({"head_name", "member_name", "address"})
KNOWN_COLUMNS = (*HOUSEHOLD_COLUMNS, *MEMBER_COLUMNS, *COUNT_COLUMNS)
PROBLEM_COLUMN = "problem"  # the first column of a list that we gave back to be fixed
# The cells that a list of problems may show: they say nothing about who it is.
SHOWN_COLUMNS = frozenset({*AGE_COLUMNS, *COUNT_COLUMNS, "sex", "disability", "members", "member_number", "area", "home_site"})


@dataclass(frozen=True, slots=True)
class Choice:
    """Which column of a file each is ('' where nobody reads it), and what its codes mean: column -> code -> our word."""

    columns: tuple[str, ...]
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def check_columns(columns: Sequence[str]) -> None:
    """Raise BadInput where a choice of columns cannot be read as a household list."""
    known = [name for name in columns if name in KNOWN_COLUMNS]
    for name in known:
        if known.count(name) > 1 and name not in JOINED_COLUMNS:
            raise BadInput(_("Two columns say %(name)s.", name=name), where=name)
    if "external_id" not in known:
        raise BadInput(_("There is no column external_id: every household needs its own."), where="external_id")
    if set(known) & set(COUNT_COLUMNS) and set(known) & set(MEMBER_COLUMNS):
        raise BadInput(_("Some columns describe one member, others count members: use one kind in a file."))


def header_signature(header: Sequence[str]) -> bytes:
    """Return the 32 bytes by which a header is known again, whatever its case."""
    return hashlib.sha256("\n".join(cell.casefold() for cell in header).encode()).digest()
