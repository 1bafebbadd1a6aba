"""The list with its problems in a column, as a CSV file to fix and bring again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from relief.households.columns import PROBLEM_COLUMN
from relief.households.rules import Problem
from relief.households.table import Table
from relief.households.words import problem_sentence
from relief.kernel.cells import safe_cell


def problem_file(table: Table, problems: Iterable[Problem], columns: Sequence[str]) -> str:
    """Return all rows of a list, in front of each what is wrong with it; every text quoted, none able to start a formula."""
    by_place: dict[tuple[str, int], list[str]] = {}
    for each in problems:
        words = f"{each.column}: {problem_sentence(each)}" if each.column else problem_sentence(each)
        by_place.setdefault((each.sheet, each.row), []).append(words)
    stream = io.StringIO()
    stream.write("\ufeff")  # what Excel needs to see UTF-8
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    # Households and members that stood in two sheets come back as one: under our names, so that no guess is needed.
    named = [name if columns.count(name) == 1 else "" for name in columns]  # what makes one column together keeps its headers
    header = [name or given for name, given in zip(named, table.header, strict=True)] if table.places else table.header
    writer.writerow([PROBLEM_COLUMN, *map(safe_cell, header)])
    told: set[tuple[str, int]] = set()
    for row, cells in table.rows:
        sentences: list[str] = []
        for place in _places(table, row):
            if place not in told:  # a household's problem stands once, not on the row of each of its members
                told.add(place)
                sentences += by_place.get(place, ())
        writer.writerow([safe_cell(" ".join(dict.fromkeys(sentences))), *map(safe_cell, cells)])
    return stream.getvalue()


def _places(table: Table, row: int) -> list[tuple[str, int]]:
    if row not in table.places:
        return [("", row)]
    sheet, sheet_row, repeat, repeat_row = table.places[row]
    return [(sheet, sheet_row), (repeat, repeat_row)]
