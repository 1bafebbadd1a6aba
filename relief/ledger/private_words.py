"""The private words of households: names, addresses, documents, phones. Plain in most operations, sealed where one says so.

Sealed words are encrypted with a key of the installation (`secrets.json`) before anything is stored, so that the database
and its backups' tables alone name nobody. The sealing is deterministic (AES-SIV): a record that is sent again is still the same.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

SEALED = "sealed"
_PRIVATE_OF = {"registration": "private", "composition": "private"}


@dataclass(frozen=True, slots=True)
class WordKeys:
    """The installation's keys for private words by key id, the newest first."""

    by_id: Mapping[str, bytes]

    @classmethod
    def of(cls, seal_keys: Mapping[str, bytes]) -> WordKeys:
        """Derive them from the keys that sign heads: another purpose, another key."""
        return cls({key_id: hashlib.sha512(b"relief private words\0" + key).digest() for key_id, key in seal_keys.items()})

    def seal(self, operation_id: bytes, words: Mapping[str, Any]) -> dict[str, str]:
        """Return private words as they are stored in an operation that seals them."""
        key_id, key = next(iter(self.by_id.items()))
        sealed = AESSIV(key).encrypt(orjson.dumps(words, option=orjson.OPT_SORT_KEYS), [operation_id])
        return {SEALED: f"{key_id}.{b64encode(sealed).decode('ascii')}"}

    def open(self, operation_id: bytes, stored: Any) -> dict[str, Any]:
        """Return private words, sealed or not; empty where there are none, or no key opens them."""
        if not isinstance(stored, dict):
            return {}
        if set(stored) != {SEALED}:
            return stored
        key_id, _dot, text = str(stored[SEALED]).partition(".")
        if key_id not in self.by_id:
            return {}
        try:
            opened = orjson.loads(AESSIV(self.by_id[key_id]).decrypt(b64decode(text), [operation_id]))
        except (InvalidTag, ValueError):
            return {}
        return opened if isinstance(opened, dict) else {}

    def blind(self, operation_id: bytes, word: bytes) -> bytes:
        """Return what a search compares in the place of a word that must not stand in the database."""
        key = next(iter(self.by_id.values()))
        return hmac.new(key, b"search\0" + operation_id + word, hashlib.sha256).digest()[:16]


def read_words(keys: WordKeys, operation_id: bytes, private: bytes | None) -> dict[str, Any]:
    """Return the private words of a registration's or composition's private part, {} once erased."""
    return keys.open(operation_id, orjson.loads(private).get("private")) if private else {}


def seal_records(keys: WordKeys, operation_id: bytes, records: Sequence[Any]) -> list[Any]:
    """Return records as an operation that seals private words takes them; the same record always becomes the same."""
    return [_sealed(keys, operation_id, record) for record in records]


def _sealed(keys: WordKeys, operation_id: bytes, record: Any) -> Any:
    name = _PRIVATE_OF.get(record.get("kind", "")) if type(record) is dict and type(record.get("kind")) is str else None
    words = record.get(name) if name else None
    if not isinstance(words, dict) or set(words) == {SEALED}:
        return record
    return {**record, name: keys.seal(operation_id, words)}
