"""Whether the parts of a plan fit together: pure, all problems at once, each naming its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from flask_babel import gettext as _

from relief.operations.rules import Plan

_LISTS = ("areas", "sites", "items", "rules", "rounds", "indicators")


def check_plan(plan: Plan) -> list[str]:
    """Return what is wrong with the plan, one sentence each (`rules[1].item: ...`); an empty list means it may be saved."""
    checks = (_same_ids, _same_names, _areas, _sites, _items, _rules, _rounds, _indicators)
    return [problem for check in checks for problem in check(plan)]


def _same_ids(plan: Plan) -> Iterator[str]:
    for name in _LISTS:
        yield from _repeated(name, "id", [each.id for each in getattr(plan, name)])


def _same_names(plan: Plan) -> Iterator[str]:
    for name in ("sites", "items", "rounds"):
        yield from _repeated(name, "name", [each.name.casefold() for each in getattr(plan, name)])
    yield from _repeated("areas", "name", [(each.parent, each.name.casefold()) for each in plan.areas])
    yield from _repeated("indicators", "title", [each.title.casefold() for each in plan.indicators])


def _repeated(name: str, field: str, values: Sequence[object]) -> Iterator[str]:
    seen: dict[object, int] = {}
    for index, value in enumerate(values):
        if value in seen:
            yield f"{name}[{index}].{field}: " + _("the same as in %(where)s", where=f"{name}[{seen[value]}]")
        seen.setdefault(value, index)


def _areas(plan: Plan) -> Iterator[str]:
    for index, area in enumerate(plan.areas):
        if area.parent is not None and area.parent not in plan.area:
            yield f"areas[{index}].parent: " + _("no such area")
        elif _in_circle(plan, area.id):
            yield f"areas[{index}].parent: " + _("the areas form a circle")


def _in_circle(plan: Plan, start: str) -> bool:
    above = plan.area[start].parent
    for _step in plan.areas:
        if above is None or above not in plan.area:
            return False
        if above == start:
            return True
        above = plan.area[above].parent
    return False  # it only leads into somebody else's circle


def _sites(plan: Plan) -> Iterator[str]:
    for index, site in enumerate(plan.sites):
        if site.area not in plan.area:
            yield f"sites[{index}].area: " + _("no such area")
        if site.first_day and site.last_day and site.last_day < site.first_day:
            yield f"sites[{index}].last_day: " + _("is before the first day")


def _items(plan: Plan) -> Iterator[str]:
    for index, item in enumerate(plan.items):
        if not item.service and item.id not in plan.rules_of:
            yield f"items[{index}]: " + _("goods need a rule: how much may a household get?")


def _rules(plan: Plan) -> Iterator[str]:
    for index, rule in enumerate(plan.rules):
        if rule.item not in plan.item:
            yield f"rules[{index}].item: " + _("no such item")
        if rule.quantity < 1:
            yield f"rules[{index}].quantity: " + _("at least 1 is needed: nobody would get any")
        if rule.kind == "per_people" and rule.people is None:
            yield f"rules[{index}].people: " + _("is needed: one for how many people?")
        if rule.kind != "per_people" and rule.people is not None:
            yield f"rules[{index}].people: " + _("belongs to a rule per people only")
    starts = [(rule.item, rule.valid_from) for rule in plan.rules]
    yield from _repeated("rules", "valid_from", starts)


def _rounds(plan: Plan) -> Iterator[str]:
    for index, each in enumerate(plan.rounds):
        if each.last_day < each.first_day:
            yield f"rounds[{index}].last_day: " + _("is before the first day")
    in_order = sorted(enumerate(plan.rounds), key=lambda pair: (pair[1].first_day, pair[1].last_day))
    for (_index, earlier), (index, later) in pairwise(in_order):
        if later.first_day <= earlier.last_day:
            yield f"rounds[{index}].first_day: " + _("overlaps with the round %(name)s", name=earlier.name)


def _indicators(plan: Plan) -> Iterator[str]:
    for index, indicator in enumerate(plan.indicators):
        for place, item in enumerate(indicator.items):
            if item not in plan.item:
                yield f"indicators[{index}].items[{place}]: " + _("no such item")
        if indicator.source in ("any_item", "all_items", "contacts") and not indicator.items:
            yield f"indicators[{index}].items: " + _("at least one item is needed")
