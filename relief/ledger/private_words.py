"""The private words of households: names, addresses, documents, phones. Plain in most operations, sealed where one says so.

Sealed words are encrypted with a key of the installation (`secrets.json`) before anything is stored, so that the database
and its backups' tables alone name nobody. The sealing is deterministic (AES-SIV): a record that is sent again is still the same.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from sqlalchemy import Connection

from relief.ledger.values import is_plain
from relief.statements import fetch

SEALED = "sealed"
_KINDS = ("registration", "composition")


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
        if not is_sealed(stored):
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


def is_sealed(stored: dict[str, Any]) -> bool:
    """Tell sealed words from plain ones."""
    return stored.keys() == {SEALED}


def read_words(keys: WordKeys, operation_id: bytes, private: bytes | None) -> dict[str, Any]:
    """Return the private words of a registration's or composition's private part, {} once erased."""
    return keys.open(operation_id, orjson.loads(private).get("private")) if private else {}


def seal_records(connection: Connection, keys: WordKeys, operation_id: bytes, records: Sequence[Any]) -> Sequence[Any]:
    """Return records as the operation takes them: private words sealed where it says so. The same record becomes the same."""
    if not any(type(each) is dict and each.get("kind") in _KINDS for each in records):
        return records
    found = fetch(connection, "SELECT seals_names FROM operation WHERE id = ?", operation_id)
    return [_sealed(keys, operation_id, each) for each in records] if found and found[0][0] else records


def _sealed(keys: WordKeys, operation_id: bytes, record: Any) -> Any:
    words = record.get("private") if type(record) is dict and record.get("kind") in _KINDS else None
    if not isinstance(words, dict) or is_sealed(words) or not is_plain(words):  # what is not well formed is held as it came
        return record
    return {**record, "private": keys.seal(operation_id, _composed(words))}


def _composed(value: Any) -> Any:
    """Return words in the form in which a record's content is compared (NFC), so that sealing them twice gives the same."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {name: _composed(each) for name, each in value.items()}
    return [_composed(each) for each in value] if isinstance(value, list) else value
