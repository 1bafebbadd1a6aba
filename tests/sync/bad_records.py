"""Records that no batch should have: each a name and what differs from a hand-over, contact or other record that is right."""

from __future__ import annotations

from typing import Any

from tests.model.plan import card_of, id_of

STRANGER = "00000000-0000-7000-8000-00000000dead"
HUGE = 10**4000
NOT_INTEGERS: dict[str, Any] = {"text": "1", "fraction": 1.5, "whole fraction": 1.0, "yes": True, "null": None, "list": [1],
                                "object": {"n": 1}, "infinity": float("inf"), "nothing": float("nan"), "huge": HUGE,
                                "-huge": -HUGE, "over 2^53": 2**53 + 1, "1e400": "1e400"}  # fmt: skip
NOT_TEXTS: dict[str, Any] = {"number": 1, "null": None, "list": ["a"], "object": {}, "NUL": "a\0b", "surrogate": "a\ud800",
                             "surrogates reversed": "\udc00\ud800", "too long": "a" * 2001}  # fmt: skip
NOT_IDS: dict[str, Any] = {"number": 1, "null": None, "empty": "", "capitals": STRANGER.upper(), "no dashes": "0" * 32,
                           "line": STRANGER + "\n", "other digits": "٠" * 8 + STRANGER[8:], "list": [STRANGER]}  # fmt: skip
NOT_TIMES: dict[str, Any] = {"number": 1363590750, "no offset": "2013-03-18T09:12:30", "year 0": "0000-01-01T00:00:00Z",
                             "year 10000": "10000-01-01T00:00:00Z", "30 February": "2013-02-30T00:00:00Z", "empty": "",
                             "offset of a day": "2013-03-18T09:12:30+24:00", "second 60": "2013-06-30T23:59:60Z"}  # fmt: skip
NOT_MEMBERS: dict[str, Any] = {"null": None, "object": {}, "text": "all", "empty": [], "numbers": [1], "many": [STRANGER] * 51,
                               "deep": [[STRANGER]]}  # fmt: skip


