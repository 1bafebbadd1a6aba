"""The real server, `relief serve`, as a process of its own for as long as the phones play."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flask_babel import gettext as _

from relief.kernel.errors import ReliefError

START_SECONDS, STOP_SECONDS = 180, 15  # a start takes two seconds, and many times that beside other work
# The server ends when the pipe to us does: a killed demonstration leaves nothing running.
_RELIEF = """
import os, signal, sys, threading
def end_with_parent():
    while os.read(0, 1):  # not sys.stdin, whose lock a daemon thread would hold when Python ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=end_with_parent, daemon=True).start()
from relief.cli import main
main()
"""


class ServerFailed(ReliefError):
    """The server did not come up; its log says why."""

    code, status, exit_code = "server_failed", 500, 7


@contextmanager
def running_server(folder: Path, log: Path, environ: Mapping[str, str] = os.environ) -> Iterator[str]:
    """Yield the address of a server on this folder, on a free port of this machine; stop it afterwards."""
    port = free_port()
    environ = {**environ, "RELIEF_INSTANCE": str(folder), "RELIEF_HOST": "127.0.0.1", "RELIEF_PORT": str(port)}
    with log.open("ab") as output:
        process = subprocess.Popen([sys.executable, "-c", _RELIEF, "serve"], env=environ, stdout=output, stderr=output,
                                   stdin=subprocess.PIPE)  # fmt: skip
    try:
        base_url = f"http://127.0.0.1:{port}"
        _wait_until_ready(process, base_url, log)
        yield base_url
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], base_url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerFailed(_("The server did not start; %(log)s says why.", log=str(log)))
        try:
            with urllib.request.urlopen(f"{base_url}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError as error:
            if isinstance(error, urllib.error.HTTPError):  # it answers, but is not ready: the answer is still open
                error.close()
            time.sleep(0.1)
    raise ServerFailed(_("The server was not ready after %(seconds)s seconds: the machine is too busy, or %(log)s says why.",
                         seconds=START_SECONDS, log=str(log)))
