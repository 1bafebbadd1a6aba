"""Answers that a phone on a bad network waits for are sent compressed."""

from __future__ import annotations

import gzip

from flask import Response, request

PACKED_FROM_BYTES = 1024
# Measured on 500 cards, 1.09 MB: level 1 makes 124 kB in 3 ms, 6 makes 96 kB in 8 ms, 9 makes 91 kB in 13 ms.
LEVEL = 6


def packed(response: Response) -> Response:
    """Compress a response's body where its reader takes gzip and it pays."""
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= PACKED_FROM_BYTES and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    return response
