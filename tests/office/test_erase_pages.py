"""The pages of erasing: what goes and stays is said first, the code is typed, and how far it is outlives a reload."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from relief.accounts.models import AuditEntry
from relief.db import db, snapshot, unit_of_work
from relief.kernel.ids import to_text
from relief.ledger.erasing import find_private
from relief.ledger.erasure_journal import list_orders
from relief.ledger.plan_saving import save_plan
from relief.office.erasing.erasing import list_given, plan_erasure
from tests.accounts.people import browser_of, make_user
from tests.conftest import only_sqlite
from tests.ledger.field import Field, field_plan
from tests.office.erasable import Families, what_stays

CODE = "spring-floods"
NOBODY = "01a20257-5a18-70f1-8b30-d13e16396dd6"


@pytest.fixture
def field(app, clock):
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions["relief_run_job"] = lambda _app, work: work()
    return Field(app, clock)


@pytest.fixture
def families(field):
    return Families(field)


@pytest.fixture
def browser(app, field):
    def signed_in(role, purpose=True):
        user = make_user(f"{role}@example.org", roles=((field.operation_id, role),))
        return browser_of(app, user, [field.operation_id] if purpose else ())

    return signed_in


@pytest.fixture
def base(field):
    return f"/operations/{to_text(field.operation_id)}/erasing"


def close(field):
    with unit_of_work() as session:
        save_plan(session.connection(), field.operation_id, replace(field_plan(), version=2, status="closed"),
                  enrolment_id=field.desk.enrolment_id, saved_by=None, now=field.clock.now())  # fmt: skip
    field.seal()


def left_of(field, household=None):
    db.session.rollback()
    order, found = plan_erasure(field.operation_id, household, "asked", field.clock.now())
    return len(found.entries) + len(found.held)


def test_the_focal_point_erases_a_household_by_its_cards_number(field, families, browser, base):
    before = what_stays(field)
    client = browser("protection")
    assert "no such household" in client.post(base, data={"household": "99-9999"}).text
    named = to_text(families.household)
    place = client.post(base, data={"household": named}).headers["Location"]
    page = client.get(place).text
    assert "what 11 records and 2 held records say of people" in page and "the card, which goes on to work" in page
    refused = client.post(place, data={"reason": "asked", "code": "spring"})
    assert refused.status_code == 422 and "That is not the code" in refused.text
    refused = client.post(place, data={"reason": "because Anna said so", "code": CODE})
    assert refused.status_code == 422 and left_of(field, families.household) == 13
    shown = client.post(place, data={"reason": "asked", "code": CODE}).headers["Location"]
    for _reload in range(2):
        assert "Nothing of it is left in this database" in client.get(shown).text
    assert left_of(field, families.household) == 0
    assert what_stays(field) == before
    assert "The family asked for it" in client.get(base).text
    assert client.get(place).headers["Location"] == shown  # nothing is left to order


@only_sqlite
def test_what_a_restore_laid_aside_is_named_with_what_removes_it(field, families, browser, base, settings):
    (settings.instance / "relief.db.before-20130317-090000").touch()
    place = f"{base}/households/{to_text(families.household)}"
    done = browser("protection").post(place, data={"reason": "asked", "code": CODE}, follow_redirects=True)
    assert "relief.db.before-20130317-090000" in done.text and "relief db aside --delete" in done.text


def test_who_looks_and_who_orders_stands_in_the_audit(field, families, browser, base, settings):
    client = browser("manager")
    place = f"{base}/households/{to_text(families.household)}"
    client.get(place)
    client.post(place, data={"reason": "mistake", "code": CODE})
    db.session.rollback()
    acts = db.session.execute(select(AuditEntry.action, AuditEntry.subject, AuditEntry.purpose)
                              .where(AuditEntry.action.like("household.%"))).all()  # fmt: skip
    mine = to_text(families.household)
    assert ("household.erased", mine) in [(act.action, act.subject) for act in acts]
    assert all(act.purpose for act in acts if act.action == "household.erasure_seen")
    assert [order.reason for order in list_orders(settings.instance)] == ["mistake"]
    assert list_orders(settings.instance)[0].asked_by


def test_without_a_purpose_no_household_is_looked_at(families, browser, base):
    client = browser("manager", purpose=False)
    for ask in (client.get, client.post):
        answer = ask(f"{base}/households/{to_text(families.household)}", data={"reason": "asked", "code": CODE})
        assert answer.status_code in (303, 403) and "records" not in answer.text


def test_only_a_closed_operation_goes_as_a_whole_and_only_a_manager_orders_it(field, families, browser, base):
    manager, focal_point = browser("manager"), browser("protection")
    assert focal_point.get(f"{base}/everything").status_code == 403
    assert "everything" not in focal_point.get(base).text
    open_still = manager.get(f"{base}/everything")
    assert open_still.status_code == 409 and "Only a closed operation" in open_still.text
    assert manager.post(f"{base}/everything", data={"reason": "over", "code": CODE}).status_code == 409
    close(field)
    before = what_stays(field)
    assert "No card of this operation is known afterwards" in manager.get(f"{base}/everything").text
    shown = manager.post(f"{base}/everything", data={"reason": "over", "code": CODE}).headers["Location"]
    assert "Nothing of it is left" in manager.get(shown).text and "the whole operation" in manager.get(shown).text
    assert left_of(field) == 0 and what_stays(field) == before


def test_an_interrupted_erasure_says_how_far_it_is_and_goes_on(app, field, families, browser, base):
    client = browser("manager")
    app.extensions["relief_run_job"] = lambda _app, _work: None  # the server was killed just then
    place = f"{base}/households/{to_text(families.household)}"
    shown = client.post(place, data={"reason": "asked", "code": CODE}).headers["Location"]
    page = client.get(shown).text
    assert "13 records still to erase" in page and 'http-equiv="refresh"' in page and "Go on" not in page
    assert client.post(place, data={"reason": "asked", "code": CODE}).headers["Location"] == shown  # pressed twice
    field.clock.moment += 200
    assert "Go on" in client.get(shown).text and "not finished" in client.get(base).text
    app.extensions["relief_run_job"] = lambda _app, work: work()
    client.post(f"{shown}/go-on")
    assert "Nothing of it is left" in client.get(shown).text
    with snapshot() as connection:
        (given,) = list_given(connection, field.operation_id)
        assert given.done_at and find_private(connection, given.order).count == 0


@pytest.mark.parametrize("name", ["households/nobody", "nobody", f"households/{NOBODY}", NOBODY])
def test_what_does_not_exist_is_not_found(families, browser, base, name):
    assert browser("manager").get(f"{base}/{name}").status_code == 404
