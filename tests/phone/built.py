"""The capture app as it is built from this checkout."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.house.source import PACKAGE, ROOT


@cache
def built_app() -> Path:
    """Return the folder of the app, built where its sources have changed since."""
    command = [sys.executable, ROOT / "frontend" / "build.py"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return PACKAGE / "static" / "phone"
