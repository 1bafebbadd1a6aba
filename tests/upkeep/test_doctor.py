"""`relief doctor` names what is wrong; a database that was there is never replaced by an empty one."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from relief.fleet.belarus.facts import FLOODS, operation_id
from relief.settings import load_secrets
from tests.conftest import only_postgresql, only_sqlite
from tests.upkeep.station import Station


def findings(station: Station, state: str = "broken") -> dict[str, str]:
    """Return what the doctor says of this state, by what it is about."""
    done = station.relief("doctor", "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == (0 if told["good"] else 1)
    return {each["about"]: each["says"] for each in told["findings"] if each["state"] == state}


def test_a_healthy_served_installation_has_nothing_broken_whatever_its_port(station: Station) -> None:
    with station.served():
        station.give(station.phone(), 2)
        assert findings(station) == {}
        assert station.base_url in findings(station, "ok")["server"]
    assert station.base_url in findings(station, "look")["server"]


def test_every_line_that_is_not_ok_has_its_cure(station: Station) -> None:
    told = json.loads(station.relief("doctor", "--json").stdout)
    assert [each for each in told["findings"] if each["state"] != "ok" and not (each["cure"] or each["run"])] == []


def test_the_doctor_changes_nothing(used: Station) -> None:
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in used.folder.iterdir() if path.is_file()}
    used.relief("doctor")
    after = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in used.folder.iterdir() if path.is_file()}
    assert after == before


def test_a_changed_record_is_named_and_a_quick_look_says_that_it_did_not_look(used: Station) -> None:
    used.harm("UPDATE entry SET private_digest = facts_salt WHERE position = 2")
    assert "differs from its entries" in findings(used)["ledger"]
    quickly = json.loads(used.relief("doctor", "--quick", "--json").stdout)
    assert {each["about"] for each in quickly["findings"] if each["state"] == "broken"} == {"guards"}
    assert "was not looked at" in " ".join(each["says"] for each in quickly["findings"] if each["state"] == "look")


@only_sqlite
def test_a_missing_database_is_never_made_anew(used: Station) -> None:
    for path in used.folder.glob("relief.db*"):
        path.rename(path.with_name(f"elsewhere-{path.name}"))
    for words in (("db", "upgrade"), ("serve",), ("totals", "MDRBY003"), ("db", "backup", "--unencrypted")):
        assert used.relief(*words).exception.code == "database_missing", words
    assert not (used.folder / "relief.db").exists()
    assert "missing or empty" in findings(used)["database"]
    (used.folder / "relief.db").touch()
    assert used.relief("serve").exception.code == "database_missing"


@only_postgresql
def test_an_emptied_database_is_not_filled_with_new_tables(used: Station) -> None:
    used.harm("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    assert used.relief("serve").exception.code == "database_missing"
    assert used.relief("db", "upgrade").exception.code == "database_missing"
    assert "missing or empty" in findings(used)["database_missing"]


@only_sqlite
def test_a_database_that_lost_its_last_records_is_named_and_not_served(station: Station, tmp_path: Path) -> None:
    with station.served():
        phone = station.phone()
        station.give(phone)
        with closing(sqlite3.connect(station.folder / "relief.db")) as source:
            source.execute("VACUUM INTO ?", (str(tmp_path / "old.db"),))
    with station.served():
        station.give(phone, 2)
        station.wait_for_anchors()
    shutil.copyfile(tmp_path / "old.db", station.folder / "relief.db")
    for path in station.folder.glob("relief.db-*"):
        path.unlink()
    assert "its last records are lost" in findings(station)["ledger"]
    assert station.relief("serve").exception.code == "ledger_cut"
    station.told("db", "adopt")
    assert findings(station) == {}
    with station.served():
        phone.sync()
    assert station.food_given() == 3


def test_an_appeal_code_that_was_taken_for_another_is_named_until_it_is_written_back(used: Station) -> None:
    assert used.told("ledger", "verify", "MDRBY003")["good"]
    used.harm("UPDATE operation SET appeal_code = 'MDRBY002', glide = NULL")
    with used.served():
        pass  # what was given is remembered all the same
    assert "was given CW-2013-000010-BLR (glide), once, and goes by -" in findings(used)["operation"]
    assert "operation_renamed (2)" in used.relief("ledger", "verify", "MDRBY002").stdout
    used.harm("UPDATE operation SET appeal_code = 'MDRBY003', glide = 'CW-2013-000010-BLR'")
    assert used.told("ledger", "verify", "MDRBY003")["good"]


@only_sqlite
def test_a_phone_that_knows_more_than_the_database_is_heard(station: Station, tmp_path: Path) -> None:
    with station.served():
        phone = station.phone()
        station.give(phone)
        with closing(sqlite3.connect(station.folder / "relief.db")) as source:
            source.execute("VACUUM INTO ?", (str(tmp_path / "old.db"),))
        station.give(phone, 2)
    shutil.copyfile(tmp_path / "old.db", station.folder / "relief.db")
    for path in (*station.folder.glob("relief.db-*"), station.folder / "anchors.json"):
        path.unlink(missing_ok=True)
    with station.served():
        phone.sync()
    assert "knows position" in findings(station)["ledger"]
    assert station.relief("ledger", "verify", "MDRBY003", "--json").exit_code == 5


@only_sqlite
def test_damaged_pages_are_named(station: Station) -> None:
    with (station.folder / "relief.db").open("r+b") as file:
        file.seek(5 * 4096)
        file.write(os.urandom(10 * 4096))
    assert "damaged" in findings(station)["database"]


@pytest.mark.parametrize(("harm", "about"), [
    (lambda folder: (folder / "secrets.json").chmod(0o644), "secrets"),
    (lambda folder: (folder / "settings.toml").write_text("prot = 80\n"), "settings"),
])  # fmt: skip
def test_what_keeps_a_server_from_starting_is_named(station: Station, harm, about: str) -> None:
    harm(station.folder)
    assert about in findings(station)


def test_a_clock_behind_the_newest_record_is_named(station: Station) -> None:
    station.clock.set(station.clock.now() - 86_400)
    assert "clock" in findings(station)


@pytest.mark.parametrize(("version", "says"), [("0001", "earlier version"), ("9999", "later version")])
def test_a_schema_that_is_not_this_programs_is_named(station: Station, version: str, says: str) -> None:
    station.harm(f"UPDATE alembic_version SET version_num = '{version}'")
    assert says in findings(station)["schema_not_current"]


def test_what_was_taken_away_from_the_database_is_named_and_not_served(station: Station) -> None:
    station.harm("DROP TABLE counter", "ALTER TABLE tally_sheet DROP COLUMN told")
    assert "counter, tally_sheet.told" in findings(station)["tables_missing"]
    for words in (("serve",), ("totals", "MDRBY003"), ("db", "backup", "--unencrypted")):
        assert station.relief(*words).exception.code == "tables_missing", words


@pytest.mark.parametrize("harm", ["DELETE FROM alembic_version", "UPDATE alembic_version SET version_num = ''",
                                  "DROP TABLE alembic_version"])  # fmt: skip
def test_a_database_that_no_longer_says_its_version_is_not_called_empty_and_nothing_is_made_over_it(used: Station, harm) -> None:
    used.harm(harm)
    assert "alembic_version" in findings(used)["version_missing"]
    for words in (("serve", "--port", "1"), ("db", "upgrade"), ("db", "upgrade", "--anew"), ("db", "backup", "--unencrypted")):
        assert used.relief(*words).exception.code == "version_missing", words


def test_a_guard_that_was_taken_away_is_named(station: Station) -> None:
    station.harm("SELECT 1")  # with all guards down, as whoever changes entries has to
    assert "keep_entry_facts, keep_entry_mark" in findings(station)["guards"]


@only_sqlite
def test_a_missing_log_is_named_each_time_one_looks(station: Station) -> None:
    (station.folder / "relief.db-shm").write_bytes(bytes(32768))
    for _again in range(2):
        assert "relief.db-wal is missing" in findings(station)["database"]
    assert station.relief("serve").exception.code == "wal_missing"


@only_postgresql
def test_what_was_not_sealed_is_named(station: Station) -> None:
    station.harm("UPDATE entry SET position = NULL, hash = NULL, received_at = received_at - 3600 WHERE position = "
                 "(SELECT max(position) FROM entry)")  # fmt: skip
    assert "sealer" in findings(station)


HALF, WHOLE = ["operation"], ["entry", "seal", "head", "operation"]


@pytest.mark.parametrize("taken", [HALF, WHOLE], ids=["its row", "with its entries"])
def test_an_operation_that_was_taken_away_is_named_and_not_served(used: Station, taken: list[str]) -> None:
    used.harm(*(f"DELETE FROM {table}" for table in taken), references=False)
    assert operation_id(FLOODS) in findings(used)["ledger"]
    verified, served = used.relief("ledger", "verify", "MDRBY003"), used.relief("serve", "--port", "1")
    assert (verified.exception.code, verified.exception.exit_code) == ("operation_gone", 5)
    assert operation_id(FLOODS) in str(verified.exception)
    assert served.exception.code in {"operation_gone", "ledger_cut"}


def test_a_server_with_keys_of_its_own_on_a_database_of_others_is_named_and_not_served(used: Station, tmp_path: Path) -> None:
    path = used.folder / "secrets.json"
    right = path.read_bytes()
    (other := tmp_path / "other").mkdir(mode=0o700)
    load_secrets(other)
    path.write_bytes((other / "secrets.json").read_bytes())
    assert "signed with other keys" in findings(used)["secrets"]
    assert used.relief("serve", "--port", "1").exception.code == "other_keys"
    path.write_bytes(right)
    assert used.told("ledger", "verify", "MDRBY003")["good"]


def test_no_command_writes_under_keys_of_its_own_into_a_database_of_others(used: Station, tmp_path: Path) -> None:
    path = used.folder / "secrets.json"
    right = path.read_bytes()
    (other := tmp_path / "other").mkdir(mode=0o700)
    load_secrets(other)
    path.write_bytes((other / "secrets.json").read_bytes())
    (plan := tmp_path / "operation.json").write_text("{}")
    for words in (("cards", "issue", "--operation", "MDRBY003", "--blank", "5"), ("operation", "import", str(plan)),
                  ("ledger", "rebuild", "MDRBY003"), ("db", "upgrade"), ("db", "adopt"), ("users", "list")):  # fmt: skip
        assert used.relief(*words).exception.code == "other_keys", words
    assert (
        "signature_wrong" in used.relief("ledger", "verify", "MDRBY003", "--json").stdout
    )  # which says what is so, and seals nothing
    path.write_bytes(right)
    assert used.told("ledger", "verify", "MDRBY003")["good"]
