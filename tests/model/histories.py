"""Random histories of several phones, a lead and the desk over a few families, cards and members.

Ids come from small pools so that collisions of meaning (two phones, one card) are common and failures shrink well.
`histories()` draws sealed entries for the pure folds, answers to asks included. `batches()` draws what the devices send,
in wire form, for a server that decides the asks itself: repeated, reordered and cut as networks do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from relief.kernel.clock import wall
from relief.operations.rules import Plan
from tests.model.plan import card_of, id_of, sample_plan

START = 1363586400  # 2013-03-18T09:00:00+03:00
STEP_SECONDS = 5 * 3600
PHONES = ("p1", "p2", "p3", "p4")
SITES = tuple(id_of(name) for name in ("s1", "s2"))
ROUNDS = tuple(id_of(name) for name in ("r1", "r2"))
ITEMS = tuple(id_of(name) for name in ("parcel", "kit", "bl", "pss", "soap", "milk", "bread", "coal"))
HOUSEHOLDS = ("h1", "h2", "h3", "h4")
BLANKS = ("b1", "b2", "b3")
MEMBERS = 3
TELLING = (*["handover"] * 8, "ask", "ask", "ask", "void", "void", "not_given", "tell_naming_ask",
           "card", "card", "household", "household", "composition", "contact", "not_served", "stock", "stock", "clock", "clock",
           "registration", "decision")  # fmt: skip
SEXES, BANDS, DISABILITIES = ("female", "male", "unknown"), ("0-1", "6-12", "18-59", "60+"), ("yes", "no", "unknown")


@dataclass
class History:
    """A plan and what was sealed under it."""

    plan: Plan
    entries: list[dict]


@dataclass
class Sent:
    """One thing a device sends: which device, its record in wire form with `mode`."""

    device: str
    record: dict


class Writer:
    """Draws records one after the other and fills their envelopes."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.sent: list[Sent] = []
        self.phones = PHONES[: draw(st.integers(2, 4))]
        self.households = HOUSEHOLDS[: draw(st.integers(2, 4))]
        self.cards = ["k1"] * 5 + [f"k{name[1]}" for name in self.households] + list(BLANKS) + ["zz"]
        self.items = draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=3, unique=True))
        self.seqs = dict.fromkeys((*PHONES, "desk"), 0)
        self.wrong = {phone: draw(st.sampled_from((0, 0, 3600, -86400 * 400))) for phone in self.phones}
        self.now = START

    def pick(self, choices: Any) -> Any:
        return self.draw(st.sampled_from(tuple(choices)))

    def some_device(self) -> str:
        return self.pick((*self.phones, *self.phones, "desk"))

    def write(self, device: str, kind: str, mode: str = "tell", **fields: Any) -> dict:
        """Append a record of `device` as its clocks tell it, an hour or a year off, sometimes asleep."""
        self.seqs[device] += 1
        number = len(self.sent)
        tick, asleep = self.now, 0 if device == "desk" else self.pick((0, 0, 0, 7200))
        name = f"{self.pick('abc')}{number:03d}"
        record = {
            "v": 1, "id": id_of(name), "kind": kind, "enrolment": id_of(device), "seq": self.seqs[device],
            "session": id_of("s" + device), "at": wall(tick + self.wrong.get(device, 0), "Europe/Minsk"),
            "uptime_ms": max(0, tick - START + 86400 - asleep) * 1000, "mode": mode,
        }  # fmt: skip
        record |= {key.rstrip("_"): value for key, value in fields.items()}
        self.sent.append(Sent(device, record))
        return record

    def past(self, *kinds: str, mode: str | None = None) -> list[dict]:
        records = [sent.record for sent in self.sent if sent.record["kind"] in kinds]
        return [record for record in records if mode in (None, record["mode"])]

    # ---- the beginning: families registered by the desk, most of them approved

    def member(self, household: str, number: int) -> dict:
        return {
            "id": id_of(f"m{household[1]}{number}"), "number": number, "sex": self.pick(SEXES),
            "age_band": self.pick(BANDS), "disability": self.pick(DISABILITIES),
        }  # fmt: skip

    def members(self, household: str) -> list[dict]:
        return [self.member(household, number) for number in range(1, self.pick((1, 2, MEMBERS)) + 1)]

    def register(self, household: str, device: str = "desk") -> None:
        named: dict[str, Any] = {"household": id_of(household), "members": self.members(household)}
        if self.pick((1, 1, 0)):
            named["area"] = id_of("area")
        self.write(device, "registration", card=card_of(f"k{household[1]}"), **named)

    def begin(self) -> None:
        for household in self.households:
            self.register(household)
            if self.pick((1, 1, 1, 0)):
                self.write("desk", "household", household=id_of(household), action="approved")
        self.now += STEP_SECONDS

    # ---- what happens

    def step(self) -> None:
        self.now += self.pick((0, 0, 60, STEP_SECONDS, 86400))
        getattr(self, self.pick(TELLING))()

    def what(self) -> dict:
        fields = {
            "card": card_of(self.pick(self.cards)), "item": self.pick(self.items), "quantity": self.pick((1, 1, 1, 2, 5)),
            "site": self.pick(SITES), "round": self.pick(ROUNDS),
        }  # fmt: skip
        if self.pick((0, 0, 1)):
            pool = [id_of(f"m{household[1]}{n}") for household in self.households for n in range(1, MEMBERS + 1)]
            fields["members"] = self.draw(st.lists(st.sampled_from(pool), max_size=3, unique=True))
        return fields

    def handover(self) -> None:
        self.write(self.some_device(), "handover", **self.what())

    def ask(self) -> None:
        self.write(self.pick(self.phones), "handover", "ask", **self.what())

    def give_what_was_asked(self, record: dict) -> None:
        """Append the tell of an ask: the same content, once more, with another mode."""
        device = next(sent.device for sent in self.sent if sent.record is record)
        self.sent.append(Sent(device, record | {"mode": "tell"}))

    def tell_naming_ask(self) -> None:
        asks = self.past("handover", mode="ask")
        if asks:
            ask = self.pick(asks)
            if self.pick((1, 0)):
                self.give_what_was_asked(ask)
                return
            same = {key: ask[key] for key in ("card", "item", "site", "round")}
            self.write(self.pick(self.phones), "handover", **same, quantity=self.pick((1, 2, 3)), ask=ask["id"])

    def not_given(self) -> None:
        asks = self.past("handover", mode="ask")
        if asks:
            ask = self.pick(asks)
            own = next(sent.device for sent in self.sent if sent.record is ask)
            device = self.pick((own, own, "desk", self.pick(self.phones)))
            self.write(device, "void", target=ask["id"], card=ask["card"], cause="not_given")

    def void(self) -> None:
        targets = self.past("handover", "contact", "not_served", "stock")
        if targets:
            target = self.pick(targets)
            where = {"card": target["card"]} if "card" in target else {"site": target["site"]}
            if "card" in where and self.pick((0, 0, 0, 0, 1)):
                where["card"] = card_of(self.pick(self.cards))
            if self.pick((1, 0)):
                where["goods_back"] = self.pick((0, 1))
            self.write(self.some_device(), "void", target=target["id"], cause=self.pick(("mistake", "returned")), **where)

    def card(self) -> None:
        """Link, replace or cancel. A blank replaces at most one card, so that no two rules compete for it."""
        device, action = self.some_device(), self.pick(("linked", "issued", "replaced", "cancelled"))
        spare = [card for card in BLANKS if card_of(card) not in {r.get("new_card") for r in self.past("card")}]
        linked = {record["card"] for record in self.past("card")}
        if action == "replaced" and [card for card in spare if card_of(card) not in linked]:
            new_card = self.pick([card for card in spare if card_of(card) not in linked])
            old = [card for card in self.cards if card != new_card]
            self.write(device, "card", action=action, card=card_of(self.pick(old)), new_card=card_of(new_card))
        elif action == "cancelled":
            self.write(device, "card", action=action, card=card_of(self.pick(self.cards)))
        elif action in ("linked", "issued"):
            cards = (*spare, "zz", *self.cards[:1])
            self.write(device, "card", action=action, card=card_of(self.pick(cards)), household=id_of(self.pick(self.households)))

    def household(self) -> None:
        actions = ("approved", "not_approved", "withdrawn", "merged", "merged", "kept_apart", "override")
        action, household = self.pick(actions), self.pick(self.households)
        fields: dict[str, Any] = {"household": id_of(household), "action": action}
        if action in ("merged", "kept_apart"):
            other = self.pick([each for each in self.households if each != household])
            fields["other"] = id_of(other)
            if action == "merged":
                pairs = [[id_of(f"m{household[1]}{n}"), id_of(f"m{other[1]}{n}")] for n in (1, 2)]
                fields["pairs"] = pairs[: self.pick((0, 1, 2))]
        if action == "override":
            fields |= {"item": self.pick(self.items), "round": self.pick(ROUNDS), "quantity": self.pick((0, 1, 2, 4))}
        self.write("desk", "household", **fields)

    def composition(self) -> None:
        household = self.pick(self.households)
        fields = {"household": id_of(household), "members": self.members(household)}
        changes = [r for r in self.past("composition") if r["household"] == id_of(household) and r["change"] == "change"]
        if self.pick((1, 0)):
            fields |= {"change": "change", "from": self.pick(("2013-03-18", "2013-03-19", "2013-03-22"))}
        else:
            fields["change"] = "correction"
            if changes and self.pick((1, 0)):
                fields["corrects"] = self.pick(changes)["id"]
        self.write("desk", "composition", **fields)

    def registration(self) -> None:
        self.register(self.pick(self.households))

    def contact(self) -> None:
        people = [{"sex": self.pick(SEXES), "age_band": self.pick(BANDS), "count": self.pick((1, 7))}]
        self.write(self.some_device(), "contact", item=id_of("pss"), site=self.pick(SITES), people=people)

    def not_served(self) -> None:
        self.write(self.some_device(), "not_served", site=self.pick(SITES), cause=self.pick(("absent", "run_out")))

    def stock(self) -> None:
        action = self.pick(("received", "dispatched", "returned", "transferred", "lost", "damaged", "counted", "counted"))
        fields = {"item": self.pick(self.items), "site": SITES[0], "quantity": self.pick((0, 3, 100))}
        if action == "transferred":
            fields["to_site"] = SITES[1]
        self.write(self.some_device(), "stock", action=action, **fields)

    def clock(self) -> None:
        """A mark made of the server's true time."""
        round_trip = self.pick((100, 100, 2000, 2500, 9000))
        self.write(self.pick(self.phones), "clock", server_time=self.now, round_trip_ms=round_trip)

    def decision(self) -> None:
        cites = [record["id"] for record in self.past("handover")[-2:]]
        self.write("desk", "decision", case="already_received", action="accept", cites=cites)


