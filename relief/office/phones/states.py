"""What there is to know about each phone, and which of them needs somebody first. Plain values in, plain values out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from relief.kernel.paging import Page
from relief.office.phones.queries import PhoneRow

LOW_BATTERY = 20
OLD_LIST_SECONDS = 24 * 3600
BAD, WARN, NOTE = 3, 2, 1
WEIGHTS = {
    "lost": BAD, "storage": BAD, "not_back": BAD, "waits": WARN, "to_decide": WARN, "missing": WARN, "silent": WARN,
    "battery": WARN, "old_list": WARN, "old_app": NOTE, "unheard": NOTE,
}  # fmt: skip
SHOWN = ("all", "attention", "signed_off")
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class PhoneState:
    """A phone and its flags, the gravest first."""

    row: PhoneRow
    flags: tuple[str, ...]

    @property
    def weight(self) -> int:
        return max((WEIGHTS[flag] for flag in self.flags), default=0)

    @property
    def missing(self) -> int:
        return max(0, self.row.max_seq - self.row.seq_count)


@dataclass(frozen=True, slots=True)
class Judge:
    """By what phones are judged: the moment, when one is silent, the server's own version; `closed` operations have no hurry."""

    now: int
    silent_seconds: int
    version: str
    closed: bool = False

    def state(self, row: PhoneRow) -> PhoneState:
        flags = self._signed_off(row) if row.revoked_at is not None else self._in_use(row)
        return PhoneState(row, tuple(sorted(flags, key=lambda flag: -WEIGHTS[flag])))

    def _signed_off(self, row: PhoneRow) -> list[str]:
        return [*(["not_back"] if row.waiting else []), *(["to_decide"] if row.to_decide else [])]

    def _in_use(self, row: PhoneRow) -> list[str]:
        heard = row.last_contact_at
        if heard is None:
            return ["unheard"]
        is_silent = heard < self.now - self.silent_seconds and not self.closed
        named = {
            "lost": row.lost > 0, "storage": row.storage in ("full", "failing"), "waits": row.waiting > 0 and is_silent,
            "to_decide": row.to_decide > 0, "missing": row.max_seq - row.seq_count > row.to_decide + row.waiting,
            "silent": is_silent and not row.waiting, "battery": row.battery is not None and row.battery <= LOW_BATTERY,
            "old_list": row.list_at is not None and row.list_at < self.now - OLD_LIST_SECONDS and not self.closed,
            "old_app": is_older(row.app_version, self.version),
        }  # fmt: skip
        return [flag for flag, is_so in named.items() if is_so]


def by_need(states: Iterable[PhoneState]) -> list[PhoneState]:
    """Return the phones in the order in which somebody should look at them; the signed-off ones that need nothing last."""
    return sorted(states, key=lambda state: (-state.weight, state.row.revoked_at is not None, -len(state.flags),
                                             _natural(state.row.label)))  # fmt: skip


def chosen(states: Sequence[PhoneState], show: str, site: str, typed: str, number: int) -> Page[PhoneState]:
    """Return a page of those that are to be shown: `show` of SHOWN, one site's or all, whose name has what was typed."""
    words = typed.casefold().split()
    wanted = [state for state in states if _is_shown(state, show) and (not site or state.row.serves(site))
              and all(word in state.row.label.casefold() for word in words)]  # fmt: skip
    return Page(wanted[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, PAGE_SIZE, len(wanted))


def _is_shown(state: PhoneState, show: str) -> bool:
    if show == "signed_off":
        return state.row.revoked_at is not None
    return show != "attention" or state.weight >= WARN


def is_older(version: str, ours: str) -> bool:
    """Tell whether an app's version is lower than the server's; what is no version is not."""
    theirs, own = _version(version), _version(ours)
    return bool(theirs and own) and theirs < own


def _version(text: str) -> tuple[int, ...]:
    found = re.match(r"\d{1,6}(\.\d{1,6}){1,3}", text, re.ASCII)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


def _natural(label: str) -> tuple[tuple[str, int], ...]:
    """Sort `table 2` before `table 10`."""
    parts = re.split(r"(\d{1,15})", label.casefold())
    return tuple((parts[place], int(parts[place + 1]) if place + 1 < len(parts) else 0) for place in range(0, len(parts), 2))
