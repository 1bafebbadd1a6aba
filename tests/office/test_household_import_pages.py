"""A list on its way in, page by page: columns, problems, changes, import; and what becomes of the uploaded file."""

import io

import pytest
from sqlalchemy import delete, func, select

from relief.accounts.audit import list_entries
from relief.accounts.models import Purpose
from relief.accounts.purposes import tell_purpose
from relief.accounts.service import sign_in
from relief.db import db, unit_of_work
from relief.households.models import Household, ListUpload, ListUploadPart
from relief.kernel.ids import to_text
from relief.ledger.models import Entry
from relief.office.lists import jobs as list_jobs
from relief.office.lists.uploads import KEPT_SECONDS

GOOD = "Номер семьи;ФИО;Пол;Возраст\nH-1;Иванова Анна;ж;34\nH-1;Иванов Пётр;м;5\nH-2;Жук Олег;м;61\n"


@pytest.fixture
def manager(app, client, setting, clock):
    """A signed-in manager; work on lists is done at once instead of in a thread."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions["relief_run_job"] = lambda _app, work: work()
    with unit_of_work() as session:
        opened = sign_in(session, setting.manager_id, clock.now())
        tell_purpose(session, opened.id, setting.operation_id, "checking", "", clock.now())
    with client.session_transaction() as browser:
        browser.update(_user_id=to_text(opened.id), _fresh=True, seen=clock.now())
    return client


@pytest.fixture
def base(setting):
    return f"/operations/{to_text(setting.operation_id)}/households/import"


def bring(manager, base, text, name="list.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    answer = manager.post(base, data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data")
    assert answer.status_code == 303
    return answer.headers["Location"]


def chosen(page):
    """The fields of the columns form as the page proposes them."""
    from html.parser import HTMLParser

    class Form(HTMLParser):
        def __init__(self):
            super().__init__()
            self.values, self.name = {}, None

        def handle_starttag(self, tag, attributes):
            given = dict(attributes)
            if tag == "select":
                self.name = given["name"]
                self.values[self.name] = ""
            if tag == "option" and "selected" in given:
                self.values[self.name] = given["value"]

    form = Form()
    form.feed(page)
    return form.values


def check(manager, where, **corrected):
    fields = chosen(manager.get(f"{where}/columns").get_data(as_text=True)) | corrected
    assert manager.post(f"{where}/columns", data=fields).status_code == 303
    return manager.get(where).get_data(as_text=True)


def count(model):
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_a_list_goes_in_page_by_page_and_its_file_is_deleted(manager, base):
    where = bring(manager, base, GOOD)
    assert chosen(manager.get(f"{where}/columns").get_data(as_text=True))["column-1"] == "member_name"
    page = check(manager, where)
    assert "2 households" in page and "Nothing is stored yet" in page
    assert count(Household) == 0
    manager.post(f"{where}/take")
    assert "Imported" in manager.get(where).get_data(as_text=True)
    assert count(Household) == 2
    row = db.session.execute(select(ListUpload)).scalar_one()
    assert row.content is None and count(ListUploadPart) == 0


def test_the_same_list_again_takes_the_columns_as_chosen_and_adds_nothing(manager, base):
    where = bring(manager, base, GOOD)
    check(manager, where)
    manager.post(f"{where}/take")
    entries = count(Entry)
    again = bring(manager, base, GOOD)
    page = manager.get(again).get_data(as_text=True)
    assert "as you chose them last time" in page and "everything in this list is there already" in page
    manager.post(f"{again}/take")
    assert count(Entry) == entries


def test_a_changed_list_shows_old_and_new_and_changes_when_told(manager, base):
    where = bring(manager, base, GOOD)
    check(manager, where)
    manager.post(f"{where}/take")
    changed = bring(manager, base, GOOD.replace("м;61", "м;16").replace("Жук", "Жук-Жуковский"))
    page = manager.get(changed).get_data(as_text=True)
    assert "Male, 60+" in page and "Male, 13–17" in page and "Жук-Жуковский" in page
    entries = count(Entry)
    manager.post(f"{changed}/take", data={"changes": "leave"})
    assert count(Entry) == entries
    changed = bring(manager, base, GOOD.replace("м;61", "м;16"))
    manager.post(f"{changed}/take", data={"changes": "take"})
    assert count(Entry) == entries + 1


LOOKS = {"columns": "households.columns_seen", "": "households.list_seen", "problems.csv": "households.list_taken_out"}


@pytest.fixture
def changed(manager, base):
    """The address of a list that changes a name and waits to be taken; its columns are as they were chosen before."""
    where = bring(manager, base, GOOD)
    check(manager, where)
    manager.post(f"{where}/take")
    return bring(manager, base, GOOD.replace("Жук", "Жук-Жуковский"))


@pytest.mark.parametrize("page", LOOKS)
def test_nobody_is_shown_out_of_a_list_before_a_purpose_is_told(manager, changed, page):
    db.session.execute(delete(Purpose))
    db.session.commit()
    answer = manager.get(f"{changed}/{page}".rstrip("/"))
    assert answer.status_code == 303 and "/purpose" in answer.headers["Location"]


@pytest.mark.parametrize(("page", "action"), LOOKS.items())
def test_who_is_shown_people_out_of_a_list_is_noted_each_time_with_the_purpose(manager, changed, setting, page, action):
    def noted():
        db.session.rollback()
        return [row.purpose for row in list_entries(db.session, setting.operation_id).rows if row.action == action]

    before = noted()
    assert manager.get(f"{changed}/{page}".rstrip("/")).status_code == 200
    assert noted() == [*before, "checking"]


def test_a_choice_of_columns_sent_back_shows_nobody_before_a_purpose_is_told(manager, changed):
    db.session.execute(delete(Purpose))
    db.session.commit()
    answer = manager.post(f"{changed}/columns", data={"column-1": "sex", "column-2": "sex"})
    assert answer.status_code == 403 and "Жук" not in answer.get_data(as_text=True)


def test_waiting_for_an_import_that_changes_people_is_no_look_at_them(manager, changed, setting, monkeypatch):
    monkeypatch.setattr(list_jobs, "tell_records", lambda *_given: 1 / 0)
    manager.post(f"{changed}/take", data={"changes": "take"})
    assert "goes on where it stood" in manager.get(changed).get_data(as_text=True)
    assert not any(row.action == "households.list_seen" for row in list_entries(db.session, setting.operation_id).rows)


def test_a_page_that_only_counts_asks_for_no_purpose_and_is_no_look(manager, base, setting):
    db.session.execute(delete(Purpose))
    db.session.commit()
    where = bring(manager, base, "№;Женщины 18-59\nH-1;1\n")
    manager.post(f"{where}/columns", data={"column-0": "external_id", "column-1": "female_18_59"})
    assert "Nothing is stored yet" in manager.get(where).get_data(as_text=True)
    manager.post(f"{where}/take")
    assert "Imported" in manager.get(where).get_data(as_text=True)
    assert not any(row.action == "households.list_seen" for row in list_entries(db.session, setting.operation_id).rows)


def test_problems_are_listed_by_row_and_as_a_file_to_fix_and_keep_the_list_out(manager, base):
    where = bring(manager, base, GOOD + "H-3;=1+1;5x;200\n")
    page = check(manager, where)
    assert "Row 5" in page and "2 problems" in page
    assert manager.post(f"{where}/take").status_code == 409
    assert count(Household) == 0
    text = manager.get(f"{where}/problems.csv").get_data(as_text=True)
    assert text.splitlines()[4].startswith('"') and '"\'=1+1"' in text


def test_codes_that_could_mean_two_things_are_asked_and_the_answer_is_remembered(manager, base):
    coded = GOOD.replace(";ж;", ";2;").replace(";м;", ";1;")
    where = bring(manager, base, coded)
    assert "could mean more than one thing" in check(manager, where)
    page = check(manager, where, **{"meaning-0": "male", "meaning-1": "female"})
    assert "2 households" in page
    manager.post(f"{where}/take")
    assert "everything in this list is there already" in manager.get(bring(manager, base, coded)).get_data(as_text=True)


def test_a_choice_of_columns_that_cannot_be_is_said(manager, base):
    where = bring(manager, base, GOOD)
    fields = chosen(manager.get(f"{where}/columns").get_data(as_text=True)) | {"column-0": ""}
    answer = manager.post(f"{where}/columns", data=fields)
    assert answer.status_code == 422


def test_a_file_that_is_no_list_is_said_and_deleted(manager, base):
    where = bring(manager, base, b"%PDF-1.4")
    assert "cannot be read" in manager.get(where).get_data(as_text=True)
    assert db.session.execute(select(ListUpload.content)).scalar() is None


def test_no_file_and_a_file_too_large_are_said(manager, base):
    assert manager.post(base, data={}, content_type="multipart/form-data").status_code == 422
    head = b'--X\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = head + b"a" * (10 * 1024 * 1024 + 1) + b"\r\n--X--\r\n"
    large = manager.post(base, data=body, content_type="multipart/form-data; boundary=X")
    assert large.status_code == 413


def test_what_is_kept_tells_nothing_to_who_has_only_the_database(manager, base):
    check(manager, bring(manager, base, GOOD))
    row = db.session.execute(select(ListUpload)).scalar_one()
    parts = db.session.execute(select(ListUploadPart.records)).scalars().all()
    for kept in (row.content, row.findings, *parts):
        assert "Иванова".encode() not in kept and b"H-1" not in kept


def test_an_import_that_was_cut_short_goes_on_where_it_stood(manager, base, monkeypatch, clock):
    where = bring(manager, base, GOOD)
    check(manager, where)
    monkeypatch.setattr(list_jobs, "tell_records", lambda *_given: 1 / 0)
    manager.post(f"{where}/take")
    page = manager.get(where).get_data(as_text=True)
    assert "goes on where it stood" in page and count(Household) == 0
    monkeypatch.undo()
    manager.post(f"{where}/go-on")
    assert count(Household) == 2


def test_a_discarded_list_is_gone(manager, base):
    where = bring(manager, base, GOOD)
    check(manager, where)
    manager.post(f"{where}/discard")
    assert (count(ListUpload), count(ListUploadPart), count(Household)) == (0, 0, 0)
    assert manager.get(where).status_code == 404


def test_a_list_nobody_finished_is_deleted_after_a_day(manager, base, clock):
    check(manager, bring(manager, base, GOOD))
    db.session.execute(select(ListUpload))
    from relief.office.lists.uploads import drop_old_uploads

    drop_old_uploads(clock.now() + KEPT_SECONDS + 1)
    assert (count(ListUpload), count(ListUploadPart)) == (0, 0)
