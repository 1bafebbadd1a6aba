"""Settings: from the environment (`RELIEF_...`) or `settings.toml` in the instance folder, checked once at start.

Secrets are made at first start in `secrets.json` (mode 0600) of that folder. Each carries a key id so that it can rotate.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from relief.kernel.clock import ShiftedClock
from relief.kernel.errors import BadSetting
from relief.traces import MEMORY, SECRETS, keys_were_made, write_whole, written_beside

PREFIX = "RELIEF_"
PORT = 8000


def own_address(port: int) -> str:
    """Return the address of a server on this very machine: the public one, as long as nobody names another."""
    return f"http://localhost:{port}"


@dataclass(frozen=True, slots=True)
class Settings:
    """What one installation may choose. Every field is documented in docs/settings.md; a test holds that."""

    instance: Path
    database_url: str
    public_url: str = own_address(PORT)
    host: str = "127.0.0.1"
    port: int = PORT
    threads: int = 16
    clock_file: Path | None = None
    demo: bool = False
    session_idle_minutes: int = 30
    session_hours: int = 12
    join_code_hours: int = 48
    signin_link_hours: int = 24
    silent_phone_minutes: int = 60
    backup_recipient: str = ""
    log_format: str = "json"
    metrics: bool = False
    metrics_token: str = ""


@dataclass(frozen=True, slots=True)
class Secrets:
    """The installation's keys, newest first; `key_id -> key bytes`."""

    session_keys: dict[str, bytes]
    seal_keys: dict[str, bytes]


_LIMITS = {"port": (1, 65535), "threads": (1, 64), "session_idle_minutes": (1, 1440), "session_hours": (1, 168),
           "join_code_hours": (1, 336), "signin_link_hours": (1, 336), "silent_phone_minutes": (1, 10080)}  # fmt: skip

_KEY = "age1[0-9a-z]{58}"
_TEXTS = {
    # Not repeated: it may be the private key, by mistake, and what is said here reaches logs.
    "backup_recipient": (rf"({_KEY}([ ,]+{_KEY})*)?",
                         "backup_recipient must be a public key (age1...): relief db backup-key makes one."),
    "log_format": (r"json|text", "log_format must be json or text, not {!r}."),
    "metrics_token": (r"([!-~]{16,200})?", "metrics_token must be at least 16 letters, digits and signs without blanks."),
}  # fmt: skip


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the checked settings; raises BadSetting with one sentence for each that is wrong."""
    environ = os.environ if environ is None else environ
    instance = Path(environ.get("RELIEF_INSTANCE") or "instance").resolve()
    wrong: list[str] = []
    given = {**_from_file(instance / "settings.toml", wrong), **_from_environment(environ, wrong)}
    values: dict[str, object] = {}
    for field in fields(Settings):
        if field.name != "instance" and field.name in given:
            values[field.name] = _checked(field.name, str(field.type), given[field.name], wrong)
    url = str(values.pop("database_url", "") or f"sqlite:///{instance / 'relief.db'}")
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    if not _is_database_address(url):
        wrong.append("database_url must be sqlite:///PATH or postgresql://user:password@host/name.")
    if wrong:
        raise BadSetting(" ".join(wrong))
    port = values.get("port", PORT)
    assert isinstance(port, int)
    values.setdefault("public_url", own_address(port))
    return Settings(instance=instance, database_url=_whole_path(url, instance), **values)  # type: ignore[arg-type]


def _from_file(path: Path, wrong: list[str]) -> dict[str, object]:
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadSetting(f"{path.name} in the instance folder cannot be read: {error}.") from error
    wrong += _unknown(given, [field.name for field in fields(Settings) if field.name != "instance"])
    return given


def _from_environment(environ: Mapping[str, str], wrong: list[str]) -> dict[str, object]:
    known = {f"{PREFIX}{field.name.upper()}": field.name for field in fields(Settings)}
    wrong += _unknown([key for key in environ if key.startswith(PREFIX)], known)
    return {name: environ[key] for key, name in known.items() if key in environ and name != "instance"}


def _unknown(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return a sentence for each name that is no setting: a mistyped one must not be taken for the default."""
    bare = {name.removeprefix(PREFIX): name for name in known}  # the prefix would make every two alike
    near = {name: get_close_matches(name.removeprefix(PREFIX), bare, 1) for name in sorted(set(names) - set(known))}
    return [f"There is no setting called {name}" + (f"; the nearest is {bare[found[0]]}." if found else ".")
            for name, found in near.items()]  # fmt: skip


