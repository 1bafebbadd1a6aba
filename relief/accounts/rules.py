"""Plain rules of accounts: roles, passwords, codes and tokens. Standard library only."""

from __future__ import annotations

import hashlib
import secrets

ROLES = ("manager", "site_lead", "finance", "protection", "auditor", "volunteer")
ENROLMENT_KINDS = ("phone", "desk", "import")
ALPHABET = "0123456789ABCDEFGHJKMNPQRTVWXYZ"  # no I, L, O, U, S: nothing that reads like another sign
JOIN_CODE_SIGNS = 8
_LIKENESS = str.maketrans("OILS", "0115")


def make_token() -> str:
    """Return 256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """Return the SHA-256 of a token. (256 random bits need no salt and no slow hash.)"""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def make_join_code() -> str:
    """Return a fresh join code as people read it, `ABCD-EFGH`: about 39 bits."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(JOIN_CODE_SIGNS))
    return f"{signs[:4]}-{signs[4:]}"


def plain_join_code(typed: str) -> str:
    """Return the eight signs a person meant: any case, blanks or dashes, O for 0, I and L for 1, S for 5."""
    kept = "".join(sign for sign in typed.upper() if sign.isalnum())
    return kept.translate(_LIKENESS)


def join_code_hash(typed: str) -> bytes:
    """Return the SHA-256 under which a join code is stored."""
    return hashlib.sha256(b"relief join code " + plain_join_code(typed).encode("utf-8", "surrogatepass")).digest()
