"""Join codes and phones, on both databases."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from relief.accounts import queries, service
from relief.accounts.models import Enrolment, JoinCode
from relief.accounts.rules import ALPHABET, token_hash
from relief.db import db, unit_of_work
from relief.kernel.clock import FrozenClock
from relief.kernel.errors import NotFound, ReliefError
from relief.kernel.ids import new_id
from tests.accounts.people import make_operation, make_phone, make_user, now


def new_code(operation_id: bytes) -> str:
    with unit_of_work() as session:
        return service.create_join_code(session, operation_id, label="school 3", site_ids=["b", "a"], site_lead=True, now=now())


def join(code: str) -> service.Enrolled:
    with unit_of_work() as session:
        return service.enrol(session, code, "1.0", now())


def test_a_code_is_eight_signs_that_cannot_be_misread(app: Flask) -> None:
    code = new_code(make_operation())
    assert re.fullmatch(rf"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    assert not set("ILOUS") & set(ALPHABET) and len(ALPHABET) == 31


def test_a_code_becomes_a_phone_with_what_the_code_gave(app: Flask) -> None:
    operation_id = make_operation()
    enrolled = join(new_code(operation_id))
    found = queries.find_enrolment_by_token(db.session, enrolled.token)
    assert found and (found.operation_id, found.kind, found.label) == (operation_id, "phone", "school 3")
    assert (found.site_ids, found.site_lead, found.sensitive) == (b'["a","b"]', True, False)
    assert found.enrolment_id[6] >> 4 == 4  # a random id: it tells nothing, not even when


@pytest.mark.parametrize("spell", [str.lower, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', ' ')} ",
                                   lambda code: code.replace("0", "O").replace("1", "l").replace("5", "S")])  # fmt: skip
def test_a_code_may_be_typed_as_people_type(app: Flask, spell) -> None:
    assert join(spell(new_code(make_operation()))).token


def test_a_code_works_once(app: Flask) -> None:
    code = new_code(make_operation())
    join(code)
    with pytest.raises(NotFound) as caught:
        join(code)
    assert caught.value.code == "used_code"


def test_a_code_grows_old(app: Flask, clock: FrozenClock) -> None:
    code = new_code(make_operation())
    clock.moment += 48 * 3600
    with pytest.raises(NotFound):
        join(code)


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCD-EFGH", "ABCD-EFGH-1", "\ud800" * 8, "x" * 10000])
def test_what_is_no_code_joins_nothing(app: Flask, typed: str) -> None:
    new_code(make_operation())
    with pytest.raises(NotFound):
        join(typed)


def test_of_twenty_phones_that_race_for_a_code_one_wins(app: Flask) -> None:
    code = new_code(make_operation())

    def race(_phone: int) -> bool:
        with app.app_context():
            try:
                return bool(join(code).token)
            except ReliefError:
                return False

    with ThreadPoolExecutor(20) as phones:
        assert sum(phones.map(race, range(20))) == 1
    db.session.rollback()
    assert db.session.query(Enrolment).count() == 1


def test_neither_code_nor_token_is_stored(app: Flask) -> None:
    code = new_code(make_operation())
    token = join(code).token
    stored = db.session.query(JoinCode).one().code_hash + db.session.query(Enrolment).one().token_hash
    assert len(stored) == 64
    assert not any(secret.encode() in stored for secret in (code, code.replace("-", ""), token))
    assert db.session.query(Enrolment).one().token_hash == token_hash(token)


def test_a_revoked_phone_is_known_and_revoked(app: Flask) -> None:
    operation_id = make_operation()
    enrolment_id, token = make_phone(operation_id)
    with unit_of_work() as session:
        service.revoke_enrolment(session, operation_id, enrolment_id, now())
        service.revoke_enrolment(session, operation_id, enrolment_id, now() + 60)
    found = queries.find_enrolment_by_token(db.session, token)
    assert found and found.revoked_at == now()


def test_a_phone_is_revoked_in_its_own_operation_only(app: Flask) -> None:
    enrolment_id, _token = make_phone(make_operation("One"))
    with pytest.raises(NotFound), unit_of_work() as session:
        service.revoke_enrolment(session, make_operation_id(), enrolment_id, now())


def make_operation_id() -> bytes:
    return new_id()


def test_a_user_has_one_desk_in_each_operation(app: Flask) -> None:
    one, other, user_id = make_operation("One"), make_operation("Other"), make_user()

    def desk(operation_id: bytes) -> bytes:
        with unit_of_work() as session:
            return service.get_desk_enrolment(session, operation_id, user_id, now()).enrolment_id

    assert desk(one) == desk(one) != desk(other)
    assert queries.get_enrolment(db.session, one, desk(one)).kind == "desk"


def test_a_desk_has_no_token(app: Flask) -> None:
    operation_id, user_id = make_operation(), make_user()
    with unit_of_work() as session:
        assert service.get_desk_enrolment(session, operation_id, user_id, now()).token_hash is None
    assert queries.find_enrolment_by_token(db.session, "") is None
