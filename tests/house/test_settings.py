"""Settings are checked once, each wrong one with its own sentence; secrets are made once and kept from others."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from relief.kernel.errors import BadSetting
from relief.settings import load_secrets, load_settings


def settings_from(instance: Path, **environ: str):
    return load_settings({"RELIEF_INSTANCE": str(instance), **environ})


def test_without_any_setting_there_is_an_sqlite_file_in_the_instance_folder(tmp_path: Path) -> None:
    settings = settings_from(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path / 'relief.db'}"
    assert (settings.host, settings.port, settings.demo) == ("127.0.0.1", 8000, False)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('port = 8080\nhost = "0.0.0.0"\ndemo = true\n', encoding="utf-8")
    settings = settings_from(tmp_path, RELIEF_PORT="9090")
    assert (settings.host, settings.port, settings.demo) == ("0.0.0.0", 9090, True)


def test_a_postgresql_address_is_taken_as_people_write_it(tmp_path: Path) -> None:
    settings = settings_from(tmp_path, RELIEF_DATABASE_URL="postgresql://relief:secret@db.example/relief")
    assert settings.database_url == "postgresql+psycopg://relief:secret@db.example/relief"


@pytest.mark.parametrize(
    "address",
    ["mysql://db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "postgresql://a@b:port/c", "postgresql:/x", "relief"],
)
def test_a_database_that_nobody_can_open_is_told(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadSetting, match="database_url must be sqlite:///PATH or postgresql://"):
        settings_from(tmp_path, RELIEF_DATABASE_URL=address)


def test_a_database_file_named_in_short_lies_in_the_instance_folder(tmp_path: Path, monkeypatch) -> None:
    """Not in the folder that a command happens to be run from: tomorrow's backup would look for it elsewhere."""
    monkeypatch.chdir("/")
    settings = settings_from(tmp_path, RELIEF_DATABASE_URL="sqlite:///db/own.db")
    assert settings.database_url == f"sqlite:///{tmp_path / 'db' / 'own.db'}"


def test_an_empty_host_does_not_open_the_server_to_everybody(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="host must name"):
        settings_from(tmp_path, RELIEF_HOST=" ")


@pytest.mark.parametrize("host", ["a b", "999.1.1.1", "[]", "[::1]", "http://here", "-x", "here:8000"])
def test_a_host_that_is_no_address_is_named(tmp_path: Path, host: str) -> None:
    with pytest.raises(BadSetting, match="host must name"):
        settings_from(tmp_path, RELIEF_HOST=host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::", "::1", "0.0.0.0", "localhost", "relief-1.example.org"])
def test_a_host_is_an_address_or_a_name(tmp_path: Path, host: str) -> None:
    assert settings_from(tmp_path, RELIEF_HOST=host).host == host


@pytest.mark.parametrize("content", [None, "", "now", "1.5", "99999999999999999999", "-99999999999999"])
def test_a_clock_file_that_shows_no_time_is_told_before_anything_is_done(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "clock").write_text(content, encoding="ascii")
    with pytest.raises(BadSetting, match="must hold the whole seconds"):
        settings_from(tmp_path, RELIEF_CLOCK_FILE=str(tmp_path / "clock"))


def test_a_backup_key_that_is_none_is_told_before_the_night(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="backup_recipient must be a public key"):
        settings_from(tmp_path, RELIEF_BACKUP_RECIPIENT="age1zzz")
    several = f"age1{'q' * 58}, age1{'p' * 58}"
    assert settings_from(tmp_path, RELIEF_BACKUP_RECIPIENT=several).backup_recipient == several


@pytest.mark.parametrize("port", ["0", "65536", "-1", "80.5", "eighty", "", "٨٠", "1e3"])
def test_a_port_that_is_none_is_named(tmp_path: Path, port: str) -> None:
    with pytest.raises(BadSetting, match="port must be a whole number from 1 to 65535"):
        settings_from(tmp_path, RELIEF_PORT=port)


def test_every_wrong_setting_gets_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('colour = "blue"\n', encoding="utf-8")
    with pytest.raises(BadSetting) as told:
        settings_from(tmp_path, RELIEF_THREADS="many", RELIEF_DEMO="perhaps", RELIEF_DATABASE_URL="mysql://db")
    for name in ("threads", "demo", "database_url", "colour"):
        assert name in told.value.message


@pytest.mark.parametrize("content", [b"port = ", b"\xff\xfe", b"[port"])
def test_a_settings_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "settings.toml").write_bytes(content)
    with pytest.raises(BadSetting, match=r"settings\.toml"):
        settings_from(tmp_path)


@pytest.mark.parametrize(
    "address", ["foo", "foo.example.org", "ftp://foo", "http://", "https:///x", "http://a b", "http://a:port", "http://a:0",
                "http://a/relief", "http://a?x", "http://a#x", "http://me@a", "", "javascript:alert(1)", "http://[::1"]
)  # fmt: skip
def test_a_public_address_that_nobody_could_open_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadSetting, match="public_url must be an address such as"):
        settings_from(tmp_path, RELIEF_PUBLIC_URL=address)


@pytest.mark.parametrize(
    "address", ["http://localhost:8000", "https://relief.example.org/", "http://[::1]:8000", "http://10.0.0.7"]
)
def test_a_public_address_is_kept_without_its_last_stroke(tmp_path: Path, address: str) -> None:
    assert settings_from(tmp_path, RELIEF_PUBLIC_URL=address).public_url == address.rstrip("/")


def test_on_another_port_links_lead_there(tmp_path: Path) -> None:
    assert settings_from(tmp_path, RELIEF_PORT="8123").public_url == "http://localhost:8123"


def test_a_mistyped_setting_is_refused_and_the_nearest_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="There is no setting called RELIEF_THREAD; the nearest is RELIEF_THREADS"):
        settings_from(tmp_path, RELIEF_THREAD="900")
    (tmp_path / "settings.toml").write_text("prot = 80\n", encoding="utf-8")
    with pytest.raises(BadSetting, match="There is no setting called prot; the nearest is port"):
        settings_from(tmp_path)


def test_a_setting_like_no_other_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"There is no setting called RELIEF_XYZZY\."):
        settings_from(tmp_path, RELIEF_XYZZY="1")


def test_an_instance_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "inside"):
        settings_from(folder)
        with pytest.raises(BadSetting, match="The instance folder .*file.* cannot be used"):
            load_secrets(folder)


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    first = load_secrets(tmp_path / "instance")
    assert load_secrets(tmp_path / "instance") == first
    assert (tmp_path / "instance" / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert all(len(key) == 32 for key in (*first.session_keys.values(), *first.seal_keys.values()))


def test_servers_that_start_together_make_the_same_secrets(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _number: load_secrets(tmp_path), range(8)))
    assert all(secrets == made[0] for secrets in made)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["databases.json", "secrets.json"]


def test_secrets_that_others_can_read_are_refused(tmp_path: Path) -> None:
    load_secrets(tmp_path)
    (tmp_path / "secrets.json").chmod(0o644)
    with pytest.raises(BadSetting, match="0600"):
        load_secrets(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", "null", json.dumps({"session_keys": {"a": "zz"}, "seal_keys": {}}), "{}"])
def test_damaged_secrets_are_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "secrets.json").write_text(content, encoding="ascii")
    (tmp_path / "secrets.json").chmod(0o600)
    with pytest.raises(BadSetting, match="damaged"):
        load_secrets(tmp_path)
