"""The columns of a household list, and which of a file's columns are which."""

from __future__ import annotations

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
ALIASES = {"_uuid": "external_id", "household_id": "external_id", "head": "head_name", "p_code": "area", "site": "home_site",
           "size": "members"}  # fmt: skip
KNOWN_COLUMNS = (*HOUSEHOLD_COLUMNS, *MEMBER_COLUMNS, *COUNT_COLUMNS)
# The cells that a list of problems may show: they say nothing about who it is.
SHOWN_COLUMNS = frozenset({*AGE_COLUMNS, *COUNT_COLUMNS, "sex", "disability", "members", "member_number", "area", "home_site"})


def name_columns(header: tuple[str, ...]) -> list[str]:
    """Return the name of each column as we know it, the given name where we do not; raises BadInput."""
    given = [cell.casefold().rsplit("/", 1)[-1].strip().replace(" ", "_").replace("-", "_") for cell in header]
    names = [alias if (alias := ALIASES.get(name)) and alias not in given else name for name in given]
    known = [name for name in names if name in KNOWN_COLUMNS]
    for name in known:
        if known.count(name) > 1:
            raise BadInput(_("Two columns say %(name)s.", name=name), where=name)
    if "external_id" not in known:
        raise BadInput(_("There is no column external_id: every household needs its own."), where="external_id")
    if set(known) & set(COUNT_COLUMNS) and set(known) & set(MEMBER_COLUMNS):
        raise BadInput(_("Some columns describe one member, others count members: use one kind in a file."))
    return names
