"""What the doctor says to run is run here as it stands there, and then nothing is wrong any more."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from relief.fleet.belarus.facts import FLOODS, operation_id
from relief.kernel.ids import new_id, to_bytes
from relief.ledger.erasing import Order
from relief.ledger.erasure_journal import write_order
from tests.conftest import only_sqlite
from tests.upkeep.station import Station


def findings(station: Station) -> list[dict[str, Any]]:
    told = json.loads(station.relief("doctor", "--json").stdout)["findings"]
    return [each for each in told if each["state"] != "ok"]


def cure(station: Station, about: str, key: Path) -> None:
    """Run what the doctor says of this, and see that it says so no more."""
    (found,) = [each for each in findings(station) if each["about"] == about]
    words = [str({"KEY": key, "CODE": "MDRBY003"}.get(word, word)) for word in shlex.split(found["run"])]
    if words[0] == "relief":
        done = station.relief(*words[1:], typed="y\n")
        assert done.exit_code == 0, (words, done.exception)
    else:
        subprocess.run(words, check=True)
    assert [each for each in findings(station) if each["about"] == about] == []


@pytest.fixture
def key(station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The private key of the station's backups, of which one is made; both as the doctor says."""
    monkeypatch.chdir(tmp_path)
    (found,) = [each for each in findings(station) if "no key" in each["says"]]
    done = station.relief(*shlex.split(found["run"])[1:])
    with (station.folder / "settings.toml").open("a") as file:
        file.write(done.stdout.splitlines()[-1] + "\n")
    path = tmp_path / shlex.split(found["run"])[-1]
    cure(station, "backup", path)
    return path


def order_an_erasure(folder: Path) -> None:
    family = to_bytes(operation_id(FLOODS)), (new_id(),)
    write_order(folder, Order(*family, new_id(), "asked", 1_363_600_000, None))


FILES: list[tuple[str, Callable[[Path], object]]] = [
    ("secrets", lambda folder: (folder / "secrets.json").chmod(0o644)),
    ("secrets", lambda folder: (folder / "secrets.json").unlink()),
    ("secrets", lambda folder: (folder / "secrets.json").write_bytes(b"")),
    ("databases.json", lambda folder: (folder / "databases.json").write_bytes(b"")),
    ("anchors.json", lambda folder: (folder / "anchors.json").write_text("[1]")),
    ("erasures.jsonl", lambda folder: (folder / "erasures.jsonl").write_text("{}}\n")),
    ("erasing", order_an_erasure),
    ("backup", lambda folder: (folder / "backups" / "relief-20130401-000000.tar.gz.age").write_text("minutes")),
    ("backup", lambda folder: leave_behind(folder / "backups" / ".backup-abc")),
    ("folder", lambda folder: folder.chmod(0o777)),
]


def leave_behind(folder: Path) -> None:
    folder.mkdir()
    (folder / "relief.db").write_text("names")
    os.utime(folder, (1_363_600_000, 1_363_600_000))


def test_the_cure_of_whatever_happened_to_a_file_works_as_it_is_typed(station: Station, key: Path) -> None:
    assert station.relief("db", "upgrade").exit_code == 0
    for about, harm in FILES:
        harm(station.folder)
        cure(station, about, key)
    assert station.told("ledger", "verify", "MDRBY003")["good"]


@pytest.mark.parametrize(("harm", "about"), [("DROP TABLE counter", "tables_missing"),
                                             ("DELETE FROM alembic_version", "version_missing")])  # fmt: skip
def test_the_cure_of_lost_tables_works_and_what_it_leaves_aside_is_named_with_its_cure(
    station: Station, key: Path, harm: str, about: str
) -> None:
    station.harm(harm)
    cure(station, about, key)
    assert station.told("ledger", "verify", "MDRBY003")["good"]
    cure(station, "aside", key)


@only_sqlite
@pytest.mark.parametrize("harm", [
    lambda path: path.unlink(),
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(b"minutes of the meeting"),
    lambda path: path.with_name("relief.db-shm").write_bytes(bytes(32768)),
])  # fmt: skip
def test_the_cure_of_whatever_happened_to_the_database_works_as_it_is_typed(station: Station, key: Path, harm) -> None:
    harm(station.folder / "relief.db")
    cure(station, "database", key)
    assert station.told("ledger", "verify", "MDRBY003")["good"]


def test_an_empty_folder_is_cured_step_by_step(station: Station, tmp_path: Path) -> None:
    begun = tmp_path / "begun"

    def said() -> list[dict[str, Any]]:
        told = station.relief("doctor", "--json", folder=begun, RELIEF_DATABASE_URL=f"sqlite:///{begun}/relief.db")
        return [each for each in json.loads(told.stdout)["findings"] if each["state"] == "broken"]

    assert {each["run"] for each in said()} == {"relief db upgrade"}
    assert station.relief("db", "upgrade", folder=begun, RELIEF_DATABASE_URL=f"sqlite:///{begun}/relief.db").exit_code == 0
    assert said() == []
