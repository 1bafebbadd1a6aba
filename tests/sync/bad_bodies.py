"""What a request may be instead of a batch: each a name, the bytes, the headers, and the status it is answered with."""

from __future__ import annotations

import gzip
import json
from typing import Any

MEGABYTE = 1 << 20
GZIP = {"Content-Encoding": "gzip"}
EMPTY = b'{"records": []}'


def bomb(megabytes: int) -> bytes:
    """Return a few kilobytes of gzip that inflate to many megabytes of blanks before an empty batch."""
    return gzip.compress(b" " * (megabytes * MEGABYTE) + EMPTY)


def with_body(**fields: Any) -> bytes:
    return json.dumps({"records": [], **fields}).encode()


BAD_BODIES: dict[str, tuple[bytes, dict[str, str], int]] = {
    "empty": (b"", {}, 422),
    "blanks": (b"  \n", {}, 422),
    "cut JSON": (b'{"records": [{"v": 1, ', {}, 422),
    "two values": (EMPTY + EMPTY, {}, 422),
    "a form": (b"records=1", {}, 422),
    "not UTF-8": (b'{"records": ["\xff"]}', {}, 422),
    "a surrogate in UTF-8": (b'{"records": ["\xed\xa0\x80"]}', {}, 422),
    "UTF-16": (EMPTY.decode().encode("utf-16"), {}, 422),
    "a list": (b"[]", {}, 422),
    "a number": (b"5", {}, 422),
    "null": (b"null", {}, 422),
    "NaN": (b"NaN", {}, 422),
    "a text": (b'"records"', {}, 422),
    "no records": (b"{}", {}, 422),
    "records are null": (b'{"records": null}', {}, 422),
    "records are an object": (b'{"records": {}}', {}, 422),
    "records are a text": (b'{"records": "all"}', {}, 422),
    "records twice": (b'{"records": [], "records": []}', {}, 422),
    "a huge number, then cut": (b'{"records": [' + b"1" * 5000, {}, 422),
    "counts are a list": (with_body(counts=[]), {}, 422),
    "a negative count": (with_body(counts={"made": -1}), {}, 422),
    "a count of yes": (with_body(counts={"made": True}), {}, 422),
    "half a count": (with_body(counts={"held": 0.5}), {}, 422),
    "a count over 2^53": (with_body(counts={"waiting": 2**53 + 1}), {}, 422),
    "a huge count": (b'{"records": [], "counts": {"made": ' + b"9" * 5000 + b"}}", {}, 422),
    "a count twice": (b'{"records": [], "counts": {"made": 1, "made": 1}}', {}, 422),
    "a version that is a number": (with_body(app_version=1), {}, 422),
    "a long version": (with_body(app_version="1" * 41), {}, 422),
    "a version with NUL": (with_body(app_version="\0"), {}, 422),
    "a version with a surrogate": (with_body(app_version="\ud800"), {}, 422),
    "100,000 brackets": (b"[" * 100_000, {}, 422),
    "100,000 brackets in a record": (b'{"records": [' + b"[" * 100_000 + b"]" * 100_000 + b"]}", {}, 422),
    "100,000 objects and a huge number": (b'{"records": [' + b"1" * 5000 + b"," + b'{"a":' * 100_000, {}, 422),
    "too many records": (b'{"records": [' + b"1," * 1000 + b"1]}", {}, 413),
    "more than 8 MB": (b" " * (8 * MEGABYTE) + EMPTY, {}, 413),
    "more than any request": (b" " * (17 * MEGABYTE), {}, 413),
    "more than 1 MB of gzip": (b"\x1f\x8b" + b"\0" * MEGABYTE, GZIP, 413),
    "a gzip bomb": (bomb(9), GZIP, 413),
    "a large gzip bomb": (bomb(200), GZIP, 413),
    "not gzip": (EMPTY, GZIP, 422),
    "nothing in gzip": (b"", GZIP, 422),
    "cut gzip": (gzip.compress(EMPTY)[:-9], GZIP, 422),
    "damaged gzip": (gzip.compress(EMPTY)[:-8] + b"\0" * 8, GZIP, 422),
    "gzip twice": (gzip.compress(EMPTY) + gzip.compress(EMPTY), GZIP, 422),
    "gzip in gzip": (gzip.compress(gzip.compress(EMPTY)), GZIP, 422),
    "gzip without saying so": (gzip.compress(EMPTY), {}, 422),
    "deflate": (EMPTY, {"Content-Encoding": "deflate"}, 422),
    "nonsense encoding": (EMPTY, {"Content-Encoding": "gzip, gzip"}, 422),
}

GOOD_BODIES: dict[str, tuple[bytes, dict[str, str]]] = {
    "an empty batch": (EMPTY, {}),
    "almost 8 MB": (b" " * (8 * MEGABYTE - len(EMPTY)) + EMPTY, {}),
    "gzip of almost 8 MB": (gzip.compress(b" " * (8 * MEGABYTE - len(EMPTY)) + EMPTY), GZIP),
    "capitals": (gzip.compress(EMPTY), {"Content-Encoding": "GZIP"}),
    "a byte order mark": (b"\xef\xbb\xbf" + EMPTY, {}),
    "fields nobody knows": (with_body(mood="good", clock=5), {}),
    "the largest count": (with_body(counts={"made": 2**53, "waiting": 2**53, "held": 2**53}), {}),
}
