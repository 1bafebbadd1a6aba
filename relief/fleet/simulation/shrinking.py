"""Finds the shortest history that shows a difference: leaves out ever more, as long as the difference stays."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import TypeVar

from relief.fleet.simulation.book import Book, Reading, read_book
from relief.fleet.simulation.comparing import Difference, model_state
from relief.fleet.simulation.families import Kin
from relief.fleet.simulation.replaying import Replay, Step, list_steps
from relief.operations.rules import Plan

T = TypeVar("T")
REPLAYED = ("standings", "cases", "counters", "people", "totals", "stock", "asks")


@dataclass(frozen=True, slots=True)
class History:
    """The shortest history found. `replayed`: the difference came again from nothing; else the steps are those that the
    plain model's own figure rests on, and what is stored was changed by something else than records."""

    difference: Difference
    steps: list[Step]
    replayed: bool


def shorten(replay: Replay, differences: Sequence[Difference], seconds: float) -> History | None:
    """Return the shortest history found within so many seconds, None when no difference can be shown by records."""
    shown = [each for each in differences if each.part in REPLAYED]
    if not shown:
        return None
    deadline = time.monotonic() + seconds
    steps = list_steps(replay.book)
    nearby = _nearby(steps, shown[0])
    for start in (nearby, steps) if nearby else (steps,):
        found = _find_kin(replay.differences(start), set(map(_kind, shown)))
        if found is not None:
            return _shortest(replay, start, _kind(found), deadline)
    return _rests_on(replay.plan, replay.book, steps, shown[0], deadline)


def _shortest(replay: Replay, start: list[Step], kind: tuple[str, str], deadline: float) -> History:
    """Shrink, and remember the difference that the shortest history so far showed."""
    seen: list[Difference] = []

    def shows(part: list[Step]) -> bool:
        found = _find_kin(replay.differences(part), {kind})
        if found is not None:
            seen.append(found)
        return found is not None

    shows(start)
    shortest = _shrink(start, shows, deadline)
    return History(seen[-1], shortest, True)


def _find_kin(found: Sequence[Difference], kinds: Container[tuple[str, str]]) -> Difference | None:
    return next((each for each in found if _kind(each) in kinds), None)


def _kind(difference: Difference) -> tuple[str, str]:
    """Return what stays the same of a difference while its history shrinks: the part, and a counter's or case's word."""
    key = difference.key if isinstance(difference.key, str) else str(difference.key[0])
    return difference.part, key.split("|")[0] if difference.part in ("counters", "cases") else ""


def _shrink(steps: list[Step], shows: Callable[[list[Step]], bool], deadline: float) -> list[Step]:
    """Leave out whole families first, then single records."""
    by_family = list(families_of(steps).values())
    order = {id(step): place for place, step in enumerate(steps)}

    def flat(units: list[list[Step]]) -> list[Step]:
        return sorted((step for unit in units for step in unit), key=lambda step: order[id(step)])

    kept = flat(fewest(by_family, lambda units: shows(flat(units)), deadline))
    return fewest(kept, shows, deadline)


def fewest(parts: list[T], shows: Callable[[list[T]], bool], deadline: float) -> list[T]:
    """Return a smallest part of `parts` that still shows it (delta debugging); at the deadline, the smallest so far."""
    size = max(1, len(parts) // 2)
    while parts:
        smaller = _smaller(parts, size, shows, deadline)
        if smaller is not None:
            parts = smaller
            size = max(1, min(size, len(parts) // 2))
        elif size == 1 or time.monotonic() > deadline:
            return parts
        else:
            size = max(1, size // 2)
    return parts


def _smaller(parts: list[T], size: int, shows: Callable[[list[T]], bool], deadline: float) -> list[T] | None:
    """Return `parts` without some `size` neighbours, the latest first, if that still shows it."""
    for start in range(len(parts) - size, -size, -size):
        if time.monotonic() > deadline:
            return None
        rest = parts[: max(0, start)] + parts[start + size :]
        if len(rest) < len(parts) and shows(rest):
            return rest
    return None


def families_of(steps: Sequence[Step]) -> dict[str, list[Step]]:
    """Return the steps by what they belong to: everything that cards, households and targets connect."""
    kin = Kin(step.record for step in steps)
    found: dict[str, list[Step]] = {}
    for step in steps:
        found.setdefault(kin.of(step.record), []).append(step)
    return found


def _nearby(steps: list[Step], difference: Difference) -> list[Step]:
    """Return the steps of the family that a standing or case belongs to, with all clock marks; of other parts none."""
    named = set(difference.key[1]) if difference.part == "cases" else {difference.key}
    chosen = [family for family in families_of(steps).values() if any(step.record["id"] in named for step in family)]
    if not chosen:
        return []
    kept = {id(step) for family in chosen for step in family}
    return [step for step in steps if id(step) in kept or step.record["kind"] == "clock"]


def _rests_on(plan: Plan, book: Book, steps: list[Step], difference: Difference, deadline: float) -> History:
    """Return the fewest records on which the plain model's own figure rests."""
    answers = {(entry["id"], entry["step"]): entry for entry in read_book(book).entries}

    def says(part: list[Step]) -> object:
        entries = [answers[step.record["id"], "answer" if step.is_ask else "given"] for step in part]
        return model_state(plan, Reading(entries)).get(difference.part, {}).get(difference.key)

    kept = _shrink(steps, lambda part: says(part) is not None, deadline) if difference.model is not None else []
    return History(difference, kept, False)

