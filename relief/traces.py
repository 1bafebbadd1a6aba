"""What an instance folder tells of a database and its keys having been there: where one is gone, none is made in its place."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from relief.kernel.ids import to_bytes

DATABASE = "relief.db"
MEMORY, ANCHORS, JOURNAL, SECRETS = "databases.json", "anchors.json", "erasures.jsonl", "secrets.json"
BACKUPS = "backups/relief-*"
LEFT_BEHIND = (f"{DATABASE}-wal", f"{DATABASE}-shm")


def traces_of_database(instance: Path) -> list[str]:
    """Return the names of the files that tell of a database that had tables; none for an installation begun just now."""
    known, anchors = told_of(instance / MEMORY, []), told_of_anchors(instance)
    found = [f"{MEMORY}: {', '.join(map(str, known))}" if known else MEMORY] if known != [] else []
    found += [ANCHORS] if anchors is None or anchors.get("operations") else []
    # The first start writes an (empty) memory before its keys: keys without a memory are those of an earlier database.
    found += [SECRETS] if not (instance / MEMORY).exists() and _is_filled(instance / SECRETS) else []
    found += [JOURNAL] if _is_filled(instance / JOURNAL) else []
    if not (instance / DATABASE).exists():  # SQLite makes them with the file
        found += [name for name in LEFT_BEHIND if (instance / name).exists()]
    return found + sorted(str(path.relative_to(instance)) for path in instance.glob(BACKUPS))[-1:]


def keys_were_made(instance: Path) -> list[str]:
    """Return what tells that there were keys: all that tells of a database, and the database itself."""
    return ([DATABASE] if _is_filled(instance / DATABASE) else []) + traces_of_database(instance)


def damaged_memories(instance: Path) -> list[str]:
    """Return which of the files that remember the database cannot be read."""
    told = {MEMORY: told_of(instance / MEMORY, []), ANCHORS: told_of_anchors(instance)}
    return [name for name, each in told.items() if each is None]


def told_of_anchors(instance: Path) -> dict[str, Any] | None:
    """Return what `anchors.json` holds, `{}` where there is none, None where it or an anchor in it is damaged."""
    told: dict[str, Any] | None = told_of(instance / ANCHORS, {})
    operations = (told or {}).get("operations", {})
    return told if isinstance(operations, dict) and all(map(_is_anchor, operations.items())) else None


def _is_anchor(pair: tuple[str, Any]) -> bool:
    operation, anchor = pair
    try:
        to_bytes(operation), to_bytes(anchor["ledger"]), bytes.fromhex(anchor["hash"])
        return type(anchor["position"]) is int
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def told_of(path: Path, empty: Any) -> Any:
    """Return what a JSON file holds, `empty` where there is no such file, None where it is damaged or of another kind."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return empty
    except (OSError, ValueError):
        return None
    return told if isinstance(told, type(empty)) else None


def write_whole(path: Path, told: Any) -> None:
    """Write a JSON file (mode 0600) that is on disk and in its place, or not at all."""
    with written_beside(path, told) as spare:
        spare.replace(path)
    sync_folder(path.parent)


@contextmanager
def written_beside(path: Path, told: Any) -> Iterator[Path]:
    """Yield a JSON file (mode 0600) beside `path`, on disk, to be put in its place; nothing of it stays, also on a full disk."""
    spare = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(told, file)
            file.flush()
            os.fsync(file.fileno())
        yield spare
    finally:
        spare.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Have a folder's entries on disk, so that a file moved into it stays there."""
    if os.name == "posix":  # elsewhere a folder cannot be opened, and its entry is on disk with the file
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _is_filled(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0
