"""The capture app's own code against the real server: what it counts is what the server counts."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from relief.db import db
from relief.fleet.belarus.facts import FLOODS, operation_id
from relief.kernel.ids import to_bytes
from relief.ledger.queries import list_counters
from relief.sync.parcel_series import read_series
from tests.fleet.capture_phone import CapturePhone, capture_phone
from tests.fleet.served import HOUSEHOLDS, MORNING, SITE, Field

NewPhone = Callable[[], CapturePhone]


@pytest.fixture
def new_phone(own_field: Field, tmp_path: Path) -> Iterator[NewPhone]:
    """Give a phone that has joined and has the register."""
    own_field.clock.set(MORNING)
    with ExitStack() as phones:

        def join() -> CapturePhone:
            phone = phones.enter_context(capture_phone(tmp_path / "phone", own_field.base_url))
            assert phone.do("join", code=own_field.join_code())["joined"]["demo"]
            assert phone.do("register")["cards"] == HOUSEHOLDS
            return phone

        yield join


def given(field: Field, item: str) -> int:
    """Return how much of an item the server counts as given."""
    with field.app.app_context():
        counters = list_counters(db.session, to_bytes(operation_id(FLOODS)))
        db.session.remove()
    return sum(number for key, number in counters.items() if key.startswith(f"given|{field.item(item)}|{SITE}|"))


def test_a_day_of_fifty_handovers_comes_out_at_the_servers_totals(own_field: Field, new_phone: NewPhone):
    phone = new_phone()
    cards = [own_field.card() for _family in range(25)]
    phone.do("network", offline=True)
    for item in ("food", "hygiene"):
        assert all(phone.do("give", card=card, item=own_field.item(item))["granted"] for card in cards)
    assert not phone.do("decide", card=cards[0], item=own_field.item("food"))["granted"]
    assert phone.do("sync") == {"trouble": "offline"}
    assert phone.do("state")["counts"] == {"made": 50, "waiting": 50, "asking": 0, "stuck": 0, "sent": 0, "held": 0}

    phone.do("network", offline=False, losing=1)  # the server takes all of it, and the phone does not hear
    assert phone.do("sync") == {"trouble": "offline"}
    assert phone.do("state")["counts"]["waiting"] == 50
    assert given(own_field, "food") == 25

    phone.do("restart")
    assert phone.do("sync") == {"trouble": None}
    state = phone.do("state")
    assert state["counts"] == {"made": 51, "waiting": 0, "asking": 0, "stuck": 0, "sent": 51, "held": 0}  # and a clock mark
    assert (given(own_field, "food"), given(own_field, "hygiene")) == (25, 25)
    assert state["tally"] == {"families": 25, "people": 75, "contacts": 0, "notServed": 0, "gone": {},
                              "items": {own_field.item("food"): 25, own_field.item("hygiene"): 25}}  # fmt: skip
    assert state["clock_ahead"] > 10 * 365 * 86_400  # it thinks it is today; the server plays 2013
    assert {verdict["word"] for verdict in state["verdicts"].values()} == {"already_there", "accepted"}


def test_a_phone_is_as_sure_of_a_card_after_the_register_came_as_before(own_field: Field, new_phone: NewPhone):
    phone, food = new_phone(), own_field.item("food")
    card, other = own_field.card(), own_field.card()
    phone.do("give", card=card, item=food)
    assert not phone.do("decide", card=card, item=food)["granted"]
    phone.do("sync")
    assert phone.do("register")["is"] == "changed"
    assert not phone.do("decide", card=card, item=food)["granted"]
    assert phone.do("decide", card=other, item=food)["granted"]
    phone.do("undo")
    assert phone.do("decide", card=card, item=food)["granted"]
    phone.do("sync")
    phone.do("register")
    assert phone.do("decide", card=card, item=food)["granted"]
    assert given(own_field, "food") == 0


def test_two_phones_ask_for_one_card_and_one_is_granted(own_field: Field, new_phone: NewPhone):
    first, second, card = new_phone(), new_phone(), own_field.card()
    granted = first.do("ask", card=card, item=own_field.item("food"))
    refused = second.do("ask", card=card, item=own_field.item("food"))
    assert (granted["answer"], refused["answer"]) == ("granted", "refused")
    assert refused["verdict"]["codes"] == ["already_received"]
    first.do("gave", id=granted["id"])
    first.do("sync")
    assert given(own_field, "food") == 1


def test_a_question_that_ends_without_a_gift_frees_the_card_for_the_other_phone(own_field: Field, new_phone: NewPhone):
    first, second, card = new_phone(), new_phone(), own_field.card()
    first.do("kept_back", id=first.do("ask", card=card, item=own_field.item("food"))["id"])
    first.do("sync")
    assert second.do("ask", card=card, item=own_field.item("food"))["answer"] == "granted"
    assert given(own_field, "food") == 0


def test_what_a_phone_packs_the_server_takes_from_another_phone(own_field: Field, new_phone: NewPhone):
    phone, carrier, card = new_phone(), own_field.phone(), own_field.card()
    phone.do("network", offline=True)
    phone.do("give", card=card, item=own_field.item("food"))
    answer = carrier.transport.call("POST", "/api/v1/parcels", unpacked(phone.do("parcel")["lines"]))
    assert (answer.status, answer.body) == (200, {"records": 1, "held": 0})
    assert given(own_field, "food") == 1
    phone.do("network", offline=False)
    phone.do("sync")
    assert given(own_field, "food") == 1


def unpacked(lines: list[str]) -> dict[str, str]:
    """Return what a carrying phone sends for a series of codes."""
    ((key_id, sealed),) = read_series("\n".join(lines))
    return {"key_id": key_id, "sealed": urlsafe_b64encode(sealed).decode()}
