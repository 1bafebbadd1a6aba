"""Random histories of several phones, sent in any cut and order, come out of the database as the plain model says."""

from __future__ import annotations

from itertools import count

from hypothesis import HealthCheck, given, settings

from relief.accounts.devices import make_enrolment
from relief.db import unit_of_work
from relief.fleet.model.reference import fold
from relief.kernel.ids import to_bytes
from tests.amounts import often
from tests.ledger.field import Device, Field, field_plan
from tests.model.histories import PHONES, SITES, START, authority_of, batches
from tests.model.plan import id_of

NUMBERS = count(1)
ELSEWHERE = ("cases|seq_reused",)  # per enrolment, no matter of the fold


def enrol_all(field: Field) -> dict[str, Device]:
    """Enrol the phones and the desk of a history under their names; the first phone leads the first site."""
    with unit_of_work() as session:
        for name in PHONES:
            lead = {"site_ids": [SITES[0]], "site_lead": True} if name == "p1" else {}
            make_enrolment(session, field.operation_id, "phone", name, enrolment_id=to_bytes(id_of(name)), now=START, **lead)
        make_enrolment(session, field.operation_id, "desk", "office", enrolment_id=to_bytes(id_of("desk")), now=START)
    return {name: Device(field, to_bytes(id_of(name))) for name in (*PHONES, "desk")}


def send_all(devices: dict[str, Device], requests: list, clock) -> list[dict]:
    """Send the requests in their order; return what was sealed, as the plain model takes it."""
    sealed = {}
    for device, records in requests:
        clock.moment += 7
        for record, verdict in zip(records, devices[device].send(*records), strict=True):
            content = {key: value for key, value in record.items() if key != "mode"}
            entry = {"id": record["id"], "step": "given", "record": content, "authority": authority_of(device)}
            if verdict["verdict"] == "held":
                continue
            if record["mode"] == "ask" and verdict["verdict"] != "already_there":
                answer = "granted" if verdict.get("mode") == "granted" else "refused"
                entry |= {"step": "answer", "answer": answer, "server_time": clock.moment}
            sealed.setdefault((entry["id"], entry["step"]), entry)
    return list(sealed.values())


def compared(counters: dict[str, int]) -> dict[str, int]:
    return {key: number for key, number in counters.items() if number and not key.startswith(ELSEWHERE)}


@settings(max_examples=often(25), deadline=None, suppress_health_check=list(HealthCheck))
@given(batches())
def test_counters_after_any_traffic_are_the_models(app, clock, requests):
    field = Field(app, clock, name=f"history-{next(NUMBERS)}")
    sealed = send_all(enrol_all(field), requests, clock)
    assert compared(field.counters()) == compared(fold(field_plan(), sealed)["counters"])
