"""What an instance folder tells of a database and its keys having been there: where one is gone, none is made in its place."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

DATABASE = "relief.db"
MEMORY, ANCHORS, JOURNAL, SECRETS = "databases.json", "anchors.json", "erasures.jsonl", "secrets.json"
BACKUPS = "backups/relief-*"
LEFT_BEHIND = (f"{DATABASE}-wal", f"{DATABASE}-shm")


def traces_of_database(instance: Path) -> list[str]:
    """Return the names of the files that tell of a database that had tables; none for an installation begun just now.

    `databases.json` alone decides where it can be read: the first start writes an empty one before its keys. Where it is
    missing or damaged, everything counts that nobody has who never had a database.
    """
    known = told_of(instance / MEMORY, [])
    if known is not None and (instance / MEMORY).exists():
        return [f"{MEMORY}: {', '.join(map(str, known))}"] if known else []
    left = [name for name in (ANCHORS, JOURNAL, SECRETS, *LEFT_BEHIND) if (instance / name).exists()]
    backups = sorted(str(path.relative_to(instance)) for path in instance.glob(BACKUPS))
    return ([MEMORY] if known is None else []) + left + backups[-1:]


def keys_were_made(instance: Path) -> list[str]:
    """Return what tells that there were keys: all that tells of a database, and the database itself."""
    database = instance / DATABASE
    return ([DATABASE] if database.exists() and database.stat().st_size else []) + traces_of_database(instance)


def damaged_memories(instance: Path) -> list[str]:
    """Return which of the files that remember the database cannot be read."""
    return [name for name, empty in ((MEMORY, []), (ANCHORS, {})) if told_of(instance / name, empty) is None]


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
    spare = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(spare, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(told, file)
        file.flush()
        os.fsync(file.fileno())
    spare.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have a folder's entries on disk, so that a file moved into it stays there."""
    if os.name == "posix":  # elsewhere a folder cannot be opened, and its entry is on disk with the file
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
