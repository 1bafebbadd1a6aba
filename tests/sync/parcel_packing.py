"""Packs parcels as a phone does: sealed to the server's public key, then written as lines of text."""

from __future__ import annotations

import gzip
import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from relief.sync.parcels import PURPOSE
from relief.sync.server_key import SUITE

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def sealed_to(told: dict[str, str], plain: bytes, purpose: bytes = PURPOSE) -> bytes:
    """Return bytes sealed to the key that a phone was told."""
    point = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), urlsafe_b64decode(told["public"] + "=="))
    return SUITE.encrypt(plain, point, purpose)


def packed(told: dict[str, str], body: Any, zipped: bool = True) -> bytes:
    """Return a sealed parcel with this JSON inside."""
    plain = json.dumps(body, ensure_ascii=False).encode()
    return sealed_to(told, gzip.compress(plain) if zipped else plain)


def as_body(told: dict[str, str], sealed: bytes) -> dict[str, str]:
    return {"key_id": told["key_id"], "sealed": urlsafe_b64encode(sealed).decode().rstrip("=")}


def as_lines(told: dict[str, str], sealed: bytes, size: int = 560) -> list[str]:
    """Return the lines of the file, or the texts of the QR codes, that carry a parcel."""
    whole = bytes([len(told["key_id"])]) + told["key_id"].encode() + sealed
    name = hashlib.sha256(sealed).hexdigest()[:16].upper()
    pieces = [whole[start : start + size] for start in range(0, len(whole), size)]
    return [f"RELIEF.P1.{name}.{place}.{len(pieces)}.{base45(piece)}." for place, piece in enumerate(pieces, 1)]


def base45(data: bytes) -> str:
    text = ""
    for start in range(0, len(data), 2):
        pair = data[start : start + 2]
        value = int.from_bytes(pair, "big")
        for _sign in range(len(pair) + 1):
            value, rest = divmod(value, 45)
            text += SIGNS[rest]
    return text
