"""A volunteer's phone without a screen: it speaks the protocol of docs/protocol.md and keeps what is not yet settled."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from relief.fleet.card_view import CardView
from relief.fleet.outbox import Outbox, Verdict, read_verdicts
from relief.fleet.phone_clock import PhoneClock
from relief.fleet.records import Record, RecordMaker
from relief.fleet.transport import Answer, NoAnswer, Transport

MOST_RECORDS, MOST_BYTES = 200, 256 * 1024
CARDS_A_PAGE = 500
TRIES = 5
FIRST_PAUSE_SECONDS = 0.2
MARK_EVERY_MS = 30 * 60 * 1000
APP_VERSION = "headless-1"


class PhoneTrouble(Exception):
    """The server answered, but not with what the phone asked for; nothing was settled and nothing is lost."""

    def __init__(self, what: str, answer: Answer) -> None:
        super().__init__(f"{what}: {answer.status} {answer.body}")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Asked:
    """An ask and its answer; `verdict` is None when none came."""

    record: Record
    verdict: Verdict | None

    @property
    def granted(self) -> bool:
        return self.verdict is not None and self.verdict.mode == "granted"

    @property
    def refused(self) -> bool:
        return self.verdict is not None and self.verdict.verdict == "refused"


@dataclass
class HeadlessPhone:
    """One phone. `site` and `round` are where and when it works; all methods make records at its own, maybe wrong, time."""

    base_url: str
    clock: PhoneClock = field(default_factory=PhoneClock)
    chance: random.Random = field(default_factory=random.Random)
    sleep: Callable[[float], None] = time.sleep
    label: str = ""
    site: str | None = None
    round: str | None = None

    def __post_init__(self) -> None:
        self.transport = Transport(self.base_url)
        self.outbox = Outbox()
        self.view = CardView()
        self.operation: dict[str, Any] = {}
        self.sites: list[str] = []
        self.own: dict[str, Record] = {}
        self.verdicts: dict[str, Verdict] = {}
        self.most_records = MOST_RECORDS
        self.told_head: dict[str, Any] | None = None
        self._marked_at_ms: int | None = None
        self._etag_of: dict[str, str] = {}

    # --- enrolling and the register

    def enrol(self, code: str) -> None:
        """Spend a join code; from here on the phone has a token and an enrolment of its own. Raises PhoneTrouble, NoAnswer."""
        answer = self.transport.call("POST", "/api/v1/enrol", {"code": code, "app_version": APP_VERSION})
        if answer.status != 201 or "token" not in answer.body:
            self.close()  # nobody goes on with a phone that never joined
            raise PhoneTrouble("enrol", answer)
        self.transport.token = answer.body["token"]
        self.operation, self.sites = answer.body["operation"], answer.body.get("sites", [])
        self.site = self.site or (self.sites[0] if self.sites else None)
        self.maker = RecordMaker(answer.body["enrolment"], self.clock, self.chance)

    def restart(self) -> None:
        """Kill the page and load it again: a new session, everything kept."""
        self.maker.restart()
        self._marked_at_ms = None

    def register(self) -> bool:
        """Fetch what changed in the register since the last time; True when anything did. Raises PhoneTrouble, NoAnswer."""
        before, paged = self.view.cursor, True
        while paged:  # what changed while pages came has still to come
            body, paged = self._register_pages()
            if body is None:
                break
            self.view.take(body)
            self._meet_ledger(body)
        return self.view.cursor != before

    def _register_pages(self) -> tuple[dict[str, Any] | None, bool]:
        """Return (all pages as one answer, None when nothing changed; whether there were several).

        Nothing is applied before the last page is here. A page may be a first one again: the plan or the day has changed, and
        what came before is of no use.
        """
        view = self.view
        since = "" if view.cursor is None else f"&since={view.cursor}&turn={view.turn}&ledger={view.ledger_id}"
        address = f"/api/v1/register?limit={CARDS_A_PAGE}{since}"
        first = page = self._register_page(address, self._etag_of.get(address))
        if first.status == 304:
            return None, False
        pages = [first.body]
        while "more" in page.body:
            page = self._register_page(f"{address}&after={page.body['more']}")
            pages = [page.body] if page.body["first"] else [*pages, page.body]
        self._etag_of = {address: first.headers["etag"]} if len(pages) == 1 and "etag" in first.headers else {}
        return {**pages[0], "cards": [card for each in pages for card in each["cards"]]}, len(pages) > 1

    def _register_page(self, address: str, etag: str | None = None) -> Answer:
        headers = {"If-None-Match": etag} if etag else {}
        answer = self._patiently(partial(self.transport.call, "GET", address, headers=headers))
        if answer.status != 304 and (answer.status != 200 or "cards" not in answer.body):
            raise PhoneTrouble("register", answer)
        return answer

    # --- what happened at the table

    def handover(self, card: str, item: str, quantity: int = 1, **more: Any) -> Record:
        """Tell that `quantity` of `item` was given on `card`; `more`: members, visit, reason, ask, collector, site, round."""
        record = self._handover(card, item, quantity, more)
        return self._tell(record)

    def ask(self, card: str, item: str, quantity: int = 1, **more: Any) -> Asked:
        """Ask before giving, goods still in hand: stored first, sent alone, answered at once or not at all."""
        record = self._handover(card, item, quantity, more)
        self.own[record["id"]] = record
        self.outbox.put(record, mode="ask")
        return self.ask_again(record)

    def ask_again(self, record: Record) -> Asked:
        """Repeat an ask whose answer was lost; the server gives its stored answer again."""
        try:
            answer = self._post_sync([{**record, "mode": "ask"}])
        except NoAnswer:
            return Asked(record, None)
        if answer.status != 200:
            return Asked(record, None)
        settled = self._settle(answer)
        return Asked(record, settled[0] if settled else None)

    def give(self, asked: Asked) -> Record:
        """Give what was asked for: the same record, now told. An unanswered ask becomes a tell by this."""
        return self._tell(asked.record)

    def keep(self, asked: Asked) -> Record:
        """Say that what was asked for was not given, which ends the grant."""
        return self.void(asked.record["id"], cause="not_given", goods_back=True)

    def void(self, target: str, cause: str = "mistake", goods_back: bool = True, card: str | None = None,
             reason: str | None = None) -> Record:  # fmt: skip
        """Take a hand-over or contact back; `card` is needed when the target is another phone's."""
        own = self.own.get(target, {})
        record = self.maker.make("void", target=target, card=card or own.get("card"), site=own.get("site", self.site),
                                 cause=cause, goods_back=int(goods_back), reason=reason)  # fmt: skip
        self.view.note_void(record, self.own.get(target))
        return self._tell(record)

    def contact(self, item: str, people: Sequence[dict[str, Any]], quantity: int | None = None,
                place: str | None = None) -> Record:  # fmt: skip
        """Tell of people served without a card: `people` is a list of {sex, age_band, count}."""
        return self._tell(self.maker.make("contact", item=item, site=self.site, round=self.round, people=list(people),
                                          quantity=quantity, place=place))  # fmt: skip

    def not_served(self, cause: str, card: str | None = None, item: str | None = None, reason: str | None = None) -> Record:
        """Tell that somebody came and got nothing, and why."""
        return self._tell(self.maker.make("not_served", cause=cause, site=self.site, round=self.round, card=card, item=item,
                                          reason=reason))  # fmt: skip

    def registration(self, members: Sequence[dict[str, Any]], card: str | None = None, area: str | None = None,
                     private: dict[str, Any] | None = None) -> Record:  # fmt: skip
        """Register a household at the table, onto a blank card; `members` need sex, age_band and disability."""
        rows = [{"id": self.maker.random_id(), "number": number, **member} for number, member in enumerate(members, 1)]
        return self._tell(self.maker.make("registration", household=self.maker.random_id(), members=rows, card=card, area=area,
                                          home_site=self.site, site=self.site, private=private))  # fmt: skip

    def card(self, action: str, card: str, **more: Any) -> Record:
        """Tell what became of a card; `more`: household, new_card, number, reason."""
        return self._tell(self.maker.make("card", action=action, card=card, site=self.site, **more))

    def raw(self, kind: str, **fields: Any) -> Record:
        """Tell any other record as it is given."""
        return self._tell(self.maker.make(kind, **fields))

    # --- sending

    def close(self) -> None:
        """Hang up; the next call dials again."""
        self.transport.close()

    def sync(self) -> list[Verdict]:
        """Send what waits, batch by batch, and return the verdicts; an empty outbox still says hello and sets the clock.

        Raises NoAnswer or PhoneTrouble when the server cannot be reached: what was not settled stays.
        """
        told: list[Verdict] = []
        while True:
            batch = self.outbox.batch(self.most_records, MOST_BYTES)
            answer = self._patiently(partial(self._post_sync, batch))
            if answer.status == 413 and self.most_records > 1:
                self.most_records //= 2
                continue
            if answer.status != 200 or "verdicts" not in answer.body:
                raise PhoneTrouble("sync", answer)
            settled = self._settle(answer)
            told += settled
            self._mark(answer)
            if not self.outbox.waiting:
                return told
            if batch and not settled:
                raise PhoneTrouble("sync settled nothing", answer)

    def _post_sync(self, records: list[Record]) -> Answer:
        return self.transport.call("POST", "/api/v1/sync", {
            "clock": {"at": self.clock.wall_text(), "uptime_ms": self.clock.uptime_ms()},
            "app_version": APP_VERSION, "counts": self.outbox.counts(records), "records": records,
            **({"ledger": self.told_head} if self.told_head else {})})  # fmt: skip

    def _patiently(self, attempt: Callable[[], Answer]) -> Answer:
        """Try again after lost answers and busy servers, each time waiting about twice as long."""
        pause = FIRST_PAUSE_SECONDS
        for tried in range(1, TRIES + 1):
            try:
                answer = attempt()
            except NoAnswer:
                if tried == TRIES or self.transport.offline:
                    raise
            else:
                if tried == TRIES or answer.status not in (429, 500, 502, 503, 504):
                    return answer
                pause = max(pause, float(answer.headers.get("retry-after", 0) or 0))
            self.sleep(pause * self.chance.uniform(0.5, 1.5))
            pause *= 2
        raise AssertionError("unreachable")

    def _settle(self, answer: Answer) -> list[Verdict]:
        settled = self.outbox.settle(read_verdicts(answer.body), answer.body.get("ledger"), answer.body.get("server_time", 0))
        self._meet_ledger(answer.body)
        for verdict in settled:
            self.verdicts[verdict.id] = verdict
            if verdict.verdict in ("refused", "held"):
                self.view.forget(verdict.id)
        return settled

    def _meet_ledger(self, body: dict[str, Any]) -> None:
        """Give a restored server again what it lacks: it goes out with the next sync, or later in this one."""
        if not body.get("ledger"):
            return
        self._remember_head(body["ledger"])
        for record in self.outbox.meet(body["ledger"], body.get("server_time", 0)):
            if record["kind"] == "handover":
                self.view.note(record)
            elif record["kind"] == "void":
                self.view.note_void(record, self.own.get(record["target"]))

    def _remember_head(self, ledger: dict[str, Any]) -> None:
        """Keep the furthest head told of this ledger: told back, it shows the server when its ledger lost its end."""
        if self.told_head is None or ledger["id"] != self.told_head["id"] or ledger["position"] >= self.told_head["position"]:
            self.told_head = ledger

    def _mark(self, answer: Answer) -> None:
        """Set a clock mark from an answer, when this session has none that is recent."""
        uptime = self.clock.uptime_ms()
        if self._marked_at_ms is None or uptime - self._marked_at_ms > MARK_EVERY_MS:
            self._marked_at_ms = uptime
            self._tell(self.maker.make("clock", server_time=answer.body["server_time"], round_trip_ms=answer.round_trip_ms))

    # --- making

    def _handover(self, card: str, item: str, quantity: int, more: dict[str, Any]) -> Record:
        where = {"site": self.site, "round": self.round, **more}
        return self.maker.make("handover", card=card, item=item, quantity=quantity, **where)

    def _tell(self, record: Record) -> Record:
        self.own[record["id"]] = record
        if record["kind"] == "handover":
            self.view.note(record)
        self.outbox.put(record)
        return record
