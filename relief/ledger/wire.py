"""Records as they come over the wire: checked fast, put into canonical form, split into facts and private part.

The table `KINDS` is docs/protocol.md in code. A well-formed record passes here in microseconds; what does not pass is handed to
`sync.record_schemas`, which takes its time to say in words what is wrong. A test holds that both agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from relief.ledger.values import (
    Check,
    are_members,
    integer,
    is_card_key,
    is_day,
    is_id,
    is_name,
    is_pair,
    is_people_row,
    is_plain,
    is_text,
    is_wall,
    list_of,
    matching,
    one_of,
)  # fmt: skip

VERSION = 1
TRANSPORT = frozenset(("mode",))
_NUMBER = re.compile(r"[0-9A-Za-z-]{1,20}", re.ASCII).fullmatch
_CODE = re.compile(r"[a-z_]{1,40}", re.ASCII).fullmatch
_CAUSE = re.compile(r"[0-9a-z_|-]{1,100}", re.ASCII).fullmatch
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII).fullmatch


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: checks of its facts and private fields, which it needs, and `whole`, a check across fields.

    `texts` are those of its facts that may hold any letters; all others are made of ASCII signs by their checks.
    """

    facts: Mapping[str, Check]
    private: Mapping[str, Check]
    needed: frozenset[str]
    texts: tuple[str, ...]
    whole: Callable[[dict[str, Any]], bool] | None = None


YES_NO = integer(0, 1)
ENVELOPE: dict[str, Check] = {
    "v": integer(1), "id": is_id, "kind": matching(_CODE), "enrolment": is_id, "seq": integer(1), "session": is_id, "at": is_wall,
    "uptime_ms": integer(0), "visit": is_id, "by": is_id, "site": is_id, "round": is_id, "about": YES_NO,
}  # fmt: skip
ENVELOPE_NEEDED = frozenset(("v", "id", "kind", "enrolment", "seq", "session", "at", "uptime_ms"))
CARD_FIELDS = {"card": "card_id", "new_card": "new_card_id"}


def _kind(needed: str = "", facts: dict[str, Check] | None = None, private: dict[str, Check] | None = None,
          whole: Callable[[dict[str, Any]], bool] | None = None) -> Kind:  # fmt: skip
    texts = tuple(name for name, check in (facts or {}).items() if check is is_text)
    return Kind({**ENVELOPE, **(facts or {})}, private or {}, ENVELOPE_NEEDED | frozenset(needed.split()), texts, whole)


def _whole_card(record: dict[str, Any]) -> bool:
    action = record["action"]
    if action == "replaced":
        return "new_card" in record and record["new_card"] != record["card"]
    return "new_card" not in record and (action != "linked" or "household" in record)


def _whole_household(record: dict[str, Any]) -> bool:
    action = record["action"]
    if action in ("merged", "kept_apart"):
        return "other" in record and record["other"] != record["household"]
    return action != "override" or {"item", "round", "quantity"} <= record.keys()


def _whole_composition(record: dict[str, Any]) -> bool:
    return ("from" in record) == (record["change"] == "change")


