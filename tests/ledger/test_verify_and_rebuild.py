"""`ledger verify` finds what was changed behind the ledger's back; `rebuild` brings back what the entries say."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from relief.cli import relief
from relief.db import db, is_sqlite, snapshot, unit_of_work
from relief.ledger.keys import current_keys
from relief.ledger.plan_saving import save_plan
from relief.ledger.problem_words import CHECK_WORDS
from relief.ledger.problems import CHECKS
from relief.ledger.rebuilding import rebuild
from relief.ledger.sealer import seal_all
from relief.ledger.verification import verify
from tests.ledger.field import field_plan, take_guards_away
from tests.model.plan import card_of, id_of


@pytest.fixture
def busy(field, clock):
    """A field with a little of everything in its ledger."""
    for name in ("h1", "h2", "h3"):
        field.household(name, members=3)
    phone, other = field.phone("one"), field.phone("other")
    scan = phone.handover("h1")
    phone.send(scan, phone.handover("h2"), phone.handover("zz"), phone.void(scan, reason="wrong family"))
    other.send(other.handover("h2", collector="a neighbour"), other.handover("h3", item="bl", quantity=2))
    other.ask("h3")
    people = [{"sex": "female", "age_band": "60+", "count": 9}]
    other.send(other.record("contact", item=id_of("pss"), site=id_of("s1"), people=people))
    other.send(other.record("stock", action="received", item=id_of("parcel"), site=id_of("s1"), quantity=40, waybill="W-1"))
    field.desk.send({"kind": "household", "action": "merged", "household": id_of("h1"), "other": id_of("h2"), "pairs": []},
                    {"kind": "card", "action": "replaced", "card": card_of("h3"), "new_card": card_of("n3")})  # fmt: skip
    field.seal()
    return field


def verified(field):
    with snapshot() as connection:
        return verify(connection, field.operation_id, field.app.extensions["relief_secrets"])


def meddle(sql, **values):
    """Change the database as somebody would who has taken the triggers away first."""
    with unit_of_work() as session:
        take_guards_away(session.connection())
        session.execute(text(sql), values)


def test_an_untouched_ledger_verifies(busy):
    result = verified(busy)
    assert result.problems == []
    assert result.entries == result.position > 15


@pytest.mark.parametrize(("sql", "code"), [
    ("UPDATE entry SET private_digest = facts_salt WHERE position = 5", "private_part_changed"),
    ("DELETE FROM entry WHERE position = 7", "position_missing"),
    ("DELETE FROM entry WHERE position = (SELECT max(position) FROM entry)", "head_differs"),
    ("UPDATE entry SET seq = seq + 100 WHERE position = 3", "columns_changed"),
    ("UPDATE seal SET signature = hash", "signature_wrong"),
    ("DELETE FROM seal", "seal_missing"),
    ("UPDATE counter SET n = n + 1 WHERE key LIKE 'given%'", "counter_differs"),
    ("UPDATE standing SET entitled = entitled + 1", "standing_differs"),
    ("UPDATE fold_group SET open_cases = open_cases + 1", "group_differs"),
    ("UPDATE card SET state = 'cancelled'", "place_differs"),
    ("UPDATE card SET number = 'XX-1'", "place_differs"),
    ("UPDATE household SET size = 99", "place_differs"),
    ("UPDATE card SET card_key = card_id", "card_key_differs"),
    ("DELETE FROM feed", "feed_lacks"),
    ("UPDATE enrolment SET seq_count = seq_count + 7 WHERE seq_count > 0", "device_differs"),
    ("UPDATE head SET ledger_id = operation_id", "ledger_differs"),
])  # fmt: skip
def test_what_is_changed_behind_the_ledgers_back_is_named(busy, sql, code):
    meddle(sql)
    assert code in {problem.code for problem in verified(busy).problems}


def test_a_plan_that_was_changed_after_it_was_saved_is_named(busy):
    with unit_of_work() as session:
        save_plan(session.connection(), busy.operation_id, replace(field_plan(), version=2), enrolment_id=busy.desk.enrolment_id,
                  saved_by=None, now=busy.clock.now())  # fmt: skip
    busy.seal()
    assert verified(busy).problems == []
    with unit_of_work() as session:
        body = bytes(session.execute(text("SELECT body FROM plan_version WHERE version = 2")).scalar_one())
        session.execute(text("UPDATE plan_version SET body = :body WHERE version = 2"), {"body": body.replace(b"Milk", b"Silk")})
    assert {problem.code for problem in verified(busy).problems} == {"plan_differs", "not_checked"}


def test_a_changed_quantity_is_named(busy):
    with unit_of_work() as session:
        rows = session.execute(text("SELECT id, facts FROM entry WHERE kind = 'handover'"))
        record_id, facts = next((row.id, bytes(row.facts)) for row in rows if b'"quantity":1,' in bytes(row.facts))
        changed = facts.replace(b'"quantity":1,', b'"quantity":9,')
        take_guards_away(session.connection())
        session.execute(text("UPDATE entry SET facts = :facts WHERE id = :id"), {"facts": changed, "id": record_id})
    assert "entry_changed" in {problem.code for problem in verified(busy).problems}


@pytest.mark.parametrize("sql", [
    "DELETE FROM entry WHERE position = 1", "UPDATE entry SET facts = facts_salt", "UPDATE entry SET position = position + 1",
    "UPDATE entry SET private = facts", "UPDATE seal SET sealed_at = 0", "DELETE FROM seal",
])  # fmt: skip
def test_the_database_itself_refuses_to_change_what_was_sealed(busy, sql):
    with pytest.raises(DBAPIError, match="append-only"), unit_of_work() as session:
        session.execute(text(sql))
    assert verified(busy).problems == []


@pytest.mark.parametrize(("sql", "code"), [
    ("DELETE FROM enrolment WHERE enrolment_id = (SELECT enrolment_id FROM entry WHERE kind = 'handover' LIMIT 1)",
     "device_missing"),
    ("UPDATE enrolment SET site_ids = facts FROM (SELECT facts_salt AS facts FROM entry LIMIT 1) AS one", "device_unreadable"),
])  # fmt: skip
def test_totals_that_could_not_be_compared_are_never_called_good(busy, sql, code):
    meddle(sql if is_sqlite(db.engine) else f"SET LOCAL session_replication_role = replica; {sql}")
    meddle("UPDATE counter SET n = n * 10")
    result = verified(busy)
    assert not result.good
    assert code in result.wrong
    assert "projections" in {problem.where for problem in result.problems if problem.code == "not_checked"}
    assert not result.checks["projections"]
    done = busy.app.test_cli_runner().invoke(relief, ["ledger", "rebuild", "spring-floods"])
    assert done.exception.code == "not_rebuilt"
    with snapshot() as connection:
        assert connection.execute(text("SELECT count(*) FROM counter")).scalar_one() > 5


def test_under_a_plan_that_cannot_be_read_nothing_is_rebuilt(busy):
    with unit_of_work() as session:
        take_guards_away(session.connection())
        session.execute(text("UPDATE plan_version SET body = (SELECT facts_salt FROM entry LIMIT 1)"))
    done = busy.app.test_cli_runner().invoke(relief, ["ledger", "rebuild", "spring-floods"])
    assert done.exception.code == "not_rebuilt"
    assert {"plan_differs", "not_checked"} <= verified(busy).wrong.keys()


def test_out_of_a_forged_entry_nothing_is_rebuilt(busy):
    before = busy.counters()
    with snapshot() as connection:
        row = connection.execute(text("SELECT id, facts FROM entry WHERE kind = 'handover' AND step = 'given'")).first()
    forged = orjson.dumps(orjson.loads(row.facts) | {"quantity": 4000}, option=orjson.OPT_SORT_KEYS)
    meddle("UPDATE entry SET facts = :facts WHERE id = :id AND step = 'given'", facts=forged, id=row.id)
    assert verified(busy).wrong["entry_changed"] > 0
    done = busy.app.test_cli_runner().invoke(relief, ["ledger", "rebuild", "spring-floods"])
    assert done.exception.code == "not_rebuilt"
    assert busy.counters() == before


def test_what_was_checked_is_listed(busy):
    assert verified(busy).checks == dict.fromkeys(CHECKS, True)
    done = busy.app.test_cli_runner().invoke(relief, ["ledger", "verify", "spring-floods"])
    assert "Checked: " in done.output
    assert all(str(CHECK_WORDS[name]) in done.output for name in CHECKS)


def test_an_erased_private_part_is_not_tampering(busy):
    meddle("UPDATE entry SET private = NULL, private_salt = NULL WHERE kind = 'handover'")
    assert verified(busy).problems == []


def test_rebuild_brings_back_exactly_what_was_there(busy):
    before = busy.counters()
    for table in ("counter", "standing", "fold_group", "feed", "citation"):
        meddle(f"DELETE FROM {table}")
    meddle("UPDATE card SET group_id = card_id, state = 'unknown'")
    rebuilt(busy)
    assert busy.counters() == before
    assert verified(busy).problems == []


def rebuilt(field):
    with unit_of_work() as session:
        rebuild(session.connection(), field.operation_id, lambda: seal_all(field.clock.now(), current_keys()))


def card_key(name):
    return text("SELECT card_key FROM card WHERE card_key = :key"), {"key": bytes.fromhex(card_of(name))}


def test_a_lost_card_whose_entries_are_erased_comes_back_without_its_key(busy):
    meddle("UPDATE entry SET private = NULL, private_salt = NULL")
    meddle("DELETE FROM card WHERE card_key = :key", key=bytes.fromhex(card_of("h3")))
    rebuilt(busy)
    assert verified(busy).problems == []
    with snapshot() as connection:
        assert connection.execute(*card_key("h3")).one_or_none() is None


def test_swapped_and_stolen_card_keys_come_back(busy):
    with snapshot() as connection:
        card_of_key = {bytes(row.card_key): bytes(row.card_id) for row in
                       connection.execute(text("SELECT card_id, card_key FROM card"))}  # fmt: skip
    one, other, third = (bytes.fromhex(card_of(name)) for name in ("h1", "h2", "h3"))
    meddle("UPDATE card SET card_key = :free WHERE card_key = :one", free=bytes(16), one=one)
    meddle("UPDATE card SET card_key = :one WHERE card_key = :other", one=one, other=other)
    meddle("UPDATE card SET card_key = :other WHERE card_key = :free", free=bytes(16), other=other)
    meddle("UPDATE card SET card_id = :thief, group_id = :thief WHERE card_key = :third", thief=b"t" * 16, third=third)
    assert {problem.code for problem in verified(busy).problems} >= {"card_key_differs", "place_differs"}
    rebuilt(busy)
    assert verified(busy).problems == []
    with snapshot() as connection:
        rows = connection.execute(text("SELECT card_id, card_key FROM card")).all()
    assert {bytes(row.card_key): bytes(row.card_id) for row in rows}.items() >= {
        (key, card_of_key[key]) for key in (one, other, third)}  # fmt: skip
