"""The installation's keys as the ledger needs them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from relief.settings import Secrets


@dataclass(frozen=True, slots=True)
class Keys:
    """`seal_key` (32 bytes, Ed25519) signs heads under the name `key_id`; `held_key` marks held records."""

    key_id: str
    seal_key: bytes
    held_key: bytes

    @classmethod
    def of(cls, secrets: Secrets) -> Keys:
        """Return the newest keys."""
        key_id, seal_key = next(iter(secrets.seal_keys.items()))
        return cls(key_id, seal_key, next(iter(secrets.session_keys.values())))


def current_keys() -> Keys:
    """Return the keys of the running app; call it before a job goes to the writer, which has no app of its own."""
    return Keys.of(current_app.extensions["relief_secrets"])
