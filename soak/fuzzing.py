"""Everybody at once calls the whole API and fills every form of a running server: `python -m soak.fuzzing [MINUTES] [SEED]`."""

from __future__ import annotations

import multiprocessing
import random
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import product

from relief import create_app
from relief.accounts import service
from relief.accounts.rules import ROLES
from relief.db import db, unit_of_work
from relief.schema import upgrade_schema
from relief.settings import Settings
from soak.far_client import FarClient
from soak.places import KINDS, empty
from tests.faults.server import Server
from tests.fuzz.attacking import attack
from tests.fuzz.filling import wrongs
from tests.fuzz.town import Town
from tests.fuzz.witness import Witness

MINUTES = 5
AT_ONCE = 4  # visitors
FACTOR, FILLINGS = 2, 8  # of calls of each operation, and of each form
FORMS_SHARE = 0.4
TOO_LONG = "414: "  # gunicorn's own answer to an address that never reaches us
LIMITS_OFF = "from relief.accounts.limits import limiter; limiter.enabled = False"  # else most tries would only meet them


@dataclass
class Fuzzed:
    """How many visitors came, how many calls were answered, with which statuses, and why some were put off."""

    visits: int = 0
    calls: int = 0
    statuses: str = ""
    put_off: str = ""


@dataclass
class Told:
    """What one process of visitors has to tell."""

    statuses: Counter[int]
    wrong: list[str]
    visits: int = 0


class Blind(Witness):
    """Sees nothing: here others write at the same time. What a refused call changed, tests/fuzz sees."""

    def changed(self) -> list[str]:
        return []


def fuzz(kind: str, minutes: float, seed: int) -> Fuzzed:
    """Let visitors come, several at once, until the time is over; raises AssertionError with what was wrong."""
    last, words = time.monotonic() + minutes * 60, [f"{seed} {number}" for number in range(AT_ONCE)]
    with empty(kind) as settings, _served(settings) as (town, client):
        told = _told_by_processes([partial(_come, town, client, random.Random(each), last) for each in words])
        wrong = [each for one in told for each in one.wrong if not each.startswith(TOO_LONG)] + _failures(settings)
        causes = _causes(settings)
        why = _logged(settings, set(re.findall(r"request (\S+) failed", " ".join(wrong))))
    statuses = sum((one.statuses for one in told), Counter[int]())
    in_words = ", ".join(f"{each}: {statuses[each]:,}" for each in sorted(statuses))
    done = Fuzzed(sum(one.visits for one in told), statuses.total(), in_words, causes)
    for each in sorted(set(wrong)):
        print(each[:2000], flush=True)
    for line in why:
        print(line, flush=True)
    assert not wrong, f"{len(wrong)} findings in {done}"
    return done


@contextmanager
def _served(settings: Settings) -> Iterator[tuple[Town, type[FarClient]]]:
    """Yield a town whose clients ask a server, and the class of these clients."""
    app = create_app(settings)
    with app.app_context():
        upgrade_schema()
        town = Town(app, app.extensions["relief_clock"])
        db.session.remove()
        db.engine.dispose()
        with Server(settings, prepare=LIMITS_OFF) as server:
            client = type("Client", (FarClient,), {"port": server.port, "statuses": Counter(), "broken": []})
            app.test_client_class = client
            yield town, client
        db.session.remove()
        db.engine.dispose()


def _told_by_processes(works: list[Callable[[], Told]]) -> list[Told]:
    """Run each work in a process of its own: examples are not made safely in several threads."""
    fork = multiprocessing.get_context("fork")
    told: multiprocessing.SimpleQueue[Told] = fork.SimpleQueue()
    processes = [fork.Process(target=lambda work=work: told.put(work()), daemon=True) for work in works]
    for process in processes:
        process.start()
    answers = [told.get() for _process in processes]
    for process in processes:
        process.join()
    return answers


def _come(town: Town, client: type[FarClient], chance: random.Random, last: float) -> Told:
    """Come as one visitor after another until the time is over."""
    told, names, witness = Told(client.statuses, client.broken), [each.name for each in town.visitors()], Blind()
    names.remove("disabled")  # her browser is of this process
    while time.monotonic() < last:
        _put_everybody_back(town)
        visitor, number = town.visitor(chance.choice(names)), chance.getrandbits(32)
        try:
            if not visitor.is_phone and chance.random() < FORMS_SHARE:
                told.wrong += wrongs(town, witness, visitor.name, FILLINGS, number)
            else:
                told.wrong += attack(town, witness, visitor, FACTOR, number)
        except Exception:  # a page that is no page, an answer that did not come; the others go on
            told.wrong.append(f"{visitor.name}: {traceback.format_exc(limit=-3)}")
        told.visits += 1
    return told


def _put_everybody_back(town: Town) -> None:
    """Undo what an administrator's forms did to the visitors: accounts switched off, roles given or taken."""
    here, there = town.here.operation_id, town.there.operation_id
    with unit_of_work() as session:
        for name in sorted(set(town.users) - {"disabled"}):
            service.enable_user(session, town.users[name])
            for operation_id, role in product((here, there), ROLES):
                hers = name == "elsewhere" if operation_id == there else name == role
                (service.grant_role if hers else service.withdraw_role)(session, operation_id, town.users[name], role)


def _causes(settings: Settings) -> str:
    """Return why the server told somebody to come back later, as its log says it, and how often."""
    log = (settings.instance / "server.log").read_text(encoding="utf-8", errors="replace")
    found = Counter(re.findall(r"request \S+: (\w+: \w+)", log))
    return ", ".join(f"{cause} {count}" for cause, count in sorted(found.items())) or "nobody"


def _logged(settings: Settings, requests: set[str]) -> list[str]:
    """Return what the server's log says of failed requests, beside who asked and how long it took."""
    lines = (settings.instance / "server.log").read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if any(each in line for each in requests)]


def _failures(settings: Settings) -> list[str]:
    """Return the traces that the server wrote into its log."""
    lines = (settings.instance / "server.log").read_text(encoding="utf-8", errors="replace").splitlines()
    return [f"log: {line}" for line in lines if "Traceback" in line]


if __name__ == "__main__":
    given = [float(each) for each in sys.argv[1:]]
    for kind in KINDS:
        print(kind, fuzz(kind, *(given[:1] or [MINUTES]), seed=int(given[1]) if given[1:] else 1))
