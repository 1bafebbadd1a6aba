"""Bad networks: answers that get lost, pages that are somebody else's, two windows at once, a slow line."""

from __future__ import annotations

from playwright.sync_api import Browser, expect

from relief.db import db
from relief.ledger.models import Standing
from tests.conftest import only_sqlite
from tests.phone.browsers import PIN, Phone
from tests.phone.served import Served
from tests.phone.serving import assert_given_once, begin, expect_unsent, give, send, type_code
from tests.phone.slow_line import SlowLine
from tests.phone.storages import multiply
from tests.phone.weather import Listening, login_page, lost_answers

pytestmark = only_sqlite
SLOW_MS = 180_000


def test_a_lost_answer_counts_once_and_a_login_page_settles_nothing(volunteer: Phone, served: Served) -> None:
    served.weather = lost_answers
    give(volunteer, served)
    expect_unsent(volunteer, 2)
    served.weather = login_page
    volunteer.page.get_by_text("On this phone, not sent: 2").click()
    volunteer.press("Send now")
    expect(volunteer.page.get_by_text("This Wi-Fi answers by itself.")).to_be_visible()
    volunteer.page.reload()  # nor does it put itself in the place of the app
    expect_unsent(volunteer, 2)
    served.weather = None
    send(volunteer)
    assert_given_once(served)


def test_of_two_windows_one_sends(volunteer: Phone, served: Served) -> None:
    first, second = volunteer.page, volunteer.open()
    second.goto("/phone/")
    volunteer.page = second
    volunteer.type_pin(PIN)
    served.stop()
    give(volunteer, served, 1)
    volunteer.page = first
    give(volunteer, served)
    expect_unsent(volunteer, 4)
    served.weather = listening = Listening()
    served.start()
    for page in (first, second):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    expect_unsent(volunteer, 0)
    volunteer.page = second
    expect_unsent(volunteer, 0)
    sent = [record for records in listening.sent for record in records]
    assert len(sent) == len(set(sent)) >= 4


def test_two_thousand_records_go_out_over_a_slow_line(browser: Browser, served: Served) -> None:
    with SlowLine(served.port) as line:
        served.door = line.port
        phone = Phone(browser, served.address)
        begin(phone, served)
        expect_unsent(phone, 0)
        served.stop()
        type_code(phone, served.town.cards[0].code)
        phone.press("Give nothing")
        phone.press("Not wanted")
        phone.see("Show a card")
        multiply(phone.page, 2000)
        line.delay_seconds, line.bytes_a_second = 0.3, 50_000
        served.start()
        phone.page.reload()
        phone.page.get_by_text("On this phone, not sent").click()
        expect(phone.page.get_by_text("Everything is sent.")).to_be_visible(timeout=SLOW_MS)
        db.session.rollback()
        kinds = db.select(db.func.count()).where(Standing.kind == "not_served", Standing.operation_id == served.town.operation_id)
        assert db.session.execute(kinds).scalar_one() == 2000
        phone.close()
