"""`relief db backup` writes a file that can be trusted, and that only the holder of the private key can read."""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pyrage
import pytest
from flask import Flask
from sqlalchemy import text

from relief import create_app
from relief.db import db, unit_of_work
from relief.kernel.errors import BadInput, BadSetting, Conflict
from relief.schema import newest_revision, upgrade_schema
from relief.settings import Settings
from relief.upkeep.archive import read_identities
from relief.upkeep.backup import BackupFailed, make_backup, remove_old
from relief.upkeep.cli import database
from relief.upkeep.restore import read_backup
from tests.conftest import only_sqlite
from tests.ledger.field import Field, take_guards_away


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """A private key; the public one is its second word of the first line."""
    database.main(["backup-key", "-o", str(tmp_path / "key")], standalone_mode=False)
    return tmp_path / "key"


def public_of(key: Path) -> str:
    return key.read_text().splitlines()[0].rsplit(" ", 1)[1]


def backup(path: Path, *more: str) -> None:
    database.main(["backup", "-o", str(path), *more], standalone_mode=False)


def test_a_backup_opens_with_the_private_key_only_and_holds_database_and_secrets(app: Flask, key: Path, tmp_path: Path,
                                                                                 instance: Path) -> None:  # fmt: skip
    (tmp_path / "copies").mkdir()
    backup(tmp_path / "copies" / "one.age", "--recipient", public_of(key))
    file = tmp_path / "copies" / "one.age"
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in file.parent.iterdir()] == ["one.age"]
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(file.read_bytes(), [pyrage.x25519.Identity.generate()])
    (tmp_path / "one.tar.gz").write_bytes(pyrage.decrypt(file.read_bytes(), read_identities(key)))
    with tarfile.open(tmp_path / "one.tar.gz") as tar:
        tar.extractall(tmp_path / "open", filter="data")
    assert (tmp_path / "open" / "secrets.json").read_bytes() == (instance / "secrets.json").read_bytes()
    with closing(sqlite3.connect(tmp_path / "open" / "relief.db")) as copy:
        assert copy.execute("SELECT count(*) FROM user_account").fetchone() == (0,)


def test_a_backup_goes_into_the_folder_one_stands_in(app: Flask, key: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    backup(Path("one.age"), "--recipient", public_of(key))
    database.main(["check", "one.age", "--identity", "key"], standalone_mode=False)


def test_a_backup_holds_every_row_sealed_and_verified(app: Flask, clock, key: Path, tmp_path: Path) -> None:
    field = Field(app, clock)
    field.household("h1")
    phone = field.phone()
    phone.send(phone.handover("h1"), phone.handover("zz"))
    backup(tmp_path / "one", "--recipient", public_of(key))
    database.main(["check", str(tmp_path / "one"), "--identity", str(key)], standalone_mode=False)


def test_what_takes_long_says_how_far_it_is(app: Flask, clock, settings: Settings, tmp_path: Path) -> None:
    field = Field(app, clock)
    field.household("h1")
    field.seal()
    told: list[tuple[str, int, int]] = []
    made = make_backup(settings, tmp_path / "one", [], clock.now(), lambda *how_far: told.append(how_far))
    assert list(dict.fromkeys(stage for stage, _done, _all in told)) == ["copy", "verify", "write"]
    read_backup(made.path, None, settings, lambda *how_far: told.append(how_far))
    assert told[-1][0] == "verify" and 0 < told[-1][1] <= told[-1][2]


def test_a_ledger_that_does_not_verify_is_kept_but_named_so(app: Flask, clock, tmp_path: Path) -> None:
    field = Field(app, clock)
    field.household("h1")
    field.seal()
    with unit_of_work() as session:
        take_guards_away(session.connection())
        session.execute(text("UPDATE entry SET private_digest = facts_salt WHERE position = 2"))
    with pytest.raises(BackupFailed, match="entry_changed"):
        backup(tmp_path / "one", "--unencrypted")
    assert [path.name for path in tmp_path.glob("one*")] == ["one.unverified"]


def test_without_a_key_nothing_is_written_unless_somebody_says_so(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="no key"):
        backup(tmp_path / "one")
    assert list(tmp_path.glob("one*")) == []
    backup(tmp_path / "one", "--unencrypted")
    with tarfile.open(tmp_path / "one") as tar:
        assert tar.getnames()[-1] == "relief.db"


@pytest.mark.parametrize("given", ["age1nonsense", "AGE-SECRET-KEY-1ABC", "ssh-ed25519 AAAA"])
def test_what_is_no_public_key_is_refused(app: Flask, tmp_path: Path, given: str) -> None:
    with pytest.raises(BadInput):
        backup(tmp_path / "one", "--recipient", given)


def test_a_key_is_never_written_over_another(app: Flask, key: Path) -> None:
    before = key.read_bytes()
    assert key.stat().st_mode & 0o077 == 0
    with pytest.raises(Conflict, match="Name another file"):
        database.main(["backup-key", "-o", str(key)], standalone_mode=False)
    assert key.read_bytes() == before


def test_a_backup_never_overwrites_another(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"earlier")
    with pytest.raises(Conflict):
        backup(tmp_path / "one", "--unencrypted")
    assert (tmp_path / "one").read_bytes() == b"earlier"


@only_sqlite
def test_a_damaged_database_makes_no_backup(app: Flask, settings: Settings, tmp_path: Path) -> None:
    path = settings.instance / "relief.db"
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8 * 4096)
    with pytest.raises(Exception) as told:
        backup(tmp_path / "one", "--unencrypted")
    assert told.type is BackupFailed or "malformed" in str(told.value)
    assert list(tmp_path.glob("one*")) == []


