"""Where a simulation runs: in an installation of its own, or beside a running server of a demonstration."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _

from relief.db import snapshot
from relief.fleet.phone import PhoneTrouble
from relief.fleet.simulation.playing import Fleet, Wish, gather, play
from relief.fleet.simulation.progress import Progress
from relief.fleet.simulation.replaying import Replay
from relief.fleet.simulation.shrinking import History, shorten
from relief.fleet.simulation.simulating import Result, judge
from relief.fleet.simulation.throwaway import (
    Installation,
    MakeApp,
    copy_operation,
    free_name,
    prepare_folder,
    served_installation,
)
from relief.fleet.simulation.times import LivedTimes, PlayedTimes, Times
from relief.fleet.simulation.world import World
from relief.fleet.transport import NoAnswer, Transport
from relief.kernel.errors import BadInput, Conflict, NotAllowed
from relief.ledger.verification import verify
from relief.operations.queries import OperationRow, get_current_plan, get_operation
from relief.operations.rules import Plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a simulation came to; `name` is its operation's, `tried` how often a history was played to shorten it."""

    name: str
    fleet: Fleet
    result: Result
    history: History | None
    tried: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where it may happen: an empty folder and database of its own, or the address of a running server."""

    make_app: MakeApp
    folder: Path | None = None
    database_url: str | None = None
    server: str | None = None
    shrink_seconds: float = 60


def simulate(code: str, wish: Wish, place: Place, told: Callable[[str], None]) -> Outcome:
    """Simulate a fleet with the plan of the operation CODE, in the context of the app that has it.

    Raises NotFound, BadInput where the plan is too small, NotAllowed where a real installation would be written to.
    """
    with snapshot() as connection:
        source = get_operation(connection, code)
        plan = get_current_plan(connection, source.id)
    check_plan_can_be_played(plan)
    if place.server is not None:
        return _beside_server(source, plan, wish, place, told)
    with ExitStack() as stack:
        installation = stack.enter_context(_own_installation(stack, plan, place))
        assert installation.clock is not None
        times = PlayedTimes(installation.clock, World(plan).first_morning)
        return _run(source, plan, wish, place, installation, times, told)


def check_plan_can_be_played(plan: Plan) -> None:
    """Raise BadInput when the plan lacks what a hand-over must name."""
    if not (plan.sites and plan.rounds and any(not item.service for item in plan.items)):
        raise BadInput(_("The plan needs at least one site, one round and one item that is handed over."), code="plan_too_small")


def _own_installation(stack: ExitStack, plan: Plan, place: Place):  # type: ignore[no-untyped-def]
    folder = place.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="relief-simulation-")))
    clock = prepare_folder(folder, place.database_url, World(plan).first_morning)
    return served_installation(folder, place.make_app, clock)


def _beside_server(source: OperationRow, plan: Plan, wish: Wish, place: Place, told: Callable[[str], None]) -> Outcome:
    """Play in this installation, for all who look at its board; only a demonstration has room for that."""
    if not (source.demo or current_app.extensions["relief_settings"].demo):
        raise NotAllowed(_("Neither this installation nor the operation is a demonstration. Leave --server out: then the "
                           "simulation has an installation of its own, which is thrown away."))  # fmt: skip
    assert place.server is not None
    _look_for_server(place.server)
    app, clock = current_app._get_current_object(), current_app.extensions["relief_clock"]  # type: ignore[attr-defined]
    return _run(source, plan, wish, place, Installation(app, None, place.server), LivedTimes(clock), told)


def _look_for_server(address: str) -> None:
    """Raise Conflict where nobody answers, before an operation is made that would stay empty."""
    transport = Transport(address)
    try:
        transport.call("GET", "/readyz")
    except NoAnswer as error:
        raise _other_server(address, error) from error
    finally:
        transport.close()


def _other_server(address: str, why: Exception) -> Conflict:
    return Conflict(_("The server at %(address)s does not answer for this installation: %(why)s.", address=address, why=why),
                    code="other_server")  # fmt: skip


def _run(source: OperationRow, plan: Plan, wish: Wish, place: Place, installation: Installation, times: Times,
         told: Callable[[str], None]) -> Outcome:  # fmt: skip
    name = free_name(source)
    operation_id = copy_operation(source, plan, name, times.turn_to(0))
    with snapshot() as connection:
        plan = get_current_plan(connection, operation_id)
    told(name)
    try:
        fleet = gather(wish, plan, operation_id, installation.base_url, times)
    except (NoAnswer, PhoneTrouble) as error:
        raise _other_server(installation.base_url, error) from error
    with Progress(fleet) as progress:
        play(fleet, progress.tick_done)
    result = judge(fleet, operation_id, lambda: _problems(operation_id))
    history, tried = (None, 0) if result.equal else _shorten(source, plan, place, installation, fleet, result)
    return Outcome(name, fleet, result, history, tried)


def _problems(operation_id: bytes) -> list[str]:
    with snapshot() as connection:
        found = verify(connection, operation_id, current_app.extensions["relief_secrets"])
    return [f"{problem.code} {problem.where}" for problem in found.problems]


def _shorten(source: OperationRow, plan: Plan, place: Place, installation: Installation, fleet: Fleet,
             result: Result) -> tuple[History | None, int]:  # fmt: skip
    """Look for the shortest history: always in an installation that is thrown away."""
    with ExitStack() as stack:
        if installation.clock is None:
            own = Place(place.make_app)
            installation = stack.enter_context(_own_installation(stack, plan, own))
        replay = Replay(installation, source, plan, fleet.book)
        return shorten(replay, result.differences, place.shrink_seconds), replay.tried
