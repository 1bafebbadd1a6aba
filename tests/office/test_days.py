"""Days that leads opened and closed, and volunteers' hours, as the desk reads them from what phones told."""

from __future__ import annotations

import csv
import io
import json

import pytest

from relief.office.phones.day_cli import days
from tests.ledger.field import Field
from tests.model.plan import id_of
from tests.office.desk import Desk

LEAD, VOLUNTEER = id_of("lead"), id_of("vera")
LINE = {"item": id_of("parcel"), "start": 10, "received": 20, "given": 12, "lost": 1, "sent_on": 0, "left": 17, "counted": 16,
        "reason": "missing"}  # fmt: skip
PHONES = [{"label": "lead's", "made": 30, "waiting": 0, "how": "self"},
          {"label": "table 2", "made": 20, "waiting": 3, "how": "read"}]  # fmt: skip


@pytest.fixture
def field(app, clock):
    return Field(app, clock)


@pytest.fixture
def lead(field):
    """The lead's phone; `tell` sends a page of a day, or a shift."""
    phone = field.phone("lead's", site_lead=True)

    def tell(action, day="2013-03-18", by=LEAD, site="s1", **more):
        page = {"source": "phones", "as_of": 1363590000, "lines": [LINE], "families": 12, "people": 31, "contacts": 2,
                "not_served": 0, "phones": PHONES} if action != "shift" else {}  # fmt: skip
        told = phone.record("day_closed", site=id_of(site), by=by, action=action, day=day, **{**page, **more})
        assert [each["verdict"] for each in phone.send(told)] == ["accepted"]

    phone.tell = tell
    return phone


def keep_hours(lead, name, begins, ends, day="2013-03-18", by=VOLUNTEER):
    lead.tell("shift", day, by, begins=begins, ends=ends, name=name, families=4, people=9)


def test_a_closed_day_says_what_was_counted_by_whom_and_what_differs(field, lead):
    lead.tell("opened", lines=[])
    lead.tell("closed")
    keep_hours(lead, "Olga", "08:00", "16:30", by=LEAD)
    page = Desk(field).page("phones/days")
    for words in ("18 Mar 2013, School 1", "closed", "Olga", "Food parcel", "-1", "Missing", "table 2 (3)", "12 families served"):
        assert words in page
    assert "not closed yet" not in page


def test_the_last_page_of_a_day_holds(field, lead):
    lead.tell("closed", lines=[{**LINE, "counted": 5}])
    lead.tell("closed", lines=[{**LINE, "counted": 17}])
    lead.tell("closed", site="s2", day="2013-03-19")
    lead.tell("opened", site="s2", day="2013-03-20")
    page = Desk(field).page("phones/days")
    assert ">-12<" not in page  # an id in an address may have it
    assert page.count('<section class="card"') == 3
    assert page.index("20 Mar 2013") < page.index("19 Mar 2013") < page.index("18 Mar 2013, School 1")
    assert page.count("not closed yet") == 1


def test_hours_are_summed_up_and_the_last_of_a_day_holds(field, lead):
    keep_hours(lead, "Vera", "08:00", "09:00")
    keep_hours(lead, "Vera", "08:00", "16:30")
    keep_hours(lead, "Vera", "22:00", "01:15", day="2013-03-19")
    page = Desk(field).page("phones/days")
    assert "11:45" in page
    rows = csv.DictReader(io.StringIO(Desk(field, "other").page("phones/days/hours.csv")))
    told = [(row["day"], row["name"], row["minutes"]) for row in rows]
    assert told == [("2013-03-19", "Vera", "195"), ("2013-03-18", "Vera", "510")]


def test_days_go_into_a_spreadsheet_and_start_no_formula(field, lead):
    lead.tell("closed", lines=[LINE, {"item": id_of("kit"), "received": 0, "given": 1, "lost": 0, "sent_on": 0}])
    keep_hours(lead, "=1+1", "08:00", "16:30", by=LEAD)
    parcels, kits = csv.DictReader(io.StringIO(Desk(field).page("phones/days/days.csv")))
    assert (parcels["item"], parcels["left"], parcels["counted"], parcels["difference"]) == ("Food parcel", "17", "16", "-1")
    assert (kits["start"], kits["difference"], kits["phones_unsent"]) == ("", "", "1")
    assert parcels["lead"] == "'=1+1"


def test_what_makes_no_sense_stops_nothing(field, lead):
    lead.tell("closed", lines=[{"item": 7, "given": "many"}], phones="none", families="few")
    for day in ("tomorrow", 7, [], "9999-99-99"):
        lead.tell("closed", day=day)
    keep_hours(lead, "Vera", "early", "late")
    lead.tell("danced")
    page = Desk(field).page("phones/days")
    assert page.count('<section class="card"') == 1
    assert "0:00" in page


def test_a_program_reads_days_and_hours(app, field, lead):
    lead.tell("closed")
    keep_hours(lead, "Vera", "08:00", "16:30")
    field.seal()

    def run(*command):
        return app.test_cli_runner().invoke(days, [*command, "spring-floods", "--json"]).output

    (page,), (kept,) = json.loads(run("list"))["days"], json.loads(run("hours"))["hours"]
    assert (page["is_closed"], page["lines"][0]["difference"], page["unsent"]) == (True, -1, [["table 2", 3]])
    assert (kept["name"], kept["minutes"]) == ("Vera", 510)
    assert "School 1" in app.test_cli_runner().invoke(days, ["list", "spring-floods"]).output


def test_before_the_first_day_the_page_says_where_days_come_from(field):
    desk = Desk(field)
    page = desk.page("phones/days")
    assert "No day opened or closed yet" in page and "Nobody has kept hours yet" in page and ".csv" not in page
    assert "Days and hours" in desk.page("phones")
    assert Desk(field, "lead", "site_lead").get("phones/days").status_code == 403