def test_only_the_newest_are_kept_and_nothing_else_is_touched(app: Flask, settings: Settings, instance: Path) -> None:
    folder = instance / "backups"
    folder.mkdir()
    names = [f"relief-2013030{day}-120000.tar.gz.age" for day in range(1, 6)]
    for name in (*names, "mine.tar.gz.age", "relief-20130301-120000.tar.gz.age.unverified"):
        (folder / name).write_bytes(b"age-encryption.org/v1")
    (folder / "relief-20130401-120000.tar.gz.age").write_bytes(b"none")  # takes no good one's place
    assert [path.name for path in remove_old(settings, keep=2)] == names[:3]
    assert {path.name for path in folder.iterdir()} == {*names[3:], "mine.tar.gz.age",
                                                        "relief-20130301-120000.tar.gz.age.unverified",
                                                        "relief-20130401-120000.tar.gz.age"}  # fmt: skip


def test_a_mistyped_folder_is_named_and_not_made(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="typo"):
        backup(tmp_path / "typo" / "one", "--unencrypted")
    assert not (tmp_path / "typo").exists()


def test_a_database_of_an_earlier_version_is_backed_up_as_it_is(empty_database_url: str, instance: Path, tmp_path: Path) -> None:
    app = create_app(Settings(instance=instance, database_url=empty_database_url))
    with app.app_context():
        upgrade_schema("0015")
        with unit_of_work() as session:
            session.execute(text("INSERT INTO user_account (id, email, name, is_administrator, created_at) VALUES "
                                 "(:id, 'chief@example.org', 'Chief', :yes, 1)"), {"id": bytes(16), "yes": True})  # fmt: skip
        backup(tmp_path / "one", "--unencrypted")
        db.session.remove()
        db.engine.dispose()
    database.main(["check", str(tmp_path / "one")], standalone_mode=False)
    with tarfile.open(tmp_path / "one") as tar:
        tar.extractall(tmp_path / "open", filter="data")
    with closing(sqlite3.connect(tmp_path / "open" / "relief.db")) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == ("0015",)
        assert copy.execute("SELECT email FROM user_account").fetchall() == [("chief@example.org",)]


def test_the_database_is_brought_up_to_date_by_one_command(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    database.main(["upgrade"], standalone_mode=False)
    assert newest_revision() in capsys.readouterr().out
