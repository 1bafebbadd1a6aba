"""A backup brought back: what it lacks the phones send again, under a new ledger that names its parent."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from relief.accounts import service as accounts
from relief.db import snapshot, unit_of_work
from tests.conftest import only_postgresql, only_sqlite
from tests.upkeep.station import FOOD, Station


@pytest.fixture
def key(station: Station, tmp_path: Path) -> Path:
    """The private key of the station's backups; the public one is in its settings."""
    path = tmp_path / "key.txt"
    done = station.relief("db", "backup-key", "-o", path)
    with (station.folder / "settings.toml").open("a") as file:
        file.write(done.stdout.splitlines()[-1] + "\n")
    return path


def test_after_a_restore_phones_send_again_what_it_lacks_and_nothing_else(station: Station, key: Path) -> None:
    with station.served():
        phone = station.phone()
        early = station.give(phone, 4)
        backup = station.told("db", "backup")["path"]
        late = station.give(phone, 3)
        phone.register()
    assert station.food_given() == 7
    restored = station.told("db", "restore", backup, "--identity", key, "--replace")
    assert station.food_given() == 4
    with station.served():
        sent = {verdict.id: verdict.verdict for verdict in phone.sync()}
        phone.register()
    assert {sent[each] for each in late} == {"accepted"}
    assert not sent.keys() & set(early)
    assert station.food_given() == 7
    assert phone.view.ledger_id == restored["ledgers"][0]["ledger"] != restored["ledgers"][0]["parent"]
    checked = station.told("ledger", "verify", "MDRBY003")
    assert checked["good"] and checked["position"] > restored["ledgers"][0]["position"]


def test_a_phone_that_slept_through_two_restores_sends_all_again_and_nothing_counts_twice(station: Station, key: Path) -> None:
    with station.served():
        phone = station.phone()
        backup = station.told("db", "backup")["path"]
        station.give(phone, 3)
    for _time in range(2):
        station.told("db", "restore", backup, "--identity", key, "--replace")
        backup = station.told("db", "backup", "-o", station.folder / f"again-{_time}")["path"]
    with station.served():
        phone.sync()
        assert phone.sync() == []
    assert station.food_given() == 3
    assert station.told("ledger", "verify", "MDRBY003")["good"]


def test_a_refused_ask_is_not_told_again_and_a_grant_is_asked_for_again(station: Station, key: Path) -> None:
    with station.served():
        first, second, card = station.phone(), station.phone(), station.cards.pop()
        backup = station.told("db", "backup")["path"]
        granted, refused = first.ask(card, FOOD), second.ask(card, FOOD)
        assert granted.granted and refused.refused
    station.told("db", "restore", backup, "--identity", key, "--replace")
    with station.served():
        second.sync()
        first.sync()
        assert first.verdicts[granted.record["id"]].mode == "granted"
        first.give(granted)
        first.sync()
    assert station.food_given() == 1


def test_the_old_database_is_kept_and_a_restore_must_be_meant(station: Station, key: Path) -> None:
    with station.served():
        backup = station.told("db", "backup")["path"]
        station.give(station.phone())
    refused = station.relief("db", "restore", backup, "--identity", key)
    assert refused.exception.code == "database_there"
    assert station.food_given() == 1
    aside = station.told("db", "restore", backup, "--identity", key, "--replace")["aside"]
    assert station.food_given() == 0
    if station.url.startswith("sqlite"):
        with closing(sqlite3.connect(aside)) as old:
            assert old.execute("SELECT count(*) FROM entry").fetchone()[0] > 0
    else:
        with station.opened(), snapshot() as connection:
            assert connection.execute(text(f"SELECT count(*) FROM {aside}.entry")).scalar_one() > 0


def test_while_a_server_runs_nothing_is_restored(station: Station, key: Path) -> None:
    with station.served():
        station.give(station.phone())
        backup = station.told("db", "backup")["path"]
        refused = station.relief("db", "restore", backup, "--identity", key, "--replace")
    assert refused.exception.code == "served_already"
    assert station.food_given() == 1


def test_a_wrong_key_or_a_cut_file_changes_nothing(station: Station, key: Path, tmp_path: Path) -> None:
    backup = Path(station.told("db", "backup")["path"])
    other, cut = tmp_path / "other.txt", tmp_path / "cut.age"
    station.relief("db", "backup-key", "-o", other)
    cut.write_bytes(backup.read_bytes()[:-1000])
    for file, identity in ((backup, other), (cut, key)):
        refused = station.relief("db", "restore", file, "--identity", identity, "--replace")
        assert (refused.exception.code, refused.exception.exit_code) == ("backup_unusable", 8)
    assert station.told("ledger", "verify", "MDRBY003")["good"]
    assert list(station.folder.glob("relief.db.before*")) == []


