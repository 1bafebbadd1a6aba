"""Who belongs together: cards to households, households to households, members to members; and who they are when."""

from __future__ import annotations

from relief.fleet.model.facts import of_kind
from relief.kernel.clock import parse_wall

ALWAYS = -(1 << 62)


class Families:
    """The groups that the entries speak of. `when` is record id -> (moment, unsure)."""

    def __init__(self, entries: list[dict], when: dict[str, tuple[int, bool]]) -> None:
        self.when = when
        self.registrations = self._in_time(entries, "registration")
        self.compositions = self._in_time(entries, "composition")
        self.cards = self._in_time(entries, "card")
        self.decisions = self._in_time(entries, "household")
        self._registered, self._composed = by_household(self.registrations), by_household(self.compositions)
        self._decided = by_household(self.decisions)
        self._read_merges()
        self._read_links()

    def moment(self, record: dict) -> int:
        return self.when[record["id"]][0]

    def _in_time(self, entries: list[dict], kind: str) -> list[dict]:
        records = [entry["record"] for entry in of_kind(entries, kind)]
        return sorted(records, key=lambda record: (self.moment(record), record["id"]))

    # ---- merges

    def _read_merges(self) -> None:
        last: dict[frozenset, dict] = {}
        for record in self.decisions:
            if record["action"] in ("merged", "kept_apart") and record["other"] != record["household"]:
                last[frozenset((record["household"], record["other"]))] = record
        holding = [record for record in last.values() if record["action"] == "merged"]
        self.same_household = join([(record["household"], record["other"]) for record in holding])
        self.same_member = join([tuple(pair) for record in holding for pair in record.get("pairs", [])])

    def household(self, named: str) -> str:
        """Return the surviving id of a household."""
        return min(self.same_household.get(named, {named}))

    def halves(self, household: str) -> set[str]:
        """Return every id the household goes by."""
        return self.same_household.get(household, {household})

    def member(self, named: str) -> str:
        return min(self.same_member.get(named, {named}))

    # ---- cards

    def _read_links(self) -> None:
        self.links: dict[str, list[dict]] = {}
        self.replacements: dict[str, list[dict]] = {}
        self.before: dict[str, list[str]] = {}  # card -> the cards it replaced
        self.ended: dict[str, int] = {}
        self.actions: dict[str, set[str]] = {}
        for record in [r for r in self.registrations if "card" in r] + self.cards:
            if record["kind"] == "registration" or (record["action"] in ("issued", "linked") and "household" in record):
                self.links.setdefault(record["card"], []).append(record)
        for record in self.cards:
            self.actions.setdefault(record["card"], set()).add(record["action"])
            if record["action"] == "replaced":
                self.replacements.setdefault(record["card"], []).append(record)
                self.before.setdefault(record["new_card"], []).append(record["card"])
            if record["action"] in ("replaced", "cancelled"):
                self.ended.setdefault(record["card"], self.moment(record))

    def find_household(self, card: str, passed: tuple[str, ...] = ()) -> str | None:
        """Return the household of a card: that of its first link, else of the card it replaced, else of the card after it."""
        if card in self.links:
            first = min(self.links[card], key=lambda link: (self.moment(link), link["id"]))
            return self.household(first["household"])
        for other in self.before.get(card, []) + [record["new_card"] for record in self.replacements.get(card, [])]:
            if other not in passed:
                found = self.find_household(other, (*passed, card))
                if found is not None:
                    return found
        return None

    def group(self, card: str) -> str:
        """Return the household of a card, or the card's own group."""
        return self.find_household(card) or f"card {card}"

    def link_cases(self) -> set[tuple[str, frozenset]]:
        cases = set()
        for links in self.links.values():
            if len({self.household(link["household"]) for link in links}) > 1:
                cases.add(("several_links", frozenset(link["id"] for link in links)))
        for records in self.replacements.values():
            if len({record["new_card"] for record in records}) > 1:
                cases.add(("several_replacements", frozenset(record["id"] for record in records)))
        return cases

    # ---- approval

    def approval(self, household: str) -> str:
        actions = {record["action"] for record in self._said_of(household, self._decided)}
        if "approved" in actions:
            return "approved"
        return "not_approved" if "not_approved" in actions else "registered"

    def withdrawn_from(self, household: str) -> int | None:
        """Return the moment from which the whole household is withdrawn: the latest of its halves' first ones."""
        firsts = []
        for half in self.halves(household):
            moments = [self.moment(r) for r in self._decided.get(half, []) if r["action"] == "withdrawn"]
            if not moments:
                return None
            firsts.append(min(moments))
        return max(firsts)

    def find_override(self, household: str, item: str, round_id: str) -> int | None:
        found = None
        for record in self._said_of(household, self._decided):
            if record["action"] == "override" and (record["item"], record["round"]) == (item, round_id):
                found = record["quantity"]
        return found

    def _said_of(self, household: str, records: dict[str, list[dict]]) -> list[dict]:
        """Return what was said of any half of a household, in time."""
        said = [record for half in self.halves(household) for record in records.get(half, [])]
        return sorted(said, key=self._order)

    # ---- members

    def lists(self, half: str) -> list[tuple]:
        """Return the member lists of one household id as (order: start, time, id; members; order of saying), in that order."""
        bases = self._registered.get(half, [])
        corrections = self._corrections(half, [base["id"] for base in bases])
        found: list[tuple] = []
        if bases:
            said = corrections.get("base", bases[-1])
            found.append(((ALWAYS, *self._order(bases[-1])), said["members"], (ALWAYS, *self._order(said))))
        for record in self._composed.get(half, []):
            if record["change"] == "change":
                start = parse_wall(record["from"] + "T00:00:00Z")
                said = corrections.get(record["id"], record)
                found.append(((start, *self._order(record)), said["members"], (start, *self._order(said))))
        return sorted(found, key=lambda each: each[0])

    def _corrections(self, half: str, bases: list[str]) -> dict[str, dict]:
        """Return what a thing ('base' or a change's id) was last corrected to; a correction's correction means its thing."""
        mine = {r["id"]: r for r in self._composed.get(half, []) if r["change"] == "correction"}
        last: dict[str, dict] = {}
        for record in mine.values():
            thing, passed = record.get("corrects", "base"), [record["id"]]
            while thing in mine and thing not in passed:
                passed.append(thing)
                thing = mine[thing].get("corrects", "base")
            last["base" if thing in bases else thing] = record
        return last

    def _order(self, record: dict) -> tuple[int, str]:
        return self.moment(record), record["id"]

    def members_at(self, household: str, moment: int) -> dict[str, dict]:
        """Return the members (surviving id -> attributes) of a household at a moment."""
        valid = []
        for half in self.halves(household):
            begun = [each for each in self.lists(half) if each[0][0] <= moment]
            valid += begun[-1:]
        return self._by_member(valid)

    def members_last(self, household: str) -> dict[str, dict]:
        """Return the members of the last list of each half, whenever it begins."""
        return self._by_member([self.lists(half)[-1] for half in self.halves(household) if self.lists(half)])

    def attributes(self, household: str) -> dict[str, dict]:
        """Return what was last said of everybody ever listed."""
        return self._by_member([each for half in self.halves(household) for each in self.lists(half)])

    def _by_member(self, lists: list) -> dict[str, dict]:
        found = {}
        for _, members, _ in sorted(lists, key=lambda each: each[2]):
            for member in members:
                found[self.member(member["id"])] = member
        return found

    def area(self, household: str) -> str:
        """Return the area last registered for a household, or ''."""
        mine = self._said_of(household, self._registered)
        return next((record["area"] for record in reversed(mine) if "area" in record), "")


def by_household(records: list[dict]) -> dict[str, list[dict]]:
    """Return the records by the household they name, in their order."""
    found: dict[str, list[dict]] = {}
    for record in records:
        found.setdefault(record["household"], []).append(record)
    return found


def join(pairs: list[tuple[str, str]]) -> dict[str, set[str]]:
    """Return id -> the set of all ids that pairs connect it to."""
    sets: dict[str, set[str]] = {}
    for one, other in pairs:
        together = sets.get(one, {one}) | sets.get(other, {other})
        for each in together:
            sets[each] = together
    return sets
