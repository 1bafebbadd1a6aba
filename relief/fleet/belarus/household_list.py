"""The prepared list of families as the CSV file that a branch would bring: one row a member."""

from __future__ import annotations

import csv
import io

from relief.fleet.belarus.facts import MADE_UP
from relief.fleet.belarus.families import Family, list_families
from relief.fleet.belarus.places import PLACE

COLUMNS = ("external_id", "head_name", "village", "address", "area", "home_site", "member_number", "member_name", "sex",
           "age_band", "disability")  # fmt: skip


def household_list() -> str:
    """Return the CSV text of all families but those that are registered at the table."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for family in list_families():
        if not family.on_site:
            writer.writerows(_rows(family))
    return file.getvalue()


def _rows(family: Family) -> list[tuple[str, ...]]:
    place = PLACE[family.site]
    return [
        (family.external_id, family.members[0].name, family.village, f"House {family.number} ({MADE_UP})", place.district,
         place.name, str(member.number), member.name, member.sex, member.age_band, member.disability)
        for member in family.members
    ]  # fmt: skip
