"""Read the vectors and write out their short entries as the sealed entries they stand for."""

from __future__ import annotations

import json
from pathlib import Path

from relief.kernel.clock import parse_wall
from tests.model.plan import card_of, id_of

FOLDER = Path(__file__).parent.parent / "vectors"
ID_KEYS = ("id", "site", "round", "item", "household", "other", "ask", "target", "corrects", "home_site", "to_site", "area")
SETUP_TIME = "2013-03-01T08:00:00+03:00"


def load(name: str) -> list[dict]:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def member(short: dict | str, number: int) -> dict:
    """Write out a member: a name alone is a grown woman with the number of her place in the list."""
    short = {"id": short} if isinstance(short, str) else dict(short)
    short["id"] = id_of(short["id"])
    return {"number": number, "sex": "female", "age_band": "18-59", "disability": "unknown"} | short


def record_of(short: dict, seq: int) -> dict:
    """Write out a record with its envelope. `by` (default p1) names the device."""
    device = short.get("by", "p1")
    record = {"v": 1, "seq": seq, "enrolment": id_of(device), "session": id_of("s" + device), "uptime_ms": 0, "at": SETUP_TIME}
    for key, value in short.items():
        if key in ID_KEYS:
            record[key] = id_of(value)
        elif key in ("card", "new_card"):
            record[key] = card_of(value)
        elif key == "members" and short["kind"] in ("registration", "composition"):
            record[key] = [member(each, place) for place, each in enumerate(value, 1)]
        elif key in ("members", "cites"):
            record[key] = [id_of(each) for each in value]
        elif key == "pairs":
            record[key] = [[id_of(each) for each in pair] for pair in value]
        elif key not in ("by", "authority", "step", "answer", "server_time"):
            record[key] = value
    if short["kind"] in ("handover", "contact", "not_served", "stock"):
        record = {"site": id_of("s1")} | record
    if short["kind"] == "handover":
        record = {"round": id_of("r1"), "quantity": 1} | record
    return record


def entry_of(short: dict, seq: int) -> dict:
    record = record_of(short, seq)
    device = short.get("by", "p1")
    authority = short.get("authority", "desk" if device == "desk" else "phone")
    if isinstance(authority, list):
        authority = [id_of(site) for site in authority]
    entry = {"id": record["id"], "step": short.get("step", "given"), "record": record, "authority": authority}
    if entry["step"] == "answer":
        entry |= {"answer": short["answer"], "server_time": parse_wall(short["server_time"])}
    return entry


def setup_of(households: dict) -> list[dict]:
    """Write out the desk's registration (which links the card) and approval of each household of a case."""
    short = []
    for name, household in households.items():
        desk = {"by": "desk", "at": SETUP_TIME, "household": name}
        known = {key: household[key] for key in ("card", "area") if key in household}
        short.append({**desk, **known, "id": f"z{name}r", "kind": "registration", "members": household["members"]})
        if household.get("status", "approved") != "registered":
            action = household.get("status", "approved")
            short.append({**desk, "id": f"z{name}a", "kind": "household", "action": action})
    return short


def entries_of(case: dict) -> list[dict]:
    """Return the sealed entries of a fold case."""
    short = setup_of(case["households"]) + case["entries"]
    return [entry_of(each, seq) for seq, each in enumerate(short, 1)]


def standings_of(case: dict) -> dict[str, dict]:
    """Return record id -> standing, its words written out from [standing, entitled, excess, code...]."""
    keys = ("standing", "entitled", "excess")
    return {
        id_of(name): dict(zip(keys, short[:3], strict=True)) | {"codes": sorted(short[3:])}
        for name, short in case["standings"].items()
    }  # fmt: skip


def cases_of(case: dict) -> set[tuple[str, frozenset]]:
    return {(code, frozenset(id_of(name) for name in cites)) for code, *cites in case["cases"]}


def reached_of(case: dict) -> dict[str, set[str]]:
    return {id_of(name): {id_of(each) for each in members} for name, members in case["reached"].items()}
