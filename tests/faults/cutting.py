"""One request cut at every byte, in every form, by hanging up and by a reset."""

from __future__ import annotations

from dataclasses import dataclass

from relief.db import db
from tests.faults.cuts import forms_of, places_of, send_cut, send_slowly
from tests.faults.load import FAMILIES, count_made_by
from tests.faults.server import Server
from tests.faults.stage import settings_of
from tests.ledger.crowd import phones, problems
from tests.ledger.field import Field
from tests.model.plan import id_of

CANNOT_BE_READ = {None, 400, 408, 413, 422}


@dataclass(frozen=True, slots=True)
class Outcome:
    cuts: int
    stored: int


def cut_everywhere(stage: Field, every: int) -> Outcome:
    """Cut at every byte (or each `every`th), then send the whole. Raises AssertionError when a cut one left anything."""
    forms = len(forms_of({}, {}))
    made = phones(stage, forms)
    db.session.remove()
    with Server(settings_of(stage)) as server:
        cuts = sum(cut_and_send(server, phone, number, every) for number, phone in enumerate(made))
    for phone in made:
        assert count_made_by(stage, phone) == 1
    assert problems(stage) == []
    return Outcome(cuts, forms)


def cut_and_send(server: Server, phone, number: int, every: int) -> int:  # type: ignore[no-untyped-def]
    """Cut the phone's request in its form number `number`, send it whole at the end; return how often it was cut."""
    record = phone.handover(FAMILIES[number], item="pss", members=[id_of(f"{FAMILIES[number]}-1")])
    body = {"app_version": "1", "counts": {"made": 1, "waiting": 0, "held": 0}, "records": [record]}
    form, request = list(forms_of(body, phone.headers).items())[number]
    places = {*range(0, len(request), every), *places_of(request).values()}
    for place in sorted(places):
        for how in ("hang up", "reset"):
            status = send_cut(server.port, request, place, how)
            assert status in CANNOT_BE_READ, (form, place, how, status)
    assert send_slowly(server.port, request, pieces=1, pause_seconds=0) == 200
    return 2 * len(places)
