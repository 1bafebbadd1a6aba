"""Which records may have to do with each other: everything that cards, households and targets connect."""

from __future__ import annotations

from collections.abc import Iterable

from relief.fleet.records import Record

NAMED = ("card", "new_card", "household", "other", "target", "ask", "id", "corrects")


class Kin:
    """Connects records by the ids they name; `of` returns the same text for all that are connected."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._leader: dict[str, str] = {}
        for record in records:
            names = [record[each] for each in NAMED if each in record]
            for name in names[1:]:
                self._leader[self._find(name)] = self._find(names[0])

    def of(self, record: Record) -> str:
        """Return the family of a record."""
        return self._find(record["id"])

    def _find(self, name: str) -> str:
        while self._leader.setdefault(name, name) != name:
            name = self._leader[name]
        return name
