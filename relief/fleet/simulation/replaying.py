"""Plays a part of what happened once more, from nothing, on an operation of its own: does the difference come again?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from relief.accounts.devices import make_enrolment
from relief.accounts.rules import make_token, token_hash
from relief.db import unit_of_work
from relief.fleet.records import Record
from relief.fleet.simulation.answers import Asks
from relief.fleet.simulation.book import Book, read_book
from relief.fleet.simulation.comparing import Difference, compare, model_state, server_state
from relief.fleet.simulation.office import tell_as
from relief.fleet.simulation.throwaway import Installation, copy_operation, free_name
from relief.fleet.transport import Transport
from relief.kernel.ids import to_bytes
from relief.operations.queries import OperationRow
from relief.operations.rules import Plan

MOST_IN_A_BATCH = 200


@dataclass(frozen=True, slots=True)
class Step:
    """One record that the server stored, with its `mode`: who brought it, and the server's moment then."""

    uploader: str
    record: Record
    moment: int

    @property
    def is_ask(self) -> bool:
        return self.record.get("mode") == "ask"


def list_steps(book: Book) -> list[Step]:
    """Return what was stored, each record once (an ask and its tell: twice), in the order in which it was."""
    steps: dict[tuple[str, bool], Step] = {}
    for exchange in book.exchanges:
        for record, verdict in zip(exchange.records, exchange.verdicts, strict=True):
            step = Step(exchange.uploader, record, exchange.server_time)
            if verdict["verdict"] != "held" and (record["id"], False) not in steps:
                steps.setdefault((record["id"], step.is_ask), step)
    return list(steps.values())


@dataclass
class Replay:
    """Replays on a throw-away installation; the enrolments have their old ids and rights, and new tokens."""

    installation: Installation
    source: OperationRow
    plan: Plan
    book: Book
    tried: int = 0
    transports: dict[str, Transport] = field(default_factory=dict)

    def differences(self, steps: Sequence[Step]) -> list[Difference]:
        """Return what server and model say differently of these steps alone."""
        self.tried += 1
        operation_id = copy_operation(self.source, self.plan, free_name(self.source), self._now())
        book = Book(rights=self.book.rights, broken=self.book.broken)
        self._enrol(operation_id, {step.uploader for step in steps} | {step.record["enrolment"] for step in steps})
        try:
            for batch in _batches(steps):
                self._send(operation_id, batch, book)
        finally:
            for transport in self.transports.values():
                transport.close()
        found = compare(server_state(operation_id), model_state(self.plan, read_book(book)))
        return [*found, *Asks(self.plan, book).differences()]

    def _now(self) -> int:
        return int(self.installation.app.extensions["relief_clock"].now())

    def _enrol(self, operation_id: bytes, enrolments: Iterable[str]) -> None:
        self.transports.clear()
        with unit_of_work() as session:
            for enrolment in sorted(enrolments):
                rights = self.book.rights[enrolment]
                made = make_enrolment(session, operation_id, rights.kind, enrolment, enrolment_id=to_bytes(enrolment),
                                      site_ids=rights.site_ids, site_lead=rights.site_lead,
                                      sensitive=rights.sensitive)  # fmt: skip
                if rights.kind == "phone":
                    transport = self.transports[enrolment] = Transport(self.installation.base_url)
                    transport.token = make_token()
                    made.token_hash = token_hash(transport.token)

    def _send(self, operation_id: bytes, batch: list[Step], book: Book) -> None:
        uploader, moment = batch[0].uploader, batch[0].moment
        records = [step.record for step in batch]
        if self.installation.clock is not None:
            self.installation.clock.set(moment)
        if uploader not in self.transports:
            tell_as(operation_id, uploader, records, moment, book)
            return
        answer = self.transports[uploader].call("POST", "/api/v1/sync", {
            "app_version": "replay", "counts": {"made": 0, "waiting": 0, "held": 0}, "records": records})  # fmt: skip
        book.hear(uploader, {"records": records}, answer, len(book.exchanges))


def _batches(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Cut the steps into requests: what one device brought one after the other; an ask alone, for its moment counts."""
    batch: list[Step] = []
    for step in steps:
        goes_on = batch and not step.is_ask and not batch[-1].is_ask and step.uploader == batch[-1].uploader
        if batch and not (goes_on and len(batch) < MOST_IN_A_BATCH):
            yield batch
            batch = []
        batch.append(step)
    if batch:
        yield batch