def _checked(name: str, kind: str, value: object, wrong: list[str]) -> object:
    text = str(value).strip()
    if kind == "bool":
        if text.lower() in ("1", "true", "yes", "0", "false", "no"):
            return text.lower() in ("1", "true", "yes")
        wrong.append(f"{name} must be yes or no, not {text!r}.")
    elif kind == "int":
        low, high = _LIMITS[name]
        if text.isascii() and text.isdigit() and low <= int(text) <= high:
            return int(text)
        wrong.append(f"{name} must be a whole number from {low} to {high}, not {text!r}.")
    elif name == "clock_file":
        return _clock_file(Path(text), wrong)
    elif name in _TEXTS and not re.fullmatch(_TEXTS[name][0], text):
        wrong.append(_TEXTS[name][1].format(text))
    elif name == "host" and not _is_host(text):
        wrong.append(f"host must name the address to listen on, without a port, not {text!r}; 0.0.0.0 means all.")
    elif name == "public_url":
        if _is_server_address(text):
            return text.rstrip("/")
        wrong.append(f"public_url must be an address such as https://relief.example.org, not {text!r}.")
    return text


def _clock_file(path: Path, wrong: list[str]) -> Path:
    try:
        ShiftedClock(path).now()
    except BadSetting as error:
        wrong.append(error.message)
    return path


def _is_host(text: str) -> bool:
    """Tell whether the text is an address or a host's name. Nothing at all would be every address there is."""
    try:
        return bool(ip_address(text))
    except ValueError:
        name = re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", text)
        return name is not None and re.fullmatch(r"[\d.]+", text) is None


def _is_database_address(url: str) -> bool:
    try:
        parts = make_url(url)
    except (ArgumentError, ValueError):
        return False
    in_memory = parts.database in (None, "", ":memory:")  # gone when the command ends
    return parts.drivername == "postgresql+psycopg" or (parts.drivername == "sqlite" and not in_memory)


def _whole_path(url: str, instance: Path) -> str:
    """Return the address with the file of SQLite named in full: the same database from whatever folder a command is run."""
    parts = make_url(url)
    if parts.drivername != "sqlite" or Path(str(parts.database)).is_absolute():
        return url
    return parts.set(database=str(instance / str(parts.database))).render_as_string(hide_password=False)


def _is_server_address(text: str) -> bool:
    """Tell whether the text is http(s)://host, with a port or not: we serve no part of somebody else's address."""
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    plain = text.isprintable() and " " not in text and not set(text) & set("?#@\\")
    return named and plain and parts.scheme in ("http", "https") and parts.path in ("", "/")


def load_secrets(instance: Path) -> Secrets:
    """Return the installation's keys, making them at the first start; raises BadSetting when the file is unusable."""
    path = instance / SECRETS
    try:
        instance.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _refuse_if_lost(instance)
            _make_secrets(path)
        if path.stat().st_mode & 0o077:
            raise BadSetting(f"{path.name} can be read by others: set its mode to 0600.")
        stored = json.loads(path.read_text(encoding="ascii"))
        return Secrets(**{name: {key: bytes.fromhex(value) for key, value in stored[name].items()}
                          for name in ("session_keys", "seal_keys")})  # fmt: skip
    except OSError as error:
        raise BadSetting(f"The instance folder {instance} cannot be used: {error.strerror}. "
                         "RELIEF_INSTANCE names another.") from error  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadSetting(f"{path.name} in the instance folder is damaged: restore it from the backup.") from error


def _refuse_if_lost(instance: Path) -> None:
    """Raise BadSetting where there were keys: new ones in their place would make every signature of the ledger look forged."""
    traces = keys_were_made(instance)
    if traces and not (instance / SECRETS).exists():  # else another process makes an installation just now
        raise BadSetting(f"{SECRETS} is missing in the instance folder {instance}, but there was one ({'; '.join(traces)}). "
                         "No new keys were made. Put it back, or take it from a backup: relief db restore FILE --keys-only. "
                         "To begin anew, name another folder with RELIEF_INSTANCE.", code="secrets_missing")  # fmt: skip


def _make_secrets(path: Path) -> None:
    if not (path.parent / MEMORY).exists():
        write_whole(path.parent / MEMORY, [])  # before the keys: see `traces_of_database`
    fresh = {name: {secrets.token_hex(4): secrets.token_hex(32)} for name in ("session_keys", "seal_keys")}
    # Linked, not moved: where another process was first, its secrets hold.
    with written_beside(path, fresh) as spare, suppress(FileExistsError):
        os.link(spare, path)
