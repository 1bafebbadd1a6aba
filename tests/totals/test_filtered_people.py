"""Distinct people by any mixture of filters: as the plain model counts them one by one, and only for who may know."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from relief.db import snapshot, write
from relief.fleet.model.facts import distinct, effective_times
from relief.fleet.model.families import Families
from relief.fleet.model.judging import Judging
from relief.kernel.errors import Conflict
from relief.kernel.ids import to_text
from relief.ledger.models import Standing
from relief.operations.rules import AGE_BANDS, DISABILITIES, SEXES
from relief.totals.people_filter import PeopleFilter
from relief.totals.people_reading import read_people
from tests.accounts.people import browser_of, make_user
from tests.amounts import often
from tests.ledger.field import Field, field_plan
from tests.ledger.test_histories import enrol_all, send_all
from tests.model.histories import SITES, batches
from tests.model.plan import id_of

NUMBERS = count(1)
ITEMS = [id_of(name) for name in ("parcel", "kit", "bl", "pss", "soap", "milk")]
DAYS = ("2013-03-17", "2013-03-18", "2013-03-19", "2013-03-20")


def some(values):
    return st.frozensets(st.sampled_from(list(values)), max_size=3)


filters = st.builds(
    PeopleFilter, items=some(ITEMS), sites=some(SITES), first_day=st.none() | st.sampled_from(DAYS),
    last_day=st.none() | st.sampled_from(DAYS), areas=some(["", id_of("area")]), sexes=some(SEXES),
    age_bands=some(AGE_BANDS), disabilities=some(DISABILITIES),
)  # fmt: skip


def counted_one_by_one(plan, entries, wanted):
    """Return (people, households) from the plain model: every member of every hand-over looked at."""
    entries = distinct(entries)
    when = effective_times(entries)
    families = Families(entries, when)
    judging = Judging(plan, entries, when, families)
    people = set()
    for record_id, members in judging.reached.items():
        record, day = judging.record(record_id), judging.day(record_id)
        household = families.find_household(record["card"])
        fits = (not wanted.items or record["item"] in wanted.items) and (not wanted.sites or record["site"] in wanted.sites)
        if household is None or not fits or not (wanted.first_day or day) <= day <= (wanted.last_day or day):
            continue
        attributes, area = families.attributes(household), families.area(household)
        people |= {(household, member) for member in members if wanted.fits(
            (area, *(attributes[member][name] for name in ("sex", "age_band", "disability"))))}  # fmt: skip
    return len(people), len({household for household, _member in people})


def read(field, wanted, **more):
    field.seal()
    with snapshot() as connection:
        return read_people(connection, field.operation_id, wanted, field.clock.now(), **{"knows_sensitive": True, **more})


@settings(max_examples=often(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(batches(), st.lists(filters, min_size=8, max_size=8))
def test_any_filter_counts_whom_the_plain_model_counts(app, clock, requests, wanted):
    field = Field(app, clock, name=f"people-{next(NUMBERS)}")
    sealed = send_all(enrol_all(field), requests, clock)
    for each in (PeopleFilter(), *wanted):
        found = read(field, each)
        assert (found.people.people, found.households) == counted_one_by_one(field_plan(), sealed, each)


@settings(max_examples=often(15), deadline=None, suppress_health_check=list(HealthCheck))
@given(batches())
def test_without_filter_the_breakdowns_are_those_of_the_counters(app, clock, requests):
    field = Field(app, clock, name=f"cells-{next(NUMBERS)}")
    send_all(enrol_all(field), requests, clock)
    counters = field.counters()
    for item in (None, *ITEMS):
        figures = read(field, PeopleFilter(items=frozenset([item] if item else []))).people
        cells = {key: number for key, number in counters.items() if key.startswith(f"people|{item or '*'}|")}
        by_sex = {sex: sum(number for key, number in cells.items() if key.split("|")[3] == sex) for sex in SEXES}
        assert (figures.people, {part.key: part.people for part in figures.by_sex}) == (sum(cells.values()), by_sex)


def people(field, browser, query="", **headers):
    field.seal()
    return browser.get(f"/api/v1/operations/{to_text(field.operation_id)}/people{query}", headers=headers)


def reader(app, field, role, email=None):
    return browser_of(app, make_user(email or f"{role}@example.org", roles=((field.operation_id, role),)))


@pytest.fixture
def manager(app, field):
    return reader(app, field, "manager")


def test_the_answer_says_what_was_asked_and_where_the_figures_stand(field, manager, clock):
    field.household("h1", members=4)
    field.household("h2", members=3)
    phone = field.phone()
    phone.send(phone.handover("h1"), phone.handover("h2", site=id_of("s2")), phone.handover("h2", item="bl", quantity=2))
    answer = people(field, manager, f"?site={id_of('s1')}&sex=female&from=2013-03-18&to=2013-03-18").json
    assert (answer["people"], answer["households"]) == (4 + 2, 2)  # two blankets reach two of three
    assert answer["filter"]["sites"] == [id_of("s1")]
    assert (answer["as_of"], answer["complete"], answer["unsealed"]) == (clock.now(), True, False)
    assert answer["ledger"]["position"] > 0
    assert sum(part["people"] for part in answer["figures"]["by_age"]) == answer["people"]
    assert people(field, manager, "?sex=male").json["people"] == 0
    assert people(field, manager, "?to=2013-03-17").json["people"] == 0


def test_nothing_new_is_304(field, manager):
    field.household("h1")
    first = people(field, manager, "?sex=female")
    assert people(field, manager, "?sex=female", **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    phone = field.phone()
    phone.send(phone.handover("h1"))
    assert people(field, manager, "?sex=female", **{"If-None-Match": first.headers["ETag"]}).json["people"] == 4


@pytest.mark.parametrize("query", ["?sex=other", "?item=x", "?from=18.03.2013", "?from=2013-03-19&to=2013-03-18",
                                   f"?site={id_of('s9')}", f"?area={id_of('none')}", "?colour=red"])  # fmt: skip
def test_what_cannot_be_filtered_by_is_said(field, manager, query):
    assert people(field, manager, query).status_code == 422


@pytest.fixture
def discreet_field(app, clock):
    """An operation whose kit is a sensitive item."""
    plan = field_plan()
    items = tuple(replace(item, sensitive=item.id == id_of("kit"), public_label="Set") for item in plan.items)
    return Field(app, clock, name="discreet", plan=replace(plan, items=items))


def test_a_sensitive_item_is_in_no_figure_of_who_may_not_know(app, discreet_field):
    field = discreet_field
    for name, item in (("h1", "kit"), ("h2", "parcel")):
        field.household(name, members=4)
        phone = field.phone(name)
        phone.send(phone.handover(name, item=item))
    lead, finance = (reader(app, field, role) for role in ("site_lead", "finance"))
    assert (people(field, lead).json["people"], people(field, finance).json["people"]) == (4, 8)
    assert people(field, lead, f"?item={id_of('kit')}").status_code == 403
    assert people(field, finance, f"?item={id_of('kit')}").json["people"] == 4
    known = people(field, finance).headers["ETag"]
    assert people(field, lead, **{"If-None-Match": known}).status_code == 200


def test_strangers_and_volunteers_are_not_told(app, field):
    assert people(field, browser_of(app, make_user("stranger@example.org"))).status_code == 404
    assert people(field, reader(app, field, "volunteer")).status_code == 403
    assert people(field, app.test_client()).status_code == 401


def test_standings_of_an_older_release_are_not_counted_as_nobody(field):
    field.household("h1")
    phone = field.phone()
    phone.send(phone.handover("h1"))
    write(lambda connection: connection.execute(Standing.__table__.update().values(reached=None)))
    with pytest.raises(Conflict) as refused:
        read(field, PeopleFilter())
    assert refused.value.code == "rebuild_needed"
