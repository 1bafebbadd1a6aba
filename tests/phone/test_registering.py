"""A family without a card is registered on a blank one, with no network, served at once, and known to the office by its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from relief.accounts.registration import Asked, save_asked
from relief.cards.models import Card
from relief.cards.rules import practice_code
from relief.db import db, snapshot, unit_of_work
from relief.kernel.ids import to_bytes
from relief.ledger.keys import current_keys
from relief.ledger.plan_saving import save_plan
from relief.office.families.family import read_families
from relief.operations.queries import get_current_plan
from tests.accounts.people import now
from tests.conftest import only_sqlite
from tests.office.paper_town import Town
from tests.phone.browsers import Phone
from tests.phone.eyes import SEEN, Eyes, problems_at_both_sizes
from tests.phone.served import Served
from tests.phone.serving import begin, build_town_of_today, counted, expect_unsent, let_help, records_of, standings, type_code
from tests.phone.walks import MAIN, cardless, handing_over

pytestmark = only_sqlite
NOTICE = "We keep your name for 90 days after the report."
SECRET = "Ковалевская Ольга"


@pytest.fixture
def town(setting) -> Town:
    """A town whose plan lets families receive before somebody has decided, and asks for names."""
    town = build_town_of_today(setting.operation_id, setting.manager_id)
    with unit_of_work() as session:
        plan = get_current_plan(session, town.operation_id)
        following = replace(plan, version=plan.version + 1, grants_undecided=True)
        save_plan(session.connection(), town.operation_id, following, enrolment_id=town.desk_id, saved_by=None, now=now())
        save_asked(session, town.operation_id, Asked(names=True, disability=True, notice=NOTICE))
    return town


def add(phone: Phone, sex: str, age: str) -> None:
    phone.press(sex)
    phone.press(age)


def register(phone: Phone, name: str = "") -> None:
    """Register three people on the blank card in view."""
    phone.see("Blank card")
    phone.press("Register family")
    phone.see("Read this out")
    expect(phone.page.get_by_text(NOTICE)).to_be_visible()
    phone.press("Was read")
    add(phone, "Woman or girl", "18-59")
    phone.press("Back")  # a look at the card loses nothing
    phone.press("Register family")
    add(phone, "Man or boy", "2-5")
    phone.press("Another like this")
    phone.press("Next")
    phone.see("Names")
    phone.page.get_by_label("Name", exact=True).fill(name)
    phone.press("Save")


def test_a_family_is_registered_offline_served_at_once_and_the_office_knows_its_name(phone: Phone, served: Served) -> None:
    households, people = counted(served, "registered|households"), counted(served, "registered|people|")
    begin(phone, served, registers=True)
    served.stop()
    type_code(phone, served.town.blank.code)
    register(phone, SECRET)
    phone.see("Give")
    expect(phone.page.get_by_text("Registered: 3 people.")).to_be_visible()
    assert SECRET not in str(records_of(phone))
    phone.press("Correct")  # one of the three had been counted twice
    phone.page.get_by_role("button", name="3 Boy, 2-5").click()
    phone.press("Take off")
    phone.press("Next")
    phone.press("Save")
    expect(phone.page.get_by_text("Registered: 2 people.")).to_be_visible()
    phone.press("Give all")
    expect(phone.page.get_by_text("Saved: 1 × Food parcel, 2 × Blanket")).to_be_visible()
    served.start()
    phone.page.reload()
    expect_unsent(phone, 0)
    assert sorted(standings(served).values()) == ["entitled", "entitled"]
    assert (counted(served, "registered|households") - households, counted(served, "registered|people|") - people) == (1, 2)
    with snapshot() as connection:
        operation_id = served.town.operation_id
        (household,) = [bytes(to_bytes(each["household"])) for each in records_of(phone) if each["kind"] == "registration"][:1]
        family = read_families(connection, operation_id, [household], current_keys().words)[household]
    assert (family.title, len(family.members), family.status) == (SECRET, 2, "registered")
    assert family.home_site == served.town.id("school")
    type_code(phone, served.town.blank.code)
    phone.see("Had all")


def test_a_family_that_should_not_be_there_is_found_again_and_a_lead_cancels_its_card(phone: Phone, served: Served) -> None:
    begin(phone, served, registers=True, site_lead=True)
    type_code(phone, served.town.blank.code)
    register(phone)
    phone.press("Give all")
    phone.press("The last twenty")
    expect(phone.page.get_by_text("Registered: 3 people.")).to_be_visible()
    phone.press("Correct")
    phone.see("Correct the family")
    phone.press("No such family")
    expect(phone.page.get_by_text(served.town.blank.number)).to_be_visible()
    expect(phone.page.get_by_text("Something was given on this card.")).to_be_visible()
    phone.press("Cancel card")
    phone.see("Old card")
    phone.press("Next card")
    phone.press("The last twenty")
    expect(phone.page.get_by_text("card cancelled")).to_be_visible()
    phone.press("Next card")
    expect_unsent(phone, 0)
    db.session.rollback()
    assert db.session.query(Card.state).filter_by(number=served.town.blank.number).scalar() == "cancelled"


def test_a_phone_without_the_right_sends_to_the_lead(phone: Phone, served: Served) -> None:
    begin(phone, served)
    type_code(phone, served.town.blank.code)
    phone.see("Blank card")
    expect(phone.page.get_by_text("belongs to nobody yet. Ask your lead.")).to_be_visible()
    expect(phone.page.get_by_role("button", name="Register family")).to_have_count(0)


def test_registering_is_practised_too_and_leaves_nothing(phone: Phone, served: Served) -> None:
    begin(phone, served, registers=True)
    phone.press("Back")
    phone.press("Practice")
    phone.press("Serve")
    type_code(phone, practice_code(to_bytes(served.town.id("school")), 6))
    register(phone)
    phone.see("Give")
    phone.press("Give all")
    expect(phone.page.get_by_text("Practice: Saved")).to_be_visible()
    assert [each["kind"] for each in records_of(phone) if each["kind"] != "clock"] == []


def test_people_without_a_card_are_counted_and_somebody_goes_without(phone: Phone, served: Served) -> None:
    begin(phone, served, sensitive=True)
    phone.press("No card")
    phone.press("Count people")
    phone.page.get_by_label("Talk").check()
    for _each in range(3):
        phone.press("One more: Woman or girl, 18-59")
    phone.press("One more: Man or boy, 60+")
    phone.page.get_by_label("Where exactly, if not here").fill("Club, upstairs")
    phone.press_twice("Keep 4 people")
    phone.press("No card")
    phone.press("Goes without")
    phone.press("Has no card")
    expect_unsent(phone, 0)
    told = {each["kind"]: each for each in records_of(phone)}
    assert (told["contact"]["place"], sum(row["count"] for row in told["contact"]["people"])) == ("Club, upstairs", 4)
    assert told["not_served"]["cause"] == "unknown_card"
    assert counted(served, f"contacts|{served.town.id('talk')}|") == 4


def test_a_talk_for_two_of_four_reaches_these_two_and_a_neighbour_collects(phone: Phone, served: Served) -> None:
    begin(phone, served, sensitive=True)
    card = served.town.cards[2]
    type_code(phone, card.code)
    phone.press("Less")
    for number in ("1", "3"):
        phone.page.get_by_role("button", name=number).first.click()
    phone.page.get_by_label("A neighbour").check()
    phone.press("Give")
    expect_unsent(phone, 0)
    talk = next(each for each in records_of(phone) if each.get("members"))
    assert (len(talk["members"]), talk["collector"]) == (2, "neighbour")
    assert set(standings(served).values()) == {"entitled"}
    assert counted(served, f"people|{served.town.id('talk')}|") == 2


def hand_over(phone: Phone, whoever_has_it: str) -> None:
    phone.press("Back")
    phone.press(f"{whoever_has_it} · School 3, table 2: hand the phone over")


def test_two_volunteers_share_a_phone_and_each_ones_records_are_hers(phone: Phone, served: Served) -> None:
    begin(phone, served)
    type_code(phone, served.town.cards[0].code)
    phone.press("Give all")
    hand_over(phone, "Olga")
    phone.press("Somebody new")
    phone.page.get_by_label("Your name here").fill("Ivan")
    phone.press("Next")
    phone.type_pin("1357")
    phone.type_pin("1357")
    phone.press("Serve")
    type_code(phone, served.town.cards[1].code)
    phone.press("Give all")
    hand_over(phone, "Ivan")
    phone.press("Olga")
    phone.type_pin("1357")
    expect(phone.page.get_by_text("Not this one.")).to_be_visible()
    phone.type_pin("2580")
    expect(phone.page.get_by_role("button", name="Olga · School 3, table 2: hand the phone over")).to_be_visible()
    given = [each for each in records_of(phone) if each["kind"] == "handover"]
    people = {each["by"] for each in given}
    assert len(people) == 2
    assert [each["by"] == given[0]["by"] for each in given] == [each["card"] == given[0]["card"] for each in given]


def test_their_screens_are_for_all_eyes_and_thumbs(browser: Browser, served: Served) -> None:
    phone = Phone(browser, served.address, color_scheme="dark", reduced_motion="reduce")
    begin(phone, served, registers=True, sensitive=True, site_lead=True)
    let_help(phone, served)
    phone.press("Back")
    phone.press("Language")
    phone.press("العربية")
    eyes = Eyes(phone, problems_at_both_sizes)
    eyes.follow(walk(phone, served))
    phone.close()
    assert (eyes.wrong, SEEN["without a card"] - eyes.titles) == ({}, set())


def walk(phone: Phone, served: Served) -> Iterator[str]:
    phone.page.locator(MAIN).last.click()
    yield from cardless(phone, served)
    phone.page.reload()
    phone.page.locator(".top-row .button").first.click()
    yield from handing_over(phone)
