"""Households that may be one: found across scripts, shown side by side, decided through the ledger and remembered."""

import json

import pytest
from sqlalchemy import select

from relief.accounts.purposes import tell_purpose
from relief.accounts.service import sign_in
from relief.db import db, snapshot, unit_of_work, write
from relief.households.comparing import compare_apart
from relief.households.likeness import Candidate, find_alike
from relief.households.models import Household, Suspicion
from relief.households.rules import HouseholdRow, MemberRow
from relief.kernel.errors import BadInput
from relief.kernel.ids import to_text
from relief.ledger.keys import current_keys
from relief.office.devices import HOUSEHOLD_IMPORT, get_office_enrolment
from relief.office.lists.duplicates import Known, guess_same_members, list_pairs, look_for_duplicates, store_suspicions
from relief.office.lists.duplicates_cli import duplicates_command
from relief.office.lists.importing import household_id, import_households
from tests.office.card_town import acts

MOTHER, SON = "Иванова Анна Петровна", "Иванов Сергей Олегович"


def row(name, *members, **private):
    made = tuple(MemberRow(number, sex, band, name=words, born=born)
                 for number, (words, sex, band, born) in enumerate(members, 1))  # fmt: skip
    return HouseholdRow(1, name, made, {"head": members[0][0], **private})


ROWS = (
    row("H-1", (MOTHER, "female", "18-59", "1975"), (SON, "male", "6-12", "2003"), village="Ветка", phone="+375 29 111 22 33"),
    row("H-2", ("Ivanova Anna", "female", "18-59", "1975"), ("Ivanov Sergey", "male", "6-12", "2003"), village="Vetka"),
    row("H-3", ("Жук Олег Иванович", "male", "60+", "1950"), village="Лоев"),
)


@pytest.fixture
def registered(app, setting, clock):
    with unit_of_work() as session:
        importer = get_office_enrolment(session, setting.operation_id, HOUSEHOLD_IMPORT, clock.now())
    keys = current_keys()
    write(lambda connection: import_households(connection, setting.operation_id, importer, ROWS, clock.now(), keys=keys))
    return {name: household_id(setting.salt(), name) for name in ("H-1", "H-2", "H-3")}


@pytest.fixture
def manager(app, client, setting, clock):
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions["relief_run_job"] = lambda _app, work: work()
    with unit_of_work() as session:
        opened = sign_in(session, setting.manager_id, clock.now())
        tell_purpose(session, opened.id, setting.operation_id, "checking", "", clock.now())
    with client.session_transaction() as browser:
        browser.update(_user_id=to_text(opened.id), _fresh=True, seen=clock.now())
    return client


@pytest.fixture
def base(setting, registered):
    return f"/operations/{to_text(setting.operation_id)}/households/duplicates"


def groups():
    db.session.rollback()
    return {bytes(each.household_id): bytes(each.group_id) for each in db.session.execute(select(Household)).scalars()}


def look(setting):
    with snapshot() as connection:
        rows = look_for_duplicates(connection, setting.operation_id)
    write(lambda connection: store_suspicions(connection, setting.operation_id, rows))
    with snapshot() as connection:
        return list_pairs(connection, setting.operation_id).rows


def test_a_family_in_two_scripts_is_suspected_with_its_reasons_and_others_are_not(setting, registered):
    (pair,) = look(setting)
    assert {pair.low, pair.high} == {registered["H-1"], registered["H-2"]}
    assert pair.is_strong and {"script", "born", "more_names", "people", "village"} <= set(pair.reasons)


def test_what_is_kept_of_a_suspicion_holds_no_name(setting, registered):
    look(setting)
    db.session.rollback()
    row = db.session.execute(select(Suspicion)).scalar_one()
    assert set(row.reasons) <= set("abcdefghijklmnopqrstuvwxyz_ ")


def test_a_merge_makes_one_household_and_pairs_its_people(manager, base, setting, registered):
    (pair,) = look(setting)
    address = f"{base}/{to_text(pair.low)}/{to_text(pair.high)}"
    page = manager.get(address).get_data(as_text=True)
    assert MOTHER in page and "Ivanova Anna" in page and "Cyrillic" in page
    members = dict(part.split('"')[:1] + [part] for part in page.split('name="member-')[1:])
    form = {f"member-{one}": part.split("selected")[0].rsplit('value="', 1)[1].split('"')[0] for one, part in members.items()}
    answer = manager.post(address, data={"action": "merged", **form})
    assert answer.status_code == 303
    assert groups()[pair.high] == pair.low
    assert look(setting) == []


def test_who_is_kept_apart_is_not_asked_again(manager, base, setting, registered):
    (pair,) = look(setting)
    address = f"{base}/{to_text(pair.low)}/{to_text(pair.high)}"
    assert manager.post(address, data={"action": "kept_apart"}).status_code == 422
    manager.post(address, data={"action": "kept_apart", "reason": "seen both"})
    assert groups()[pair.high] == pair.high
    assert look(setting) == []
    assert manager.get(address).status_code == 200  # but whoever learns better may still look at the two


def test_a_pair_that_is_put_off_stays_and_waits_behind(manager, base, setting, registered):
    (pair,) = look(setting)
    manager.post(f"{base}/{to_text(pair.low)}/{to_text(pair.high)}", data={"action": "later"})
    (pair,) = look(setting)
    assert pair.later


