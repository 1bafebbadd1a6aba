"""A clock mark that arrives late may change which of two links of a card came first."""

from __future__ import annotations

from relief.kernel.clock import wall
from tests.model.plan import card_of, id_of


def test_late_mark_moves_a_card_to_a_family_that_keeps_all_it_had(field, clock):
    first, second = field.household("h1"), field.household("h2")
    lead = field.phone("lead", site_ids=[id_of("s1")], site_lead=True)
    phone, start = field.phone(), clock.now()
    slow = {"at": wall(start, "Europe/Minsk"), "uptime_ms": 1000}
    lead.send(lead.record("card", action="linked", card=card_of("zz"), household=first, **slow))
    clock.moment += 1800
    field.desk.send({"kind": "card", "action": "linked", "card": card_of("zz"), "household": second})
    phone.send(phone.handover("h2"))
    clock.moment += 1800
    # The lead's phone was an hour slow: its link was made after the desk's.
    lead.send(lead.record("clock", **slow, server_time=start + 3600, round_trip_ms=10))
    (on_moved_card,) = phone.send(phone.handover("zz"))
    (on_own_card,) = phone.send(phone.handover("h2"))
    assert (on_moved_card["codes"], on_own_card["codes"]) == (["already_received"], ["already_received"])
    assert field.counters()["cards|linked"] == 3
