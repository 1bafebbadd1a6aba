"""Which area or site of the plan a cell of a list means: by name, by P-code, by id."""

from __future__ import annotations

from relief.households.rules import Unreadable
from relief.operations.rules import Plan


class PlaceFinder:
    """Finds areas and sites of one plan by what people call them; two of one name are told apart by P-code or id."""

    def __init__(self, plan: Plan) -> None:
        self._areas: dict[str, set[str]] = {}
        self._sites: dict[str, set[str]] = {}
        for area in plan.areas:
            for name in (area.name, area.p_code, area.id):
                self._note(self._areas, name, area.id)
        for site in plan.sites:
            for name in (site.name, site.id):
                self._note(self._sites, name, site.id)

    def area(self, cell: str) -> str:
        """Return the id of the area that a cell names; raises Unreadable when it is none or more than one."""
        return self._find(self._areas, cell, "area")

    def site(self, cell: str) -> str:
        """Return the id of the site that a cell names; raises Unreadable when it is none or more than one."""
        return self._find(self._sites, cell, "site")

    @staticmethod
    def _note(names: dict[str, set[str]], name: str | None, identifier: str) -> None:
        if name:
            names.setdefault(" ".join(name.casefold().split()), set()).add(identifier)

    @staticmethod
    def _find(names: dict[str, set[str]], cell: str, what: str) -> str:
        found = names.get(cell.casefold(), set())
        if len(found) != 1:
            raise Unreadable(f"ambiguous_{what}" if found else f"unknown_{what}")
        return next(iter(found))
