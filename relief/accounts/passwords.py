"""Passwords: argon2id as OWASP advises for 46 MiB, and a plain check that a password is not a common one."""

from __future__ import annotations

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1, type=Type.ID)
# Somebody's password that nobody has: checking against it takes the time of a real check.
_NOBODY = _hasher.hash("nobody's password, checked so that unknown addresses take as long as known ones")


def hash_password(password: str) -> str:
    """Return the argon2id hash: about 50 ms and 46 MiB."""
    return _hasher.hash(password)


def is_password(stored: str | None, password: str) -> bool:
    """Tell whether `password` is the one stored; without one stored it takes as long and is never right."""
    try:
        return _hasher.verify(stored or _NOBODY, password) and stored is not None
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
