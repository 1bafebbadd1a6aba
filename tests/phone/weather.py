"""What may stand between a phone and the server: set one as `served.weather`."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Iterable
from io import BytesIO
from typing import Any, NoReturn

from werkzeug.test import run_wsgi_app

from tests.phone.served import Application

SYNC = "/api/v1/sync"
PATIENCE_SECONDS = 60


def login_page(_environ: dict[str, Any], start_response: Any, _app: Application) -> Iterable[bytes]:
    """A network that answers everything itself, and says that all is well."""
    start_response("200 OK", [("Content-Type", "text/html")])
    return [b"<h1>Hotel Paradise</h1><form>Your room, please</form>"]


def no_sync(environ: dict[str, Any], start_response: Any, app: Application) -> Iterable[bytes]:
    """A server that gives the app, and is too busy for records."""
    if environ["PATH_INFO"] != SYNC:
        return app(environ, start_response)
    start_response("503 Service Unavailable", [("Content-Type", "application/json"), ("Retry-After", "1")])
    return [b'{"error": {"code": "busy", "message": "busy"}}']


def refusing_handovers(environ: dict[str, Any], start_response: Any, app: Application) -> Iterable[bytes]:
    """A server that can take no hand-over at all, not even to keep it aside."""
    if environ["PATH_INFO"] != SYNC or not any(record["kind"] == "handover" for record in records_of(environ)):
        return app(environ, start_response)
    start_response("422 Unprocessable Entity", [("Content-Type", "application/json")])
    return [b'{"error": {"code": "bad_input", "message": "no"}}']


def lost_answers(environ: dict[str, Any], _start_response: Any, app: Application) -> Iterable[bytes]:
    """A network that breaks when the server has done all it was asked."""
    run_wsgi_app(app, environ, buffered=True)  # type: ignore[arg-type]
    hang_up(environ)


class Standstill:
    """Requests with records come, and are answered only after `end`. `reached` tells that one is there."""

    def __init__(self) -> None:
        self.reached, self._over = threading.Event(), threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any, app: Application) -> Iterable[bytes]:
        if environ["PATH_INFO"] == SYNC and records_of(environ):
            self.reached.set()
            self._over.wait(PATIENCE_SECONDS)
            hang_up(environ)
        return app(environ, start_response)

    def end(self) -> None:
        self._over.set()


class Listening:
    """Passes everything on, and notes the ids of the records in each request."""

    def __init__(self) -> None:
        self.sent: list[list[str]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any, app: Application) -> Iterable[bytes]:
        if environ["PATH_INFO"] == SYNC:
            self.sent.append([record["id"] for record in records_of(environ)])
        return app(environ, start_response)


def hang_up(environ: dict[str, Any]) -> NoReturn:
    """Break the connection, which would be kept open for further requests."""
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError


def records_of(environ: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the records of a sync request, which can still be read afterwards."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    environ["wsgi.input"] = BytesIO(body)
    plain = gzip.decompress(body) if environ.get("HTTP_CONTENT_ENCODING") == "gzip" else body
    records: list[dict[str, Any]] = json.loads(plain)["records"]
    return records
