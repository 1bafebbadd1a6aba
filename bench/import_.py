"""A list of 100,000 rows from file to ledger: seconds of each step, peak memory, duplicates."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from bench.made_up_lists import Family, make_list
from bench.sync import database
from bench.table import Row, show
from relief import create_app
from relief.db import snapshot, unit_of_work
from relief.households.household_file import read_households
from relief.households.naming import get_import_salt
from relief.households.table import read_table
from relief.kernel.ids import derived_id, to_text
from relief.ledger.keys import current_keys
from relief.office.devices import HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.lists.changes import compare_list
from relief.office.lists.importing import batches, import_in_steps
from relief.operations.rules import Area, Plan, Site
from relief.operations.service import register_operation, store_plan
from relief.schema import upgrade_schema
from relief.settings import Settings

FIELDS = {
    "title": "Bench", "national_society": "Demo", "country": "BLR", "currency": "BYR",
    "dref_type": "imminent", "onset": "slow", "category": "yellow", "hazard": "flood",
    "start_day": "2013-03-04", "end_day": "2013-06-04",
}  # fmt: skip
COMMAND = "from relief.cli import main; main()"
# A process counts the memory of whoever started it as its own, so a small one starts it and tells what it needed.
STARTER = """
import os, sys
pid = os.spawnv(os.P_NOWAIT, sys.executable, [sys.executable, *sys.argv[1:]])
_pid, status, used = os.wait4(pid, 0)
print(used.ru_maxrss, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status))
"""
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


def measure(kind: str, most: int, workbook: bool) -> tuple[str, list[Row]]:
    """Return what was imported, in words, and what each step took: the steps here, then the commands as people run them."""
    rows = rows_of(make_list(most // 2), most)
    content = (xlsx_file if workbook else csv_file)(rows)
    title = f"A list of {len(rows):,} rows, {len(content) / 1e6:.1f} MB of {'XLSX' if workbook else 'CSV'}, into {kind}"
    with tempfile.TemporaryDirectory() as name, database(kind, Path(name)) as url:
        app = create_app(Settings(instance=Path(name), database_url=url))
        with app.app_context():
            upgrade_schema()
            figures = _steps(content)
            _register("commands", int(time.time()))
        file = Path(name) / "list"
        file.write_bytes(content)
        environment = {**os.environ, "RELIEF_INSTANCE": name, "RELIEF_DATABASE_URL": url}
        importing = ("import", str(file), "--operation", "commands", "--json")
        return title, [*figures, _command("the command", environment, *importing),
                       _command("the same list again", environment, *importing),
                       _command("look for duplicates", environment, "duplicates", "--operation", "commands")]  # fmt: skip


def _command(what: str, environment: dict[str, str], *words: str) -> Row:
    """Return how long a command of `relief households` took, and the memory of the largest of its processes."""
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", STARTER, "-c", COMMAND, "households", *words], env=environment, text=True,
                          capture_output=True, check=True)  # fmt: skip
    seconds, largest = time.perf_counter() - begun, int(done.stderr.split()[-1]) // 1024
    said = f"{json.loads(done.stdout)['added']:,} added" if words[0] == "import" else done.stdout.splitlines()[-1]
    return Row(what, seconds, "s", note=f"{said}; at most {largest} MB")


def _register(name: str, now: int) -> tuple[bytes, Plan]:
    with unit_of_work() as session:
        operation_id = register_operation(session, {**FIELDS, "working_name": name}, now)
        area = to_text(derived_id(operation_id, "area"))
        plan = Plan(version=1, status="active", areas=(Area(area, "Gomel"),),
                    sites=(Site(to_text(derived_id(operation_id, "site")), "School", area, "Europe/Minsk"),))  # fmt: skip
        store_plan(session.connection(), operation_id, plan, None, now)
    return operation_id, plan


def _steps(content: bytes) -> list[Row]:
    now, keys = int(time.time()), current_keys()
    operation_id, plan = _register("steps", now)
    with unit_of_work() as session:
        enrolment_id = get_office_enrolment(session, operation_id, HOUSEHOLD_IMPORT, now)
        salt = get_import_salt(session.connection(), operation_id)
    marks = [time.perf_counter()]

    def mark() -> float:
        marks.append(time.perf_counter())
        return marks[-1] - marks[-2]

    read = read_households(read_table(content), plan, date(2013, 3, 4))
    assert not read.problems
    figures = [Row("read", mark(), "s", note=f"{len(read.households):,} households")]
    with snapshot() as connection:
        found = compare_list(connection, operation_id, enrolment_id, salt, read.households, now)
    figures.append(Row("compare", mark(), "s"))
    longest = [0.0]
    last = [time.perf_counter()]

    def told(_done: int) -> None:
        longest[0] = max(longest[0], time.perf_counter() - last[0])
        last[0] = time.perf_counter()

    import_in_steps(operation_id, enrolment_id, batches(found.new_records()), now, keys, told)
    return [*figures, Row("append", mark(), "s", note=f"longest step {longest[0]:.2f} s")]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench import", description=__doc__)
    parser.add_argument("kind", nargs="?", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--workbook", action="store_true", help="an XLSX file instead of a CSV file")
    given = parser.parse_args()
    sys.exit(0 if show(*measure(given.kind, given.rows, given.workbook)) else 1)


if __name__ == "__main__":
    main()
