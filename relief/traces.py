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
LEFT_BEHIND = ("relief.db-wal", "relief.db-shm")


def traces_of_database(instance: Path) -> list[str]:
    """Return the names of the files that nobody has who never had a database: an installation begun just now has none."""
    known = told_of(instance / MEMORY, [])
    found = [MEMORY] if known is None or known else []
    anchors = told_of(instance / ANCHORS, {})
    found += [ANCHORS] if anchors is None or anchors.get("operations") else []
    found += [JOURNAL] if _size(instance / JOURNAL) else []
    if not (instance / DATABASE).exists():  # SQLite makes them with the file
        found += [name for name in LEFT_BEHIND if (instance / name).exists()]
    found += sorted(str(path.relative_to(instance)) for path in instance.glob(BACKUPS))[-1:]
    # The first start writes an (empty) memory before its keys: keys without a memory are those of an earlier database.
    return found + ([SECRETS] if _size(instance / SECRETS) and not (instance / MEMORY).exists() else [])


def keys_were_made(instance: Path) -> list[str]:
    """Return what tells that there were keys: all that tells of a database, and the database itself."""
    return ([DATABASE] if _size(instance / DATABASE) else []) + traces_of_database(instance)


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
    if os.name == "posix":  # elsewhere a folder cannot be opened, and its entry is on disk with the file
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
