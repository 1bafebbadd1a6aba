"""The capture app's own code as a phone without a screen, built for Node (frontend/phone/tests/headless)."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.phone.built import built_for_node


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
    process = subprocess.Popen(
        [*built_for_node("phone", folder), base_url], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
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
