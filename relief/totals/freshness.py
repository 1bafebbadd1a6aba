"""Answering "not changed" before any totals query.

The ETag is the mark of `queries.find_mark`: ledger id, sealed position and plan version, what phones said of themselves, what is
held, and the minute, because a grant grows late by time alone. It is a weak one: within the minute the figures are the same, the
moment printed beside them is not.
"""

from __future__ import annotations

from flask import Response, request


def not_changed(mark: str) -> Response | None:
    """Return the 304 answer when the caller has what `mark` stands for, else None."""
    if not request.if_none_match.contains_weak(mark):
        return None
    return with_mark(Response(status=304), mark)


def with_mark(response: Response, mark: str) -> Response:
    """Give the response its ETag and let nobody but this caller keep it."""
    response.set_etag(mark, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Cookie", "Accept-Language"))
    return response
