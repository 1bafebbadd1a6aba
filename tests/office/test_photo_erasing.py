"""A family that is erased takes the photos with it on which its name or signature may stand, and nobody else's."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import text

from relief.accounts.audit import COMMAND_LINE
from relief.db import snapshot, write
from relief.kernel.errors import NotFound
from relief.office.erasing.erasing import erase, plan_erasure
from relief.office.paper.photos import draw_anew, get_photo, keep_photo
from relief.office.register_queries import find_household_named
from tests.office.erasable import files_with
from tests.office.paper_town import build_town, secrets
from tests.office.test_paper_pages import photo_file


@pytest.fixture
def town(app, setting):
    return build_town(setting.operation_id, setting.manager_id)


@pytest.fixture
def sheets(town, clock):
    """Two sheets with a photo: on the first stands the first family, on both the second."""
    printed = town.print(count=2)
    for sheet, places in zip(printed, ((0, 1), (1,)), strict=True):
        town.type(sheet, *(town.line(place) for place in places))
        write(partial(keep_photo, sheet=sheet, drawn=draw_anew(photo_file()), user_id=None, now=clock.now(), secrets=secrets()))
    return printed


def stored(sheet):
    with snapshot() as connection:
        return get_photo(connection, sheet, secrets())


def test_the_photos_of_an_erased_family_go_and_those_of_others_stay(town, sheets, settings, clock):
    first, second = sheets
    with snapshot() as connection:
        household = find_household_named(connection, town.operation_id, town.cards[0].number)
    before = town.look(first)
    order, _found = plan_erasure(town.operation_id, household, "asked", clock.now())
    erase(order, COMMAND_LINE, settings.instance, clock.now)
    with pytest.raises(NotFound):
        stored(first)
    assert stored(second)
    assert town.look(first).opened.typed == before.opened.typed  # running numbers alone


def test_no_byte_of_such_a_photo_is_left(town, sheets, settings, clock):
    with snapshot() as connection:
        household = find_household_named(connection, town.operation_id, town.cards[0].number)
        content = connection.execute(text("SELECT content FROM tally_photo WHERE sheet_id = :id"), {"id": sheets[0].sheet_id})
        needle = bytes(content.scalar_one())[:200]
    order, _found = plan_erasure(town.operation_id, household, "asked", clock.now())
    erase(order, COMMAND_LINE, settings.instance, clock.now)
    assert files_with([needle], settings.instance) == set()
