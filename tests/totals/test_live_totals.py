"""Live totals over a real ledger: what is given shows, parts sum to the whole, nothing is computed twice."""

from __future__ import annotations

import pytest

from relief.kernel.ids import to_text
from tests.accounts.people import browser_of, make_user
from tests.model.plan import card_of, id_of


@pytest.fixture
def manager(app, field):
    return browser_of(app, make_user(roles=((field.operation_id, "manager"),)))


def read(field, browser, **headers):
    field.seal()
    return browser.get(f"/api/v1/operations/{to_text(field.operation_id)}/totals", headers=headers)


def figures(field, browser):
    return read(field, browser).json["figures"]


def by(rows, key, value):
    (row,) = [row for row in rows if row[key] == value]
    return row


def test_an_empty_operation_has_zeros_and_no_people(field, manager):
    answer = read(field, manager).json
    plan_saved = 1
    assert (answer["people_assisted"], answer["ledger"]["position"], answer["complete"]) == (0, plan_saved, True)


def test_what_is_given_shows_by_item_place_day_and_person_and_parts_sum_to_the_whole(field, manager):
    field.household("h1", members=4)
    field.household("h2", members=3)
    phone = field.phone()
    phone.send(phone.handover("h1"), phone.handover("h1", item="kit", quantity=2), phone.handover("h2", site=id_of("s2")),
               phone.handover("h2", item="bl", quantity=2))  # fmt: skip
    found = figures(field, manager)
    parcel = by(found["items"], "item", id_of("parcel"))
    assert (parcel["people"], parcel["households"], parcel["quantity"]["given"]) == (7, 2, 2)
    assert by(found["items"], "item", id_of("kit"))["quantity"]["given"] == 2
    assert by(found["items"], "item", id_of("bl"))["people"] == 2
    assert (found["people"]["people"], found["households"], found["handovers"]) == (7, 2, 4)
    assert sum(part["people"] for part in found["people"]["by_sex"]) == 7
    assert sum(part["people"] for part in found["people"]["by_age"]) == 7
    assert sum(part["people"] for part in found["people"]["by_disability"]) == 7
    assert sum(day["handovers"] for day in found["days"]) == sum(site["handovers"] for site in found["sites"]) == 4
    both = by(found["indicators"], "indicator", id_of("i2"))  # parcel and blanket
    assert (both["actual"], both["target"], both["percent"]) == (2, 10, 20)


def test_what_is_voided_unknown_or_only_asked_is_nobodys_help(field, manager):
    field.household("h1")
    phone = field.phone()
    scan = phone.handover("h1")
    phone.send(scan, phone.void(scan), phone.handover("zz"))
    phone.ask("h1")
    found = figures(field, manager)
    parcel = by(found["items"], "item", id_of("parcel"))
    assert (parcel["people"], parcel["quantity"]["given"], parcel["quantity"]["unknown"]) == (0, 1, 1)
    assert (parcel["waiting"], parcel["voided"]) == (1, 1)


def test_a_merge_makes_two_entries_of_one_person_one(field, manager):
    field.household("h1", members=2)
    field.household("h2", members=2)
    phone = field.phone()
    phone.send(phone.handover("h1"), phone.handover("h2"))
    assert figures(field, manager)["people"]["people"] == 4
    pairs = [[id_of(f"h1-{number}"), id_of(f"h2-{number}")] for number in (1, 2)]
    field.desk.send({"kind": "household", "action": "merged", "household": id_of("h1"), "other": id_of("h2"), "pairs": pairs})
    found = figures(field, manager)
    assert (found["people"]["people"], found["registered"]["people"], found["households"]) == (2, 2, 1)


def test_contacts_stand_apart(field, manager):
    phone = field.phone()
    crowd = [{"sex": "female", "age_band": "60+", "count": 30}, {"sex": "unknown", "age_band": "unknown", "count": 21}]
    phone.send(phone.record("contact", item=id_of("pss"), site=id_of("s1"), people=crowd))
    found = figures(field, manager)
    assert found["people"]["people"] == 0
    assert (found["contacts"][0]["people"], found["contacts"][0]["events"]) == (51, 1)
    assert by(found["indicators"], "indicator", id_of("i4"))["actual"] == 51