def test_after_a_restore_nobody_is_signed_in_and_old_links_are_spent(station: Station, key: Path) -> None:
    with station.opened(), unit_of_work() as session:
        accounts.create_first_administrator_link(session, station.clock.now(), 24)
    backup = station.told("db", "backup")["path"]
    station.told("db", "restore", backup, "--identity", key, "--replace")
    with station.opened(), snapshot() as connection:
        assert connection.execute(text("SELECT count(*) FROM sign_in_link WHERE spent_at IS NULL")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM sign_in WHERE ended_at IS NULL")).scalar_one() == 0


@only_postgresql
def test_a_backup_of_postgresql_comes_back_on_a_laptop_with_sqlite(station: Station, key: Path, tmp_path: Path) -> None:
    with station.served():
        station.give(station.phone(), 5)
        backup = station.told("db", "backup")["path"]
    before = station.told("totals", "MDRBY003")
    elsewhere = tmp_path / "laptop"
    url = f"sqlite:///{elsewhere / 'relief.db'}"
    station.told("db", "restore", backup, "--identity", key, folder=elsewhere, RELIEF_DATABASE_URL=url)
    assert station.told("ledger", "verify", "MDRBY003", folder=elsewhere, RELIEF_DATABASE_URL=url)["good"]
    after = station.told("totals", "MDRBY003", folder=elsewhere, RELIEF_DATABASE_URL=url)
    assert after["ledger"]["head"] == before["ledger"]["head"]
    assert not (elsewhere / "settings.toml").exists()  # it would lead the laptop to the server's database
    assert (elsewhere / "settings.from-backup.toml").exists()


@only_sqlite
def test_a_backup_of_sqlite_comes_back_on_postgresql(station: Station, key: Path, tmp_path: Path, postgres_server) -> None:
    with station.served():
        station.give(station.phone(), 5)
        backup = station.told("db", "backup")["path"]
    name = postgres_server.create()
    url = postgres_server.url(name)
    station.told("db", "restore", backup, "--identity", key, folder=tmp_path / "large", RELIEF_DATABASE_URL=url)
    assert station.told("ledger", "verify", "MDRBY003", folder=tmp_path / "large", RELIEF_DATABASE_URL=url)["good"]
    postgres_server.drop(name)


def of_an_earlier_version(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave of the database what a version wrote that kept less beside the entries."""
    station.harm("UPDATE standing SET newly = NULL")
    monkeypatch.setattr("relief.upkeep.upgrading.find_revision", lambda _connection: "0020")


def test_a_backup_of_an_earlier_version_comes_back_verified(station: Station, monkeypatch, tmp_path: Path) -> None:
    with station.served():
        station.give(station.phone(), 2)
    of_an_earlier_version(station, monkeypatch)
    assert station.relief("db", "backup", "--unencrypted", "-o", tmp_path / "old").exception.code == "ledger_differs"
    station.told("db", "restore", tmp_path / "old.unverified", "--replace")
    assert station.told("ledger", "verify", "MDRBY003")["good"]
    assert station.food_given() == 2


def test_an_upgrade_computes_anew_what_an_earlier_version_kept_less_of(station: Station, monkeypatch) -> None:
    with station.served():
        station.give(station.phone(), 2)
    of_an_earlier_version(station, monkeypatch)
    assert station.relief("ledger", "verify", "MDRBY003").exception.code == "ledger_differs"
    assert station.relief("db", "upgrade").exit_code == 0
    assert station.told("ledger", "verify", "MDRBY003")["good"]


def test_an_upgrade_marks_the_devices_that_told_something_before_there_were_marks(station: Station) -> None:
    station.harm("ALTER TABLE enrolment DROP COLUMN mark", "ALTER TABLE enrolment DROP COLUMN led_sites",
                 "UPDATE alembic_version SET version_num = '0030'")  # fmt: skip
    assert station.relief("db", "upgrade").exit_code == 0
    assert station.told("ledger", "verify", "MDRBY003")["good"]
    station.harm("UPDATE enrolment SET site_lead = NOT site_lead, kind = 'phone'")
    assert "device_changed" in station.relief("ledger", "verify", "MDRBY003").stdout


@only_sqlite
def test_a_plain_copy_of_the_database_can_be_restored_too(station: Station, tmp_path: Path) -> None:
    with station.served():
        station.give(station.phone(), 2)
    with closing(sqlite3.connect(station.folder / "relief.db")) as source:
        source.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    done = station.told("db", "restore", tmp_path / "copy.db", "--replace")
    assert done["ledgers"][0]["position"] > 0
    assert station.food_given() == 2


def test_a_database_brought_back_by_other_means_is_adopted(station: Station) -> None:
    with station.served():
        station.give(station.phone(), 2)
    told = station.told("db", "adopt")["ledgers"]
    assert told[0]["ledger"] != told[0]["parent"]
    assert station.told("ledger", "verify", "MDRBY003")["good"]
