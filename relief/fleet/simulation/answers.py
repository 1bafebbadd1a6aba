"""Were the asks answered rightly? Each is asked of the plain model, with what was known when it came."""

from __future__ import annotations

from collections.abc import Iterator

from relief.fleet.model.asking import answer
from relief.fleet.records import Record
from relief.fleet.simulation.book import Book, Exchange, read_book
from relief.fleet.simulation.comparing import Difference
from relief.fleet.simulation.families import Kin
from relief.operations.rules import Plan

GRANTED = "granted"


class Asks:
    """Goes through the answered asks of a book; `checked` counts those of which the model can know what came first.

    Where another request about the same family ran at the same time, both answers may be right: such asks are passed over.
    """

    def __init__(self, plan: Plan, book: Book) -> None:
        self.plan, self.book = plan, book
        self.checked = 0
        stored = [record for exchange in book.exchanges for record in exchange.records]
        self.kin = Kin([record for record in stored if record["id"] not in book.broken])
        self._entries: dict[str, list[tuple[int, dict]]] = {}
        self._touched: dict[str, list[int]] = {}
        self._note_families()

    def _note_families(self) -> None:
        seen: set[tuple[str, str]] = set()
        for number, exchange in enumerate(self.book.exchanges):
            for entry in read_book(self.book, [exchange]).entries:
                family = self.family(entry["record"])
                self._touched.setdefault(family, []).append(number)
                if (entry["id"], entry["step"]) not in seen:
                    seen.add((entry["id"], entry["step"]))
                    self._entries.setdefault(family, []).append((number, entry))

    def family(self, record: Record) -> str:
        """Return what a record belongs to; a clock mark to its session."""
        return f"session {record['session']}" if record["kind"] == "clock" else self.kin.of(record)

    def differences(self) -> Iterator[Difference]:
        """Yield the asks that were answered otherwise than the model would."""
        asked: set[str] = set()
        for number, exchange in enumerate(self.book.exchanges):
            record, verdict = exchange.records[0], exchange.verdicts[0]
            alone = len(exchange.records) == 1 and record.get("mode") == "ask"
            if not alone or record["id"] in asked or verdict["verdict"] not in ("accepted", "refused"):
                continue
            asked.add(record["id"])
            if not self._is_crossed(number, exchange):
                self.checked += 1
                told = GRANTED if verdict["verdict"] == "accepted" else " ".join(sorted(verdict["codes"]))
                right = self._right(exchange)
                if told != right:
                    yield Difference("asks", record["id"], told, right)

    def _is_crossed(self, number: int, exchange: Exchange) -> bool:
        """Tell whether a request about the same family ran at the same time, or the ask itself was known before."""
        for other in self._touched.get(self.family(exchange.records[0]), ()):
            before = other < exchange.begun
            after = other > number and self.book.exchanges[other].begun > number
            if other != number and not before and not after:
                return True
        return False

    def _right(self, exchange: Exchange) -> str:
        record = {key: value for key, value in exchange.records[0].items() if key != "mode"}
        rights = self.book.rights[exchange.uploader]
        if self.plan.item[record["item"]].sensitive and not rights.sensitive:
            return "not_for_this_device"
        if rights.site_ids and record["site"] not in rights.site_ids:
            return "not_for_this_device"
        codes = answer(self.plan, self._known(record, exchange.begun), record, exchange.server_time)
        return GRANTED if codes is None else " ".join(sorted(codes))

    def _known(self, record: Record, before: int) -> list[dict]:
        """Return the entries about the family that came before, with the clock marks of their sessions."""
        mine = [entry for number, entry in self._entries.get(self.family(record), ()) if number < before]
        sessions = {entry["record"]["session"] for entry in mine}
        marks = [entry for session in sorted(sessions)
                 for number, entry in self._entries.get(f"session {session}", ()) if number < before]  # fmt: skip
        return mine + marks
