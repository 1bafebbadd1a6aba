"""How often each trouble of the field befell a simulated fleet, and which never did: an *equal* says no more than was tried."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from relief.fleet.simulation.book import Exchange

BEFALL_A_PHONE = ("stretches_offline", "lost_answers", "cut_requests", "wrong_clocks", "jumping_clocks", "pages_loaded_anew",
                  "old_copies_restored", "records_sent_again", "cut_batches", "turned_batches", "doubled_batches")  # fmt: skip
STAND_IN_RECORDS = ("cards_at_two_phones", "blank_cards_used_elsewhere", "voids_before_their_hand_over", "replaced_cards",
                    "cancelled_cards", "records_of_a_revoked_phone")  # fmt: skip


def count_troubles(met: Iterable[Counter[str]], exchanges: Iterable[Exchange]) -> dict[str, int]:
    """Return how often every trouble happened, 0 where it never did; `met` are those that each phone noted of itself."""
    noted = sum(met, Counter[str]())
    stand = _in_records(exchanges)
    return {name: noted[name] for name in BEFALL_A_PHONE} | {name: stand[name] for name in STAND_IN_RECORDS}


def _in_records(exchanges: Iterable[Exchange]) -> Counter[str]:
    found: Counter[str] = Counter()
    served_by: dict[str, set[str]] = defaultdict(set)
    registered_by: dict[str, str] = {}
    used_elsewhere: set[str] = set()
    seen: set[str] = set()
    for exchange in exchanges:
        for record in exchange.records:
            if record["id"] in seen:
                continue
            seen.add(record["id"])
            card, phone, kind = record.get("card", ""), record["enrolment"], record["kind"]
            found["records_of_a_revoked_phone"] += exchange.revoked
            if kind == "handover":
                served_by[card].add(phone)
                if registered_by.get(card, phone) != phone:
                    used_elsewhere.add(card)
            elif kind == "registration" and card:
                registered_by[card] = phone
            elif kind == "void" and record["target"] not in seen:
                found["voids_before_their_hand_over"] += 1
            elif kind == "card" and record["action"] in ("replaced", "cancelled"):
                found[f"{record['action']}_cards"] += 1
    found["cards_at_two_phones"] = sum(len(phones) > 1 for phones in served_by.values())
    found["blank_cards_used_elsewhere"] = len(used_elsewhere)
    return found
