"""Reading an operation file: its bytes in, checked values out. Nothing here touches the database.

Things in a file have short keys; within an operation the key of a kind always makes the same id
(`file_id(operation_id, "item", "food-parcel")`), so that the same file again means the same things.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from flask_babel import gettext as _
from marshmallow import ValidationError

from relief.budget.rules import AllocationRow, LineRow
from relief.kernel.errors import BadInput, TooLarge
from relief.kernel.ids import derived_id, to_text
from relief.kernel.money import parse_money
from relief.office.operations.file_schemas import OperationFileSchema
from relief.operations.plan_json import check_plan
from relief.operations.rules import Area, Indicator, Item, Plan, Round, Rule, Site

LARGEST_FILE = 10 * 1024 * 1024
MOST_PROBLEMS = 200
DEEPEST_AREA = 12


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one place of the file, such as `sites[2].zone`."""

    where: str
    message: str


@dataclass(frozen=True, slots=True)
class OperationFile:
    """A file whose fields are well-formed; its things get their ids once the operation's id is known."""

    data: dict[str, Any]

    @property
    def operation(self) -> dict[str, Any]:
        """The operation's fields, statements with them, without what is given once."""
        kept = {name: value for name, value in self.data["operation"].items() if name not in ("id", "appeal_code", "glide")}
        return {**kept, "statements": self.data["statements"]}


def file_id(operation_id: bytes, kind: str, key: str) -> bytes:
    """Return the id of the thing that a file calls `key`; kinds: area, site, item, rule, round, indicator, allocation, line."""
    return derived_id(operation_id, f"{kind}:{key}")


def read_operation_file(raw: bytes) -> OperationFile:
    """Return the checked file; raises TooLarge, and BadInput that lists every problem with its place."""
    if len(raw) > LARGEST_FILE:
        raise TooLarge(_("The file is larger than 10 MB."), limit=LARGEST_FILE)
    try:
        data = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadInput(_("The file is not JSON: %(error)s.", error=str(error)), where=f"line {error.lineno}") from error
    if not isinstance(data, dict) or _depth(data.get("areas")) > DEEPEST_AREA:
        raise BadInput(_("The file is not an operation file."), where="file")
    _refuse_repeated_names(raw)
    try:
        loaded = OperationFileSchema().load(data)
    except ValidationError as error:
        raise _complain(list(_flatten(error.normalized_messages(), ""))) from error
    file = OperationFile(loaded)
    if problems := [*_key_problems(loaded), *_plan_problems(file)]:
        raise _complain(problems)
    return file


def _refuse_repeated_names(raw: bytes) -> None:
    """Raise BadInput where an object says something twice: every reader would take the last, and nobody would know."""

    def look(pairs: list[tuple[str, Any]]) -> None:
        if len(dict(pairs)) < len(pairs):
            [(twice, _count)] = Counter(name for name, _value in pairs).most_common(1)
            raise BadInput(_("The file says %(name)s twice in one place. Leave one out.", name=twice), where=twice)

    try:
        json.loads(raw, object_pairs_hook=look)
    except RecursionError as error:
        raise BadInput(_("The file is not an operation file."), where="file") from error


def _depth(areas: Any) -> int:
    """Return how deep the areas are nested, without recursion: the file may be hostile."""
    depth, level = 0, areas
    while isinstance(level, list) and level and depth <= DEEPEST_AREA:
        depth += 1
        inner = [area.get("areas") for area in level if isinstance(area, dict)]
        level = [area for areas in inner if isinstance(areas, list) for area in areas]
    return depth


def _complain(problems: list[Problem]) -> BadInput:
    if len(problems) == 1:
        (one,) = problems
        return BadInput(one.message, where=one.where, problems=[{"where": one.where, "message": one.message}])
    told = [f"{problem.where}: {problem.message}" for problem in problems[:MOST_PROBLEMS]]
    summary = _("The file has %(count)s problems and nothing was stored:", count=len(problems))
    places = [{"where": problem.where, "message": problem.message} for problem in problems[:MOST_PROBLEMS]]
    return BadInput("\n".join([summary, *told]), problems=places)


