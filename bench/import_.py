"""A list of 100,000 rows from file to ledger: seconds of each step, peak memory, duplicates."""

from __future__ import annotations

import argparse
import csv
import io
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from bench.made_up_lists import Family, make_list
from bench.sync import database
from bench.table import Row, show
from relief import create_app
from relief.db import snapshot, unit_of_work, write
from relief.households.household_file import read_households
from relief.households.naming import get_import_salt
from relief.households.table import read_table
from relief.kernel.ids import derived_id, to_text
from relief.ledger.keys import current_keys
from relief.office.devices import HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.duplicates import look_for_duplicates, store_suspicions
from relief.office.household_import import batches, import_in_steps
from relief.office.list_changes import compare_list
from relief.operations.rules import Area, Plan, Site
from relief.operations.service import register_operation, store_plan
from relief.schema import upgrade_schema
from relief.settings import Settings

FIELDS = {
    "working_name": "bench", "title": "Bench", "national_society": "Demo", "country": "BLR", "currency": "BYR",
    "dref_type": "imminent", "onset": "slow", "category": "yellow", "hazard": "flood",
    "start_day": "2013-03-04", "end_day": "2013-06-04",
}  # fmt: skip
HEADER = ("external_id", "head_name", "village", "address", "phone", "document", "member_name", "sex", "birth_year")


def rows_of(families: list[Family], most: int) -> list[tuple[str, ...]]:
    """Return at most so many rows, one a member, of whole families."""
    rows: list[tuple[str, ...]] = []
    for number, family in enumerate(families):
        if len(rows) + len(family.people) > most:
            break
        own = (family.written[0], family.village, family.address, family.phone, family.document)
        for place, (name, human) in enumerate(zip(family.written, family.people, strict=True)):
            # The household's own cells stand once: 100,000 rows that repeat them are more than 10 MB.
            rows.append((f"H-{number}", *(own if place == 0 else [""] * len(own)), name, human.sex, str(human.born)))
    return rows


def csv_file(rows: list[tuple[str, ...]]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([HEADER, *rows])
    return stream.getvalue().encode()


def xlsx_file(rows: list[tuple[str, ...]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("List")
    for row in (HEADER, *rows):
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure(kind: str, most: int, workbook: bool) -> tuple[str, list[Row]]:
    """Return what was imported, in words, and what each step took."""
    rows = rows_of(make_list(most // 2), most)
    content = (xlsx_file if workbook else csv_file)(rows)
    title = f"A list of {len(rows):,} rows, {len(content) / 1e6:.1f} MB of {'XLSX' if workbook else 'CSV'}, into {kind}"
    with tempfile.TemporaryDirectory() as name, database(kind, Path(name)) as url:
        app = create_app(Settings(instance=Path(name), database_url=url))
        with app.app_context():
            upgrade_schema()
            return title, [Row("memory before", peak_megabytes(), "MB"), *_steps(content)]


def _steps(content: bytes) -> list[Row]:
    now, keys = int(time.time()), current_keys()
    with unit_of_work() as session:
        operation_id = register_operation(session, FIELDS, now)
        area = to_text(derived_id(operation_id, "area"))
        plan = Plan(version=1, status="active", areas=(Area(area, "Gomel"),),
                    sites=(Site(to_text(derived_id(operation_id, "site")), "School", area, "Europe/Minsk"),))  # fmt: skip
        store_plan(session.connection(), operation_id, plan, None, now)
        enrolment_id = get_office_enrolment(session, operation_id, HOUSEHOLD_IMPORT, now)
        salt = get_import_salt(session.connection(), operation_id)
    marks = [time.perf_counter()]

    def mark() -> float:
        marks.append(time.perf_counter())
        return marks[-1] - marks[-2]

    read = read_households(read_table(content), plan, date(2013, 3, 4))
    assert not read.problems
    figures = [Row("read", mark(), "s", note=f"{len(read.households):,} households, at most {peak_megabytes()} MB")]
    with snapshot() as connection:
        found = compare_list(connection, operation_id, enrolment_id, salt, read.households, now)
    figures.append(Row("compare", mark(), "s"))
    longest = [0.0]
    last = [time.perf_counter()]

    def told(_done: int) -> None:
        longest[0] = max(longest[0], time.perf_counter() - last[0])
        last[0] = time.perf_counter()

    import_in_steps(operation_id, enrolment_id, batches(found.new), now, keys, told)
    figures.append(Row("append", mark(), "s", note=f"longest step {longest[0]:.2f} s, at most {peak_megabytes()} MB"))
    with snapshot() as connection:
        again = compare_list(connection, operation_id, enrolment_id, salt, read.households, now)
    figures.append(Row("compare the same again", mark(), "s", note=f"{len(again.new)} new, {len(again.changes)} changed"))
    with snapshot() as connection:
        pairs = look_for_duplicates(connection, operation_id)
    write(lambda connection: store_suspicions(connection, operation_id, pairs))
    return [*figures, Row("look for duplicates", mark(), "s", note=f"{len(pairs):,} pairs, at most {peak_megabytes()} MB")]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench import", description=__doc__)
    parser.add_argument("kind", nargs="?", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--workbook", action="store_true", help="an XLSX file instead of a CSV file")
    given = parser.parse_args()
    sys.exit(0 if show(*measure(given.kind, given.rows, given.workbook)) else 1)


if __name__ == "__main__":
    main()
