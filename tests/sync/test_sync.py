"""The sync API: one verdict for each record."""

from __future__ import annotations

from dataclasses import replace

from relief.accounts.devices import revoke_enrolment
from relief.db import unit_of_work
from relief.ledger.plan_saving import save_plan
from tests.ledger.field import Field, field_plan
from tests.model.plan import card_of, id_of


def words(verdicts):
    return [(each["verdict"], *each["codes"]) for each in verdicts]


def test_a_hand_over_is_accepted_and_reaches_the_family(field):
    field.household("h1", members=4)
    phone = field.phone()
    assert words(phone.send(phone.handover("h1"))) == [("accepted",)]
    assert field.total(f"people|{id_of('parcel')}") == 4
    assert field.total(f"given|{id_of('parcel')}") == 1


def test_same_scan_sent_twice_makes_one_entry(field):
    field.household("h1")
    phone = field.phone()
    scan = phone.handover("h1")
    assert words(phone.send(scan)) == [("accepted",)]
    assert words(phone.send(scan, scan)) == [("already_there",), ("already_there",)]
    assert field.total(f"given|{id_of('parcel')}") == 1


def test_same_id_with_other_content_is_held_and_the_first_stays(field):
    field.household("h1")
    phone = field.phone()
    scan = phone.handover("h1")
    phone.send(scan)
    assert words(phone.send({**scan, "quantity": 2})) == [("held", "conflict")]
    assert field.total(f"given|{id_of('parcel')}") == 1


def test_a_second_parcel_is_kept_and_flagged(field):
    field.household("h1")
    one, other = field.phone("one"), field.phone("other")
    one.send(one.handover("h1"))
    assert words(other.send(other.handover("h1"))) == [("flagged", "already_received")]
    assert field.total(f"given|{id_of('parcel')}") == 2
    assert field.total(f"excess|{id_of('parcel')}") == 1
    assert field.total("cases|already_received") == 1


def test_two_phones_ask_for_one_card_and_one_is_granted(field):
    field.household("h1")
    one, other = field.phone("one"), field.phone("other")
    scan, granted = one.ask("h1")
    assert (granted["verdict"], granted["mode"]) == ("accepted", "granted")
    _, refused = other.ask("h1")
    assert words([refused]) == [("refused", "already_received")]
    assert refused["detail"]["received"][0]["site"] == id_of("s1")
    assert field.total("given") == 0
    assert field.total("waiting") == 1
    assert words(one.send(scan)) == [("accepted",)]
    assert field.total("given") == 1
    assert field.total("waiting") == 0


def test_an_ask_repeated_gets_its_stored_answer_and_already_there_once_given(field):
    field.household("h1")
    phone = field.phone()
    scan, _ = phone.ask("h1")
    assert words(phone.send({**scan, "mode": "ask"})) == [("accepted",)]
    phone.send(scan)
    assert words(phone.send({**scan, "mode": "ask"})) == [("already_there",)]


def test_a_grant_not_given_frees_the_entitlement(field):
    field.household("h1")
    phone = field.phone()
    scan, _ = phone.ask("h1")
    assert words(phone.send(phone.void(scan, "not_given"))) == [("accepted",)]
    assert words(phone.send({**scan, "mode": "ask"})) == [("refused", "ended")]
    assert field.total("waiting") == 0
    assert phone.ask("h1")[1]["verdict"] == "accepted"


def test_a_void_that_comes_before_its_hand_over_holds(field):
    field.household("h1")
    phone = field.phone()
    scan = phone.handover("h1")
    void = phone.void(scan)
    assert words(phone.send(void)) == [("accepted",)]
    assert words(phone.send(scan)) == [("accepted",)]
    assert field.total("given") == 0
    assert field.total("voided") == 1


def test_a_void_by_another_volunteer_waits_for_a_decision(field):
    field.household("h1")
    one, other = field.phone("one"), field.phone("other")
    scan = one.handover("h1")
    one.send(scan)
    assert words(other.send(other.void(scan))) == [("flagged", "void_waiting")]
    assert field.total("given") == 1
    lead = field.phone("lead", site_lead=True)
    assert words(lead.send(lead.void(scan))) == [("accepted",)]
    assert field.total("given") == 0


def test_a_blank_card_used_first_and_registered_later_counts_for_its_family(field):
    phone = field.phone()
    assert words(phone.send(phone.handover("bx"))) == [("flagged", "unknown_card")]
    assert field.total("unknown") == 1
    field.household("bx", members=3)
    assert field.total("unknown") == 0
    assert field.total(f"people|{id_of('parcel')}") == 3
    assert field.total("cases") == 0


def test_a_replaced_card_entitles_to_nothing_but_counts(field, clock):
    field.household("h1", members=2)
    phone = field.phone()
    field.desk.send({"kind": "card", "action": "replaced", "card": card_of("h1"), "new_card": card_of("new")})
    clock.moment += 60
    assert words(phone.send(phone.handover("h1"))) == [("flagged", "old_card")]
    assert words(phone.send(phone.handover("new"))) == [("accepted",)]
    assert field.total("given") == 2
    assert field.total(f"people|{id_of('parcel')}") == 2


