"""The published facts, and the ids that the demonstration's operations and their parts always have."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from relief.kernel.ids import derived_id, to_bytes, to_text
from relief.office.operations.file import file_id

FLOODS, WINTER = "MDRBY003", "MDRBY002"
ZONE = "Europe/Minsk"
SEED = 2013
MADE_UP = "demonstration data"
SOURCES = {"A": "IFRC Belarus Annual Report 2013", "B": "DREF bulletins and final report",
           "C": "Climate Centre, 6 September 2013"}  # fmt: skip
_SPACE = derived_id(bytes(16), "relief demonstration: Belarus 2013")


@cache
def read_facts() -> dict[str, Any]:
    """Return the whole file of facts."""
    return json.loads(files(__package__).joinpath("belarus-2013.json").read_text(encoding="utf-8"))


def operation_facts(appeal_code: str) -> dict[str, Any]:
    """Return what is published on one of the two operations."""
    return next(each for each in read_facts()["operations"] if each["appeal_code"] == appeal_code)


def name_sources(letters: str) -> str:
    """Return the names of sources that the facts call by letters such as `B, C`."""
    return "; ".join(SOURCES[letter] for letter in letters.split(", "))


def published_people() -> dict[str, int]:
    """Return the four published figures of the floods operation by our item names."""
    parcels, blankets, pss, pumping = (each["people"] for each in operation_facts(FLOODS)["reached"])
    return {"parcels": parcels, "blankets": blankets, "pss": pss, "pumping": pumping}


def operation_id(appeal_code: str) -> str:
    """Return the id that an operation has in every copy of the demonstration."""
    return to_text(derived_id(_SPACE, appeal_code))


def thing_id(appeal_code: str, kind: str, key: str) -> str:
    """Return the id of what the operation's file calls `key`; `kind` is area, site, item or round."""
    return to_text(file_id(to_bytes(operation_id(appeal_code)), kind, key))
