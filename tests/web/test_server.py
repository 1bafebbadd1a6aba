"""`relief serve`, as a process of its own on both databases."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse

from flask import Flask

from relief.kernel.errors import Conflict
from relief.settings import Settings
from relief.web.server import gunicorn_settings, only_server
from tests.conftest import only_sqlite

RELIEF = [sys.executable, "-c", "from relief.cli import main; main()"]


def environment(settings: Settings) -> dict[str, str]:
    chosen = {"INSTANCE": str(settings.instance), "DATABASE_URL": settings.database_url, "THREADS": "4"}
    return {**os.environ, **{f"RELIEF_{name}": value for name, value in chosen.items()}}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@contextmanager
def serving(settings: Settings, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Yield the running server and what it printed before it was ready."""
    command = [*RELIEF, "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment(settings), text=True, stdout=subprocess.PIPE)
    try:
        assert process.stdout
        told = process.stdout.readline() + process.stdout.readline() + process.stdout.readline()
        wait_until_answers(port)
        yield process, told
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
        assert process.stdout
        process.stdout.close()


def wait_until_answers(port: int) -> None:
    pause = threading.Event()
    for _try in range(200):
        try:
            assert get(port, "/readyz") == 200
            return
        except ConnectionError:
            pause.wait(0.05)
    raise AssertionError("the server does not answer")


def get(port: int, address: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", address)
        with connection.getresponse() as answer:
            return answer.status
    finally:
        connection.close()


def test_it_says_how_to_sign_in_answers_and_stops_when_told(settings: Settings) -> None:
    port = free_port()
    with serving(settings, port) as (process, told):
        link = re.search(rf"http://localhost:{port}(/link/\S+)", told)
        assert link and get(port, link[1]) == 200
        assert get(port, "/") == 303
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@only_sqlite
def test_a_second_server_on_one_sqlite_file_is_refused_in_a_sentence(settings: Settings) -> None:
    port = free_port()
    with serving(settings, port):
        command = [*RELIEF, "serve", "--port", str(free_port())]
        second = subprocess.run(command, env=environment(settings), text=True, capture_output=True)
        assert second.returncode == Conflict.exit_code
        assert second.stderr.startswith("A server is running already") and "Traceback" not in second.stderr
        assert get(port, "/healthz") == 200


@only_sqlite
def test_a_port_that_is_taken_is_told_before_anybody_is_sent_there(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [*RELIEF, "serve", "--port", str(port)]
        told = subprocess.run(command, env=environment(settings), text=True, capture_output=True)
    assert (told.returncode, told.stdout) == (Conflict.exit_code, "")
    assert told.stderr == f"Port {port} is used by another program already. Choose another: relief serve --port NUMBER\n"


@only_sqlite
def test_an_address_of_another_machine_is_told_in_a_sentence(settings: Settings) -> None:
    command = [*RELIEF, "serve", "--host", "203.0.113.7"]
    told = subprocess.run(command, env=environment(settings), text=True, capture_output=True)
    assert (told.returncode, told.stdout) == (Conflict.exit_code, "")
    assert told.stderr.startswith("Nobody can listen at 203.0.113.7") and told.stderr.count("\n") == 1


@only_sqlite
def test_a_killed_server_leaves_no_lock_behind(settings: Settings) -> None:
    hold = "import sys; from pathlib import Path; from relief.web.server import only_server\n" \
           "with only_server(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"  # fmt: skip
    holder = subprocess.Popen([sys.executable, "-c", hold, settings.instance], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout and holder.stdin and holder.stdout.readline() == b"held\n"
    holder.kill()
    holder.wait()
    holder.stdout.close()
    holder.stdin.close()
    with only_server(settings.instance):
        pass


def test_tokens_in_addresses_are_never_logged(settings: Settings) -> None:
    assert gunicorn_settings(settings, "127.0.0.1", 1, 1)["accesslog"] is None


@only_sqlite
def test_what_is_no_request_at_all_is_refused_in_the_one_shape(settings: Settings) -> None:
    refused = {
        b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n": (414, "too_large"),
        b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + b"a" * 9000 + b"\r\n\r\n": (431, "too_large"),
        b"POST /api/v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n": (400, "bad_input"),
        b"POST /api/v1/sync HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nonsense\r\n\r\n": (501, "error"),
        b"\x16\x03\x01\r\n\r\n": (400, "bad_input"),
    }
    port = free_port()
    with serving(settings, port):
        wait_until_answers(port)
        for request, (status, code) in refused.items():
            with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
                line.sendall(request)
                answer = HTTPResponse(line)
                answer.begin()
                told = json.loads(answer.read())["error"]
            assert (answer.status, told["code"], bool(told["message"])) == (status, code, True), request[-60:]


@only_sqlite
def test_workers_are_for_postgresql(settings: Settings, app: Flask) -> None:
    told = subprocess.run([*RELIEF, "serve", "--workers", "2"], env=environment(settings), text=True, capture_output=True)
    assert told.returncode == 2 and "SQLite" in told.stderr
