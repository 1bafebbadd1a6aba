"""The installation's keys as the ledger needs them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import orjson
from flask import current_app

from relief.ledger.marks import Marker, OrderMarks
from relief.ledger.private_words import WordKeys, is_sealed
from relief.settings import Secrets


@dataclass(frozen=True, slots=True)
class Keys:
    """`seal_key` (32 bytes, Ed25519) signs heads under the name `key_id`; marker and held key are derived from it.

    `words` open the private words of households, `orders` know the orders to erase, under every key there is.
    """

    key_id: str
    seal_key: bytes
    held_key: bytes
    marker: Marker
    words: WordKeys
    orders: OrderMarks

    @classmethod
    def of(cls, secrets: Secrets) -> Keys:
        """Return the newest keys."""
        return cls.each_of(secrets)[0]

    @classmethod
    def each_of(cls, secrets: Secrets) -> list[Keys]:
        """Return all keys, newest first: what was made under an older one still verifies."""
        words, orders = WordKeys.of(secrets.seal_keys), OrderMarks.of(secrets.seal_keys)
        return [cls(key_id, key, hashlib.sha256(b"relief held\0" + key).digest(), Marker(key), words, orders)
                for key_id, key in secrets.seal_keys.items()]  # fmt: skip


def current_keys() -> Keys:
    """Return the keys of the running app; call it before a job goes to the writer, which has no app of its own."""
    return Keys.of(current_app.extensions["relief_secrets"])


def every_key() -> list[Keys]:
    """Return all keys of the running app, newest first."""
    return Keys.each_of(current_app.extensions["relief_secrets"])


def open_words(operation_id: bytes, private: bytes | None, keys: Keys | None = None) -> dict[str, Any]:
    """Return the private words of a registration's or composition's private part; {} once erased.

    `keys` are needed only outside the app (a job of the writer), and only where the operation seals names.
    """
    stored = orjson.loads(private).get("private") if private else None
    if isinstance(stored, dict) and not is_sealed(stored):
        return stored
    return (keys or current_keys()).words.open(operation_id, stored) if stored else {}
