"""A filled sheet typed in: the same rules, cases and once-only as phones."""

from __future__ import annotations

import orjson
import pytest
from sqlalchemy import select

from relief.db import db, snapshot
from relief.kernel.errors import BadInput, Conflict
from relief.ledger.models import Entry, Standing
from relief.ledger.queries import list_cases, list_counters
from relief.ledger.verification import verify
from relief.office.paper.lines import Line
from tests.accounts.people import make_operation, make_user
from tests.office.paper_town import Town, build_town, secrets


@pytest.fixture
def town(setting) -> Town:
    return build_town(setting.operation_id, setting.manager_id)


def codes(summary, place):
    return [(each.code, each.stops) for each in summary.lines[place].remarks]


def entries(kind):
    db.session.rollback()
    rows = db.session.execute(select(Entry.facts, Entry.private).where(Entry.kind == kind).order_by(Entry.seq)).all()
    return [orjson.loads(facts) | orjson.loads(private or b"{}") for facts, private in rows]


def standings():
    db.session.rollback()
    rows = db.session.execute(select(Standing.standing, Standing.unsure, Standing.day).where(Standing.kind == "handover"))
    return [tuple(row) for row in rows]


def test_a_sheet_enters_as_hand_overs_whose_time_is_about(town):
    (sheet,) = town.print("parcel", "blanket", "talk")
    town.type(sheet, town.line(0, parcel="x", blanket="x"), town.line(1, talk="2"))
    done = town.enter(sheet)
    assert (done.added, done.taken_back, done.flagged, done.waiting) == (3, 0, {}, ())
    told = {each["item"]: each for each in entries("handover")}
    assert told[town.id("blanket")]["quantity"] == 3  # a tick is what was due: one a person
    assert told[town.id("parcel")]["at"] == "2013-03-17T10:30:01+03:00" and told[town.id("parcel")]["about"] == 1
    assert told[town.id("parcel")]["visit"] == told[town.id("blanket")]["visit"]
    assert (told[town.id("talk")]["sheet"], told[town.id("talk")]["line"], len(told[town.id("talk")]["members"])) == (1, 2, 1)
    assert standings() == [("entitled", True, "2013-03-17")] * 3
    assert town.now(sheet).state == "entered"


def test_the_same_sheet_entered_twice_adds_nothing(town):
    (sheet,) = town.print()
    town.type(sheet, town.line(0), town.line(1))
    town.enter(sheet)
    town.type(sheet, town.line(0), town.line(1))
    assert not town.look(sheet).has_news
    assert town.enter(sheet).added == 0
    assert len(entries("handover")) == 2


def test_a_corrected_line_is_a_void_and_a_new_record(town):
    (sheet,) = town.print()
    town.type(sheet, town.line(0), town.line(1))
    town.enter(sheet)
    town.type(sheet, town.line(0), town.line(2))
    assert town.look(sheet).changed == [2]
    done = town.enter(sheet)
    assert (done.added, done.taken_back) == (1, 1)
    assert sorted(row[0] for row in standings()) == ["entitled", "entitled", "voided"]
    assert entries("void")[0]["target"] == entries("handover")[1]["id"]
    town.type(sheet, town.line(0), town.line(1))  # and back again
    assert town.enter(sheet).added == 1
    assert sorted(row[0] for row in standings()) == ["entitled", "entitled", "voided", "voided"]


def test_an_emptied_line_is_taken_back(town):
    (sheet,) = town.print()
    town.type(sheet, town.line(0), town.line(1))
    town.enter(sheet)
    town.type(sheet, town.line(0))
    assert town.look(sheet).taken_back == [2]
    assert town.enter(sheet).taken_back == 1


def test_wrong_signs_and_unknown_numbers_stop_a_line_until_somebody_looks_again(town):
    (sheet,) = town.print()
    wrong = "2222" if town.cards[0].last_four != "2222" else "3333"
    nobody = Line("99-0001", "", {town.id("parcel"): "1"})
    summary = town.type(sheet, town.line(0, signs=wrong), nobody, town.line(1))
    assert codes(summary, 1) == [("wrong_signs", True)] and codes(summary, 2) == [("unknown_number", True)]
    assert (summary.waiting, summary.new) == ([1, 2], [3])
    done = town.enter(sheet)
    assert (done.added, done.waiting) == (1, (1, 2)) and town.now(sheet).state == "filled"
    sure = Line("99-0001", "", {town.id("parcel"): "1"}, as_written=True)
    town.type(sheet, town.line(0, signs=wrong, as_written=True), sure, town.line(1))
    assert town.enter(sheet).flagged == {1: ("unknown_card",), 2: ("unknown_card",)}
    assert sorted(row[0] for row in standings()) == ["entitled", "unknown_card", "unknown_card"]


