"""Files on their way in are kept encrypted with the installation's own key: the database alone does not open them."""

from __future__ import annotations

import os
import zlib

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask_babel import gettext as _

from relief.kernel.errors import NotFound
from relief.settings import Secrets

_NONCE = 12


def seal(secrets: Secrets, upload_id: bytes, content: bytes) -> bytes:
    """Return `content` encrypted for one upload with the newest key."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(_key(next(iter(secrets.session_keys.values())))).encrypt(nonce, zlib.compress(content, 1), upload_id)


def unseal(secrets: Secrets, upload_id: bytes, sealed: bytes) -> bytes:
    """Return what was sealed with any of the installation's keys; raises NotFound where none fits."""
    for key in secrets.session_keys.values():
        try:
            return zlib.decompress(AESGCM(_key(key)).decrypt(sealed[:_NONCE], sealed[_NONCE:], upload_id))
        except Exception:  # cryptography's InvalidTag, or a cut text: the next key
            continue
    raise NotFound(_("The keys that this upload was kept with are gone. Upload the file again."))


def _key(secret: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"relief list upload").derive(secret)
