"""The menus mark where the reader is, on every page of a section, by the page's address alone."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from relief.kernel.ids import to_text
from relief.web.navigation import find_section
from tests.accounts.people import browser_of, make_operation, make_user
from tests.conftest import only_sqlite

MARK = re.compile(r'aria-current="(page|true)">([^<]+)</a>')


@pytest.mark.parametrize(("path", "section"), [
    ("/operations/1/cards", "/operations/1/cards"), ("/operations/1/cards/blank", "/operations/1/cards"),
    ("/operations/1/cardsharp", "/operations/1"), ("/operations/1", "/operations/1"), ("/people", None),
])  # fmt: skip
def test_a_page_is_part_of_the_longest_address_that_it_goes_on_from(path, section):
    assert find_section(path, ["/operations/1", "/operations/1/cards"]) == section


@only_sqlite
def test_every_page_of_an_operation_marks_one_place_and_the_one_it_stands_under(app: Flask) -> None:
    """What no place of the menu claims stands under the operation itself."""
    operation_id = make_operation()
    manager = browser_of(app, make_user("manager@example.org", roles=((operation_id, "manager"),)), (operation_id,))
    home = f"/operations/{to_text(operation_id)}"
    menu = dict(re.findall(rf'<a href="({home}[^"]*)"[^>]*>([^<]+)</a>', manager.get(f"{home}/phones").get_data(as_text=True)))
    assert len(menu) > 8
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.arguments == {"operation_id"}]
    pages = [str(rule).replace("<operation_id>", to_text(operation_id)) for rule in rules if str(rule).startswith("/operations/")]
    looked = 0
    for page in pages:
        answer = manager.get(page)
        if answer.status_code != 200 or answer.mimetype != "text/html" or 'class="operation-nav"' not in answer.text:
            continue
        looked += 1
        marks = [words for _way, words in MARK.findall(answer.text.partition('class="operation-nav"')[2].partition("</nav>")[0])]
        assert marks == [menu[find_section(page, menu)]], page
    assert looked > 20


@only_sqlite
def test_the_head_says_that_an_operation_is_below_operations(app: Flask) -> None:
    operation_id = make_operation()
    roles = ((operation_id, "manager"),)
    administrator = browser_of(app, make_user("admin@example.org", administrator=True, roles=roles), (operation_id,))
    for page, marks in (("/", [("page", "Operations")]), ("/users", [("page", "People")]),
                        (f"/operations/{to_text(operation_id)}/", [("true", "Operations"), ("page", "Overview")])):  # fmt: skip
        assert MARK.findall(administrator.get(page).text) == marks, page
