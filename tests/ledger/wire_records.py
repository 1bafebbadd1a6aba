"""Random records as they come over the wire: well-formed ones of every kind, and the same broken in one place."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

from relief.operations.rules import AGE_BANDS, DISABILITIES, SEXES

LARGEST = 2**53
ids = st.uuids().map(str)
card_keys = st.binary(min_size=16, max_size=16).map(bytes.hex)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,10}", fullmatch=True)
plain = st.recursive(st.integers(-LARGEST, LARGEST) | texts,
                     lambda each: st.lists(each, max_size=3) | st.dictionaries(names, each, max_size=3),
                     max_leaves=8)  # fmt: skip
days = st.dates().map(lambda day: day.isoformat())
walls = st.builds(lambda moment, zone: moment.isoformat(timespec="seconds") + zone, st.datetimes(),
                  st.sampled_from(["Z", "+03:00", "-23:59", "+14:00"]))  # fmt: skip
members = st.lists(
    st.fixed_dictionaries({"id": ids, "number": st.integers(1, 1000), "sex": st.sampled_from(SEXES),
                           "age_band": st.sampled_from(AGE_BANDS), "disability": st.sampled_from(DISABILITIES)}),
    min_size=1, max_size=4, unique_by=lambda each: each["id"],
)  # fmt: skip
people = st.lists(
    st.fixed_dictionaries({"sex": st.sampled_from(SEXES), "age_band": st.sampled_from(AGE_BANDS),
                           "count": st.integers(1, 100_000)}),
    min_size=1, max_size=3,
)  # fmt: skip

Fields = dict[str, Any]


def envelope(kind: str, needed: Fields, optional: Fields | None = None) -> Any:
    """Return a strategy for whole records of a kind, with some fields that nobody knows."""
    required = {"v": st.just(1), "id": ids, "kind": st.just(kind), "enrolment": ids, "seq": st.integers(1, LARGEST),
                "session": ids, "at": walls, "uptime_ms": st.integers(0, LARGEST), **needed}  # fmt: skip
    spare = {"visit": ids, "by": ids, "site": ids, "round": ids, "mode": st.just("tell"), **(optional or {})}
    known = {name: each for name, each in spare.items() if name not in needed}
    unknown = st.dictionaries(names.map(lambda name: f"x_{name}"), plain, max_size=2)
    return st.builds(lambda record, more: {**more, **record}, st.fixed_dictionaries(required, optional=known), unknown)


def action(*words: str) -> Any:
    return st.sampled_from(words)


def quantity(low: int, high: int) -> Any:
    return st.integers(low, high)


WELL_FORMED: dict[str, Any] = {
    "handover": envelope("handover", {"card": card_keys, "item": ids, "quantity": quantity(1, 10_000), "site": ids, "round": ids},
                         {"members": st.lists(ids, min_size=1, max_size=3), "ask": ids, "collector": texts, "reason": texts,
                          "mode": action("ask", "tell")}),
    "contact": envelope("contact", {"item": ids, "site": ids, "people": people},
                        {"quantity": quantity(1, 10_000), "place": texts}),
    "void": envelope("void", {"target": ids, "site": ids, "cause": action("mistake", "returned", "not_given", "other")},
                     {"card": card_keys, "goods_back": st.integers(0, 1), "reason": texts}),
    "not_served": envelope("not_served", {"cause": action("absent", "run_out"), "site": ids},
                           {"item": ids, "card": card_keys, "reason": texts}),
    "registration": envelope("registration", {"household": ids, "members": members},
                             {"card": card_keys, "area": ids, "home_site": ids, "private": plain}),
    "composition": envelope("composition", {"household": ids, "change": st.just("change"), "from": days, "members": members},
                            {"reason": texts, "private": plain})
    | envelope("composition", {"household": ids, "change": st.just("correction"), "members": members}, {"corrects": ids}),
    "card": envelope("card", {"action": action("issued", "linked", "handed_out", "cancelled"), "card": card_keys,
                              "household": ids},
                     {"number": st.just("17-0403"), "reason": texts, "code": texts})
    | envelope("card", {"action": st.just("replaced"), "card": card_keys, "new_card": card_keys}).filter(
        lambda record: record["card"] != record["new_card"]),
    "household": envelope("household", {"household": ids, "action": action("approved", "not_approved", "withdrawn")},
                          {"list_version": texts, "reason": texts})
    | envelope("household", {"household": ids, "action": action("merged", "kept_apart"), "other": ids},
               {"pairs": st.lists(st.lists(ids, min_size=2, max_size=2), max_size=2)}).filter(
        lambda record: record["household"] != record["other"])
    | envelope("household", {"household": ids, "action": st.just("override"), "item": ids, "round": ids,
                             "quantity": quantity(0, 10_000)}),
    "stock": envelope("stock", {"action": action("received", "counted"), "item": ids, "site": ids,
                                "quantity": quantity(0, 10_000_000)},
                      {"source": action("dref", "own_funds", "in_kind"), "waybill": texts, "reason": texts, "names": plain})
    | envelope("stock", {"action": st.just("transferred"), "item": ids, "site": ids, "quantity": quantity(0, 10),
                         "to_site": ids}),
    "decision": envelope("decision", {"case": action("old_card", "seq_reused"), "action": action("accept", "void", "take_up")},
                         {"cites": st.lists(ids, min_size=1, max_size=3), "group": ids, "cause": ids,
                          "plan_version": st.integers(1, LARGEST), "reason": texts}),
    "plan_version": envelope("plan_version", {"version": st.integers(1, LARGEST),
                                              "digest": st.binary(min_size=32, max_size=32).map(bytes.hex)},
                             {"predecessor": st.integers(0, LARGEST)}),
    "clock": envelope("clock", {"server_time": st.integers(-62_135_596_800, 253_402_300_799),
                                "round_trip_ms": st.integers(0, LARGEST)}),
    "day_closed": envelope("day_closed", {}),
    "feedback": envelope("feedback", {}),
}  # fmt: skip

well_formed = st.sampled_from(sorted(WELL_FORMED)).flatmap(WELL_FORMED.__getitem__)

# What a sender's mistake looks like, beside any JSON at all.
strange_texts = st.text(max_size=4) | st.sampled_from(
    ["\0", "\ud800", "a" * 2001, "", "ask", "override", "merged", "é", "2013-02-30", "0001-01-01T00:00:00+23:59",
     "9999-12-31T24:00:00Z", "F" * 32]
)  # fmt: skip
leaves = (st.none() | st.booleans() | st.floats() | st.integers() | st.sampled_from([0, -1, LARGEST, LARGEST + 1, -LARGEST - 1])
          | strange_texts | ids | card_keys)  # fmt: skip
deep = st.sampled_from([[[[[[1]]]]], [[[[[[1]]]]]], [[[[[[[1]]]]]]], [[[[[[[[1]]]]]]]]])
anything = deep | st.recursive(
    leaves, lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=6) | ids, each, max_size=3), max_leaves=10
)
strange_names = st.text(max_size=4) | st.sampled_from(
    ["from", "from_", "card", "new_card", "mode", "private", "members", "item", "to_site", "other", "pairs", "a" * 64, "a" * 65,
     "1a", "a b", "é", ""]
)  # fmt: skip


@st.composite
def broken(draw: Any) -> Any:
    """Return a well-formed record with one to three random changes, deep or shallow (some change nothing that matters)."""
    record = copy.deepcopy(draw(well_formed))
    for _change in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(list(_containers(record))))
        if isinstance(place, list):
            _break_list(draw, place)
        else:
            _break_object(draw, place, whole=place is record)
    return record


def _containers(value: Any) -> Any:
    if isinstance(value, dict | list):
        yield value
        for each in value.values() if isinstance(value, dict) else value:
            yield from _containers(each)


def _break_list(draw: Any, place: list[Any]) -> None:
    change = draw(st.sampled_from(["add", "double", "empty"]))
    if change == "add":
        place.append(copy.deepcopy(draw(anything)))
    elif change == "double":
        place.extend(place[:1])
    else:
        place.clear()


def _break_object(draw: Any, place: Fields, whole: bool) -> None:
    """Change one field. A record stays one of a kind and version that are known: others are not asked about."""
    fixed = {"kind", "v"} if whole else set()
    known = sorted(place.keys() - fixed)
    change = draw(st.sampled_from(["remove", "replace", "add"]))
    if change == "add" or not known:
        name = draw(strange_names)
        if name not in fixed:
            place[name] = copy.deepcopy(draw(anything))
    elif change == "remove":
        del place[draw(st.sampled_from(known))]
    else:
        place[draw(st.sampled_from(known))] = copy.deepcopy(draw(anything))
