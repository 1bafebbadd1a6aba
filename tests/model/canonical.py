"""The canonical form once more, written slowly from the protocol page."""

from __future__ import annotations

import unicodedata

TRANSPORT = ("mode",)
ENVELOPE = ("v", "id", "kind", "enrolment", "seq", "session", "at", "uptime_ms", "visit", "by", "site", "round")
FACTS = {
    "handover": ("item", "quantity", "members", "ask"),
    "contact": ("item", "people", "quantity"),
    "void": ("target", "cause", "goods_back"),
    "not_served": ("cause", "item"),
    "registration": ("household", "members", "area", "home_site"),
    "composition": ("household", "change", "from", "corrects", "members"),
    "card": ("action", "household", "number"),
    "household": ("household", "action", "other", "pairs", "item", "quantity", "list_version"),
    "stock": ("action", "item", "quantity", "to_site", "source"),
    "decision": ("case", "cites", "action", "group", "cause", "plan_version"),
    "plan_version": ("version", "predecessor", "digest"),
    "clock": ("server_time", "round_trip_ms"),
}
ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


class NotCanonical(ValueError):
    """The value has no canonical form."""


def canonical_text(value: object) -> str:
    """Return the one text of a value; raises NotCanonical for what a record may not hold."""
    if isinstance(value, bool) or value is None or isinstance(value, float):
        raise NotCanonical("only integers and strings")
    if isinstance(value, int):
        if abs(value) > 2**53:
            raise NotCanonical("integer too large")
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return "[" + ",".join(canonical_text(each) for each in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{key_text(key)}:{canonical_text(value[key])}" for key in sorted(value)) + "}"
    raise NotCanonical("not JSON")


def key_text(key: str) -> str:
    if not key.isascii() or len(key) > 64:
        raise NotCanonical("keys are ASCII, at most 64 characters")
    return quoted(key)


def quoted(text: str) -> str:
    if len(text) > 2000 or "\0" in text or any(0xD800 <= ord(sign) <= 0xDFFF for sign in text):
        raise NotCanonical("too long, NUL or a lone surrogate")
    signs = (ESCAPES.get(sign) or (f"\\u{ord(sign):04x}" if ord(sign) < 32 else sign) for sign in nfc(text))
    return '"' + "".join(signs) + '"'


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def split(record: dict) -> tuple[dict, dict]:
    """Return (facts, private) of a record's content; the card ids that the server adds to facts are not in it."""
    content = {key: value for key, value in record.items() if key not in TRANSPORT}
    kept = ENVELOPE + FACTS.get(record["kind"], ())
    facts = {key: value for key, value in content.items() if key in kept}
    return facts, {key: value for key, value in content.items() if key not in facts}
