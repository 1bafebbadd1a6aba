"""One simulation from its beginning to its comparison."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from relief.fleet.simulation.answers import Asks
from relief.fleet.simulation.book import Reading, read_book
from relief.fleet.simulation.comparing import Difference, compare, model_state, server_state
from relief.fleet.simulation.happenings import count_troubles
from relief.fleet.simulation.playing import Fleet


@dataclass
class Result:
    """What came out: the counts of what happened, of the field's troubles (0: none of that sort), of what was compared, and
    the differences (none: equal).
    """

    records: int
    happened: dict[str, int]
    troubles: dict[str, int]
    compared: dict[str, int]
    differences: list[Difference] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        return not self.differences


def judge(fleet: Fleet, operation_id: bytes, check_ledger: Callable[[], list[str]]) -> Result:
    """Compare the server with the plain model, answers and registers included; needs the app context.

    `check_ledger` returns what the ledger's own verification finds wrong.
    """
    reading = read_book(fleet.book)
    server, model = server_state(operation_id), model_state(fleet.world.plan, reading)
    differences = compare(server, model)
    differences += [Difference("answers", record_id, told, expected) for record_id, told, expected in reading.wrong_answers]
    differences += [Difference("waiting", phone.label, None, len(phone.outbox.waiting))
                    for phone in fleet.phones if phone.outbox.waiting]  # fmt: skip
    asks = Asks(fleet.world.plan, fleet.book)
    differences += asks.differences()
    differences += _registers(fleet)
    differences += [Difference("ledger", problem, "wrong", "right") for problem in check_ledger()]
    compared = {part: len(model[part]) for part in model} | {"asks": asks.checked, "registers": len(fleet.phones)}
    troubles = count_troubles((phone.met for phone in fleet.phones), fleet.book.exchanges)
    return Result(len(reading.entries), count_what_happened(fleet, reading), troubles, compared, differences)


def _registers(fleet: Fleet) -> list[Difference]:
    """Compare every phone's register by changes with the register asked for at once."""
    found = []
    for phone in fleet.phones:
        if phone.enrolment in fleet.book.revoked:
            continue
        by_changes, at_once = phone.read_rows()
        phone.close()
        found += [Difference("registers", (phone.label, card), by_changes.get(card), at_once.get(card))
                  for card in sorted(by_changes.keys() | at_once.keys())
                  if by_changes.get(card) != at_once.get(card)]  # fmt: skip
    return found


def count_what_happened(fleet: Fleet, reading: Reading) -> dict[str, int]:
    """Return how often each thing happened that a field does to records."""
    verdicts: dict[str, int] = {}
    for exchange in fleet.book.exchanges:
        for verdict in exchange.verdicts:
            word = "granted" if verdict.get("mode") == "granted" else verdict["verdict"]
            verdicts[word] = verdicts.get(word, 0) + 1
    return {"requests": len(fleet.book.exchanges), "failed_calls": sum(phone.failed for phone in fleet.phones), **verdicts,
            "on_shelves": len(reading.held)}  # fmt: skip
