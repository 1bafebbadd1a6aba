"""Reading a request's body: bounded, unpacked, parsed so that one bad record never hides the others."""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from dataclasses import dataclass
from math import isfinite
from typing import Any, Protocol

import orjson
from flask_babel import gettext as _

from relief.kernel.errors import BadInput, TooLarge
from relief.ledger.witnesses import SignedHead, read_told
from relief.sync.self_report import Told, read_self_report

MOST_RECORDS = 1000
MOST_PACKED_BYTES = 1 << 20
MOST_BYTES = 8 << 20
LARGEST_COUNT = 1 << 53
LONGEST_VERSION = 40


class Headers(Protocol):
    """What is asked of a request's headers."""

    def get(self, name: str, default: str, /) -> str: ...


@dataclass(frozen=True, slots=True)
class Strange:
    """A JSON value that no record may hold, kept as it came: an object with a repeated key, a huge number, `NaN`."""

    value: Any

    def as_json(self) -> Any:
        return {"strange": self.value}


@dataclass(frozen=True, slots=True)
class SyncBody:
    """One request of a phone: its records (any JSON values), what it says of itself, the head it was told last."""

    records: list[Any]
    app_version: str
    made: int
    waiting: int
    held: int
    told: SignedHead | None = None
    state: Told | None = None


def read_body(data: bytes, headers: Headers) -> SyncBody:
    """Return the checked body; raises TooLarge with the limit, or BadInput naming what and where."""
    body = parse_json(unpack(data, encoding_of(headers)))
    if not isinstance(body, dict) or not isinstance(body.get("records"), list):
        raise BadInput(_("The body must be a JSON object with a list of records."), where="records")
    records = body["records"]
    if len(records) > MOST_RECORDS:
        raise TooLarge(_("At most %(limit)s records fit in one request.", limit=MOST_RECORDS), where="records",
                       limit=MOST_RECORDS)  # fmt: skip
    counts = body.get("counts", {})
    if not isinstance(counts, dict):
        raise BadInput(_("It must be an object of whole numbers."), where="counts")
    version = body.get("app_version", "")
    if not isinstance(version, str) or len(version) > LONGEST_VERSION or not version.isprintable():
        raise BadInput(_("It must be a short text."), where="app_version")
    made, waiting, held = (_count(counts, name) for name in ("made", "waiting", "held"))
    return SyncBody(records, version, made, waiting, held, read_told(body.get("ledger")), read_self_report(body.get("state")))


def encoding_of(headers: Headers) -> str:
    """Return how a body is packed: `identity` or a name."""
    return headers.get("Content-Encoding", "identity").strip().lower()


def _count(counts: dict[str, Any], name: str) -> int:
    value = counts.get(name, 0)
    if type(value) is not int or not 0 <= value <= LARGEST_COUNT:
        raise BadInput(_("It must be a whole number, zero or more."), where=f"counts.{name}")
    return value


def unpack(data: bytes, encoding: str) -> bytes:
    """Return the plain bytes of a body, never more than MOST_BYTES; raises TooLarge or BadInput."""
    if encoding == "identity" or not encoding:
        if len(data) > MOST_BYTES:
            raise _too_large(MOST_BYTES)
        return data
    if encoding != "gzip":
        raise BadInput(_("Only gzip is understood."), where="Content-Encoding")
    if len(data) > MOST_PACKED_BYTES:
        raise _too_large(MOST_PACKED_BYTES)
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(data, MOST_BYTES + 1)
    except zlib.error as error:
        raise BadInput(_("The gzip data is damaged."), where="body") from error
    if len(plain) > MOST_BYTES:
        raise _too_large(MOST_BYTES)
    if not unpacker.eof:
        raise BadInput(_("The gzip data is cut short."), where="body")
    if unpacker.unused_data:  # a second part: read by some programs, ignored by others
        raise BadInput(_("Something follows the gzip data."), where="body")
    return plain


def _too_large(limit: int) -> TooLarge:
    message = _("The request is larger than %(limit)s bytes: send fewer records at once.", limit=limit)
    return TooLarge(message, where="body", limit=limit)


def parse_json(data: bytes) -> Any:
    """Return the JSON value of UTF-8 bytes; what no record may hold comes as Strange. Raises BadInput when it is not JSON."""
    with suppress(orjson.JSONDecodeError, orjson.JSONEncodeError):
        value = orjson.loads(data)
        if orjson.dumps(value) == data:  # the very bytes again, as phones write them: so nothing in it came twice or was changed
            return value
    try:
        return _parse(data.decode("utf-8-sig"))  # not left to the reader: that would guess UTF-16 and take lone surrogates
    except UnicodeDecodeError as error:
        raise BadInput(_("This is not UTF-8: see byte %(position)s.", position=error.start), where="body") from error
    except RecursionError as error:
        raise BadInput(_("What was sent is nested too deeply."), where="body", code="nested_too_deeply") from error
    except json.JSONDecodeError as error:
        raise BadInput(_("This is not JSON: see character %(position)s.", position=error.pos), where="body") from error


def _parse(text: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=Strange, parse_float=_float)
    except json.JSONDecodeError:
        raise
    except ValueError:  # a number of thousands of digits: rare, so a call for each number waits until it is there
        return json.loads(text, object_pairs_hook=_object, parse_constant=Strange, parse_float=_float, parse_int=_integer)


def _object(pairs: list[tuple[str, Any]]) -> Any:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Strange(pairs)


def _float(digits: str) -> Any:
    number = float(digits)
    return number if isfinite(number) else Strange(digits)


def _integer(digits: str) -> Any:
    try:
        return int(digits)
    except ValueError:
        return Strange(digits)
