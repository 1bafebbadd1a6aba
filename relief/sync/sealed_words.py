"""Names that a phone wrote and cannot read back: sealed at capture to the server's key, opened at the door.

A registration or composition of a phone has `private` = {"to_server": "<key id>.<base64url>"}. It is sealed once, when it is
captured, so that every try brings the same; opened, it is the record's content like words that came plain.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from typing import Any

import orjson

from relief.settings import Secrets
from relief.sync.server_key import open_sealed

PURPOSE = b"relief words"
FIELD = "to_server"


def open_words(secrets: Secrets, records: Sequence[Any]) -> list[Any]:
    """Return records with their sealed words opened; what does not open stays as it came, and is kept so."""
    return [_opened(secrets, each) if _is_sealed(each) else each for each in records]


def _is_sealed(record: Any) -> bool:
    words = record.get("private") if type(record) is dict else None
    return type(words) is dict and words.keys() == {FIELD} and type(words[FIELD]) is str


def _opened(secrets: Secrets, record: dict[str, Any]) -> dict[str, Any]:
    key_id, _dot, text = record["private"][FIELD].partition(".")
    try:
        sealed = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        words = orjson.loads(open_sealed(secrets, key_id, sealed, PURPOSE) or b"")
    except ValueError:
        return record
    return {**record, "private": words} if isinstance(words, dict) else record
