"""What a lead's phone asks: her site's day, the sealed list of the help desk, codes for new volunteers; on both databases."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from relief.accounts.models import AuditEntry, Enrolment
from relief.db import db, unit_of_work
from relief.kernel.ids import new_id, to_bytes, to_text
from relief.office.phones.help_desk import MOST_LISTS, SUITE
from relief.operations.models import Operation
from tests.conftest import only_sqlite
from tests.ledger.field import Field
from tests.model.plan import card_of, id_of
from tests.office.desk import Desk

S1, S2 = id_of("s1"), id_of("s2")
OTHER_SITE = "not_for_this_device"


def family(field, name, head, site=S1, state="approved", number=None):
    person = {"id": id_of(name + "-1"), "number": 1, "sex": "female", "age_band": "18-59", "disability": "no"}
    private = {"head": head, "names": [head], "village": "Lipy", "phone": "+375 29 1", "document": "MP1", "address": "Sadovaya 5"}
    records = [{"kind": "registration", "household": id_of(name), "home_site": site, "members": [person], "private": private}]
    if state != "registered":
        records.append({"kind": "household", "action": state, "household": id_of(name)})
    if number:
        records.append({"kind": "card", "action": "issued", "card": card_of(name), "number": number, "household": id_of(name)})
    assert {each["verdict"] for each in field.desk.send(*records)} == {"accepted"}
    return id_of(name)


def make_help_desk(phone, site=S1):
    with unit_of_work() as session:
        session.get(Enrolment, (phone.field.operation_id, phone.enrolment_id)).help_desk_site = to_bytes(site)


def revoke(phone):
    with unit_of_work() as session:
        session.get(Enrolment, (phone.field.operation_id, phone.enrolment_id)).revoked_at = phone.field.clock.now()


def new_key():
    key = generate_private_key(SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return key, urlsafe_b64encode(point).decode().rstrip("=")


def ask(phone, site=S1, key=None):
    phone.field.seal()
    return phone.client.post("/api/v1/lead/help-desk", json={"site": site, "key": key or new_key()[1]}, headers=phone.headers)


def opened(answer, key):
    sealed = urlsafe_b64decode(answer["sealed"] + "=" * (-len(answer["sealed"]) % 4))
    return json.loads(SUITE.decrypt(sealed, key, info=b"relief help desk"))


def tell(phone, list_id, looks):
    return phone.client.post(f"/api/v1/lead/help-desk/{list_id}/look-ups", json={"look_ups": looks}, headers=phone.headers)


def refused(answer):
    return answer.status_code, answer.json["error"]["code"]


def noted(action):
    db.session.rollback()
    return db.session.query(AuditEntry).filter_by(action=action).all()


@pytest.fixture
def help_desk(field):
    phone = field.phone("lead of School 1", site_lead=True, site_ids=[S1])
    make_help_desk(phone)
    return phone


def test_the_help_desk_is_given_the_names_of_its_site_sealed_to_its_own_key(field, help_desk, clock):
    here = family(field, "h1", "Olga Petrova", number="17-0403")
    family(field, "h2", "Somebody Elsewhere", site=S2)
    family(field, "h3", "Not Approved", state="not_approved")
    key, public = new_key()
    answer = ask(help_desk, key=public).json
    assert "Olga" not in json.dumps(answer)
    told = opened(answer, key)
    assert told["families"] == [{"household": here, "numbers": ["17-0403"], "head": "Olga Petrova", "names": ["Olga Petrova"],
                                 "village": "Lipy", "people": 1}]  # fmt: skip
    assert (told["list"], told["site"], told["expires_at"]) == (answer["list"], S1, clock.now() + 24 * 3600)
    with pytest.raises(InvalidTag):
        opened(answer, new_key()[0])


@only_sqlite
def test_a_replaced_card_is_found_by_its_new_number(field, help_desk):
    family(field, "h1", "Olga Petrova", number="17-0403")
    field.desk.send({"kind": "card", "action": "issued", "card": card_of("spare"), "number": "18-0001"})
    field.desk.send({"kind": "card", "action": "replaced", "card": card_of("h1"), "new_card": card_of("spare"), "reason": "lost"})
    key, public = new_key()
    assert [each["numbers"] for each in opened(ask(help_desk, key=public).json, key)["families"]] == [["18-0001"]]


@pytest.mark.parametrize("had", [False, True], ids=["never had one", "its card was cancelled"])
def test_a_family_without_a_card_is_told_with_what_its_card_will_say(field, help_desk, had):
    family(field, "h1", "Olga Petrova", number="17-0403" if had else None)
    if had:
        help_desk.send(help_desk.handover("h1"))
        field.desk.send({"kind": "card", "action": "cancelled", "card": card_of("h1")})
    field.desk.send({"kind": "card", "action": "issued", "card": card_of("spare"), "number": "18-0001"})
    key, public = new_key()
    (told,) = opened(ask(help_desk, key=public).json, key)["families"]
    assert told["numbers"] == []
    linked = {"kind": "card", "action": "linked", "card": card_of("spare"), "household": told["household"], "site": S1}
    assert [each["verdict"] for each in help_desk.send(help_desk.record(**linked))] == ["accepted"]
    field.seal()
    (row,) = [each for each in help_desk.register()["cards"] if each["card"] == card_of("spare")]
    assert row == {"card": card_of("spare"), "state": "linked", "number": "18-0001", **told["row"]}
    assert {each.get("given_that_day", 0) for each in row["due"]} == ({0, 1} if had else {0})


def test_names_that_are_stored_sealed_are_told_all_the_same(app, clock):
    field = Field(app, clock)
    with unit_of_work() as session:
        session.get(Operation, field.operation_id).seals_names = True
    family(field, "h1", "Olga Petrova")
    phone = field.phone("lead", site_lead=True)
    make_help_desk(phone)
    key, public = new_key()
    assert opened(ask(phone, key=public).json, key)["families"][0]["head"] == "Olga Petrova"


def test_nobody_else_is_given_a_list(field, help_desk):
    family(field, "h1", "Olga Petrova")
    lead, plain = field.phone("another lead", site_lead=True), field.phone("table 1")
    for phone, site in ((lead, S1), (plain, S1), (help_desk, S2), (help_desk, id_of("s9"))):
        assert refused(ask(phone, site)) == (403, OTHER_SITE)
    revoke(help_desk)
    assert refused(ask(help_desk)) == (401, "revoked")


@only_sqlite
@pytest.mark.parametrize("key", ["", "x", "A" * 87, "!" * 87, "B" + "A" * 86, "A" * 88])
def test_what_is_no_key_gets_nothing(field, help_desk, key):
    assert ask(help_desk, key=key or " ").status_code == 422
    assert noted("help_desk.list_given") == []


def test_only_so_many_lists_are_given_a_day(field, help_desk, clock):
    assert {ask(help_desk).status_code for _time in range(MOST_LISTS)} == {201}
    answer = ask(help_desk)
    assert refused(answer) == (429, "too_many")
    clock.moment += answer.json["error"]["retry_after_seconds"] + 1
    assert ask(help_desk).status_code == 201


def test_giving_a_list_and_each_look_into_it_are_noted(field, help_desk, clock):
    household = family(field, "h1", "Olga Petrova")
    given = ask(help_desk).json["list"]
    clock.moment += 3600
    looks = [{"id": to_text(new_id()), "at": clock.now() - 600, "household": household},
             {"id": to_text(new_id()), "at": clock.now() + 10**6}]  # fmt: skip
    assert tell(help_desk, given, looks).json == {"noted": 2}
    assert tell(help_desk, given, looks).json == {"noted": 0}
    entries = sorted(noted("help_desk.looked_up"), key=lambda entry: entry.at)
    assert [(entry.subject, entry.at) for entry in entries] == [(household, clock.now() - 600), ("", clock.now())]
    assert {entry.purpose for entry in entries} == {"household_asks: lead of School 1"}
    assert len(noted("help_desk.list_given")) == 1
    page = Desk(field).page("audit")
    for words in ("A help desk looked a family up", "A household asks or complains: lead of School 1", "a phone"):
        assert words in page


def test_a_phone_that_was_signed_off_still_tells_whom_it_looked_up(field, help_desk):
    given = ask(help_desk).json["list"]
    revoke(help_desk)
    assert tell(help_desk, given, [{"id": to_text(new_id()), "at": field.clock.now()}]).json == {"noted": 1}


def test_looks_into_anothers_list_are_not_noted(field, help_desk):
    given = ask(help_desk).json["list"]
    other = field.phone("another", site_lead=True)
    for list_id in (given, to_text(new_id()), "nonsense"):
        assert refused(tell(other, list_id, [{"id": to_text(new_id()), "at": 1}])) == (404, "not_found")


@only_sqlite
@pytest.mark.parametrize("looks", [
    [], "x", [{}], [{"id": "x", "at": 1}], [{"id": id_of("a"), "at": -1}], [{"id": id_of("a")}],
    [{"id": id_of("a"), "at": 1, "household": 5}], [{"id": id_of("a"), "at": 1, "name": "Olga"}],
    [{"id": id_of("a"), "at": 1}] * 201,
])  # fmt: skip
def test_looks_that_cannot_be_read_are_refused(field, help_desk, looks):
    assert tell(help_desk, ask(help_desk).json["list"], looks).status_code == 422


def day_of(phone, **query):
    phone.field.seal()
    return phone.client.get("/api/v1/lead/day", query_string={"site": S1, **query}, headers=phone.headers)


def test_the_days_stock_and_phones_of_her_site_are_told_to_the_lead(field):
    field.household("h1")
    field.household("h2")
    lead, table = field.phone("lead", site_lead=True, site_ids=[S1]), field.phone("table 1", site_ids=[S1])
    lost = field.phone("lost")
    field.phone("elsewhere", site_ids=[S2])
    stock = {"item": id_of("parcel"), "site": S1}
    lead.send(lead.record("stock", action="received", quantity=50, **stock))
    lead.send(lead.record("stock", action="lost", quantity=2, **stock))
    table.send(table.handover("h1"), table.handover("h2"))
    lost.post({"records": [], "counts": {"waiting": 3}})
    revoke(lost)
    told = day_of(lead, day="2013-03-18").json
    (parcels,) = told["stock"]
    assert {name: parcels[name] for name in ("received", "given", "given_that_day", "lost", "on_hand")} == {
        "received": 50, "given": 2, "given_that_day": 2, "lost": 2, "on_hand": 46}  # fmt: skip
    assert [(each["label"], each["waiting"], each["revoked"]) for each in told["phones"]] == [
        ("lead", 0, False), ("lost", 3, True), ("table 1", 0, False)]  # fmt: skip
    assert told["phones"][2]["enrolment"] == to_text(table.enrolment_id)
    assert day_of(lead, day="2013-03-19").json["stock"][0]["given_that_day"] == 0
    assert parcels["kept"] is True
    assert day_of(lead).json["day"] == "2013-03-18"


def test_a_day_is_told_to_the_lead_of_the_site_alone(field):
    elsewhere, plain = field.phone("there", site_lead=True, site_ids=[S2]), field.phone("table")
    assert refused(day_of(elsewhere)) == (403, OTHER_SITE)
    assert refused(day_of(plain)) == (403, OTHER_SITE)
    assert refused(day_of(elsewhere, site=id_of("s9"))) == (403, OTHER_SITE)
    for query in ({"site": "x"}, {"day": "2013-02-30"}, {"day": "yesterday"}):
        assert day_of(elsewhere, **query).status_code == 422


def code_of(phone, **body):
    return phone.client.post("/api/v1/lead/join-codes", json={"label": "new volunteer", **body}, headers=phone.headers)


def test_a_lead_lets_a_new_volunteer_join_at_her_own_site(field):
    lead = field.phone("lead", site_lead=True, sensitive=True, site_ids=[S1])
    told = code_of(lead).json
    assert told["link"] == f"http://localhost/phone/#join={told['code']}"
    joined = field.app.test_client().post("/api/v1/enrol", json={"code": told["code"]}).json["phone"]
    assert (joined["sites"], joined["site_lead"], joined["sensitive"]) == ([S1], False, False)
    assert len(noted("join_code.created")) == 1


def test_nobody_lets_phones_join_where_she_does_not_lead(field):
    lead, plain = field.phone("lead", site_lead=True, site_ids=[S1]), field.phone("table")
    assert refused(code_of(lead, site=S2)) == (403, OTHER_SITE)
    assert refused(code_of(plain)) == (403, OTHER_SITE)
    for body in ({"label": ""}, {"label": "a\0b"}, {"site": "x"}, {"lane": -1}, {"lane": "1"}, {"site_lead": True}):
        assert code_of(lead, **body).status_code == 422
