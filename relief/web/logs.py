"""Logs: one JSON object a line, or text for people at a terminal; each says which request it belongs to.

Never an address with what stands in it (one-time links), a query string, a name, a code or a token: routes are named by rule.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from relief.settings import Settings

SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
access = logging.getLogger("relief.access")


def init_app(app: Flask) -> None:
    """Name every request, answer with the name, and log one line for each."""
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """Return the name of the current request, '' outside one."""
    return g.get("request_id", "") if has_request_context() else ""


def _begin() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if SAFE_ID.fullmatch(given) else secrets.token_hex(8)
    g.request_began = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    if access.isEnabledFor(logging.INFO):
        access.info("request", extra={"fields": {
            "method": request.method, "rule": route(), "status": response.status_code,
            "ms": round((time.perf_counter() - g.get("request_began", time.perf_counter())) * 1000, 1),
            "bytes": response.content_length or 0,
        }})  # fmt: skip
    return response


def route() -> str:
    """Return the rule of the current request, `-` where there is none."""
    return request.url_rule.rule if request.url_rule else "-"


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "logger": record.name,
                                "message": record.getMessage()}  # fmt: skip
        told |= {"request_id": request_id()} if request_id() else {}
        told |= getattr(record, "fields", {})
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


class Lines(logging.Formatter):
    """One readable line."""

    def format(self, record: logging.LogRecord) -> str:
        fields = "".join(f" {name}={value}" for name, value in getattr(record, "fields", {}).items())
        name = f" [{request_id()}]" if request_id() else ""
        trace = f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""
        return f"{self.formatTime(record)} {record.levelname}{name} {record.getMessage()}{fields}{trace}"


def formatter_of(settings: Settings) -> logging.Formatter:
    return JsonLines() if settings.log_format == "json" else Lines()


def open_logs(settings: Settings) -> None:
    """Send the house's log to standard error, for as long as this process serves."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter_of(settings))
    house = logging.getLogger("relief")
    house.handlers, house.propagate = [handler], False
    house.setLevel(logging.INFO)