def each_of(field: str, values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{field}: {name}": {field: value} for name, value in values.items()}


# Changes to a hand-over that make it malformed.
MALFORMED: dict[str, dict[str, Any]] = {
    **each_of("quantity", {**NOT_INTEGERS, "negative": -1, "zero": 0, "over 10,000": 10_001}),
    **each_of("seq", {**NOT_INTEGERS, "negative": -1, "zero": 0}),
    **each_of("uptime_ms", {**NOT_INTEGERS, "negative": -1}),
    **each_of("v", {"text": "1", "fraction": 1.5, "null": None, "list": [1]}),
    **each_of("id", NOT_IDS),
    **each_of("enrolment", NOT_IDS),
    **each_of("session", NOT_IDS),
    **each_of("item", NOT_IDS),
    **each_of("site", NOT_IDS),
    **each_of("round", NOT_IDS),
    **each_of("by", NOT_IDS),
    **each_of("visit", NOT_IDS),
    **each_of("ask", NOT_IDS),
    **each_of("card", {**NOT_IDS, "no dashes": "0" * 31 + "g", "an id": STRANGER, "31 digits": "0" * 31, "33 digits": "0" * 33}),
    **each_of("collector", NOT_TEXTS),
    **each_of("at", NOT_TIMES),
    **each_of("members", NOT_MEMBERS),
    **each_of("kind", {"null": None, "number": 1, "list": ["handover"], "NUL": "\0", "surrogate": "\ud800", "long": "k" * 2001}),
    **each_of("mode", {"nonsense": "maybe", "null": None, "number": 1, "empty": ""}),
    **each_of("note", {"yes": True, "null": None, "fraction": 0.5, "NUL": "\0", "deep": [[[[[[[[1]]]]]]]], "key": {"a b": 1},
                       "key with NUL": {"\0": 1}, "huge": [HUGE], "infinity": {"a": [float("-inf")]}}),
    "a key with a surrogate": {"\ud800": 1},
    "a key of 65 signs": {"k" * 65: 1},
    "an empty key": {"": 1},
}  # fmt: skip

# Changes to a hand-over that is well formed, but of things that are not there: the code of the verdict.
NOT_HERE: dict[str, tuple[dict[str, Any], str]] = {
    "version 2": ({"v": 2}, "unknown_version"),
    "version 0": ({"v": 0}, "unknown_version"),
    "a huge version": ({"v": HUGE}, "unknown_version"),
    "version 2 of something else": ({"v": 2, "quantity": None, "x": float("nan")}, "unknown_version"),
    "a kind nobody knows": ({"kind": "gift"}, "unknown_kind"),
    "an empty kind": ({"kind": ""}, "unknown_kind"),
    "nobody's enrolment": ({"enrolment": STRANGER}, "unknown_enrolment"),
    "no such item": ({"item": STRANGER}, "unknown_reference"),
    "no such site": ({"site": STRANGER}, "unknown_reference"),
    "no such round": ({"round": STRANGER}, "unknown_reference"),
    "an area for a site": ({"site": id_of("area")}, "unknown_reference"),
}

# Well-formed fields that look wrong and are taken as they are.
TAKEN: dict[str, dict[str, Any]] = {
    "year 1, far east": {"at": "0001-01-01T00:00:00+23:59"},
    "year 1, far west": {"at": "0001-01-01T00:00:00-23:59"},
    "year 9999, far west": {"at": "9999-12-31T23:59:59-23:59"},
    "year 9999, far east": {"at": "9999-12-31T23:59:59+23:59"},
    "the largest uptime": {"uptime_ms": 2**53},
    "the largest seq": {"seq": 2**53},
    "the longest text": {"collector": "é" * 2000},
    "signs beyond 16 bits": {"collector": "\U0001f33e" * 2000},
    "text that grows in NFC": {"collector": "\ufb2c" * 2000},
    "a card's field in another place": {"new_card": [1, {"a": "b"}]},
    "a card id of its own": {"card_id": STRANGER, "new_card_id": 5},
    "an answer of its own": {"answer": {"granted": 1}},
    "columns of ours": {"standing": "entitled", "position": 1, "hash": "0" * 64, "operation_id": STRANGER},
    "Python's names": {"__class__": "x", "__proto__": {"a": 1}},
    "itself as ask": {"ask": id_of("self")},
}

MEMBER = {"id": id_of("m1"), "number": 1, "sex": "female", "age_band": "18-59", "disability": "no"}
ROW = {"sex": "female", "age_band": "18-59", "count": 1}


def other_kinds_malformed() -> dict[str, dict[str, Any]]:
    """Return records of other kinds (without envelope) that are malformed."""
    registration = {"kind": "registration", "household": id_of("new")}
    contact = {"kind": "contact", "item": id_of("pss"), "site": id_of("s1")}
    card = {"kind": "card", "action": "linked", "card": card_of("x")}
    return {
        "members listed twice": {**registration, "members": [MEMBER, MEMBER]},
        "no members": {**registration, "members": []},
        "51 members": {**registration, "members": [{**MEMBER, "id": f"{number:08}{STRANGER[8:]}"} for number in range(51)]},
        "a member without id": {**registration, "members": [{**MEMBER, "id": None}]},
        "a member with more": {**registration, "members": [{**MEMBER, "name": "x"}]},
        "a member of no sex": {**registration, "members": [{**MEMBER, "sex": ["female"]}]},
        "a member of no age": {**registration, "members": [{**MEMBER, "age_band": {}}]},
        "a member number 0": {**registration, "members": [{**MEMBER, "number": 0}]},
        "some members good": {**registration, "members": [MEMBER, 5, {"id": 1}, None]},
        "people of an object": {**contact, "people": {}},
        "nobody met": {**contact, "people": []},
        "0 people met": {**contact, "people": [{**ROW, "count": 0}]},
        "too many people met": {**contact, "people": [{**ROW, "count": 100_001}]},
        "too many rows": {**contact, "people": [ROW] * 51},
        "a card linked to nobody": card,
        "a card replaced by itself": {**card, "action": "replaced", "new_card": card_of("x")},
        "a card burnt": {**card, "action": "burnt"},
        "a void of nothing": {"kind": "void", "cause": "mistake", "site": id_of("s1")},
        "a void nowhere": {"kind": "void", "target": STRANGER, "cause": "mistake"},
        "goods half back": {"kind": "void", "target": STRANGER, "cause": "mistake", "site": id_of("s1"), "goods_back": 2},
        "negative stock": {"kind": "stock", "action": "lost", "item": id_of("kit"), "site": id_of("s1"), "quantity": -1},
        "a transfer to nowhere": {"kind": "stock", "action": "transferred", "item": id_of("kit"), "site": id_of("s1"),
                                  "quantity": 1},
        "a mark after the calendar": {"kind": "clock", "server_time": 253_402_300_800, "round_trip_ms": 1},
        "a mark of no time": {"kind": "clock", "server_time": None, "round_trip_ms": 1},
        "an ask for a contact": {**contact, "people": [ROW], "mode": "ask"},
        "a change on no day": {"kind": "composition", "household": id_of("h1"), "change": "change", "members": [MEMBER],
                               "from": "2013-02-30"},
        "a change never": {"kind": "composition", "household": id_of("h1"), "change": "change", "members": [MEMBER]},
    }  # fmt: skip


# Records of other kinds (without envelope) that are right, but odd: they may settle in any way, and must settle.
ODD: dict[str, dict[str, Any]] = {
    "a note named card": {"kind": "feedback", "card": "the blue one", "new_card": [1]},
    "a contact with a card": {"kind": "contact", "item": id_of("pss"), "site": id_of("s1"), "people": [ROW], "card": {"a": [1]}},
    "a void of itself": {"kind": "void", "target": id_of("self"), "id": id_of("self"), "cause": "mistake", "site": id_of("s1")},
    "a void of a stranger": {"kind": "void", "target": STRANGER, "cause": "not_given", "site": id_of("s1")},
    "a change in year 1": {"kind": "composition", "household": id_of("h1"), "change": "change", "members": [MEMBER],
                           "from": "0001-01-01"},
    "a change in year 9999": {"kind": "composition", "household": id_of("h1"), "change": "change", "members": [MEMBER],
                              "from": "9999-12-31"},
    "a correction of nothing": {"kind": "composition", "household": id_of("h1"), "change": "correction", "members": [MEMBER],
                                "corrects": STRANGER},
    "people of a household never registered": {"kind": "composition", "household": STRANGER, "change": "correction",
                                               "members": [MEMBER]},
    "the earliest mark": {"kind": "clock", "server_time": -62_135_596_800, "round_trip_ms": 2**53, "uptime_ms": 2**53},
    "the latest mark": {"kind": "clock", "server_time": 253_402_300_799, "round_trip_ms": 0, "uptime_ms": 0},
    "private that is a number": {"kind": "registration", "household": id_of("h1"), "members": [MEMBER], "private": 5},
}  # fmt: skip
