"""The server as a phone sees it: at one address, sometimes out of reach."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from relief.accounts.join_codes import create_join_code
from relief.db import unit_of_work
from tests.accounts.people import now
from tests.office.paper_town import Town

PATIENCE_SECONDS = 15
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
Weather = Callable[[dict[str, Any], Any, Application], Iterable[bytes]]


class Served:
    """A served town. `stop` makes the network go away for every phone, `start` brings it back at the same address.

    `weather` may stand between the phones and the server (tests/phone/weather.py).
    """

    def __init__(self, app: Flask, town: Town) -> None:
        self.app, self.town = app, town
        self.port = 0
        self.weather: Weather | None = None
        self.door: int | None = None  # the port that phones know, where a line of its own leads from there
        self._server: BaseWSGIServer | None = None
        self.start()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.door or self.port}"

    def start(self) -> None:
        self._server = make_server("localhost", self.port, self._answer, threaded=True)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._thread.join(PATIENCE_SECONDS)
            self._server.server_close()
            self._server = None

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return self.weather(environ, start_response, self.app) if self.weather else self.app(environ, start_response)

    def join_code(self, label: str = "School 3, table 2", **rights: object) -> str:
        """Return a new join code, `ABCD-EFGH`."""
        with unit_of_work() as session:
            return create_join_code(session, self.town.operation_id, label=label, now=now(), **rights)  # type: ignore[arg-type]

    def join_link(self, **rights: object) -> str:
        return f"{self.address}/phone/#join={self.join_code(**rights)}"  # type: ignore[arg-type]
