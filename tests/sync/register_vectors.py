"""The worked cases of `decide.json` as a phone meets them: a register row, and its own records that the row may not have yet.

`python -m tests.sync.register_vectors` writes tests/vectors/register.json anew; a test holds that it is what the server says.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import orjson

from relief.kernel.clock import parse_wall
from relief.ledger.documents import document_of
from relief.sync.register import CardRows, Scope, plan_part
from tests.ledger.pure_product import groups_of
from tests.model import vectors
from tests.model.plan import sample_plan

FILE = vectors.FOLDER / "register.json"
SCOPE = Scope(bytes(16), (), sensitive=True)


def register_case(case: dict, contained: bool) -> dict[str, Any]:
    """Return what the asking phone has: `cards` and `plan` of its register, and `own` records; `contained`: rows have those."""
    plan, asked_at = sample_plan(case["plan"] == "undecided"), parse_wall(case["asked_at"])
    ask = vectors.record_of(case["ask"], 99)
    entries = vectors.entries_of(case)
    own = [entry for entry in entries if entry["record"]["enrolment"] == ask["enrolment"]]
    known = entries if contained else [entry for entry in entries if entry not in own]
    rows = CardRows(plan, SCOPE, asked_at)
    groups = [group for group in groups_of(known).values() if ask["card"] in group.cards]
    return {
        "name": case["name"], "contained": int(contained), "ask": ask, "plan": plan_part(plan, SCOPE, asked_at),
        "cards": [_short(row, ask["item"]) for group in groups for row in _rows_of(rows, plan, group)],
        "own": [entry["record"] for entry in own],
    }  # fmt: skip


def _short(row: dict[str, Any], item: str) -> dict[str, Any]:
    """Leave of what is due the one item that is asked for."""
    return row | ({"due": [due for due in row["due"] if due["item"] == item]} if "due" in row else {})


def _rows_of(rows: CardRows, plan: Any, group: Any) -> list[dict[str, Any]]:
    document = document_of(group, plan)
    view, basis = orjson.dumps({"view": document.view}), orjson.dumps(asdict(document.basis))
    return [rows.row(bytes.fromhex(card), state, None, view, basis) for card, state in sorted(document.basis.card_states.items())]


def register_cases() -> list[dict[str, Any]]:
    """Return every case twice where the phone has records of its own: contained in the rows, and not."""
    found = []
    for case in vectors.load("decide"):
        found.append(register_case(case, contained=True))
        if found[-1]["own"]:
            found.append(register_case(case, contained=False))
    return found


def written(cases: list[dict[str, Any]]) -> str:
    return "[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]\n"


if __name__ == "__main__":
    FILE.write_text(written(register_cases()), encoding="utf-8")