def test_somebody_who_is_in_neither_family_cannot_be_paired(manager, base, setting, registered):
    (pair,) = look(setting)
    stranger = to_text(registered["H-3"])
    answer = manager.post(f"{base}/{to_text(pair.low)}/{to_text(pair.high)}",
                          data={"action": "merged", f"member-{stranger}": stranger})  # fmt: skip
    assert answer.status_code == 422
    assert groups()[pair.high] == pair.high


def test_the_page_looks_through_all_households_and_lists_pairs_with_reasons(manager, base):
    manager.post(base)
    page = manager.get(base).get_data(as_text=True)
    assert "very likely" in page and "The same year of birth" in page


def test_who_decides_about_a_pair_that_is_decided_already_is_told_and_led_on(manager, base, setting, registered):
    (pair,) = look(setting)
    address = f"{base}/{to_text(pair.low)}/{to_text(pair.high)}"
    assert 'name="suspected"' in manager.get(address).get_data(as_text=True)
    manager.post(address, data={"action": "kept_apart", "reason": "seen both", "suspected": "1"})
    answer = manager.post(address, data={"action": "merged", "suspected": "1"}, follow_redirects=True)
    assert "Somebody has decided about these two households meanwhile." in answer.get_data(as_text=True)
    assert groups()[pair.high] == pair.high
    manager.post(address, data={"action": "merged"})  # but from a page that shows them as decided she may
    assert groups()[pair.high] == pair.low
    assert "Somebody has decided" in manager.get(address, follow_redirects=True).get_data(as_text=True)
    assert manager.post(address, data={"action": "later"}).status_code == 303


def test_members_of_whom_nothing_is_known_are_taken_for_each_other_and_those_that_differ_are_not():
    def known(key, *members, names=()):
        made = tuple({"id": f"{key}{number}", "number": number, "sex": sex, "age_band": band}
                     for number, (sex, band) in enumerate(members, 1))  # fmt: skip
        return Known(key.encode(), made, {"names": list(names)})

    one = known("a", ("male", "60+"), ("unknown", "unknown"), ("female", "2-5"), names=["Жук Олег"])
    other = known("b", ("unknown", "unknown"), ("male", "60+"), ("male", "2-5"), names=["", "Жук Олег", ""])
    assert guess_same_members(one, other) == {"a1": "b2", "a2": "b1"}


def test_a_look_says_how_far_it_is_and_its_result_is_kept(app, manager, base, setting, clock):
    work = []
    app.extensions["relief_run_job"] = lambda _app, job: work.append(job)
    assert "No pair to decide" in manager.get(base).get_data(as_text=True)
    assert manager.post(base).location.endswith("/progress")
    assert "Looking through all households" in manager.get(f"{base}/progress").get_data(as_text=True)
    assert "just now" in manager.get(base).get_data(as_text=True)
    manager.post(base)
    assert len(work) == 1  # who presses twice looks once
    work[0]()
    assert manager.get(f"{base}/progress").location.endswith("/duplicates")
    page = manager.get(base).get_data(as_text=True)
    assert "very likely" in page and "3 households looked through" in page


def test_a_look_that_was_cut_short_keeps_the_earlier_pairs_and_begins_again(app, manager, base, setting, clock):
    manager.post(base)
    app.extensions["relief_run_job"] = lambda _app, _work: None  # the server was killed just then
    manager.post(base)
    assert "very likely" in manager.get(base).get_data(as_text=True)
    clock.moment += 300
    assert "cut short" in manager.get(f"{base}/progress").get_data(as_text=True)
    app.extensions["relief_run_job"] = lambda _app, work: work()
    manager.post(base)
    assert "3 households looked through" in manager.get(base).get_data(as_text=True)


def test_a_look_that_goes_wrong_says_so_and_keeps_the_earlier_pairs(manager, base, monkeypatch):
    manager.post(base)
    monkeypatch.setattr("relief.office.lists.duplicate_search.compare_apart", lambda *_given: 1 / 0)
    manager.post(base)
    page = manager.get(base).get_data(as_text=True)
    assert "went wrong" in page and "very likely" in page


def test_a_process_of_its_own_finds_what_this_one_does():
    candidates = [Candidate(bytes([number]) * 16, name, (name,), ("1975",), village=village, address="Садовая 1",
                            people=(("female", "18-59", "1975"),))
                  for number, (name, village) in enumerate(((MOTHER, "Ветка"), ("Ivanova Anna", "Vetka")))]  # fmt: skip
    told = []
    assert compare_apart(candidates, lambda *figures: told.append(figures)) == find_alike(candidates)
    assert told[-1] == (1, 1)


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 400])
def test_a_page_that_cannot_be_is_refused_in_words(manager, base, page):
    assert manager.get(base, query_string={"page": page}).status_code == 422


@pytest.fixture
def command(app, registered):
    def run(*options):
        result = app.test_cli_runner().invoke(duplicates_command, ["--operation", "spring-floods", *options])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.output

    return run


def test_the_command_tells_only_how_many_pairs_there_are_without_a_purpose(command, setting, registered):
    with pytest.raises(BadInput) as caught:
        command("--json", "--purpose", " ")
    assert caught.value.code == "purpose_needed"
    said = command()
    assert "1 pair" in said and not any(to_text(each) in said for each in registered.values())
    assert acts(setting)[-1][0] == "households.duplicates_looked_for"


def test_pairs_are_listed_for_a_purpose_that_is_noted(command, setting, registered):
    (pair,) = json.loads(command("--purpose", "home visits", "--json"))["pairs"]
    assert {pair["one"], pair["other"]} == {to_text(registered[name]) for name in ("H-1", "H-2")}
    assert ("households.duplicates_listed", "", "other: home visits") in acts(setting)
