"""`relief db backup` writes a copy that can be trusted."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from relief.database_cli import BackupFailed, database
from relief.kernel.errors import Conflict
from relief.schema import newest_revision
from tests.conftest import only_postgresql, only_sqlite
from tests.databases import PostgresServer


def backup(app: Flask, path: Path) -> None:
    database.main(["backup", "-o", str(path)], standalone_mode=False)


@only_sqlite
def test_a_backup_is_a_database_of_its_own_that_only_its_owner_reads(app: Flask, tmp_path: Path) -> None:
    backup(app, tmp_path / "copies" / "relief.db")
    with closing(sqlite3.connect(tmp_path / "copies" / "relief.db")) as copy:
        assert copy.execute("SELECT count(*) FROM user_account").fetchone() == (0,)
    assert (tmp_path / "copies" / "relief.db").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "copies").iterdir()] == ["relief.db"]


@only_sqlite
def test_a_backup_never_overwrites_another(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "relief.db").write_bytes(b"earlier")
    with pytest.raises(Conflict):
        backup(app, tmp_path / "relief.db")
    assert (tmp_path / "relief.db").read_bytes() == b"earlier"


@only_sqlite
def test_without_a_name_the_backup_goes_into_the_instance_folder(app: Flask, instance: Path) -> None:
    database.main(["backup"], standalone_mode=False)
    assert len(list((instance / "backups").glob("relief-*.db"))) == 1


@only_postgresql
def test_without_pg_dump_the_reason_is_told(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupFailed, match="pg_dump"):
        backup(app, tmp_path / "relief.dump")
    assert list(tmp_path.iterdir()) == []


@only_postgresql
def test_a_dump_of_postgresql_can_be_read_back(
    app: Flask, tmp_path: Path, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(postgres_server.binaries), prepend=":")
    backup(app, tmp_path / "relief.dump")
    reader = postgres_server.binaries / "pg_restore"
    listed = subprocess.run([reader, "--list", tmp_path / "relief.dump"], capture_output=True, text=True)
    assert " TABLE DATA public user_account " in listed.stdout
    assert (tmp_path / "relief.dump").stat().st_mode & 0o077 == 0


def test_the_database_is_brought_up_to_date_by_one_command(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    database.main(["upgrade"], standalone_mode=False)
    assert newest_revision() in capsys.readouterr().out
