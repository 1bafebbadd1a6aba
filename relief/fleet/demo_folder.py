"""The demonstration's folder: loaded only where nothing is, or a demonstration was. `demo.json` marks it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from relief.kernel.clock import ShiftedClock
from relief.kernel.errors import Conflict

MARKER, CLOCK, SERVER_LOG = "demo.json", "clock", "server.log"
OWN_FILES = frozenset((MARKER, CLOCK, SERVER_LOG, "serve.lock", "serve.address", "anchors.json", "databases.json",
                       "settings.toml", "secrets.json", "relief.db", "relief.db-wal", "relief.db-shm"))  # fmt: skip
LOADING, COMPLETE = "loading", "complete"


def folder_of(environ: Mapping[str, str]) -> Path:
    """Return the folder that RELIEF_INSTANCE names, `instance/demo` by default."""
    return Path(environ.get("RELIEF_INSTANCE") or "instance/demo").resolve()


def check_environment(environ: Mapping[str, str]) -> None:
    """Raise Conflict where a setting of the environment would lead the demonstration out of its folder."""
    for name in ("RELIEF_DATABASE_URL", "RELIEF_CLOCK_FILE"):
        if environ.get(name):
            raise Conflict(_("The demonstration keeps its database and clock in its own folder: unset %(name)s first. "
                             "Nothing was touched.", name=name), where=name)  # fmt: skip


def find_complete(folder: Path) -> dict[str, Any] | None:
    """Return what a complete demonstration in the folder says of itself, None when it is to be loaded (again).

    Raises Conflict when the folder holds anything else, or another process loads it just now.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return None
    marker = _read_marker(folder)
    if marker is None:
        raise Conflict(_("%(folder)s is neither empty nor a demonstration. Nothing was touched; name another folder with "
                         "RELIEF_INSTANCE.", folder=str(folder)), code="not_a_demo")  # fmt: skip
    if marker.get("state") == COMPLETE:
        return marker
    if _is_running(marker.get("process")):
        raise Conflict(_("Another process is loading the demonstration into %(folder)s.", folder=str(folder)),
                       code="demo_loading")  # fmt: skip
    return None


def prepare(folder: Path) -> ShiftedClock:
    """Clear what an interrupted loading left, mark the folder, write its settings; return its clock."""
    folder.mkdir(parents=True, exist_ok=True)
    write_marker(folder, LOADING, process=os.getpid())
    for path in folder.iterdir():
        if path.name in OWN_FILES and path.name != MARKER:
            path.unlink()
    clock = ShiftedClock(folder / CLOCK)
    (folder / "settings.toml").write_text(
        "# Written by `relief demo`. The clock shows the days of 2013.\n"
        f"demo = true\nclock_file = {json.dumps(str(clock.path), ensure_ascii=False)}\n",
        encoding="utf-8",
    )
    return clock


def write_marker(folder: Path, state: str, **more: Any) -> None:
    """Say in the folder that it is a demonstration, and how far it has come."""
    spare = folder / f"{MARKER}.new"
    spare.write_text(json.dumps({"about": "a demonstration made by `relief demo`", "state": state, **more}, indent=2) + "\n",
                     encoding="utf-8")  # fmt: skip
    spare.replace(folder / MARKER)


def _read_marker(folder: Path) -> dict[str, Any] | None:
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return marker if isinstance(marker, dict) and marker.get("state") in (LOADING, COMPLETE) else None


def _is_running(process: object) -> bool:
    if not isinstance(process, int) or process == os.getpid() or os.name != "posix":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