KINDS: dict[str, Kind] = {
    "handover": _kind("card item quantity site round", {
        "item": is_id, "quantity": integer(1, 10_000), "members": list_of(is_id, 1, 50), "ask": is_id},
        {"card": is_card_key, "collector": is_text, "reason": is_text}),
    "contact": _kind("item site people", {
        "item": is_id, "people": list_of(is_people_row, 1, 50), "quantity": integer(1, 10_000)}, {"place": is_text}),
    "void": _kind("target cause", {
        "target": is_id, "cause": one_of("mistake", "returned", "not_given", "other"), "goods_back": YES_NO},
        {"card": is_card_key, "reason": is_text}, lambda record: "card" in record or "site" in record),
    "not_served": _kind("cause site", {
        "cause": one_of("already_received", "absent", "refused", "ineligible", "unknown_card", "run_out"), "item": is_id},
        {"card": is_card_key, "reason": is_text}),
    "registration": _kind("household members", {
        "household": is_id, "members": are_members, "area": is_id, "home_site": is_id},
        {"card": is_card_key, "private": is_plain}),
    "composition": _kind("household change members", {
        "household": is_id, "change": one_of("change", "correction"), "from": is_day, "corrects": is_id, "members": are_members},
        {"reason": is_text, "private": is_plain}, _whole_composition),
    "card": _kind("action card", {
        "action": one_of("issued", "linked", "handed_out", "not_handed_out", "replaced", "cancelled"), "household": is_id,
        "number": matching(_NUMBER)},
        {"card": is_card_key, "new_card": is_card_key, "reason": is_text, "code": is_text}, _whole_card),
    "household": _kind("household action", {
        "household": is_id, "other": is_id, "pairs": list_of(is_pair, 0, 50), "item": is_id, "quantity": integer(0, 10_000),
        "action": one_of("approved", "not_approved", "withdrawn", "merged", "kept_apart", "override"), "list_version": is_text},
        {"reason": is_text}, _whole_household),
    "stock": _kind("action item site quantity", {
        "action": one_of("received", "dispatched", "returned", "transferred", "lost", "damaged", "counted"), "item": is_id,
        "quantity": integer(0, 10_000_000), "to_site": is_id, "source": one_of("dref", "own_funds", "in_kind")},
        {"waybill": is_text, "reason": is_text, "names": is_plain},
        lambda record: ("to_site" in record) == (record["action"] == "transferred")),
    "decision": _kind("case action", {
        "case": matching(_CODE), "cites": list_of(is_id, 1, 500), "action": one_of("accept", "void", "take_up"), "group": is_id,
        "cause": matching(_CAUSE), "plan_version": integer(1)}, {"reason": is_text}),
    "plan_version": _kind("version digest", {"version": integer(1), "predecessor": integer(0), "digest": matching(_DIGEST)}),
    "clock": _kind("server_time round_trip_ms", {
        "server_time": integer(-62_135_596_800, 253_402_300_799), "round_trip_ms": integer(0)}),
    "day_closed": _kind(),
    "feedback": _kind(),
}  # fmt: skip


# Only where a kind has a card is a field of that name one: elsewhere it is a field we do not know, with any value.
CARDS_OF = {name: tuple(each for each in CARD_FIELDS if each in kind.private) for name, kind in KINDS.items()}


@dataclass(slots=True)
class Prepared:
    """A well-formed record: its facts still without card ids, its private part, and the card keys (hex) it names."""

    index: int
    id: str
    kind: str
    ask: bool
    facts: dict[str, Any]
    private: dict[str, Any]


@dataclass(slots=True)
class Unreadable:
    """A record that is kept raw: why, and as much of its identity as could be read."""

    index: int
    id: str | None
    code: str
    record: Any


def prepare(index: int, record: Any) -> Prepared | Unreadable:
    """Check one record and split it; never raises."""
    if type(record) is not dict:
        return Unreadable(index, None, "malformed", record)
    record_id = record.get("id")
    known = record_id if is_id(record_id) else None
    if type(record.get("v")) is int and record["v"] != VERSION and known:
        return Unreadable(index, known, "unknown_version", record)
    kind = KINDS.get(record["kind"]) if type(record.get("kind")) is str else None
    if kind is None:
        code = "unknown_kind" if known and is_text(record.get("kind")) else "malformed"
        return Unreadable(index, known, code, record)
    parts = _split(record, kind)
    if parts is None:
        return Unreadable(index, known, "malformed", record)
    return Prepared(index, record["id"], record["kind"], record.get("mode") == "ask", *parts)


def _split(record: dict[str, Any], kind: Kind) -> tuple[dict[str, Any], dict[str, Any]] | None:
    facts: dict[str, Any] = {}
    private: dict[str, Any] = {}
    for name, value in record.items():
        check = kind.facts.get(name)
        if check is not None:
            facts[name] = value
        elif name in TRANSPORT:
            check = _is_mode
        else:
            check = kind.private.get(name) or _check_of_unknown(name)
            private[name] = value
        if not check(value):
            return None
    for names, part in ((kind.texts, facts), (private, private)):
        part.update({name: _composed(part[name]) for name in names if name in part})
    if not kind.needed <= record.keys() or (kind.whole is not None and not kind.whole(record)):
        return None
    if record.get("mode") == "ask" and record["kind"] != "handover":
        return None
    return facts, private


_is_mode = one_of("ask", "tell")


def _check_of_unknown(name: Any) -> Check:
    return is_plain if type(name) is str and is_name(name) else _never


def _never(_value: Any) -> bool:
    return False


def _composed(value: Any) -> Any:
    """Return a value with all its text in NFC."""
    if type(value) is str:
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if type(value) is dict:
        return {name: _composed(each) for name, each in value.items()}
    if type(value) is list:
        return [_composed(each) for each in value]
    return value


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of a checked value: UTF-8, sorted keys, no blanks."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
