"""Histories that reviewers found: each once went wrong."""

from __future__ import annotations

from relief.db import unit_of_work
from relief.kernel.clock import wall
from relief.ledger.keys import current_keys
from relief.ledger.rebuilding import rebuild
from relief.ledger.sealer import seal_all
from tests.ledger.test_verify_and_rebuild import verified
from tests.model.plan import card_of, id_of


def words(verdicts):
    return [(each["verdict"], *each["codes"]) for each in verdicts]


def people(name, count):
    return [{"id": id_of(f"{name}-{number}"), "number": number, "sex": "female", "age_band": "18-59", "disability": "no"}
            for number in range(1, count + 1)]  # fmt: skip


def rebuilt(field):
    keys, now = current_keys(), field.clock.now()
    with unit_of_work() as session:
        rebuild(session.connection(), field.operation_id, lambda: seal_all(now, keys))


def test_a_grant_takes_nothing_from_what_was_rightly_given_before(field, clock):
    field.household("h1", members=2)
    phone = field.phone()
    assert words(phone.send(phone.handover("h1", "bl", 2))) == [("accepted",)]
    clock.moment += 30 * 3600
    field.desk.send({"kind": "composition", "household": id_of("h1"), "change": "change", "from": wall(clock.now())[:10],
                     "members": people("h1", 3)})  # fmt: skip
    assert phone.ask("h1", item="bl", quantity=1)[1]["mode"] == "granted"
    assert field.total("excess") == 0
    assert field.total("cases") == 0


def test_an_ask_that_comes_after_its_not_given_is_ended(field):
    field.household("h1")
    phone = field.phone()
    scan = phone.handover("h1")
    phone.send(phone.void(scan, "not_given"))
    assert words(phone.send({**scan, "mode": "ask"})) == [("refused", "ended")]
    assert field.total("waiting") == 0


def test_a_change_from_a_future_day_is_not_in_the_register_yet(field):
    field.household("h1", members=2)
    field.desk.send({"kind": "composition", "household": id_of("h1"), "change": "change", "from": "2013-12-01",
                     "members": people("h1", 4)})  # fmt: skip
    (card,) = field.phone().register()["cards"]
    assert len(card["members"]) == 2
    assert {row["left"] for row in card["due"] if row["item"] == id_of("bl")} == {2}


def test_a_card_that_replaces_and_belongs_to_another_family_counts_once(field):
    field.household("h1")
    field.household("h2")
    field.desk.send({"kind": "card", "action": "replaced", "card": card_of("h1"), "new_card": card_of("h2")})
    assert field.total("cards") == 2


def test_a_correction_keeps_the_place_of_what_it_corrects(field, clock):
    field.household("h1", members=1)
    first, later = "2013-03-05", "2013-03-05"
    changes = []
    for start, count in ((first, 2), (later, 5)):
        clock.moment += 60
        changes.append(field.desk.record("composition", household=id_of("h1"), change="change", members=people("h1", count),
                                         **{"from": start}))  # fmt: skip
    clock.moment += 60
    corrected = field.desk.record("composition", household=id_of("h1"), change="correction", corrects=changes[0]["id"],
                                  members=people("h1", 3))  # fmt: skip
    field.desk.send(*changes, corrected)
    assert field.total("registered|people") == 5


def test_a_correction_of_a_correction_corrects_the_same_list(field, clock):
    field.household("h1", members=2)
    wrong = field.desk.record("composition", household=id_of("h1"), change="correction", members=people("h1", 3))
    clock.moment += 60
    right = field.desk.record("composition", household=id_of("h1"), change="correction", corrects=wrong["id"],
                              members=people("h1", 4))  # fmt: skip
    field.desk.send(wrong, right)
    assert field.total("registered|people") == 4


def test_a_decision_that_cites_a_question_only_is_kept_as_every_other(field):
    field.household("h1")
    asked, _ = field.phone().ask("h1")
    field.desk.send({"kind": "decision", "case": "late_grant", "cites": [asked["id"]], "action": "accept"})
    field.seal()
    assert verified(field).problems == []


def test_a_contact_under_the_id_of_a_household_does_not_touch_it(field):
    field.household("h1")
    field.household("h2")
    field.desk.send({"kind": "household", "action": "merged", "household": id_of("h1"), "other": id_of("h2"), "pairs": []})
    phone = field.phone()
    crowd = [{"sex": "female", "age_band": "60+", "count": 9}]
    phone.send({**phone.record("contact", item=id_of("pss"), site=id_of("s1"), people=crowd), "id": id_of("h2")})
    field.desk.send({"kind": "household", "action": "kept_apart", "household": id_of("h1"), "other": id_of("h2")})
    field.seal()
    assert verified(field).problems == []
    assert field.total("registered|people") == 8


def test_a_grant_holds_its_own_round(field):
    field.household("h1")
    phone = field.phone()
    phone.ask("h1")
    (card,) = phone.register()["cards"]
    held = {row["round"]: row["held_by_grant"] for row in card["due"] if row["item"] == id_of("parcel")}
    assert held == {id_of("r1"): 1, id_of("r2"): 0}


def test_a_running_number_told_later_is_kept_and_survives_a_rebuild(field):
    field.household("h1")
    field.desk.send({"kind": "card", "action": "handed_out", "card": card_of("h1"), "number": "17-0403"})
    field.seal()
    assert field.phone().register()["cards"][0]["number"] == "17-0403"
    rebuilt(field)
    assert field.phone().register()["cards"][0]["number"] == "17-0403"


def test_a_rebuild_reaches_every_phone(field):
    field.household("h1")
    phone = field.phone()
    field.seal()
    cursor = phone.register()["cursor"]
    assert phone.register(cursor)["cards"] == []
    rebuilt(field)
    assert len(phone.register(cursor)["cards"]) == 1


def test_a_household_that_moves_to_another_site_leaves_the_old_sites_phones(field, clock):
    registration = {"kind": "registration", "household": id_of("h1"), "members": people("h1", 2), "card": card_of("h1")}
    field.desk.send({**registration, "home_site": id_of("s1")})
    here, there = field.phone("here", site_ids=[id_of("s1")]), field.phone("there", site_ids=[id_of("s2")])
    field.seal()
    cursors = [phone.register()["cursor"] for phone in (here, there)]
    clock.moment += 60
    field.desk.send({**registration, "home_site": id_of("s2")})
    field.seal()
    left, come = (phone.register(cursor)["cards"] for phone, cursor in zip((here, there), cursors, strict=True))
    assert left == [{"card": card_of("h1"), "state": "elsewhere"}]
    assert [card["state"] for card in come] == ["linked"]
    assert here.register()["cards"] == []


def test_a_day_later_a_phone_is_told_everything_again(field, clock):
    field.household("h1")
    phone = field.phone()
    field.seal()
    cursor = phone.register()["cursor"]
    clock.moment += 86400
    again = phone.register(cursor)
    assert (again["complete"], len(again["cards"])) == (True, 1)


def test_no_word_of_a_stock_record_stays_in_its_facts(field):
    phone = field.phone()
    record = phone.record("stock", action="received", item=id_of("parcel"), site=id_of("s1"), quantity=4, source="Ivan Petrov")
    assert words(phone.send(record)) == [("held", "malformed")]
    assert words(field.desk.send({**record, "id": field.desk.record("x")["id"], "source": "dref"})) == [("accepted",)]


