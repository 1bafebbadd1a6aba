"""The chain: every entry's hash contains the one before, so that a changed, lost or invented entry shows.

Entry hash = SHA-256(previous, position, id, step, kind, F, P); F and P = SHA-256(own random salt + canonical part). Erasing
drops the private bytes and P's salt; P stays, so the chain still verifies.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

START = bytes(32)


def part_digest(salt: bytes, part: bytes) -> bytes:
    """Return F or P: the salted SHA-256 of a canonical part."""
    return hashlib.sha256(salt + part).digest()


def entry_hash(previous: bytes, position: int, entry_id: bytes, step: str, kind: str, facts: bytes, private: bytes) -> bytes:
    """Return the hash of the entry at `position` (from 1); `facts` and `private` are F and P. Texts end with a zero byte."""
    head = previous + position.to_bytes(8, "big") + entry_id
    return hashlib.sha256(head + step.encode() + b"\0" + kind.encode() + b"\0" + facts + private).digest()


def _statement(ledger_id: bytes, operation_id: bytes, position: int, digest: bytes) -> bytes:
    return b"relief ledger head 1\0" + ledger_id + operation_id + position.to_bytes(8, "big") + digest


@lru_cache(maxsize=4)
def _signer(key: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key)


def sign_head(key: bytes, ledger_id: bytes, operation_id: bytes, position: int, digest: bytes) -> bytes:
    """Return the Ed25519 signature (64 bytes) of a chain's head under a 32-byte private key."""
    return _signer(key).sign(_statement(ledger_id, operation_id, position, digest))


def head_is_signed(key: bytes, ledger_id: bytes, operation_id: bytes, position: int, digest: bytes, signature: bytes) -> bool:
    """Tell whether a signature is ours."""
    try:
        public = Ed25519PrivateKey.from_private_bytes(key).public_key()
        public.verify(signature, _statement(ledger_id, operation_id, position, digest))
    except (InvalidSignature, TypeError, AttributeError, OverflowError):  # or not even of the type of a signed head
        return False
    return True


def public_key(key: bytes) -> bytes:
    """Return the 32 public bytes with which anybody can check our signatures."""
    return Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
