"""Loads the demonstration: sets up, plays 2013 through a real server, checks that the published figures come out."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app

from relief.accounts import service as accounts
from relief.accounts.queries import find_user_by_email
from relief.db import db, unit_of_work
from relief.fleet import demo_finish, demo_folder, demo_setup
from relief.fleet.belarus.facts import FLOODS, WINTER
from relief.fleet.belarus.mess import kept_families, list_mess
from relief.fleet.belarus.phones import list_phones
from relief.fleet.belarus.player import Player, moment_at
from relief.fleet.belarus.schedule import list_ordinary, list_winter
from relief.fleet.belarus.stage import Event, Stage
from relief.fleet.demo_server import running_server
from relief.kernel.clock import ShiftedClock
from relief.schema import upgrade_schema

PAUSE_SHARE = 0.05  # of the waiting a real phone does between tries
DECIDING_DAY, LAST_DAY = "2013-06-03", "2013-06-05"
MORNING = 9 * 60


@dataclass(frozen=True, slots=True)
class Show:
    """How the loading tells how far it is: `step` names what begins, `day_done` is called after each played day."""

    step: Callable[[str], None]
    day_done: Callable[[str], None]


def count_days() -> int:
    """Return how many days will be played."""
    return len({event.day for event in [*list_winter(), *_flood_events()]})


def _flood_events() -> list[Event]:
    return [*list_ordinary(kept_families()), *list_mess()]


def load_demo(folder: Path, make_app: Callable[[], Flask], show: Show) -> list[demo_finish.Check]:
    """Load the demonstration into a folder that `demo_folder.find_complete` found free; return the checked figures.

    `make_app` makes the app of that folder, once its settings are written. Raises DemoWrong, ServerFailed.
    """
    clock = demo_folder.prepare(folder)
    clock.set(moment_at("2013-01-25", 0))
    app = make_app()
    with app.app_context():
        show.step("winter")
        upgrade_schema()
        prepared = demo_setup.set_up_winter(clock)
    stage = Stage({}, prepared.cards, prepared.blank, "")
    _play(folder, app, clock, WINTER, demo_setup.WINTER_ENROL_DAY, prepared, stage, list_winter(), show)
    with app.app_context():
        show.step("floods")
        demo_setup.set_up_floods(clock, prepared)
    stage.cards, stage.blank, stage.unknown_card = prepared.cards, prepared.blank, prepared.unknown_card
    _play(folder, app, clock, FLOODS, demo_setup.ENROL_DAY, prepared, stage, _flood_events(), show)
    with app.app_context():
        show.step("office")
        checks = _finish(clock, prepared, stage)
    (folder / demo_folder.SERVER_LOG).unlink(missing_ok=True)  # it holds the links that the server greets with
    demo_folder.write_marker(folder, demo_folder.COMPLETE, figures={check.what: check.counted for check in checks})
    return checks


def _play(
    folder: Path, app: Flask, clock: ShiftedClock, appeal_code: str, day: str, prepared: demo_setup.Prepared, stage: Stage,
    events: list[Event], show: Show,
) -> None:  # fmt: skip
    with app.app_context():
        db.engine.dispose()  # the server process has the folder to itself
    moment = moment_at(day, MORNING)
    clock.set(moment)
    with running_server(folder, folder / demo_folder.SERVER_LOG) as base_url:
        player = Player(base_url, clock, lambda seconds: time.sleep(seconds * PAUSE_SHARE))
        for plan in list_phones(appeal_code):
            player.enrol(plan, prepared.join_codes[plan.key], moment)
        stage.phones.update(player.phones)
        player.play(events, stage, show.day_done)
        for phone in player.phones.values():
            phone.close()


def _finish(clock: ShiftedClock, prepared: demo_setup.Prepared, stage: Stage) -> list[demo_finish.Check]:
    clock.set(moment_at(DECIDING_DAY, MORNING))
    demo_finish.approve_on_site(stage, prepared.users["manager"], clock.now())
    demo_finish.accept_doubles(stage, prepared.users["manager"], clock.now())
    for appeal_code in (WINTER, FLOODS):
        demo_finish.hand_back(stage.phones, appeal_code, clock.now())
    clock.set(moment_at(LAST_DAY, MORNING))
    return demo_finish.check_figures()


def make_links() -> dict[str, str]:
    """Return a new one-time link for each demonstration user without a password, by e-mail address.

    The administrator's link is not among them: `relief serve` makes a new one at each start, which ends older ones.
    """
    settings, now = current_app.extensions["relief_settings"], current_app.extensions["relief_clock"].now()
    hours = settings.signin_link_hours
    tokens: dict[str, str] = {}
    with unit_of_work() as session:
        for _word, email, _name, _roles in demo_setup.PEOPLE:
            user = find_user_by_email(session, email)
            if user is not None and not user.has_password:
                tokens[email] = accounts.create_link(session, user.id, now, hours)
    return {who: accounts.link_address(token) for who, token in tokens.items()}
