"""The phone's one way to the server: HTTP with a kept-open connection, gzip, and the network's usual moods."""

from __future__ import annotations

import gzip
import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 30
GZIP_FROM_BYTES = 512


class NoAnswer(Exception):
    """Nothing came back: whether the server stored anything is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, parsed body ({} when it was not a JSON object), lower-case headers, and the round trip in milliseconds."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]
    round_trip_ms: int


class Transport:
    """Speaks to one server. `offline` fails every call; each of `drop_answers` loses one answer after the server acted.

    Each of `cut_requests` hangs up in the middle of one request; `overheard` is told every answer, also the lost ones.
    """

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self._secure, self._netloc, self._prefix = parts.scheme == "https", parts.netloc, parts.path.rstrip("/")
        self._connection: http.client.HTTPConnection | None = None
        self.token: str | None = None
        self.offline = False
        self.drop_answers = 0
        self.cut_requests = 0
        self.overheard: Callable[[dict[str, Any] | None, Answer], None] | None = None

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> Answer:
        """Return the server's answer, whatever its status; raises NoAnswer."""
        if self.offline:
            raise NoAnswer("offline")
        payload, sent = self._prepare(body, headers or {})
        started = time.perf_counter()
        if self.cut_requests and payload:
            self.cut_requests -= 1
            self._cut(method, self._prefix + path, payload, sent)
        answer = self._exchange(method, self._prefix + path, payload, sent, started)
        if self.overheard is not None:
            self.overheard(body, answer)
        if self.drop_answers:
            self.drop_answers -= 1
            self.close()
            raise NoAnswer("the answer was lost")
        return answer

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _prepare(self, body: dict[str, Any] | None, headers: dict[str, str]) -> tuple[bytes | None, dict[str, str]]:
        sent = {"Accept": "application/json", "Accept-Encoding": "gzip", **headers}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if body is None:
            return None, sent
        payload = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        sent["Content-Type"] = "application/json"
        if len(payload) >= GZIP_FROM_BYTES:
            payload, sent["Content-Encoding"] = gzip.compress(payload, 6), "gzip"
        return payload, sent

    def _cut(self, method: str, path: str, payload: bytes, headers: dict[str, str]) -> None:
        """Send the first half of a request and hang up."""
        self.close()
        connection = self._dial()
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in {**headers, "Content-Length": str(len(payload))}.items():
                connection.putheader(name, value)
            connection.endheaders(payload[: len(payload) // 2])
        except OSError:
            pass  # it fails all the same
        connection.close()
        raise NoAnswer("the request was cut")

    def _dial(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        return kind(self._netloc, timeout=TIMEOUT_SECONDS)

    def _exchange(self, method: str, path: str, payload: bytes | None, headers: dict[str, str], started: float) -> Answer:
        reused = self._connection is not None
        try:
            return self._once(method, path, payload, headers, started)
        except (ConnectionError, http.client.RemoteDisconnected) as error:
            self.close()
            if not reused:  # a fresh connection failed: that is the network, not a server that closed an idle line
                raise NoAnswer(str(error)) from error
        except (http.client.HTTPException, OSError) as error:
            self.close()
            raise NoAnswer(str(error)) from error
        try:
            return self._once(method, path, payload, headers, started)
        except (http.client.HTTPException, OSError) as error:
            self.close()
            raise NoAnswer(str(error)) from error

    def _once(self, method: str, path: str, payload: bytes | None, headers: dict[str, str], started: float) -> Answer:
        if self._connection is None:
            self._connection = self._dial()
        self._connection.request(method, path, body=payload, headers=headers)
        with self._connection.getresponse() as response:  # closed also where it is cut short
            raw = response.read()
            received = {name.lower(): value for name, value in response.getheaders()}
        if received.get("content-encoding") == "gzip":
            raw = gzip.decompress(raw)
        return Answer(response.status, _object(raw), received, int((time.perf_counter() - started) * 1000))


def _object(raw: bytes) -> dict[str, Any]:
    """Return the JSON object, or {} for anything else: a hotel's login page says nothing to us."""
    try:
        parsed = json.loads(raw) if raw else {}
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}
