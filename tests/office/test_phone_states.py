"""Which phone needs somebody first, and which are shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from relief.office.phones.queries import PhoneRow
from relief.office.phones.states import Judge, by_need, chosen, is_older

NOW = 1_363_590_000
HOUR = 3600
JUDGE = Judge(NOW, HOUR, "1.2.0")
GOOD = PhoneRow(
    b"\1" * 16, "table 1", b"[]", False, False, NOW - 9 * HOUR, None, NOW - 60, "1.2.0", 10, 0, 0, 10, 10, None, 0, None, None, 0,
    80, "ok", "ru", NOW - 60, False,
)  # fmt: skip


@pytest.mark.parametrize(("change", "flags"), [
    ({}, ()),
    ({"last_contact_at": None}, ("unheard",)),
    ({"last_contact_at": NOW - 2 * HOUR}, ("silent",)),
    ({"last_contact_at": NOW - 2 * HOUR, "waiting": 5}, ("waits",)),
    ({"waiting": 5}, ()),
    ({"lost": 1}, ("lost",)),
    ({"storage": "full"}, ("storage",)),
    ({"storage": "low"}, ()),
    ({"battery": 20}, ("battery",)),
    ({"battery": None}, ()),
    ({"max_seq": 12}, ("missing",)),
    ({"max_seq": 12, "waiting": 2}, ()),
    ({"max_seq": 12, "to_decide": 2}, ("to_decide",)),
    ({"list_at": NOW - 25 * HOUR}, ("old_list",)),
    ({"list_at": None}, ()),
    ({"app_version": "1.1.9"}, ("old_app",)),
    ({"app_version": "1.10.0"}, ()),
    ({"lost": 2, "battery": 3, "app_version": "1.0"}, ("lost", "battery", "old_app")),
    ({"revoked_at": NOW, "battery": 3, "lost": 4}, ()),
    ({"revoked_at": NOW, "waiting": 4, "to_decide": 1}, ("not_back", "to_decide")),
])  # fmt: skip
def test_a_phone_has_the_flags_of_its_troubles_the_gravest_first(change, flags):
    assert JUDGE.state(replace(GOOD, **change)).flags == flags


def test_a_closed_operation_is_in_no_hurry():
    closed = replace(JUDGE, closed=True)
    assert closed.state(replace(GOOD, last_contact_at=NOW - 99 * HOUR, list_at=NOW - 99 * HOUR)).flags == ()


def test_who_needs_somebody_comes_first_and_the_rest_by_name():
    rows = [GOOD, replace(GOOD, label="table 10"), replace(GOOD, label="table 2"), replace(GOOD, label="z", lost=1),
            replace(GOOD, label="y", battery=5), replace(GOOD, label="a", revoked_at=NOW)]  # fmt: skip
    assert [state.row.label for state in by_need(map(JUDGE.state, rows))] == ["z", "y", "table 1", "table 2", "table 10", "a"]


def test_phones_are_found_by_name_site_and_need():
    rows = [GOOD, replace(GOOD, label="Table 2", site_ids=b'["s2"]', battery=5), replace(GOOD, label="bus", revoked_at=NOW)]
    states = [JUDGE.state(row) for row in rows]

    def labels(show="all", site="", typed=""):
        return [state.row.label for state in chosen(states, show, site, typed, 1).rows]

    assert labels(typed="TABLE") == ["table 1", "Table 2"]
    assert labels(typed="2 tab") == ["Table 2"]
    assert labels(site="s2") == ["table 1", "Table 2", "bus"]
    assert labels(site="s3") == ["table 1", "bus"]
    assert labels("attention") == ["Table 2"]
    assert labels("signed_off") == ["bus"]


def test_hundreds_of_phones_are_paged():
    states = [JUDGE.state(replace(GOOD, label=f"table {number}")) for number in range(420)]
    page = chosen(by_need(states), "all", "", "", 9)
    assert (page.pages, len(page.rows), page.rows[0].row.label) == (9, 20, "table 400")


@pytest.mark.parametrize(("version", "older"), [("1.1", True), ("1.2.0", False), ("1.2.1", False), ("", False), ("dev", False),
                                                ("9" * 40, False), ("0.9.9-beta", True)])  # fmt: skip
def test_only_what_is_a_lower_version_is_older(version, older):
    assert is_older(version, "1.2.0") is older