def test_merged_households_share_one_entitlement(field):
    field.household("h1", members=2)
    field.household("h2", members=3)
    phone = field.phone()
    phone.send(phone.handover("h1"), phone.handover("h2"))
    assert field.total("excess") == 0
    pairs = [[id_of("h1-1"), id_of("h2-1")]]
    field.desk.send({"kind": "household", "action": "merged", "household": id_of("h2"), "other": id_of("h1"), "pairs": pairs})
    assert field.total("excess") == 1
    assert field.total(f"people|{id_of('parcel')}") == 4
    assert field.total("registered|households") == 1
    field.desk.send({"kind": "household", "action": "kept_apart", "household": id_of("h1"), "other": id_of("h2")})
    assert field.total("excess") == 0
    assert field.total(f"people|{id_of('parcel')}") == 5


def test_a_clock_mark_moves_what_its_session_told_before(field, clock):
    field.household("h1")
    phone, other = field.phone("wrong clock"), field.phone("right clock")
    late = phone.handover("h1", at="2013-03-19T09:30:00+03:00", uptime_ms=1_000_000)
    phone.send(late)
    clock.moment += 3600
    other.send(other.handover("h1"))
    assert field.total(f"given|{id_of('parcel')}|{id_of('s1')}|{id_of('r1')}|2013-03-19") == 1
    mark = phone.record("clock", at="2013-03-19T10:30:00+03:00", uptime_ms=4_600_000, server_time=clock.now(), round_trip_ms=300)
    assert words(phone.send(mark)) == [("accepted",)]
    assert field.total(f"given|{id_of('parcel')}|{id_of('s1')}|{id_of('r1')}|2013-03-19") == 0
    assert field.total("unsure") == 1  # the other phone has no mark


def test_a_revoked_phone_hands_in_to_the_shelf(field):
    field.household("h1")
    phone = field.phone()
    with unit_of_work() as session:
        revoke_enrolment(session, field.operation_id, phone.enrolment_id, field.clock.now())
    assert words(phone.send(phone.handover("h1"))) == [("held", "revoked")]
    assert field.total("given") == 0


def test_a_seq_used_twice_is_kept_and_flagged(field):
    field.household("h1")
    phone = field.phone()
    phone.send(phone.handover("h1", seq=7))
    assert words(phone.send(phone.handover("h1", item="kit", seq=7))) == [("flagged", "seq_reused")]
    assert field.total("given") == 2


def test_the_register_tells_what_is_left_and_what_it_contains(field):
    field.household("h1", members=2)
    phone, other = field.phone("one"), field.phone("other")
    first = phone.register()
    (card,) = first["cards"]
    left = {row["item"]: row.get("left") for row in card["due"] if row["round"] == id_of("r1")}
    assert (left[id_of("parcel")], left[id_of("bl")], left[id_of("pss")]) == (1, 2, None)
    scan = phone.handover("h1")
    phone.send(scan)
    field.seal()
    other_view = other.register(first["cursor"])
    (card,) = other_view["cards"]
    row = next(row for row in card["due"] if row["item"] == id_of("parcel") and row["round"] == id_of("r1"))
    assert (row["left"], row["given_that_day"], row["last_site"]) == (0, 1, id_of("s1"))
    assert other_view["contained"] == []
    assert phone.register(first["cursor"])["contained"] == [scan["id"]]


def test_a_decision_holds_while_it_has_seen_everything(field):
    field.household("h1")
    phone = field.phone()
    first, second = phone.handover("h1"), phone.handover("h1")
    phone.send(first, second)
    cites = [first["id"], second["id"]]
    field.desk.send({"kind": "decision", "case": "already_received", "cites": cites, "action": "accept"})
    assert field.total("cases") == 0
    phone.send(phone.handover("h1"))
    assert field.total("cases") == 1


def test_a_closing_operation_grants_nothing_but_still_takes_what_was_given(app, clock):
    field = Field(app, clock, plan=replace(field_plan(), status="closing"))
    field.household("h1")
    phone = field.phone()
    assert words([phone.ask("h1")[1]]) == [("refused", "not_open")]
    assert words(phone.send(phone.handover("h1"))) == [("accepted",)]


def test_a_saved_plan_reaches_every_phone_and_judges_anew(field, clock):
    field.household("h1")
    field.household("h2")
    phone = field.phone()
    phone.send(phone.handover("h1"), phone.handover("h1"))
    field.seal()
    cursor = phone.register()["cursor"]
    assert field.total("excess") == 1
    plan = field_plan()
    rules = tuple(replace(rule, quantity=2) if rule.item == id_of("parcel") else rule for rule in plan.rules)
    with unit_of_work() as session:
        save_plan(session.connection(), field.operation_id, replace(plan, version=2, rules=rules),
                  enrolment_id=field.desk.enrolment_id, saved_by=None, now=clock.now())  # fmt: skip
    assert field.total("excess") == 0
    changed = phone.register(cursor)
    assert (changed["plan_version"], len(changed["cards"])) == (2, 2)
