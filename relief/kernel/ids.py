"""Identifiers: 16 bytes in the database and in code, the usual dashed lower-case text in JSON.

Version 7 (RFC 9562) where order of making helps an index; `random_id` where an id must tell nothing, not even when.
"""

from __future__ import annotations

import os
import re
import time
import uuid
from functools import lru_cache

_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
is_id_text = _TEXT.fullmatch


def new_id() -> bytes:
    """Return a new UUIDv7: 48 bits of milliseconds, then random."""
    milliseconds = time.time_ns() // 1_000_000
    raw = bytearray(milliseconds.to_bytes(6, "big") + os.urandom(10))
    raw[6] = 0x70 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    return bytes(raw)


def random_id() -> bytes:
    """Return a new random UUIDv4."""
    return uuid.uuid4().bytes


def derived_id(space: bytes, name: str) -> bytes:
    """Return the id that `name` always has within `space` (UUIDv5): the same file again makes the same ids."""
    return uuid.uuid5(uuid.UUID(bytes=space), name).bytes


@lru_cache(maxsize=1 << 16)  # a batch turns the same ids over and over
def to_text(identifier: bytes) -> str:
    """Return the dashed lower-case text of an id."""
    digits = identifier.hex()
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


@lru_cache(maxsize=1 << 16)
def to_bytes(text: str) -> bytes:
    """Return the 16 bytes of an id's text; raises ValueError when it is not one."""
    if not isinstance(text, str) or not is_id_text(text):
        raise ValueError("not an id")
    return bytes.fromhex(text.replace("-", ""))
