"""`wsgi:app` behind a server of one's own: it seals as `relief serve` does."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import only_postgresql
from tests.upkeep.station import Station
from tests.web.test_server import free_port, wait_until_answers

OWN = "import sys, waitress, wsgi; waitress.serve(wsgi.app, listen=f'127.0.0.1:{sys.argv[1]}')"


@contextmanager
def behind_waitress(station: Station) -> Iterator[None]:
    port = free_port()
    environment = {**os.environ, "RELIEF_INSTANCE": str(station.folder)}
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-c", OWN, str(port)], env=environment,
                               cwd=Path(__file__).parents[2])  # fmt: skip
    try:
        wait_until_answers(port)
        station.base_url = f"http://127.0.0.1:{port}"
        yield
    finally:
        process.kill()
        process.wait()


@only_postgresql
def test_what_phones_hand_in_there_is_sealed(station: Station) -> None:
    with behind_waitress(station):
        station.give(station.phone(), 2)
        until = time.monotonic() + 20
        while station.food_given() < 2 and time.monotonic() < until:
            threading.Event().wait(0.1)
    assert station.food_given() == 2
