"""What a volunteer does at a table, and what goes wrong there: each act is drawn from her phone's own chance."""

from __future__ import annotations

import random
from typing import Any

from relief.fleet.phone import Asked
from relief.fleet.simulation.rough_phone import RoughPhone
from relief.fleet.simulation.world import HOT_FAMILIES, Family, World, new_members
from relief.kernel.clock import local_day
from relief.operations.rules import AGE_BANDS, SEXES

ACTS = {"serve": 60, "visit": 8, "contact": 5, "not_served": 5, "void_own": 5, "void_at_once": 3, "void_other": 2,
        "register_family": 4, "use_blank": 4, "link": 2, "replace": 2, "cancel": 1, "recompose": 1, "stock": 4,
        "stranger": 1, "nonsense": 1, "close_day": 1}  # fmt: skip
VOIDABLE = ("handover", "contact", "not_served", "stock")
STOCK = ("received", "received", "dispatched", "returned", "transferred", "lost", "damaged", "counted", "counted")


class Volunteer:
    """One person with one phone. `lead` may replace and cancel cards; `blanks` is her own stock of blank cards."""

    def __init__(self, phone: RoughPhone, world: World, chance: random.Random, *, lead: bool, sensitive: bool,
                 blanks: list[str]) -> None:  # fmt: skip
        self.phone, self.world, self.chance = phone, world, chance
        self.lead, self.blanks = lead, blanks
        self.goods = [item for item in world.goods if sensitive or not item.sensitive] or world.goods
        self.home = phone.site
        self.acts = [act for act in ACTS if lead or act not in ("replace", "cancel")]
        self.news: list[tuple[str, Any]] = []  # what others hear of after this tick: ("card", key) or ("handover", record)
        self.open: list[Asked] = []  # asks whose answer never came

    def act(self) -> None:
        """Do one thing."""
        if self.open and self.chance.random() < 0.7:
            self.resolve(self.open.pop())
        name = self.chance.choices(self.acts, [ACTS[act] for act in self.acts])[0]
        getattr(self, name)()

    # ---- at the table

    def pick_family(self) -> Family:
        pool = self.world.families[:HOT_FAMILIES] if self.chance.random() < 0.25 else self.world.families
        return self.chance.choice(pool)

    def pick_site(self) -> None:
        away = self.chance.random() < 0.04
        self.phone.site = self.chance.choice(self.world.plan.sites).id if away else self.home

    def serve(self) -> None:
        family = self.pick_family()
        self.hand_over(family.card, self.chance.choice(self.goods).id, family)

    def visit(self) -> None:
        """Give several items in one tap."""
        family, visit = self.pick_family(), self.phone.maker.random_id()
        for item in self.chance.sample(self.goods, min(2, len(self.goods))):
            self.tell(family.card, item.id, self.how_much(family.card, item.id), family, visit=visit)

    def hand_over(self, card: str, item: str, family: Family | None = None) -> None:
        quantity = self.how_much(card, item)
        if not quantity:
            self.phone.not_served("already_received", card, item)
        elif self.phone.transport.offline or self.chance.random() < 0.55:
            self.tell(card, item, quantity, family)
        else:
            self.ask(card, item, quantity, family)

    def how_much(self, card: str, item: str) -> int:
        """Return what the phone's own decision gives, and now and then something else."""
        left = self.phone.view.left(card, item, self.phone.round or "")
        if left == 0:
            return 0 if self.chance.random() < 0.6 else 1
        return min(self.chance.choice((1, 1, 1, 2, 5)), left or 3)

    def chosen(self, item: str, family: Family | None) -> dict[str, Any]:
        reaches = self.world.plan.item[item].reaches
        if family is None or reaches != "chosen_members" or self.chance.random() < 0.3:
            return {}
        people = [member["id"] for member in family.members]
        people += [self.chance.choice(self.pick_family().members)["id"]] if self.chance.random() < 0.1 else []
        return {"members": self.chance.sample(people, self.chance.randint(1, len(people)))}

    def tell(self, card: str, item: str, quantity: int, family: Family | None, **more: Any) -> None:
        record = self.phone.handover(card, item, quantity or 1, **self.chosen(item, family), **more)
        self.news.append(("handover", record))

    def ask(self, card: str, item: str, quantity: int, family: Family | None) -> None:
        asked = self.phone.ask(card, item, quantity, **self.chosen(item, family))
        if asked.verdict is None and self.chance.random() < 0.5:
            asked = self.phone.ask_again(asked.record)
        if asked.verdict is None and self.chance.random() < 0.4:
            self.open.append(asked)
        else:
            self.resolve(asked)

    def resolve(self, asked: Asked) -> None:
        """Give, keep, give something else, or forget about it, after the answer or without one."""
        record, luck = asked.record, self.chance.random()
        other = {"card": record["card"], "item": record["item"], "ask": record["id"]}
        if asked.refused:
            if luck < 0.2:
                given = self.phone.handover(quantity=record["quantity"], reason="Seen with own eyes", **other)
                self.news.append(("handover", given))
        elif luck < 0.75:
            self.news.append(("handover", self.phone.give(asked)))
        elif luck < 0.9:
            self.phone.keep(asked)
            if luck < 0.83:
                self.phone.handover(quantity=self.chance.choice((1, 2, 3)), **other)
        elif luck < 0.93:  # first given, then denied
            self.phone.give(asked)
            self.phone.keep(asked)

    # ---- what is no hand-over

    def contact(self) -> None:
        items = self.world.services or self.goods
        people = [{"sex": self.chance.choice(SEXES), "age_band": self.chance.choice(AGE_BANDS),
                   "count": self.chance.randint(1, 12)} for _each in range(self.chance.randint(1, 3))]  # fmt: skip
        self.phone.contact(self.chance.choice(items).id, people, self.chance.choice((None, 1, 7)))

    def not_served(self) -> None:
        self.phone.not_served(self.chance.choice(("absent", "refused", "ineligible", "run_out")), self.pick_family().card)

    def stock(self) -> None:
        action = self.chance.choice(STOCK)
        others = [site.id for site in self.world.plan.sites if site.id != self.phone.site]
        if action == "transferred" and not others:
            return
        more = {"to_site": self.chance.choice(others)} if action == "transferred" else {}
        self.phone.raw("stock", action=action, item=self.chance.choice(self.goods).id, site=self.phone.site,
                       quantity=self.chance.choice((0, 5, 40, 200)), **more)  # fmt: skip

    def close_day(self) -> None:
        self.phone.raw(self.chance.choice(("day_closed", "feedback")), site=self.phone.site, words="All went well")

    def nonsense(self) -> None:
        """Make a record that the server cannot understand: it must block no other."""
        kind = self.chance.choice(("miracle", "contact"))
        self.phone.book.broken.add(self.phone.raw(kind, quantity=0)["id"])

    # ---- voids

    def void_own(self) -> None:
        targets = [record for record in self.phone.own.values() if record["kind"] in VOIDABLE and record["id"] not in
                   self.phone.book.broken]  # fmt: skip
        if targets:
            target = self.chance.choice(targets[-20:])
            self.phone.void(target["id"], self.chance.choice(("mistake", "returned")), self.chance.random() < 0.8)

    def void_at_once(self) -> None:
        """Take back what is not even sent: the void may come before its hand-over."""
        record = self.phone.handover(self.pick_family().card, self.chance.choice(self.goods).id)
        self.phone.void(record["id"])
        self.phone.rough.send_last(record["id"])

    def void_other(self) -> None:
        if self.world.published:
            target = self.chance.choice(self.world.published[-60:])
            card = self.pick_family().card if self.chance.random() < 0.1 else target["card"]
            self.phone.void(target["id"], self.chance.choice(("mistake", "not_given", "other")), card=card)

    # ---- cards and families

    def register_family(self) -> None:
        """Register a family at the table on a blank card, and give it something on it."""
        card = self.take_blank()
        if card is None:
            return
        if self.world.used_blanks and self.chance.random() < 0.1:
            card = self.chance.choice(self.world.used_blanks)  # the same blank, in two hands
        people = [{name: member[name] for name in ("sex", "age_band", "disability")}
                  for member in new_members(self.chance, self.chance.randint(1, 6))]  # fmt: skip
        areas = [area.id for area in self.world.plan.areas]
        self.phone.registration(people, card, self.chance.choice((None, *areas)), {"head": "Invented for a simulation"})
        self.news.append(("card", card))
        self.hand_over(card, self.chance.choice(self.goods).id)

    def use_blank(self) -> None:
        """Give on a card that some other phone registered: perhaps nobody but that phone knows it yet."""
        if self.world.used_blanks:
            self.hand_over(self.chance.choice(self.world.used_blanks), self.chance.choice(self.goods).id)

    def link(self) -> None:
        card = self.take_blank()
        if card is not None:
            self.phone.card("linked", card, household=self.pick_family().household)
            self.news.append(("card", card))

    def replace(self) -> None:
        new_card = self.take_blank()
        if new_card is not None:
            self.phone.card("replaced", self.pick_family().card, new_card=new_card, reason="Lost")
            self.news.append(("card", new_card))

    def cancel(self) -> None:
        self.phone.card("cancelled", self.pick_family().card, reason="Found in the street")

    def recompose(self) -> None:
        """Say who is in a family now, or who was all along."""
        family = self.pick_family()
        members = family.members[: self.chance.randint(1, len(family.members))]
        more: dict[str, Any] = {"change": "correction"}
        if self.chance.random() < 0.5:
            day = local_day(self.phone.clock.wall_ms() // 1000, self.world.plan.sites[0].zone)
            members = family.members + [{**new_members(self.chance, 1)[0], "number": len(family.members) + 1}]
            more = {"change": "change", "from": day}
        self.phone.raw("composition", household=family.household, members=members, **more)

    def stranger(self) -> None:
        """Give on a card of nobody."""
        self.hand_over(self.phone.maker.chance.randbytes(16).hex(), self.chance.choice(self.goods).id)

    def take_blank(self) -> str | None:
        return self.blanks.pop() if self.blanks else None
