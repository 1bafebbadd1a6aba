"""Where an operation seals names, nobody reads one in the database; the desk reads, finds and changes them all the same."""

from __future__ import annotations

import pytest
from sqlalchemy import text, update

from relief.db import db, unit_of_work
from relief.ledger.private_words import WordKeys
from relief.operations.models import Operation
from tests.ledger.field import Field
from tests.model.plan import id_of
from tests.office.desk import family_of, ledger_problems, register


@pytest.fixture
def field(app, clock):
    field = Field(app, clock)
    with unit_of_work() as session:
        session.execute(update(Operation).where(Operation.id == field.operation_id).values(seals_names=True))
    return field


def stored_bytes():
    """Return everything that the database holds of entries, held records and search words."""
    db.session.rollback()
    found = b""
    for table, column in (("entry", "private"), ("entry", "facts"), ("held", "raw"), ("household_term", "term")):
        rows = db.session.execute(text(f"SELECT {column} FROM {table}")).scalars()
        found += b"\n".join(bytes(each) for each in rows if each is not None)
    return found


def test_no_name_stands_in_the_database(field, desk):
    household = register(field.desk, "h1", "Zinaida Tajnaja", phone="+375 29 0007788", village="Haradok")
    phone = field.phone()
    phone.send(phone.record("registration", household=id_of("h2"), private={"head": "Zinaida Druhaja"}, members=[
        {"id": id_of("h2-1"), "number": 1, "sex": "female", "age_band": "60+", "disability": "no"}]))  # fmt: skip
    phone.send({"kind": "nonsense", **phone.record("registration", household="x", private={"head": "Zinaida Tretjaja"})})
    desk.send(f"households/{household}/people", way="correction", reason="x", **{f"name-{id_of('h1-1')}": "Zinaida Novaja"})
    desk.find("Zinaida")
    for word in (b"Zinaida", b"0007788", b"Haradok", b"Tajnaja", b"ainaida", b"zinaida"):
        assert word not in stored_bytes(), word


def test_the_desk_reads_and_finds_whole_names(field, desk):
    household = register(field.desk, "h1", "Зинаида Тайная", phone="+375 29 0007788")
    assert "Зинаида Тайная" in desk.page(f"households/{household}")
    for typed in ("Tajnaja", "Zinaida", "80290007788"):
        assert f"/households/{household}" in desk.find(typed), typed
    assert f"/households/{household}" not in desk.find("Taj")


def test_the_same_record_again_is_there_already(field):
    phone = field.phone()
    people = [{"id": id_of("h2-1"), "number": 1, "sex": "female", "age_band": "60+", "disability": "no"}]
    record = phone.record("registration", household=id_of("h2"), private={"head": "Зина́ида"}, members=people)
    assert [phone.send(record)[0]["verdict"] for _time in range(2)] == ["accepted", "already_there"]
    assert ledger_problems(field) == []


def test_changes_of_a_sealed_household_keep_its_words(field, desk):
    household = register(field.desk, "h1", "Vera Tajnaja", phone="77 88")
    desk.send(f"households/{household}/people", way="correction", reason="seen", village="Haradok")
    family = family_of(field, household)
    assert (family.word("head"), family.word("phone"), family.word("village")) == ("Vera Tajnaja", "77 88", "Haradok")


def test_duplicates_are_found_among_sealed_names(field, desk):
    for name, head in (("h1", "Ivan Petrovich Kolas"), ("h2", "Иван Петрович Колас")):
        register(field.desk, name, head, phone="+375 29 1112233")
    field.app.extensions["relief_run_job"] = lambda _app, work: work()
    desk.send("households/duplicates")
    assert "1 pair" in desk.page("households/duplicates")


def test_a_key_that_is_gone_opens_nothing_and_breaks_nothing():
    keys, others = WordKeys.of({"a": b"1" * 32}), WordKeys.of({"b": b"2" * 32})
    sealed = keys.seal(b"o" * 16, {"head": "Vera"})
    assert keys.open(b"o" * 16, sealed) == {"head": "Vera"}
    assert others.open(b"o" * 16, sealed) == keys.open(b"p" * 16, sealed) == keys.open(b"o" * 16, {"sealed": "a.!!"}) == {}