def _flatten(messages: Any, where: str) -> Iterator[Problem]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            step = f"[{name}]" if isinstance(name, int) else "" if name == "_schema" else f".{name}"
            yield from _flatten(inner, f"{where}{step}".lstrip("."))
    elif isinstance(messages, list):
        for message in messages:
            yield from _flatten(message, where)
    else:
        yield Problem(where or "file", str(messages))


def _walk_areas(areas: list[dict[str, Any]], parent: str | None = None, path: str = "") -> Iterator[tuple[dict, str | None, str]]:
    """Yield every area of the tree with its parent's key and its place in the file, parents first."""
    for index, area in enumerate(areas):
        here = f"{path}areas[{index}]"
        yield area, parent, here
        yield from _walk_areas(area["areas"], area["key"], f"{here}.")


def _key_problems(data: dict[str, Any]) -> Iterator[Problem]:
    places = {name: [(each["key"], f"{name}[{index}]") for index, each in enumerate(data[name])]
              for name in ("sites", "items", "rules", "rounds", "indicators", "allocations", "budget_lines")}  # fmt: skip
    places["areas"] = [(area["key"], where) for area, _parent, where in _walk_areas(data["areas"])]
    for named in places.values():
        seen: dict[str, str] = {}
        for key, where in named:
            if key in seen:
                yield Problem(f"{where}.key", _("the same as in %(where)s", where=seen[key]))
            seen.setdefault(key, where)


def _plan_problems(file: OperationFile) -> Iterator[Problem]:
    """Yield what does not fit together, each at its place in the file (where areas are a tree)."""
    areas = [where for _area, _parent, where in _walk_areas(file.data["areas"])]
    for told in check_plan(build_plan(file, bytes(16), 1)):
        where, _colon, message = re.sub(r"\bareas\[(\d+)\]", lambda match: areas[int(match[1])], told).partition(": ")
        if not where.endswith(".id"):  # two equal keys, told already
            yield Problem(where, message)


def build_plan(file: OperationFile, operation_id: bytes, version: int) -> Plan:
    """Return the file's plan for an operation, as this version of it."""
    data = file.data

    def name(kind: str, key: str) -> str:
        return to_text(file_id(operation_id, kind, key))

    def fields(entry: dict[str, Any], *without: str) -> dict[str, Any]:
        return {field: value for field, value in entry.items() if field not in ("key", *without)}

    return Plan(
        version=version,
        status=data["status"],
        grants_undecided=data["grants_undecided"],
        areas=tuple(Area(name("area", area["key"]), parent=name("area", parent) if parent else None, **fields(area, "areas"))
                    for area, parent, _where in _walk_areas(data["areas"])),
        sites=tuple(Site(name("site", site["key"]), area=name("area", site["area"]), **fields(site, "area"))
                    for site in data["sites"]),
        items=tuple(Item(name("item", item["key"]), **fields(item)) for item in data["items"]),
        rules=tuple(Rule(name("rule", rule["key"]), name("item", rule["item"]), **_rule_fields(fields(rule, "item")))
                    for rule in data["rules"]),
        rounds=tuple(Round(name("round", each["key"]), **fields(each)) for each in data["rounds"]),
        indicators=tuple(Indicator(name("indicator", each["key"]), items=tuple(name("item", key) for key in each["items"]),
                                   **fields(each, "items")) for each in data["indicators"]),
    )  # fmt: skip


def _rule_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """Leave the start out where none is told: such a rule always held."""
    return {name: value for name, value in fields.items() if name != "valid_from" or value is not None}


def build_allocations(file: OperationFile, operation_id: bytes) -> list[AllocationRow]:
    """Return the file's allocations for an operation."""
    return [AllocationRow(file_id(operation_id, "allocation", entry["key"]), entry["kind"],
                          parse_money(entry["amount"], entry["currency"]).minor, entry["currency"], entry["granted_on"],
                          entry["funding_source"], entry["note"]) for entry in file.data["allocations"]]  # fmt: skip


def build_lines(file: OperationFile, operation_id: bytes) -> list[LineRow]:
    """Return the file's budget lines for an operation."""
    return [LineRow(file_id(operation_id, "line", entry["key"]), entry["sector"], entry["account_group"],
                    parse_money(entry["amount"], entry["currency"]).minor, entry["currency"], entry["description"],
                    entry["demonstration"]) for entry in file.data["budget_lines"]]  # fmt: skip
