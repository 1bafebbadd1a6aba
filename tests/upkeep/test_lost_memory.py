"""What remembers the database may be lost or damaged too: even then no empty database and no new keys take its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from relief.fleet.belarus.facts import FLOODS, operation_id
from relief.presence import read_anchors
from relief.settings import load_secrets
from relief.traces import damaged_memories, traces_of_database
from tests.conftest import only_postgresql, only_sqlite
from tests.upkeep.station import Station
from tests.upkeep.test_doctor import findings

HARMS: dict[str, Callable[[Path], object]] = {
    "emptied": lambda memory: memory.write_bytes(b""),
    "cut short": lambda memory: memory.write_bytes(memory.read_bytes()[:9]),
    "of another kind": lambda memory: memory.write_text('"relief.db"'),
    "gone": lambda memory: memory.unlink(),
}


def lose_database(station: Station) -> None:
    for path in station.folder.glob("relief.db*"):
        path.unlink()


def refusals(station: Station) -> set[str]:
    return {station.relief(*words).exception.code for words in (("db", "upgrade"), ("serve",), ("totals", "MDRBY003"))}


@only_sqlite
@pytest.mark.parametrize("harm", HARMS)
def test_a_missing_database_is_not_made_anew_by_a_damaged_memory(used: Station, harm: str) -> None:
    lose_database(used)
    HARMS[harm](used.folder / "databases.json")
    anchors = (used.folder / "anchors.json").read_bytes()
    assert refusals(used) == {"database_missing"}
    assert "missing or empty" in findings(used)["database"]
    assert (used.folder / "anchors.json").read_bytes() == anchors
    assert not (used.folder / "relief.db").exists()


@only_postgresql
@pytest.mark.parametrize("harm", HARMS)
def test_an_emptied_schema_is_not_filled_by_a_damaged_memory(used: Station, harm: str) -> None:
    used.harm("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    HARMS[harm](used.folder / "databases.json")
    assert refusals(used) == {"database_missing"}


@only_sqlite
@pytest.mark.parametrize("left", ["anchors.json", "secrets.json", "relief.db-wal", "backups/relief-20130401-000000.tar.gz"])
def test_each_thing_that_is_left_of_a_database_tells_that_it_was_there(used: Station, left: str) -> None:
    lose_database(used)
    kept = (used.folder / left).read_bytes() if (used.folder / left).exists() else b"something"
    for name in ("databases.json", "anchors.json", "secrets.json"):
        (used.folder / name).unlink()
    (used.folder / left).parent.mkdir(exist_ok=True)
    (used.folder / left).write_bytes(kept)
    (used.folder / left).chmod(0o600)
    assert refusals(used) <= {"database_missing", "secrets_missing"}
    assert not (used.folder / "relief.db").exists()


@only_sqlite
def test_an_empty_database_is_begun_where_somebody_says_so_and_nothing_is_deleted(used: Station) -> None:
    lose_database(used)
    anchors = (used.folder / "anchors.json").read_bytes()
    assert used.relief("db", "upgrade", "--anew").exit_code == 0
    assert [path.read_bytes() for path in used.folder.glob("anchors.json.before-*")] == [anchors]
    assert used.relief("db", "upgrade").exit_code == 0
    assert used.relief("totals", "MDRBY003").exception.code == "not_found"


def test_beginning_anew_leaves_a_database_that_is_there_alone(used: Station) -> None:
    before, given = read_anchors(used.settings)["operations"], used.food_given()
    assert used.relief("db", "upgrade", "--anew").exit_code == 0
    after = read_anchors(used.settings)["operations"]
    assert {key: each["ledger"] for key, each in after.items()} == {key: each["ledger"] for key, each in before.items()}
    assert all(after[key]["position"] >= each["position"] for key, each in before.items())  # the sealer may have gone on
    assert used.food_given() == given


@pytest.mark.parametrize("name", ["databases.json", "anchors.json"])
def test_a_damaged_memory_is_broken_though_the_database_is_there_and_its_cure_works(used: Station, name: str) -> None:
    (used.folder / name).write_bytes(b"")
    assert "damaged" in findings(used)[name]
    (used.folder / name).rename(used.folder / f"{name}.damaged")
    assert used.relief("db", "upgrade").exit_code == 0
    assert findings(used) == {}
    assert json.loads((used.folder / name).read_bytes())


ODD_ANCHORS: dict[str, Callable[[dict[str, Any]], object]] = {
    "no operations": lambda told: told.update(operations=[1]),
    "no anchor": lambda told: told["operations"].update({operation_id(FLOODS): 1}),
    "no hash": lambda told: told["operations"][operation_id(FLOODS)].pop("hash"),
    "no number": lambda told: told["operations"][operation_id(FLOODS)].update(position="7"),
    "no id": lambda told: told["operations"].update(floods=told["operations"][operation_id(FLOODS)]),
}


def test_a_memory_that_is_whole_json_and_makes_no_sense_is_damaged_too(used: Station) -> None:
    told = json.loads((used.folder / "anchors.json").read_bytes())
    for name, harm in ODD_ANCHORS.items():
        harm(odd := deepcopy(told))
        (used.folder / "anchors.json").write_text(json.dumps(odd))
        assert damaged_memories(used.folder) == ["anchors.json"], name
        assert traces_of_database(used.folder), name
    assert "damaged" in findings(used)["anchors.json"]
    assert used.relief("ledger", "verify", "MDRBY003").exit_code == 0
    assert "anchors.json" not in findings(used)  # written anew, as after any damage


def test_lost_keys_are_never_replaced_by_new_ones(used: Station) -> None:
    secrets = used.folder / "secrets.json"
    kept = secrets.rename(used.folder / "elsewhere.json")
    for words in (("serve",), ("db", "upgrade"), ("ledger", "verify", "MDRBY003"), ("db", "backup", "--unencrypted")):
        assert used.relief(*words).exception.code == "secrets_missing", words
    for _again in range(2):
        assert "missing" in findings(used)["secrets"]
    assert not secrets.exists()
    kept.rename(secrets)
    assert used.told("ledger", "verify", "MDRBY003")["good"]


def test_the_doctor_makes_nothing_where_there_is_nothing_yet(station: Station, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    station.relief("doctor", folder=fresh)
    assert list(fresh.iterdir()) == []
    load_secrets(fresh)
    assert station.relief("db", "upgrade", folder=fresh).exit_code == 0
