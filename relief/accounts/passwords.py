"""Passwords: argon2id as OWASP advises for 46 MiB, and a plain check that a password is not a common one."""

from __future__ import annotations

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1, type=Type.ID)
# The hash of 256 random bits that nobody kept: checking against it takes the time of a real check.
_NOBODY = "$argon2id$v=19$m=47104,t=1,p=1$sUehItr5DLKTEFjChI7qow$1TPJPfeOiWcNH7qyx3hEf9wqdYCQ1NFeGrB550Nz+Xg"


def hash_password(password: str) -> str:
    """Return the argon2id hash: about 50 ms and 46 MiB."""
    return _hasher.hash(password)


def is_password(stored: str | None, password: str) -> bool:
    """Tell whether `password` is the one stored; without one stored it takes as long and is never right."""
    try:
        return _hasher.verify(stored or _NOBODY, password) and bool(stored)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
