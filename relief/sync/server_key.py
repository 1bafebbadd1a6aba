"""The server's public key: what phones seal to it only the server can read, whoever carries or stores it on the way.

HPKE (RFC 9180), base mode, with P-256: the curve that the cryptography of every phone's browser has.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from relief.settings import Secrets

SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256


def seal_to(secrets: Secrets) -> dict[str, str]:
    """Return the newest public key, as phones are told it."""
    key_id, key = next(iter(secrets.seal_keys.items()))
    point = _private_key(key).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {"key_id": key_id, "public": urlsafe_b64encode(point).rstrip(b"=").decode("ascii")}


def open_sealed(secrets: Secrets, key_id: str, sealed: bytes, purpose: bytes) -> bytes | None:
    """Return what was sealed to us for a purpose; None where it was sealed to another key, for another use, or was changed."""
    key = secrets.seal_keys.get(key_id)
    if key is None:
        return None
    try:
        return SUITE.decrypt(sealed, _private_key(key), purpose)
    except (InvalidTag, ValueError):
        return None


def _private_key(seal_key: bytes) -> ec.EllipticCurvePrivateKey:
    """Derive it from the key that signs heads: another purpose, another key, and nothing more to keep or to lose."""
    number = int.from_bytes(hashlib.sha512(b"relief parcels\0" + seal_key).digest(), "big")
    return ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())
