"""Operations and plan versions in the database."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace

import pytest
from flask import Flask

from relief.db import db, snapshot, unit_of_work, write
from relief.kernel.errors import BadInput, Conflict, NotFound
from relief.kernel.ids import new_id, to_text
from relief.operations.plan_json import canonical_body
from relief.operations.queries import find_plan, get_current_plan, get_operation, list_operations
from relief.operations.service import name_appeal, register_operation, store_plan
from tests.operations.plans import A_PLAN

NOW = 1362384000
FIELDS = {"working_name": "Spring floods", "title": "Floods preparedness", "national_society": "Belarus Red Cross",
          "country": "BLR", "currency": "BYR", "dref_type": "imminent", "onset": "slow", "category": "not_classified",
          "hazard": "Flood", "start_day": "2013-03-04", "end_day": "2013-06-04"}  # fmt: skip


def register(**fields: object) -> bytes:
    with unit_of_work() as session:
        return register_operation(session, {**FIELDS, **fields}, NOW)


def name(operation_id: bytes, appeal_code: str | None = None, glide: str | None = None) -> bool:
    with unit_of_work() as session:
        return name_appeal(session, operation_id, appeal_code, glide)


def test_an_operation_starts_with_its_working_name_alone(app: Flask) -> None:
    operation_id = register()
    found = get_operation(db.session, "Spring floods")
    assert (found.id, found.appeal_code, found.plan_version, found.code) == (operation_id, None, 0, "Spring floods")


def test_an_operation_answers_to_its_id_its_appeal_code_and_its_working_name(app: Flask) -> None:
    operation_id = register()
    name(operation_id, "MDRBY003")
    for called in (operation_id, to_text(operation_id), "MDRBY003", "mdrby003", "Spring floods"):
        assert get_operation(db.session, called).id == operation_id


@pytest.mark.parametrize("called", ["Autumn floods", b"x" * 16, "00000000-0000-4000-8000-000000000000", ""])
def test_an_unknown_operation_is_not_found(app: Flask, called: bytes | str) -> None:
    with pytest.raises(NotFound):
        get_operation(db.session, called)


def test_a_working_name_is_taken_once(app: Flask) -> None:
    register()
    with pytest.raises(Conflict) as caught:
        register()
    assert (caught.value.code, caught.value.where) == ("name_taken", "working_name")


def test_names_are_compared_without_their_case(app: Flask) -> None:
    floods, other = register(working_name="Наводнение 2013"), register(working_name="Winter")
    for called in ("наводнение 2013", "НАВОДНЕНИЕ 2013", " Наводнение 2013 "):
        assert get_operation(db.session, called).id == floods
    with pytest.raises(Conflict) as caught:
        register(working_name="НАВОДНЕНИЕ 2013")
    assert (caught.value.code, caught.value.where) == ("name_taken", "working_name")
    name(other, "MDRBY003")
    with pytest.raises(Conflict):
        register(working_name="mdrby003")


def test_an_appeal_code_is_given_once(app: Flask) -> None:
    operation_id = register()
    assert name(operation_id, "MDRBY003")
    assert not name(operation_id, "MDRBY003")
    with pytest.raises(Conflict) as caught:
        name(operation_id, "MDRBY004")
    assert caught.value.code == "given_once"


def test_an_appeal_code_belongs_to_one_operation_but_a_glide_to_many(app: Flask) -> None:
    first, second = register(), register(working_name="Winter")
    name(first, "MDRBY003", "CW-2013-000010-BLR")
    assert name(second, None, "CW-2013-000010-BLR")
    with pytest.raises(Conflict) as caught:
        name(second, "MDRBY003")
    assert caught.value.code == "name_taken"


@pytest.mark.parametrize("code", ["MDRBY03", "mdrby003", "MDRBY0033", "MDRBY003\n", "MDRBY٠٠٣"])
def test_an_appeal_code_has_its_form(app: Flask, code: str) -> None:
    operation_id = register()
    with pytest.raises(BadInput) as caught:
        name(operation_id, code)
    assert caught.value.where == "appeal_code"


def test_operations_are_listed_the_latest_start_first(app: Flask) -> None:
    floods, winter = register(), register(working_name="Winter", start_day="2013-01-25")
    assert [row.id for row in list_operations(db.session)] == [floods, winter]
    assert [row.id for row in list_operations(db.session, [winter])] == [winter]
    assert list_operations(db.session, []) == []


def test_a_new_operation_has_an_empty_draft_for_a_plan(app: Flask) -> None:
    plan = get_current_plan(db.session, register())
    assert (plan.version, plan.status, plan.items) == (0, "draft", ())


def test_a_stored_plan_is_in_force_and_kept_whole(app: Flask) -> None:
    operation_id = register()
    digest = write(lambda connection: store_plan(connection, operation_id, A_PLAN, None, NOW))
    assert digest == hashlib.sha256(canonical_body(A_PLAN)).digest()
    second = replace(A_PLAN, version=2, status="closing")
    write(lambda connection: store_plan(connection, operation_id, second, None, NOW))
    with snapshot() as connection:
        assert get_current_plan(connection, operation_id) == second
        assert find_plan(connection, operation_id, 1) == A_PLAN
        assert find_plan(connection, operation_id, 3) is None
        assert get_operation(connection, operation_id).plan_version == 2


def test_a_plan_edited_from_an_older_one_is_refused(app: Flask) -> None:
    operation_id = register()
    write(lambda connection: store_plan(connection, operation_id, A_PLAN, None, NOW))
    with pytest.raises(Conflict) as caught:
        write(lambda connection: store_plan(connection, operation_id, A_PLAN, None, NOW))
    assert caught.value.code == "stale_plan"


def test_a_plan_that_does_not_fit_together_is_not_stored(app: Flask) -> None:
    operation_id = register()
    with pytest.raises(BadInput) as caught:
        write(lambda connection: store_plan(connection, operation_id, replace(A_PLAN, rules=()), None, NOW))
    assert caught.value.where == "items[0]"
    assert get_current_plan(db.session, operation_id).version == 0


def test_a_plan_of_no_operation_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        write(lambda connection: store_plan(connection, new_id(), A_PLAN, None, NOW))
    with pytest.raises(NotFound):
        get_current_plan(db.session, new_id())


def test_a_plan_is_read_once_and_then_remembered(app: Flask) -> None:
    operation_id = register()
    write(lambda connection: store_plan(connection, operation_id, A_PLAN, None, NOW))
    assert get_current_plan(db.session, operation_id) is get_current_plan(db.session, operation_id)


def test_of_two_who_register_the_same_name_at_once_one_succeeds(app: Flask) -> None:
    start, outcomes = threading.Barrier(2), []

    def try_it() -> None:
        with app.app_context():
            start.wait()
            try:
                register()
                outcomes.append("registered")
            except Conflict as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=try_it) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["name_taken", "registered"]
