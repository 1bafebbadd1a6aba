"""A test client whose requests go over the network to a running server: what tests ask in the process, asked of gunicorn."""

from __future__ import annotations

import gzip
import time
from collections import Counter
from collections.abc import Iterable
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote

from werkzeug.datastructures import Headers

from tests.house.pages_check import PageCheckingClient

PATIENCE_SECONDS = 60
PUT_OFF, TRIES, LONGEST_WAIT_SECONDS = 503, 4, 10
HOP = ("connection", "transfer-encoding")
Answer = tuple[Iterable[bytes], str, Headers]


class FarClient(PageCheckingClient):
    """Sends to 127.0.0.1 and `port`, and counts the answers by their status; `broken` says what got none.

    Told to come back later (503), it does when it was told to, as phones and people do. One put off TRIES times gets that answer.
    """

    port: int
    statuses: Counter[int]
    broken: list[str]

    def run_wsgi_app(self, environ: Any, buffered: bool = False) -> Answer:
        """Return what the server answers."""
        self._add_cookies_to_wsgi(environ)
        try:
            chunks, status, headers = self._ask_again(environ, environ["wsgi.input"].read())
        except (OSError, HTTPException) as error:  # an answer was owed, whatever was asked
            self.broken.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO'][:200]}: {type(error).__name__} {error}")
            raise
        self._update_cookies_from_response("localhost", environ["PATH_INFO"], headers.getlist("Set-Cookie"))
        self.statuses[int(status[:3])] += 1
        return chunks, status, headers

    def _ask_again(self, environ: Any, body: bytes) -> Answer:
        for left in reversed(range(TRIES)):
            answer = self._ask(environ, body)
            if not left or int(answer[1][:3]) != PUT_OFF or "Retry-After" not in answer[2]:
                break
            self.statuses[PUT_OFF] += 1
            time.sleep(min(int(answer[2]["Retry-After"]), LONGEST_WAIT_SECONDS))
        return answer

    def _ask(self, environ: Any, body: bytes) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(environ["REQUEST_METHOD"], _target(environ), body, _headers(environ))
            answer = connection.getresponse()
            kept = Headers([(name, value) for name, value in answer.getheaders() if name.lower() not in HOP])
            body = answer.read()
            if body and kept.pop("Content-Encoding", "") == "gzip":  # as a browser does
                body = gzip.decompress(body)
            return [body], f"{answer.status} {answer.reason}", kept
        finally:
            connection.close()


def _target(environ: Any) -> str:
    path = quote(environ["PATH_INFO"].encode("latin-1"), safe="/:@!$&'()*+,;=~")
    return path + (f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else "")


def _headers(environ: Any) -> dict[str, str]:
    named = {name[5:].replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
    return named | {name.replace("_", "-"): environ[name] for name in ("CONTENT_TYPE",) if environ.get(name)}