def authority_of(device: str) -> str | list[str]:
    """The first phone leads the first site."""
    return {"desk": "desk", "p1": [SITES[0]]}.get(device, "phone")


@st.composite
def writers(draw: Any, smallest: int = 2, largest: int = 30) -> Writer:
    writer = Writer(draw)
    writer.begin()
    for _ in range(draw(st.integers(smallest, largest))):
        writer.step()
    return writer


@st.composite
def histories(draw: Any) -> History:
    """Draw a plan and sealed entries, in the order they happened; asks are granted or refused by chance."""
    writer = draw(writers())
    entries = []
    for number, sent in enumerate(writer.sent):
        record = {key: value for key, value in sent.record.items() if key != "mode"}
        entry = {"id": record["id"], "step": "given", "record": record, "authority": authority_of(sent.device)}
        if sent.record["mode"] == "ask":
            answer = draw(st.sampled_from(("granted", "granted", "refused")))
            entry |= {"step": "answer", "answer": answer, "server_time": START + STEP_SECONDS + number * 3600}
        entries.append(entry)
    return History(sample_plan(draw(st.booleans())), entries)


@st.composite
def batches(draw: Any) -> list[tuple[str, list[dict]]]:
    """Draw (device, records) requests: each device's records in its order, cut anywhere, some batches sent again, some late.

    The order of the requests of one device may be turned too. Every record is sent at least once.
    """
    writer = draw(writers())
    found: list[tuple[str, list[dict]]] = []
    for device in (*writer.phones, "desk"):
        records = [sent.record for sent in writer.sent if sent.device == device]
        while records:
            size = draw(st.integers(1, 6))
            found.append((device, records[:size]))
            records = records[size:]
    again = [batch for batch in found if draw(st.integers(0, 3)) == 0]
    return draw(st.permutations(found + again))
