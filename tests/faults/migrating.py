"""kill -9 in the middle of `relief db upgrade`: at a given statement, so that every one can have its turn."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass

from relief import create_app
from relief.db import db
from relief.settings import Settings
from tests.databases import schema_differences
from tests.web.test_server import environment

_UPGRADE = """
import os, signal, sys
from sqlalchemy import Engine, event
left = int(sys.argv.pop())

@event.listens_for(Engine, "before_cursor_execute")
def count(*_told):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

from relief.cli import main
main()
"""
UPGRADE_SECONDS = 60
NEVER = 0
KILLED = -9


@dataclass(frozen=True, slots=True)
class Outcome:
    kills: int
    upgrades: int


def upgrade(settings: Settings, killed_at: int = NEVER) -> int:
    """Run `relief db upgrade`, killed before its statement number `killed_at`; return its exit code."""
    command = [sys.executable, "-c", _UPGRADE, "db", "upgrade", str(killed_at)]
    done = subprocess.run(command, env=environment(settings), capture_output=True, text=True, timeout=UPGRADE_SECONDS)
    assert done.returncode in (0, KILLED), done.stderr
    return done.returncode


def kill_upgrades(settings: Settings, every: int) -> Outcome:
    """Kill the upgrade before statement 1, 1 + `every`, ... each time going on from where the last left; then let it end."""
    kills = number = 0
    while upgrade(settings, killed_at=1 + number * every) == KILLED:
        kills, number = kills + 1, number + 1
    assert upgrade(settings) == os.EX_OK
    assert_complete(settings)
    return Outcome(kills, 1)


def assert_complete(settings: Settings) -> None:
    """Raise AssertionError unless the database has exactly the schema of the models."""
    app = create_app(settings)
    with app.app_context():
        assert schema_differences() == []
        db.session.remove()
        db.engine.dispose()
