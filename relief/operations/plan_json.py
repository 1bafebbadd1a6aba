"""The plan as JSON: written in one canonical form, read strictly, each complaint naming the place."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import orjson
from flask_babel import gettext as _

from relief.kernel.clock import parse_day
from relief.kernel.errors import BadInput
from relief.kernel.ids import is_id_text
from relief.operations.plan_check import check_plan
from relief.operations.rules import (
    INDICATOR_SOURCES,
    INDICATOR_UNITS,
    REACHES,
    RULE_KINDS,
    SECTORS,
    STATUSES,
    Area,
    Indicator,
    Item,
    Plan,
    Round,
    Rule,
    Site,
)

__all__ = ["canonical_body", "check_plan", "is_plain_text", "is_zone", "plan_from_json", "plan_to_json"]
Reader = Callable[[Any, str], Any]
Part = TypeVar("Part")
LARGEST_NUMBER = 10**9
_FROM_EVER: int = -(1 << 62)  # the default of Rule.valid_from; a test holds the two together


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """Return the plan as plain JSON: what is None is left out, and so is the start of a rule that always held."""
    return _plain(dataclasses.asdict(plan))


def canonical_body(plan: Plan) -> bytes:
    """Return the bytes that are stored and hashed: NFC, sorted keys, no blanks."""
    return orjson.dumps(plan_to_json(plan), option=orjson.OPT_SORT_KEYS)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()
                if each is not None and not (key == "valid_from" and each == _FROM_EVER)}  # fmt: skip
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def plan_from_json(data: Any) -> Plan:
    """Return the Plan of its JSON; raises BadInput whose `where` names the place, such as `sites[2].zone`.

    Only the shape and each single value are checked here; `check_plan` looks at how the parts fit together.
    """
    return _read(Plan, _PLAN, data, "")


def _read(kind: type[Part], readers: Mapping[str, Reader], data: Any, where: str) -> Part:
    if not isinstance(data, dict):
        raise _bad(where, _("an object is expected"))
    prefix = f"{where}." if where else ""
    for name in data:
        if name not in readers:
            raise _bad(f"{prefix}{name}", _("no such field"))
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        if field.default is dataclasses.MISSING and field.name not in data:
            raise _bad(f"{prefix}{field.name}", _("is needed"))
    return kind(**{name: readers[name](value, f"{prefix}{name}") for name, value in data.items()})


def _bad(where: str, complaint: str) -> BadInput:
    return BadInput(f"{where or 'plan'}: {complaint}", where=where or "plan")


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 500 or not is_plain_text(value):
        raise _bad(where, _("a text of 1 to 500 characters is expected"))
    return unicodedata.normalize("NFC", value)


def is_plain_text(value: str) -> bool:
    """Return whether every database can hold the text: no NUL, no lone surrogate."""
    return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)


def _long_text(value: Any, where: str) -> str:
    if not isinstance(value, str) or len(value) > 4000 or not is_plain_text(value):
        raise _bad(where, _("a text of at most 4,000 characters is expected"))
    return unicodedata.normalize("NFC", value)


def _id(value: Any, where: str) -> str:
    if not isinstance(value, str) or not is_id_text(value):
        raise _bad(where, _("an id is expected"))
    return value


def _day(value: Any, where: str) -> str:
    try:
        return parse_day(value).isoformat()
    except (ValueError, TypeError):
        raise _bad(where, _("a day such as 2013-03-18 is expected")) from None


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    """Return whether there is an IANA time zone of this name."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _zone(value: Any, where: str) -> str:
    if not isinstance(value, str) or len(value) > 64 or not is_zone(value):
        raise _bad(where, _("no such time zone"))
    return value


def _flag(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise _bad(where, _("true or false is expected"))
    return value


def _number(least: int, most: int = LARGEST_NUMBER) -> Reader:
    def read(value: Any, where: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise _bad(where, _("a whole number from %(least)s to %(most)s is expected", least=least, most=most))
        return value

    return read


def _one_of(words: tuple[str, ...]) -> Reader:
    def read(value: Any, where: str) -> str:
        if value not in words:
            raise _bad(where, _("one of %(words)s is expected", words=", ".join(words)))
        return value

    return read


def _optional(reader: Reader) -> Reader:
    return lambda value, where: None if value is None else reader(value, where)


def _many(reader: Reader, most: int = 5000) -> Reader:
    def read(value: Any, where: str) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) > most:
            raise _bad(where, _("a list of at most %(most)s is expected", most=most))
        return tuple(reader(each, f"{where}[{index}]") for index, each in enumerate(value))

    return read


def _parts(kind: type, readers: Mapping[str, Reader]) -> Reader:
    return _many(lambda value, where: _read(kind, readers, value, where))


_AREA = {"id": _id, "name": _text, "parent": _optional(_id), "p_code": _optional(_text)}
_SITE = {"id": _id, "name": _text, "area": _id, "zone": _zone, "first_day": _optional(_day), "last_day": _optional(_day),
         "lanes": _number(0, 99)}  # fmt: skip
_ITEM = {"id": _id, "name": _text, "unit": _text, "recipient": _one_of(("household", "person")), "reaches": _one_of(REACHES),
         "service": _flag, "sensitive": _flag, "sector": _one_of(SECTORS), "ifrc_code": _optional(_text),
         "covers_people": _optional(_number(1, 1000)), "public_label": _optional(_text)}  # fmt: skip
_RULE = {"id": _id, "item": _id, "kind": _one_of(RULE_KINDS), "valid_from": _number(_FROM_EVER, 1 << 52),
         "quantity": _number(0, 10_000), "people": _optional(_number(1, 1000)),
         "minimum_interval_days": _optional(_number(1, 3660)), "daily_maximum": _optional(_number(1, 10_000))}  # fmt: skip
_ROUND = {"id": _id, "name": _text, "first_day": _day, "last_day": _day}
_INDICATOR = {"id": _id, "title": _text, "unit": _one_of(INDICATOR_UNITS), "source": _one_of(INDICATOR_SOURCES),
              "sector": _one_of(SECTORS), "target": _optional(_number(0)), "items": _many(_id, 200),
              "statement": _optional(_long_text), "comment": _optional(_long_text)}  # fmt: skip
_PLAN = {"version": _number(0), "status": _one_of(STATUSES), "grants_undecided": _flag, "areas": _parts(Area, _AREA),
         "sites": _parts(Site, _SITE), "items": _parts(Item, _ITEM), "rules": _parts(Rule, _RULE),
         "rounds": _parts(Round, _ROUND), "indicators": _parts(Indicator, _INDICATOR)}  # fmt: skip
