"""Requests cut anywhere: between any two bytes, by hanging up, by a reset, or by falling silent."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import time
from collections.abc import Iterator
from typing import Any

RESET = struct.pack("ii", 1, 0)
ANSWER_SECONDS = 10
CHUNK = 97


def forms_of(body: dict[str, Any], headers: dict[str, str]) -> dict[str, bytes]:
    """Return one sync request in every form in which its bytes may travel."""
    plain = json.dumps(body).encode()
    packed = gzip.compress(plain, mtime=0)
    zipped = {"Content-Encoding": "gzip"}
    return {
        "plain": _request(headers, plain),
        "gzip": _request({**headers, **zipped}, packed),
        "chunked": _request(headers, plain, chunked=True),
        "gzip and chunked": _request({**headers, **zipped}, packed, chunked=True),
    }


def _request(headers: dict[str, str], content: bytes, chunked: bool = False) -> bytes:
    told = {"Host": "127.0.0.1", "Content-Type": "application/json", "Connection": "close", **headers}
    if chunked:
        told["Transfer-Encoding"] = "chunked"
        parts = [content[start : start + CHUNK] for start in range(0, len(content), CHUNK)]
        content = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in [*parts, b""])
    else:
        told["Content-Length"] = str(len(content))
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"POST /api/v1/sync HTTP/1.1\r\n{head}\r\n".encode() + content


def places_of(request: bytes) -> dict[str, int]:
    """Return one place to cut for every class of byte."""
    head = request.index(b"\r\n\r\n") + 4
    line = request.index(b"\r\n")
    content = len(request) - head
    return {
        "before anything": 0, "in the method": 2, "in the path": 9, "in the version": line - 2,
        "in the first line's end": line + 1, "after the first line": line + 2, "in a header's name": line + 4,
        "in a header's value": request.index(b"Bearer") + 9, "in a header's end": request.index(b"\r\n", line + 2) + 1,
        "in the empty line": head - 1, "before the content": head, "after one byte of content": head + 1,
        "in the first bytes (chunk size, gzip header)": head + 5,
        "in the middle": head + content // 2, "in the last tenth": head + content * 9 // 10,
        "before the last bytes (gzip length, last chunk)": len(request) - 6, "before the last byte": len(request) - 1,
    }  # fmt: skip


def send_cut(port: int, request: bytes, place: int, how: str) -> int | None:
    """Send a request's bytes up to `place` and `hang up` or `reset`; return the status of an answer that came all the same."""
    with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS) as line:
        line.sendall(request[:place])
        if how == "reset":
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            return None
        line.shutdown(socket.SHUT_WR)
        return _status(line)


def send_and_fall_silent(port: int, request: bytes, place: int) -> socket.socket:
    """Send a request's bytes up to `place` and return the open line."""
    line = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS)
    line.sendall(request[:place])
    return line


def send_slowly(port: int, request: bytes, pieces: int, pause_seconds: float) -> int | None:
    """Send a request in pieces with pauses between them; return its answer's status."""
    with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS) as line:
        for piece in _pieces(request, pieces):
            line.sendall(piece)
            time.sleep(pause_seconds)
        return _status(line)


def _pieces(request: bytes, number: int) -> Iterator[bytes]:
    size = max(1, len(request) // number)
    return (request[start : start + size] for start in range(0, len(request), size))


def _status(line: socket.socket) -> int | None:
    answer = b""
    try:
        while b"\r\n" not in answer and (piece := line.recv(4096)):
            answer += piece
    except ConnectionError:
        return None
    return int(answer.split(b" ", 2)[1]) if answer else None
