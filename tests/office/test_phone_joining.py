"""Letting phones join: codes for a team, as pictures on the screen and on paper, watched and taken back."""

from __future__ import annotations

import re
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp

from relief.accounts.models import AuditEntry, Enrolment, JoinCode
from relief.cards.qr import link_modules
from relief.db import db
from relief.office.phones.links import is_fit_for_the_field, join_link, public_address
from tests.conftest import only_sqlite
from tests.ledger.field import Field, field_plan
from tests.model.plan import id_of
from tests.office.desk import Desk

S1 = id_of("s1")
CODE = re.compile(r'class="number">([0-9A-Z]{4}-[0-9A-Z]{4})<')


@pytest.fixture
def field(app, clock):
    plan = field_plan()
    sites = tuple(replace(site, lanes=2) if site.id == S1 else site for site in plan.sites)
    return Field(app, clock, plan=replace(plan, sites=sites))


def make(desk, **fields):
    """Make codes with the form; return (the page, the codes on it)."""
    page = desk.send("phones/join", **{"label": "table", "count": "1", **fields}).get_data(as_text=True)
    return page, CODE.findall(page)


def join(field, code, **more):
    return field.app.test_client().post("/api/v1/enrol", json={"code": code, **more})


def state_of(desk, page):
    address = re.search(r'data-address="([^"]+)"', page)[1]
    return [each["state"] for each in desk.browser.get(address).get_json()["codes"]]


def printed(desk, codes):
    """Print codes; return (the PDF, what the pictures on each page say)."""
    answer = desk.send("phones/join/print", "phones/join", codes=codes)
    assert answer.status_code == 200, answer.status_code
    pdf = pypdfium2.PdfDocument(answer.data)
    return pdf, [each.text for page in pdf for each in zxingcpp.read_barcodes(page.render(scale=3).to_pil())]


def test_a_code_is_shown_once_and_enrols_a_phone(field, desk):
    page, (code,) = make(desk, label="School 3", site_lead="true", site_ids=S1, lane="2")
    told = join(field, code).json
    assert (told["phone"]["label"], told["phone"]["lane"]) == ("School 3", {S1: [2]})
    assert (told["site_lead"], told["sensitive"]) == (True, False)
    assert code not in desk.page("phones/join")
    assert "lane 2 of 2" in page


def test_a_team_is_numbered_and_its_lanes_are_dealt_out(field, desk):
    _page, codes = make(desk, label="School 1, table", count="5", site_ids=S1, lane="each")
    told = [join(field, code).json["phone"] for code in codes]
    assert [each["label"] for each in told] == [f"School 1, table {number}" for number in range(1, 6)]
    assert [each["lane"][S1] for each in told] == [[1], [2], [1], [2], [1]]


def test_the_page_hears_when_a_phone_has_joined(field, desk):
    page, codes = make(desk, count="2")
    assert state_of(desk, page) == ["open", "open"]
    join(field, codes[1])
    assert state_of(desk, page) == ["open", "joined"]


def test_a_code_is_taken_back(field, desk, clock):
    page, (code,) = make(desk)
    withdraw = re.search(r"phones/join/[0-9a-f-]{36}/withdraw", desk.page("phones/join"))[0]
    assert desk.send(withdraw, "phones/join").status_code == 303
    assert join(field, code).json["error"]["code"] == "withdrawn_code"
    assert state_of(desk, page) == ["withdrawn"]
    assert "Open codes" not in desk.page("phones/join")


def test_taking_a_used_code_back_takes_nothing_from_its_phone(field, desk):
    _page, (code,) = make(desk)
    withdraw = re.search(r"phones/join/[0-9a-f-]{36}/withdraw", desk.page("phones/join"))[0]
    join(field, code)
    desk.post(withdraw)
    db.session.rollback()
    assert db.session.query(JoinCode).one().withdrawn_at is None
    assert db.session.query(Enrolment).filter_by(kind="phone").one().revoked_at is None


@only_sqlite
@pytest.mark.parametrize("fields", [
    {"label": ""}, {"label": "x" * 91}, {"count": "0"}, {"count": "61"}, {"count": "many"}, {"site_ids": id_of("s9")},
    {"lane": "0"}, {"lane": "all"}, {"sensitive": "true"}, {"sensitive": "true", "why": "x" * 201},
])  # fmt: skip
def test_what_will_not_do_makes_no_code(desk, fields):
    assert desk.send("phones/join", **{"label": "table", "count": "1", **fields}).status_code == 422
    assert db.session.query(JoinCode).count() == 0


def test_a_code_for_sensitive_items_is_made_for_a_purpose_that_is_noted(field, desk):
    _page, (code,) = make(desk, sensitive="true", why="the PSS room")
    assert join(field, code).json["sensitive"] is True
    db.session.rollback()
    assert db.session.query(AuditEntry).filter_by(action="join_code.created").one().purpose == "distribution: the PSS room"


@only_sqlite
def test_one_code_alone_on_paper_is_read_by_a_camera(desk):
    _page, codes = make(desk, label="School 3")
    pdf, read = printed(desk, codes)
    assert read == [f"http://localhost/phone/#join={codes[0]}"]
    text = pdf[0].get_textpage().get_text_range()
    assert codes[0] in text
    assert "School 3" in text


@only_sqlite
def test_a_team_is_printed_six_to_a_sheet(desk):
    _page, codes = make(desk, count="8", site_ids=S1)
    pdf, read = printed(desk, codes)
    assert (len(pdf), sorted(read)) == (2, sorted(f"http://localhost/phone/#join={code}" for code in codes))


@only_sqlite
def test_used_and_foreign_codes_are_not_printed(app, clock, field, desk):
    other = Desk(Field(app, clock, "other"), "other")
    _page, theirs = make(other)
    _page, codes = make(desk, count="2")
    join(field, codes[0])
    _pdf, read = printed(desk, [*codes, *theirs, "0000-0000", "<b>"])
    assert read == [f"http://localhost/phone/#join={codes[1]}"]
    join(field, codes[1])
    assert desk.send("phones/join/print", "phones/join", codes=codes).status_code == 404


@only_sqlite
def test_the_state_of_another_operations_codes_is_not_told(app, clock, desk):
    page, _codes = make(Desk(Field(app, clock, "other"), "other"))
    batch = re.search(r"phones/join/([0-9a-f-]{36})/state", page)[1]
    assert desk.get(f"phones/join/{batch}/state").get_json() == {"codes": []}
    assert desk.get("phones/join/nonsense/state").get_json() == {"codes": []}


def test_the_address_is_the_settings_or_that_by_which_the_page_was_opened(settings):
    asked = "http://192.0.2.7:8000/"
    assert public_address(settings, asked) == "http://192.0.2.7:8000"
    assert public_address(replace(settings, public_url="https://relief.example.org"), asked) == "https://relief.example.org"


@pytest.mark.parametrize(("address", "fit"), [("https://relief.example.org", True), ("http://localhost:8000", True),
                                              ("http://192.0.2.7:8000", False)])  # fmt: skip
def test_only_https_is_fit_for_the_field(address, fit):
    assert is_fit_for_the_field(address) is fit


def test_a_long_address_still_makes_a_picture():
    modules = link_modules(join_link("https://" + "a" * 60 + ".example.org:8443", "ABCD-EFGH"))
    assert len(modules) == len(modules[0]) <= 45
