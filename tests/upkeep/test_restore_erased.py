"""What was erased does not come back with an older backup: it is gone before a request is served, byte by byte."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from relief.accounts.service import add_user
from relief.db import snapshot, unit_of_work
from relief.kernel.ids import to_text
from tests.conftest import only_sqlite
from tests.office.erasable import files_with
from tests.upkeep.station import FOOD, Station
from tests.upkeep.test_logs import ask

COLLECTOR = "Kalektar-5c1e77a0 Natallia"


class Family:
    """One household of the station, with what its printed card says and who collects for it."""

    def __init__(self, station: Station) -> None:
        self.card = station.cards.pop()
        with station.opened(), unit_of_work() as session:
            add_user(session, "chief@example.org", "Chief", is_administrator=True, now=station.clock.now())
        with station.opened(), snapshot() as connection:
            rows = connection.execute(text("SELECT household_id, private FROM entry WHERE kind = 'card'")).all()
        issued = next(row for row in rows if json.loads(bytes(row.private))["card"] == self.card)
        self.household = to_text(bytes(issued.household_id))
        self.needles = [json.loads(bytes(issued.private))["code"].encode(), COLLECTOR.encode()]

    def collect(self, phone) -> None:
        record = phone.handover(self.card, FOOD, collector=COLLECTOR)
        phone.sync()
        assert phone.verdicts[record["id"]].verdict == "accepted"

    def erase(self, station: Station) -> None:
        told = station.told("erase", "household", "MDRBY003", self.household, "--reason", "asked", "--by", "chief@example.org",
                            "--yes")  # fmt: skip
        assert told["erased"] and told["records"] >= 3


@pytest.fixture
def family(station: Station) -> Family:
    return Family(station)


@pytest.fixture
def found(station: Station, family: Family, request: pytest.FixtureRequest) -> Callable[[], set[bytes]]:
    """Search the instance folder and, of PostgreSQL, the files of all tables; backups are asked for elsewhere."""

    def search() -> set[bytes]:
        folders = [station.folder]
        if not station.url.startswith("sqlite"):
            with station.opened(), snapshot() as connection:
                connection.execute(text("CHECKPOINT"))
            folders.append(request.getfixturevalue("postgres_server").folder / "data" / "base")
        return {needle for _file, needle in files_with(family.needles, *folders)}

    return search


def test_a_restored_backup_no_longer_holds_what_was_erased_since(station: Station, family: Family, found,
                                                                 tmp_path: Path) -> None:  # fmt: skip
    old, new = tmp_path / "old.tar.gz", tmp_path / "new.tar.gz"
    with station.served():
        phone = station.phone()
        station.told("db", "backup", "--unencrypted", "-o", old)
        family.collect(phone)
        station.give(phone, 2)
    assert found() == set(family.needles)  # the search would find them
    family.erase(station)
    totals = station.food_given()
    assert found() == set()
    station.told("db", "restore", old, "--replace")
    assert found() == set()
    with station.served():
        assert ask(f"{station.base_url}/readyz")[0] == 200
        assert found() == set()
        phone.sync()  # sends the hand-over again that the backup lacks, collector and all
    assert station.food_given() == totals
    assert found() == set()
    assert station.told("ledger", "verify", "MDRBY003")["good"]
    station.told("db", "backup", "--unencrypted", "-o", new)
    for file, needles in ((old, {family.needles[0]}), (new, set())):
        with tarfile.open(file) as archive:
            archive.extractall(tmp_path / file.stem, filter="data")
        assert {needle for _file, needle in files_with(family.needles, tmp_path / file.stem)} == needles


@only_sqlite
def test_an_old_file_put_in_its_place_is_cleaned_before_the_first_answer(station: Station, family: Family, found,
                                                                         tmp_path: Path) -> None:  # fmt: skip
    with station.served():
        family.collect(station.phone())
    shutil.copyfile(station.folder / "relief.db", tmp_path / "old.db")
    family.erase(station)
    for ending in ("-wal", "-shm"):
        (station.folder / f"relief.db{ending}").unlink(missing_ok=True)
    shutil.copyfile(tmp_path / "old.db", station.folder / "relief.db")
    assert found() == set(family.needles)
    with station.served():  # ready now: nobody was answered before
        assert found() == set()
    with station.opened(), snapshot() as connection:
        acts = connection.execute(text("SELECT action FROM audit_entry WHERE action = 'erasure.resumed'")).all()
    assert len(acts) == 1


def test_what_a_restore_laid_aside_is_named_where_one_erases_and_goes_by_a_command(station: Station, family: Family, found,
                                                                                 tmp_path: Path) -> None:  # fmt: skip
    backup = tmp_path / "backup.tar.gz"
    with station.served():
        family.collect(station.phone())
    station.told("db", "backup", "--unencrypted", "-o", backup)
    aside = Path(station.told("db", "restore", backup, "--replace")["aside"]).name
    done = station.relief("erase", "household", "MDRBY003", family.household, "--reason", "asked", "--by", "chief@example.org",
                          "--yes")  # fmt: skip
    assert aside in done.stdout and "relief db aside --delete" in done.stdout
    assert found() == set(family.needles)
    assert station.relief("db", "aside", "--delete", typed="n\n").exit_code == 1
    assert aside in station.relief("db", "aside").stdout
    assert found() == set(family.needles)
    assert station.told("db", "aside", "--delete", "--yes")["deleted"]
    assert found() == set()
    assert station.told("db", "aside")["aside"] == []
    assert station.told("ledger", "verify", "MDRBY003")["good"]
