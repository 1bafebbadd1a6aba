"""Plain rules of accounts: roles, tokens, join codes and which passwords will not do."""

from __future__ import annotations

import hashlib
import secrets

ROLES = ("manager", "site_lead", "finance", "protection", "auditor", "volunteer")
PERSONAL_ROLES = ("manager", "site_lead", "finance", "protection", "auditor")  # who might have a reason to see people's data
PURPOSES = ("distribution", "household_data", "household_asks", "decision", "checking", "other")
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


SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
# What people type first, after the digits and signs at both ends are taken off. Years of leaks agree on these.
_COMMON_WORDS = """
password passwort passw0rd p@ssword p@ssw0rd admin administrator welcome letmein login master monkey dragon football
baseball iloveyou sunshine princess superman batman trustno1 starwars whatever freedom shadow michael jordan hunter
qwerty qwertz azerty qwertyui qwertyuiop qazwsx qazwsxedc zaq1zaq1 asdfghjkl zxcvbnm abcdef abcdefg secret changeme
default guest computer internet samsung google facebook charlie jennifer redcross redcrescent volunteer relief
emergency ifrc dref password1 passwordpassword adminadmin welcomewelcome qwertyqwerty пароль йцукен йцукенгшщз
motdepasse bonjour soleil contrasena hola
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y7u8i9o0p",
         "1qaz2wsx3edc4rfv5tgb", "йцукенгшщзхъ", "фывапролджэ")  # fmt: skip


def is_common_password(password: str, email: str = "") -> bool:
    """Tell whether a guesser would try it early: a well-known word, one sign or piece repeated, a run of keys, the address."""
    plain = password.casefold()
    letters = plain.strip("0123456789!?.,-_*#@$%&+ ")
    return (
        plain in _COMMON
        or letters in _COMMON
        or (len(letters) == 0 and len(set(plain)) < 6)
        or _is_repeated(plain)
        or _is_run(plain)
        or plain in email.casefold()
        or any(part in plain and len(plain) - len(part) < 5 for part in email.casefold().split("@") if len(part) > 3)
    )


def _is_repeated(plain: str) -> bool:
    return any(plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, 5))


def _is_run(plain: str) -> bool:
    rows = [once * 2 for row in _ROWS for once in (row, row[::-1])]
    return any(plain in row or plain[:5] in row and plain[5:10] in row for row in rows)


def plain_email(typed: str) -> str:
    """Return the address as it is stored: without blanks around, in lower case."""
    return typed.strip().lower()


def needs_email(email: str) -> bool:
    """Tell whether a user was made before anybody knew her address: the first administrator."""
    return "@" not in email
