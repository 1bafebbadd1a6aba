"""The built app served over real HTTP, and phones: real Chromium with a screen of 320 px and a camera."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Playwright, sync_playwright

from relief.kernel.clock import FrozenClock
from tests.office.conftest import setting as setting
from tests.office.paper_town import Town
from tests.phone.browsers import Phone, launch
from tests.phone.built import built_app
from tests.phone.served import Served
from tests.phone.serving import begin, build_town_of_today, expect_unsent


@pytest.fixture
def clock() -> FrozenClock:
    """The time of the browser, which cannot be told another: the server's clock agrees with it."""
    return FrozenClock(int(time.time()))


@pytest.fixture(scope="module")
def player() -> Iterator[Playwright]:
    """What browsers are started with; one at a time."""
    with sync_playwright() as player:
        yield player


@pytest.fixture(scope="module")
def browser(player: Playwright) -> Iterator[Browser]:
    """One Chromium for a file of tests; every phone in it has a storage of its own."""
    chromium = launch(player)
    yield chromium
    chromium.close()


@pytest.fixture
def town(setting) -> Town:
    """Four families with cards, at two sites, in a round that is not over yet."""
    return build_town_of_today(setting.operation_id, setting.manager_id)


@pytest.fixture
def served(app: Flask, town: Town) -> Iterator[Served]:
    """The app at an address; it can be taken away, and come back."""
    built_app()
    server = Served(app, town)
    yield server
    server.stop()


@pytest.fixture
def phone(browser: Browser, served: Served) -> Iterator[Phone]:
    """A new Android phone. At the end it must have asked nobody but our server, and no script may have failed."""
    phone = Phone(browser, served.address)
    yield phone
    phone.close()


@pytest.fixture
def volunteer(phone: Phone, served: Served) -> Phone:
    """A phone at a table that waits for the first card, and has sent all it had."""
    begin(phone, served)
    phone.see("Show a card")
    expect_unsent(phone, 0)
    return phone
