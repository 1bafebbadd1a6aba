"""A parcel as text: the lines of a file, or the QR codes of a series, `RELIEF.P1.<parcel>.<place>.<count>.<bytes in base45>.`."""

from __future__ import annotations

import hashlib
import re

from flask_babel import gettext as _
from flask_babel import ngettext

from relief.kernel.errors import BadInput

_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {sign: value for value, sign in enumerate(_SIGNS)}
_LINE = re.compile(r"RELIEF\.P1\.([0-9A-F]{16})\.(\d{1,3})\.(\d{1,3})\.([0-9A-Z $%*+./:-]+)\.", re.ASCII)


def read_series(text: str) -> list[tuple[str, bytes]]:
    """Return (key id, sealed bytes) of every parcel in a text, whose lines may come in any order and more than once.

    Raises BadInput: no parcel at all (`no_parcel`), one with lines missing (`parts_missing`), a damaged one.
    """
    found: dict[tuple[str, int], dict[int, bytes]] = {}
    for line in text.replace("\r", "\n").split("\n"):
        match = _LINE.fullmatch(line.strip(" \t\ufeff"))
        if match:
            found.setdefault((match[1], int(match[3])), {})[int(match[2])] = _bytes_of(match[4])
    if not found:
        raise BadInput(_("There is no packed outbox of a phone in this."), code="no_parcel")
    return [_whole(parcel, count, pieces) for (parcel, count), pieces in found.items()]


def _whole(parcel: str, count: int, pieces: dict[int, bytes]) -> tuple[str, bytes]:
    missing = [str(place) for place in range(1, count + 1) if place not in pieces]
    if missing:
        words = ngettext("Code %(places)s of %(count)s is missing.", "Codes %(places)s of %(count)s are missing.", len(missing),
                         places=", ".join(missing[:20]), count=count)  # fmt: skip
        raise BadInput(words, code="parts_missing")
    whole = b"".join(pieces[place] for place in range(1, count + 1))
    name, sealed = whole[1 : 1 + whole[0]] if whole else b"", whole[1 + whole[0] :] if whole else b""
    if hashlib.sha256(sealed).hexdigest()[:16].upper() != parcel:
        raise _damaged()
    return name.decode("ascii", "replace"), sealed


def short_signs(sealed: bytes) -> str:
    """Return the four signs by which whoever packed it and whoever took it in make sure that it is the same parcel."""
    return hashlib.sha256(sealed).hexdigest()[:4].upper()


def _bytes_of(text: str) -> bytes:
    """Return the bytes of base45 text (RFC 9285); raises BadInput."""
    found = bytearray()
    for start in range(0, len(text), 3):
        signs = text[start : start + 3]
        value = sum(_VALUE[sign] * 45**place for place, sign in enumerate(signs))
        size = len(signs) - 1
        if size == 0 or value >= 256**size:
            raise _damaged()
        found += value.to_bytes(size, "big")
    return bytes(found)


def _damaged() -> BadInput:
    return BadInput(_("This is damaged: take it from the phone once more."), code="damaged_parcel")