def test_nothing_new_is_304_until_something_is_sealed(field, manager, clock):
    field.household("h1")
    first = read(field, manager)
    assert read(field, manager, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    phone = field.phone()
    phone.send(phone.handover("h1"))
    again = read(field, manager, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.json["people_assisted"]) == (200, 4)
    clock.moment += 60  # a phone may have fallen silent
    assert read(field, manager, **{"If-None-Match": again.headers["ETag"]}).status_code == 200


def test_what_a_phone_says_of_itself_and_what_is_held_is_news_within_the_minute(field, manager):
    phone = field.phone()
    phone.send()
    told = [read(field, manager)]
    for body in ({"records": [], "counts": {"made": 9, "waiting": 8, "held": 0}},
                 {"records": [], "counts": {"made": 9, "waiting": 0, "held": 8}},
                 {"records": [{"v": 1, "bad": 1}], "counts": {"made": 9, "waiting": 0, "held": 8}}):  # fmt: skip
        assert phone.post(body).status_code == 200
        told.append(read(field, manager, **{"If-None-Match": told[-1].headers["ETag"]}))
    assert [answer.status_code for answer in told] == [200] * 4
    assert [answer.json["completeness"]["waiting"] for answer in told] == [0, 8, 0, 0]
    assert told[-1].json["to_decide"]["held"] == 1
    assert read(field, manager, **{"If-None-Match": told[-1].headers["ETag"]}).status_code == 304


def test_a_silent_phone_and_records_that_wait_make_it_at_least(app, field, clock):
    field.household("h1")
    phone = field.phone("Phone 7")
    body = {"records": [phone.handover("h1")], "counts": {"made": 9, "waiting": 8, "held": 0}}
    assert phone.post(body).status_code == 200
    clock.moment += 3 * 3600
    manager = browser_of(app, make_user(roles=((field.operation_id, "manager"),)))
    answer = read(field, manager).json
    assert (answer["complete"], answer["completeness"]["waiting"]) == (False, 8)
    page = manager.get(f"/operations/{to_text(field.operation_id)}/board").get_data(as_text=True)
    assert "at least 4" in page


def test_a_gap_in_the_numbers_of_a_phone_is_seen_and_closes(field, manager):
    field.household("h1")
    phone = field.phone()
    first, lost, last = phone.handover("h1"), phone.handover("h1", item="kit"), phone.handover("h1", item="bl")
    phone.send(first, last)
    assert read(field, manager).json["completeness"]["missing"] == 1
    phone.send(lost)
    assert read(field, manager).json["completeness"]["missing"] == 0


def test_what_waits_to_be_decided_is_counted(field, manager):
    field.household("h1")
    phone = field.phone()
    phone.send(phone.handover("h1"), phone.handover("h1"), {"v": 7, "id": card_of("x")})
    answer = read(field, manager).json["to_decide"]
    assert (answer["cases"], answer["held"]) == (1, 1)


def test_the_board_shows_the_same_and_its_fragment_is_not_sent_twice(field, manager):
    field.household("h1", members=4)
    phone = field.phone()
    phone.send(phone.handover("h1"))
    field.seal()
    board = f"/operations/{to_text(field.operation_id)}/board"
    assert "4" in manager.get(board).get_data(as_text=True)
    fragment = manager.get(f"{board}/fragment")
    assert fragment.status_code == 200
    assert manager.get(f"{board}/fragment", headers={"If-None-Match": fragment.headers["ETag"]}).status_code == 304


def test_another_operations_totals_look_like_none(app, field, clock):
    stranger = browser_of(app, make_user("stranger@example.org"))
    assert read(field, stranger).status_code == 404
    volunteer = browser_of(app, make_user("volunteer@example.org", roles=((field.operation_id, "volunteer"),)))
    assert read(field, volunteer).status_code == 403
