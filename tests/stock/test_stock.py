"""Stock per item and site: what came and what left always add up, also with the plain model."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings

from relief.db import snapshot
from relief.fleet.model.reference import fold
from relief.kernel.ids import to_text
from relief.ledger.rules.stock import balance
from relief.stock.queries import list_negative_stock, list_stock, read_movements
from tests.accounts.people import browser_of, make_user
from tests.amounts import often
from tests.ledger.field import Field, field_plan
from tests.ledger.test_histories import NUMBERS, enrol_all, send_all
from tests.model.histories import batches
from tests.model.plan import id_of

PARCEL, S1, S2 = id_of("parcel"), id_of("s1"), id_of("s2")


def stock(field, query=list_stock):
    field.seal()
    with snapshot() as connection:
        return {(row.item, row.site): row for row in query(connection, field.operation_id)}


def moved(phone, action, quantity, **fields):
    return phone.record("stock", **{"action": action, "item": PARCEL, "site": S1, "quantity": quantity, **fields})


def assert_adds_up(row):
    came = row.received + row.transferred_in + row.count_difference
    assert came == row.on_hand + row.given + row.lost + row.transferred_out


def test_hand_overs_leave_the_site_and_transfers_move_between_two(field):
    field.household("h1")
    phone = field.phone()
    phone.send(moved(phone, "received", 100), moved(phone, "transferred", 30, to_site=S2), moved(phone, "damaged", 2),
               phone.handover("h1"))  # fmt: skip
    rows = stock(field)
    assert (rows[PARCEL, S1].on_hand, rows[PARCEL, S1].given, rows[PARCEL, S1].lost) == (67, 1, 2)
    assert (rows[PARCEL, S2].on_hand, rows[PARCEL, S2].transferred_in) == (30, 30)
    for row in rows.values():
        assert_adds_up(row)


@pytest.mark.parametrize(("goods_back", "on_hand", "lost"), [(1, 10, 0), (0, 9, 1)])
def test_a_voided_hand_over_comes_back_or_is_lost(field, goods_back, on_hand, lost):
    field.household("h1")
    phone = field.phone()
    scan = phone.handover("h1")
    phone.send(moved(phone, "received", 10), scan, phone.void(scan, goods_back=goods_back))
    row = stock(field)[PARCEL, S1]
    assert (row.on_hand, row.lost, row.given) == (on_hand, lost, 0)


def test_a_voided_receipt_never_came(field):
    phone = field.phone()
    receipt = moved(phone, "received", 10)
    phone.send(receipt, phone.void(receipt))
    assert stock(field) == {}


def test_a_count_fixes_what_is_there_and_a_late_hand_over_changes_its_difference(field, clock):
    field.household("h1")
    field.household("h2")
    phone = field.phone()
    early = phone.handover("h1")
    clock.moment += 60
    count = moved(phone, "counted", 8)
    clock.moment += 60
    phone.send(moved(phone, "received", 10, at="2013-03-18T08:00:00+03:00"), count, phone.handover("h2"))
    row = stock(field)[PARCEL, S1]
    assert (row.on_hand, row.counts) == (7, ((count["id"], -2),))
    phone.send(early)
    row = stock(field)[PARCEL, S1]
    assert (row.on_hand, row.counts, row.given) == (7, ((count["id"], -1),), 2)
    assert_adds_up(row)


def test_negative_stock_is_asked_about_only_where_stock_is_kept(field):
    field.household("h1")
    phone = field.phone()
    lost = phone.handover("h1", item="kit")
    phone.send(phone.handover("h1"), lost, phone.void(lost, goods_back=0), phone.handover("h1", item="pss"))
    assert stock(field, list_negative_stock) == {}
    phone.send(moved(phone, "received", 5, site=S2))
    assert [(place, row.on_hand) for place, row in stock(field, list_negative_stock).items()] == [((PARCEL, S1), -1)]
    phone.send(moved(phone, "received", 5))
    assert stock(field, list_negative_stock) == {}


@settings(max_examples=often(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(batches())
def test_stock_after_any_traffic_is_the_models(app, clock, requests):
    field = Field(app, clock, name=f"stock-{next(NUMBERS)}")
    sealed = send_all(enrol_all(field), requests, clock)
    field.seal()
    with snapshot() as connection:
        movements = read_movements(connection, field.operation_id)
        rows = list_stock(connection, field.operation_id)
    model = fold(field_plan(), sealed)["stock"]
    found = {place: balance(each) for place, each in movements.items()}
    assert {place: (each.on_hand, each.count_difference, each.given) for place, each in found.items()} == {
        place: (each["on_hand"], each["difference"], each.get("given", 0)) for place, each in model.items()
    }
    for row in rows:
        assert_adds_up(row)


def test_the_api_tells_stock_with_names_and_position(field):
    phone = field.phone()
    phone.send(moved(phone, "received", 10))
    field.seal()
    reader = make_user(roles=((field.operation_id, "finance"),))
    answer = browser_of(field.app, reader).get(f"/api/v1/operations/{to_text(field.operation_id)}/stock")
    assert answer.status_code == 200
    (row,) = answer.json["rows"]
    assert (row["item_name"], row["site_name"], row["received"], row["on_hand"]) == ("Food parcel", "School 1", 10, 10)
    assert answer.json["position"] == 2  # the plan, and what was received


def test_a_sensitive_items_stock_goes_by_its_public_label(app, clock):
    plan = field_plan()
    items = tuple(dataclasses.replace(item, sensitive=True, public_label="Kit B") if item.id == PARCEL else item
                  for item in plan.items)  # fmt: skip
    field = Field(app, clock, plan=dataclasses.replace(plan, items=items))
    phone = field.phone(sensitive=True)
    phone.send(moved(phone, "received", 10))
    reader = make_user(roles=((field.operation_id, "manager"),))
    answer = browser_of(app, reader).get(f"/api/v1/operations/{to_text(field.operation_id)}/stock")
    assert [row["item_name"] for row in answer.json["rows"]] == ["Kit B"]
