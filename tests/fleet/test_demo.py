"""The demonstration, loaded by `relief demo` over real HTTP, comes out at the published figures - in spite of the mess."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from relief.fleet.belarus.facts import FLOODS, WINTER, published_people, thing_id
from relief.kernel.clock import parse_wall
from tests.fleet.served import relief

MINSK = 3 * 3600  # seconds ahead of UTC in 2013
CARD_ACTS = "SELECT DISTINCT json_extract(facts, '$.action') FROM entry WHERE kind = 'card'"


@cache
def totals_of(folder: Path, code: str) -> dict[str, Any]:
    done = relief(folder, "totals", code, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@cache
def report_of(folder: Path, code: str) -> str:
    path = folder.with_name(f"{code}.json")
    done = relief(folder, "report", code, "--format", "json", "-o", str(path))
    assert done.returncode == 0, done.stderr
    return path.read_text(encoding="utf-8")


def actuals(folder: Path) -> dict[str, int]:
    rows = {row["indicator"]: row["actual"] for row in totals_of(folder, FLOODS)["figures"]["indicators"]}
    return {key: rows[thing_id(FLOODS, "indicator", key)] for key in published_people()}


def test_totals_are_the_published_figures(loaded_demo: Path):
    assert actuals(loaded_demo) == {"parcels": 1938, "blankets": 499, "pss": 232, "pumping": 51}


def test_people_assisted_are_a_union_and_not_the_sum(loaded_demo: Path):
    people = totals_of(loaded_demo, FLOODS)["people_assisted"]
    assert 1938 < people < 1938 + 499 + 232


@pytest.mark.parametrize("figure", ["1938", "499", "232", "51", "88166", "13000"])
def test_the_report_has_the_published_figures(loaded_demo: Path, figure: str):
    assert figure in report_of(loaded_demo, FLOODS).replace(",", "").replace("\u202f", "").replace("\u00a0", "")


@pytest.mark.parametrize("form", ["csv", "html"])
def test_every_form_of_the_report_has_them(loaded_demo: Path, form: str):
    path = loaded_demo.with_name(f"report.{form}")
    done = relief(loaded_demo, "report", FLOODS, "--format", form, "-o", str(path))
    assert done.returncode == 0, done.stderr
    told = path.read_text(encoding="utf-8").replace(",", "").replace("\u202f", "").replace("\u00a0", "")
    assert [figure for figure in ("1938", "499", "232", "51", "88166") if figure not in told] == []


@pytest.mark.parametrize("figures", [("70", "45"), ("255", "356"), ("4 hours", "7 hours")])
def test_the_report_states_what_the_sources_contradict(loaded_demo: Path, figures: tuple[str, str]):
    contradictions = json.dumps(json.loads(report_of(loaded_demo, FLOODS)), ensure_ascii=False)
    assert all(figure in contradictions for figure in figures)


def test_the_winter_operation_has_its_allocation_and_contacts_apart(loaded_demo: Path):
    totals = totals_of(loaded_demo, WINTER)
    assert totals["people_assisted"] == 0
    assert [row["people"] for row in totals["figures"]["contacts"] if row["people"]] == [850]
    assert "25631" in report_of(loaded_demo, WINTER).replace(",", "")


def test_the_mess_is_in_the_ledger(loaded_demo: Path):
    figures = totals_of(loaded_demo, FLOODS)["figures"]
    assert {case["code"] for case in figures["cases"]} >= {"old_card"}
    assert {cause["code"] for cause in figures["not_served"]} >= {"already_received", "unknown_card", "ineligible", "absent"}
    assert any(item["voided"] for item in figures["items"])
    with closing(sqlite3.connect(f"file:{loaded_demo / 'relief.db'}?mode=ro", uri=True)) as connection:
        acts = {act for (act,) in connection.execute(CARD_ACTS)}
        refused = connection.execute("SELECT count(*) FROM entry WHERE step = 'answer' AND verdict LIKE 'refused%'").fetchone()
    assert {"replaced", "cancelled"} <= acts and refused > (0,)


def handovers(folder: Path) -> list[tuple[int, int, int]]:
    """Return (wall time as the phone told it, effective time, when it came in) of every hand-over, in UTC seconds."""
    with closing(sqlite3.connect(f"file:{folder / 'relief.db'}?mode=ro", uri=True)) as connection:
        rows = connection.execute(
            "SELECT entry.facts, standing.effective_at, entry.received_at FROM entry"
            " JOIN standing ON standing.record_id = entry.id AND standing.operation_id = entry.operation_id"
            " WHERE entry.kind = 'handover' AND entry.step = 'given'"
        ).fetchall()
    return [(parse_wall(json.loads(facts)["at"]), effective_at, received_at) for facts, effective_at, received_at in rows]


def test_a_clock_an_hour_off_was_put_right(loaded_demo: Path):
    errors = {round((told - effective) / 60) for told, effective, _came_in in handovers(loaded_demo)}
    assert errors == {0, 60, -4}


def test_a_phone_reported_two_days_late(loaded_demo: Path):
    days = [((came_in + MINSK) // 86_400, (effective + MINSK) // 86_400) for _told, effective, came_in in handovers(loaded_demo)]
    assert {came_in - given for came_in, given in days} == {0, 2}


def test_every_phone_has_told_everything(loaded_demo: Path):
    completeness = totals_of(loaded_demo, FLOODS)["completeness"]
    assert completeness["waiting"] == 0 and completeness["missing"] == 0


def test_the_ledger_verifies(loaded_demo: Path):
    for code in (FLOODS, WINTER):
        done = relief(loaded_demo, "ledger", "verify", code)
        assert done.returncode == 0, done.stdout + done.stderr


def test_again_it_says_that_it_is_there_and_how_to_go_on(loaded_demo: Path):
    before = (loaded_demo / "demo.json").read_bytes()
    done = relief(loaded_demo, "demo")
    assert done.returncode == 0, done.stderr
    assert "relief serve" in done.stdout and "/link/" in done.stdout
    assert (loaded_demo / "demo.json").read_bytes() == before


def test_a_folder_of_somebody_elses_is_refused_with_a_sentence(tmp_path: Path):
    (tmp_path / "relief.db").write_bytes(b"somebody's work")
    done = relief(tmp_path, "demo")
    assert done.returncode == 5 and "Nothing was touched" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["relief.db"]
