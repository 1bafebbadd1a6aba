"""How far suspected duplicates can be trusted: `python -m bench duplicates` on a made-up list with known twins.

Precision: of the pairs called strong, how many are one family. Recall: of the true pairs, how many are called strong, and how
many at all. The bars are 0.95 and 0.90: a manager who is wrong once in twenty still looks at each pair side by side, and
one told twice in ten that is missed is caught by the phone at the table no more than without this.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from itertools import combinations
from typing import Any

from bench.made_up_lists import Family, make_list
from bench.table import Row, show
from relief.households.likeness import Candidate, find_alike
from relief.households.rules import age_band

YEAR = 2013
LEAST_PRECISION, LEAST_RECALL = 0.95, 0.90


def candidate(number: int, family: Family) -> Candidate:
    people = tuple(({"f": "female", "m": "male"}[each.sex], age_band(max(0, YEAR - each.born)), str(each.born))
                   for each in family.people)  # fmt: skip
    births = tuple(str(each.born) for each in family.people)
    return Candidate(number.to_bytes(4, "big"), family.written[0], family.written, births, family.phone,
                     family.document, family.village, family.address, people)  # fmt: skip


def measure(families: int, seed: int, years: bool, everyday: bool = False) -> dict[str, Any]:
    """Return precision, recall and seconds on one list; `years` whether the list knows years of birth."""
    told = make_list(families, seed, everyday=everyday)
    candidates = [candidate(number, family) for number, family in enumerate(told)]
    if not years:
        candidates = [Candidate(each.key, each.head, each.names, (), each.phone, each.document, each.village, each.address,
                                tuple((sex, band, "") for sex, band, _born in each.people)) for each in candidates]  # fmt: skip
    rows = defaultdict(list)
    for number, family in enumerate(told):
        rows[family.truth].append(number.to_bytes(4, "big"))
    true = {pair for keys in rows.values() for pair in combinations(sorted(keys), 2)}
    start = time.perf_counter()
    found = find_alike(candidates)
    seconds = time.perf_counter() - start
    strong = {(each.one, each.other) for each in found if each.is_strong}
    every = {(each.one, each.other) for each in found}
    return {
        "families": families, "seed": seed, "years of birth": years, "everyday": everyday, "true pairs": len(true),
        "strong": len(strong), "strong precision": round(len(strong & true) / max(1, len(strong)), 4),
        "strong recall": round(len(strong & true) / len(true), 4),
        "strong and possible": len(every), "precision of all": round(len(every & true) / max(1, len(every)), 4),
        "recall of all": round(len(every & true) / len(true), 4), "seconds": round(seconds, 1),
        "reasons of false strong": dict(Counter(" ".join(sorted(each.reasons)) for each in found
                                                if each.is_strong and (each.one, each.other) not in true).most_common(5)),
        "missed": len(true - every),
    }  # fmt: skip


def rows_of(figures: dict[str, Any]) -> list[Row]:
    """Return the figures of one list as the table shows them."""
    false = ", ".join(f"{reasons} {times}" for reasons, times in figures["reasons of false strong"].items())
    return [
        Row("strong suspicions: precision", figures["strong precision"], "", "at least", LEAST_PRECISION,
            f"{figures['strong']} pairs" + (f"; false ones by {false}" if false else "")),
        Row("strong suspicions: recall", figures["strong recall"], "", "at least", LEAST_RECALL,
            f"of {figures['true pairs']} true pairs"),
        Row("strong and possible: precision", figures["precision of all"], "", note=f"{figures['strong and possible']} pairs"),
        Row("strong and possible: recall", figures["recall of all"], "", note=f"{figures['missed']} missed"),
        Row("to find them", figures["seconds"], "s"),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench duplicates", description=__doc__)
    parser.add_argument("--families", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2013)
    parser.add_argument("--without-years", action="store_true", help="a list that knows age bands only")
    parser.add_argument("--everyday", action="store_true", help="many live alone, and everybody writes streets their own way")
    given = parser.parse_args()
    figures = measure(given.families, given.seed, not given.without_years, given.everyday)
    title = f"{given.families:,} families with known twins, {'age bands only' if given.without_years else 'years of birth known'}"
    sys.exit(0 if show(title, rows_of(figures)) else 1)


if __name__ == "__main__":
    main()