def test_without_signs_the_number_is_enough(town):
    (sheet,) = town.print()
    assert codes(town.type(sheet, town.line(0, signs="")), 1) == []


def test_who_already_received_is_told_at_the_line_and_entered_as_a_case(town):
    first, second = town.print(count=2)
    town.type(first, town.line(0))
    town.enter(first)
    summary = town.type(second, town.line(0), day="2013-03-18", about_time="8:15")
    (remark,) = summary.lines[1].remarks
    assert (remark.code, remark.stops) == ("already_received", False)
    assert (remark.more["day"], remark.more["site"]) == ("2013-03-17", town.id("school"))
    assert town.enter(second).flagged == {1: ("already_received",)}
    with snapshot() as connection:
        assert [case.code for case in list_cases(connection, town.operation_id).rows] == ["already_received"]


def test_a_card_that_stands_twice_on_a_sheet_is_told(town):
    (sheet,) = town.print()
    summary = town.type(sheet, town.line(0), town.line(0))
    assert codes(summary, 1) == [] and codes(summary, 2) == [("twice_on_sheet", False)]


def test_more_than_is_due_a_blank_card_and_another_lane_are_told(town):
    (sheet,) = town.print("parcel", "blanket", lane=1)
    summary = town.type(sheet, town.line(0, blanket="5"), town.line(town.blank))
    said = {code for place in (1, 2) for code, _stops in codes(summary, place)} - {"other_lane"}
    assert said == {"over_entitlement", "nobodys_card"}
    lanes = {place: ("other_lane", False) in codes(summary, place) for place in (1, 2)}
    assert lanes == {1: town.cards[0].code[-1] >= "G", 2: town.blank.code[-1] >= "G"}


def test_member_numbers_are_read_and_strangers_stop_the_line(town):
    (sheet,) = town.print("talk")
    talks = ("1-3", "1, 7", "x", "anna")
    summary = town.type(sheet, *(town.line(place, talk=text) for place, text in enumerate(talks)))
    assert [len(summary.lines[place].gives.get(town.id("talk"), {}).get("members", ())) for place in (1, 2, 3)] == [3, 0, 4]
    assert codes(summary, 2) == [("unknown_member", True)] and codes(summary, 4) == [("bad_members", True)]
    assert summary.opened.typed.lines[3].given[town.id("talk")] == "1 2 3 4"


def test_a_bare_place_is_of_the_run_above_it(town):
    (sheet,) = town.print()
    parcel = {town.id("parcel"): "1"}
    run, place = town.cards[1].number.split("-")
    summary = town.type(sheet, Line(f"{run} {place}", "", parcel), Line(str(int(place) + 1), "", parcel))
    assert [line.number for line in summary.opened.typed.lines.values()] == [town.cards[1].number, f"{run}-{int(place) + 1:04d}"]


def test_a_total_that_differs_is_entered_only_when_somebody_says_so(town):
    (sheet,) = town.print()
    assert town.type(sheet, town.line(0), town.line(1), parcel="3").differs == [town.id("parcel")]
    with pytest.raises(BadInput) as refused:
        town.enter(sheet)
    assert refused.value.where == "control" and entries("handover") == []
    assert town.enter(sheet, counted_otherwise=True).added == 2


def test_a_sheet_without_day_or_time_waits(town):
    (sheet,) = town.print()
    town.type(sheet, town.line(0), about_time="")
    with pytest.raises(BadInput):
        town.enter(sheet)
    with pytest.raises(BadInput):
        town.type(sheet, town.line(0), day="2013-03-19")  # tomorrow


def test_two_desks_never_overwrite_each_other(town):
    (sheet,) = town.print()
    town.type(sheet, town.line(0))
    with pytest.raises(Conflict) as refused:
        town.enter(sheet, version=0)
    assert refused.value.code == "sheet_changed" and entries("handover") == []


def test_a_much_corrected_sheet_leaves_a_ledger_that_verifies(app):
    town = build_town(make_operation(), make_user())
    (sheet,) = town.print("parcel", "talk")
    town.type(sheet, *(town.line(place, parcel="x", talk="1") for place in range(3)), town.line(town.blank, parcel="1"))
    town.enter(sheet)
    town.type(sheet, town.line(1, parcel="x"), town.line(0, parcel="x"))
    town.enter(sheet)
    with snapshot() as connection:
        assert list_counters(connection, town.operation_id)["unsure"] == 2
        assert verify(connection, town.operation_id, secrets()).good
