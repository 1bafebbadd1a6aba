"""The register in pages: together they are the whole register, whatever happens between them, and changes lead to the same."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import replace

import pytest

from relief.db import unit_of_work
from relief.ledger.plan_saving import save_plan
from tests.conftest import only_sqlite
from tests.ledger.field import field_plan
from tests.model.plan import card_of, id_of

DAY = 24 * 3600


def page(phone, query):
    answer = phone.client.get(f"/api/v1/register?{query}", headers=phone.headers)
    assert answer.status_code == 200, answer.text
    return answer.json


def save(field, plan):
    with unit_of_work() as session:
        save_plan(session.connection(), field.operation_id, plan, enrolment_id=field.desk.enrolment_id, saved_by=None,
                  now=field.clock.now())  # fmt: skip
    field.seal()


def by_card(cards):
    return {card["card"]: card for card in cards}


def pages(phone, limit, since=0, between=lambda: None):
    """Return all pages of a register; `between` happens after each."""
    found = [page(phone, f"limit={limit}&since={since}")]
    while "more" in found[-1]:
        between()
        found.append(page(phone, f"limit={limit}&since={since}&after={found[-1]['more']}"))
    return found


def cards_of(found):
    return by_card([card for each in found for card in each["cards"]])


@pytest.fixture
def crowd(field):
    """Eleven families with cards, one of them with two, and a blank card."""
    names = [f"h{number:02}" for number in range(11)]
    for name in names:
        field.household(name, members=2)
    field.desk.send({"kind": "card", "action": "linked", "card": card_of("again"), "household": id_of("h03")},
                    {"kind": "card", "action": "issued", "card": card_of("blank")})  # fmt: skip
    field.seal()
    return names


@pytest.mark.parametrize("limit", [1, 4, 13, 100])
def test_the_pages_together_are_the_whole_register(field, crowd, limit):
    phone = field.phone()
    phone.send(phone.handover("h01"), phone.handover("zz"))
    field.seal()
    found, whole = pages(phone, limit), phone.register()
    assert cards_of(found) == by_card(whole["cards"])
    assert sum(len(each["cards"]) for each in found) == len(whole["cards"]) == 14
    assert all(len(each["cards"]) <= limit for each in found)
    assert [each["contained"] for each in found] == [whole["contained"], *[[]] * (len(found) - 1)]


def test_a_phone_has_all_its_records_in_what_it_holds_though_they_came_between_pages(field, crowd):
    phone, other = field.phone(), field.phone("other")
    chance, newcomers = random.Random(4), iter(["aa", "zy", "h055", "h095", "ab", "zx"])

    def between():
        phone.send(phone.handover(chance.choice(crowd), item=chance.choice(("parcel", "kit"))))
        other.send(other.handover(chance.choice(crowd)), other.void(other.handover(chance.choice(crowd))))
        field.household(next(newcomers), members=1)  # before the page and behind it
        field.seal()

    found = pages(phone, 3, between=between)
    assert {each["cursor"] for each in found} == {found[0]["cursor"]}
    changes = page(phone, f"since={found[0]['cursor']}&turn={found[0]['turn']}")
    whole = phone.register()
    assert changes["complete"] is False
    assert {**cards_of(found), **by_card(changes["cards"])} == by_card(whole["cards"])
    assert {*found[0]["contained"], *changes["contained"]} == set(whole["contained"])


def test_changes_applied_one_after_the_other_are_the_whole_register(field, crowd):
    reader, phone = field.phone("reader"), field.phone()
    held = page(reader, "")
    cards, chance = by_card(held["cards"]), random.Random(11)
    for _round in range(6):
        made = [phone.handover(chance.choice([*crowd, "zz"]), item=chance.choice(("parcel", "milk"))) for _each in range(4)]
        phone.send(*made, phone.void(chance.choice(made)))
        field.desk.send({"kind": "card", "action": "linked", "card": card_of("blank"), "household": id_of(chance.choice(crowd))})
        field.seal()
        for each in pages(reader, 2, since=f"{held['cursor']}&turn={held['turn']}"):
            cards |= by_card(each["cards"])
            held = each if each["first"] else held
        assert cards == by_card(reader.register()["cards"])


def test_a_new_plan_between_pages_starts_the_register_anew(field, crowd, clock):
    phone = field.phone()
    first = page(phone, "limit=5")
    save(field, replace(field_plan(), version=2, grants_undecided=True))
    again = page(phone, f"limit=5&after={first['more']}")
    assert (again["first"], again["plan_version"], again["complete"]) == (True, 2, True)
    assert again["cursor"] > first["cursor"]


def test_the_morning_after_a_phone_is_given_everything_once(field, crowd, clock):
    phone = field.phone()
    held = page(phone, "")
    clock.moment += DAY
    morning = page(phone, f"since={held['cursor']}&turn={held['turn']}")
    assert (morning["complete"], len(morning["cards"])) == (True, 13)
    phone.send(phone.handover("h00"))
    field.seal()
    changes = page(phone, f"since={morning['cursor']}&turn={morning['turn']}")
    assert (changes["complete"], len(changes["cards"])) == (False, 1)


def test_pages_of_a_phone_at_one_site_leave_out_the_others_families(field, crowd):
    phone = field.phone("here", site_ids=[id_of("s1")])
    for name, site in (("x1", "s1"), ("x2", "s2"), ("x3", "s2"), ("x4", "s1")):
        people = [{"id": id_of(f"{name}-1"), "number": 1, "sex": "male", "age_band": "60+", "disability": "no"}]
        field.desk.send({"kind": "registration", "household": id_of(name), "members": people, "home_site": id_of(site),
                         "card": card_of(name)})  # fmt: skip
    field.seal()
    found = pages(phone, 4)
    assert {card_of(name) for name in ("x1", "x2", "x3", "x4")} & set(cards_of(found)) == {card_of("x1"), card_of("x4")}
    assert {card["state"] for card in cards_of(found).values()} == {"linked", "blank"}
    assert cards_of(found) == by_card(phone.register()["cards"])


def test_a_register_is_compressed_for_who_can_read_that(field, crowd):
    phone = field.phone()
    answer = phone.client.get("/api/v1/register", headers={**phone.headers, "Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert by_card(json.loads(gzip.decompress(answer.data))["cards"]) == by_card(phone.register()["cards"])


@only_sqlite
@pytest.mark.parametrize("query", ["limit=0", "limit=5001", "limit=x", "after=x", "after=1-2-3", "limit=2&after=1-0-é-a-b"])
def test_a_page_that_nobody_offered_is_refused(field, query):
    phone = field.phone()
    assert phone.client.get(f"/api/v1/register?{query}", headers=phone.headers).status_code == 422


def test_the_first_page_says_how_many_cards_there_are_and_the_others_do_not(field, crowd):
    found = pages(field.phone(), 5)
    assert [each.get("total") for each in found] == [len(cards_of(found))] + [None] * (len(found) - 1)
    assert "total" not in page(field.phone(), "limit=5&since=1")


def test_items_tell_the_rule_in_force_and_the_plan_whether_the_undecided_receive(field):
    told = field.phone().register()
    rules = {each["id"]: each.get("rule") for each in told["items"]}
    assert rules[id_of("milk")] == {"kind": "per_household", "quantity": 10, "minimum_interval_days": 2}
    assert rules[id_of("kit")] == {"kind": "per_people", "quantity": 1, "people": 3}
    assert rules[id_of("pss")] is None and rules[id_of("soap")] is None  # no rule, and one that is not valid yet
    assert (told["grants_undecided"], told["status"]) == (0, "active")


def test_a_closed_operation_has_no_cards_any_more_and_says_that_these_are_all(field, crowd):
    phone = field.phone()
    cursor = phone.register()["cursor"]
    for version, status in ((2, "closing"), (3, "closed")):
        save(field, replace(field_plan(), version=version, status=status))
    closed = page(phone, f"limit=5&since={cursor}")
    assert (closed["complete"], closed["cards"], closed["total"], closed["status"]) == (True, [], 0, "closed")


def test_who_knows_more_than_the_ledger_has_is_given_everything(field, crowd):
    """An older copy of the database was put back: what changed since then would never reach a phone that waits for later."""
    phone = field.phone()
    whole = phone.register()
    answer = phone.register(whole["cursor"] + 100)
    assert (answer["complete"], by_card(answer["cards"])) == (True, by_card(whole["cards"]))
