"""The code of a tally sheet, `0012-K7F3`: its number and four signs that no other operation's sheet of this number has."""

from __future__ import annotations

import hashlib
import re

from relief.cards.rules import SIGNS, normalise_typed

CHECK_SIGNS = 4


def sheet_code(number: int, sheet_id: bytes) -> str:
    """Return what stands on the sheet, in its QR and beside it."""
    return f"{number:04d}-{check_signs(sheet_id)}"


def check_signs(sheet_id: bytes) -> str:
    """Return the four signs that a sheet's 16 random bytes make."""
    value = int.from_bytes(hashlib.sha256(b"relief tally sheet" + sheet_id).digest()[:8], "big")
    signs = []
    for _place in range(CHECK_SIGNS):
        value, rest = divmod(value, len(SIGNS))
        signs.append(SIGNS[rest])
    return "".join(signs)


def read_sheet_code(typed: str) -> tuple[int, str]:
    """Return (number, signs or '') of what somebody typed or scanned: `12`, `0012` or `0012-K7F3`. Raises ValueError."""
    number, _dash, signs = typed.strip().partition("-")
    signs = normalise_typed(signs)
    if not re.fullmatch(r"\d{1,6}", number, re.ASCII) or signs and not _is_check(signs):
        raise ValueError("not a sheet's code")
    return int(number), signs


def _is_check(signs: str) -> bool:
    return len(signs) == CHECK_SIGNS and set(signs) <= set(SIGNS)
