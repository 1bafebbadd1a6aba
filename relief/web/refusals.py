"""What gunicorn refuses before the app hears of it (no HTTP, an address without end) is answered in our one shape too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from flask import Flask

from relief.web import errors


def answer_refusals(worker: Any, app: Flask) -> None:
    """Have what this gunicorn worker refuses by itself said as everything else is."""
    refuse: Callable[..., None] = worker.handle_error

    def handle_error(request: Any, client: Any, *what: Any) -> None:
        refuse(request, _OurShape(client, app), *what)

    worker.handle_error = handle_error


class _OurShape:
    """A connection that sends gunicorn's page as our error of the same status, and is otherwise itself."""

    def __init__(self, client: Any, app: Flask) -> None:
        self._client, self._app = client, app

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def sendall(self, page: bytes) -> None:
        line = page.partition(b"\r\n")[0]
        with self._app.app_context():
            body = orjson.dumps(errors.of_status(int(line.split()[1])).as_dict())
        head = line + b"\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        self._client.sendall(head % len(body) + body)
