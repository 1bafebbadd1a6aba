"""How each hand-over stands: grants, voids, rank, entitlement, reach. Slow and obvious."""

from __future__ import annotations

from relief.fleet.model.facts import day_at, of_kind
from relief.fleet.model.families import Families
from relief.kernel.clock import parse_day
from relief.operations.rules import Plan

VOIDABLE = ("handover", "contact", "not_served", "stock")


class Judging:
    """Judge all hand-overs of `entries` (distinct) by `plan`; the hand-over `last` ranks behind all others."""

    def __init__(self, plan: Plan, entries: list[dict], when: dict, families: Families, last: str = "") -> None:
        self.plan, self.when, self.families, self.last = plan, when, families, last
        self.given = {e["id"]: e for e in entries if e["step"] == "given" and e["record"]["kind"] in VOIDABLE}
        self.answers = {entry["id"]: entry for entry in entries if entry["step"] == "answer"}
        self.voids = sorted(of_kind(entries, "void"), key=lambda entry: (self.moment(entry["id"]), entry["id"]))
        self.cases = families.link_cases()
        self.standings: dict[str, dict] = {}
        self.reached: dict[str, set[str]] = {}
        self.voided_by: dict[str, dict] = {}
        self.ended: set[str] = set()
        self._apply_voids()
        self._stand_at_first()
        self._judge_groups()
        self._reach_people()

    def moment(self, record_id: str) -> int:
        return self.when[record_id][0]

    def record(self, record_id: str) -> dict:
        return (self.given.get(record_id) or self.answers[record_id])["record"]

    def granted(self, record_id: str) -> bool:
        return record_id in self.answers and self.answers[record_id]["answer"] == "granted"

    def day(self, record_id: str) -> str:
        return day_at(self.plan, self.record(record_id)["site"], self.moment(record_id))

    # ---- voids

    def _apply_voids(self) -> None:
        waiting, not_given = [], set()
        for void in self.voids:
            target = void["record"]["target"]
            entry = self.given.get(target) or self.answers.get(target)
            if entry is None or not self._fits(void["record"], entry["record"]):
                continue
            if not self._may(void, entry["record"]):
                waiting.append(void)
            elif void["record"]["cause"] != "not_given":
                if target in self.given:
                    self.voided_by.setdefault(target, void["record"])
            elif target in self.given:
                if target not in not_given:
                    self.cases.add(("given_and_not_given", frozenset((void["id"], target))))
                not_given.add(target)
            elif self.granted(target):
                self.ended.add(target)
        for void in waiting:
            target = void["record"]["target"]
            stands = target in self.given and target not in self.voided_by
            live = self.granted(target) and target not in self.given and target not in self.ended
            if live if void["record"]["cause"] == "not_given" else stands:
                self.cases.add(("void_waiting", frozenset((void["id"], target))))

    def _fits(self, void: dict, target: dict) -> bool:
        """A void that names a card of another group than its target's does nothing."""
        if "card" not in void:
            return True
        return "card" in target and self.families.group(void["card"]) == self.families.group(target["card"])

    def _may(self, void: dict, target: dict) -> bool:
        if void["authority"] == "desk" or void["record"]["enrolment"] == target["enrolment"]:
            return True
        return void["authority"] != "phone" and (not void["authority"] or target.get("site") in void["authority"])

    # ---- what stands before any rule is asked

    def _stand_at_first(self) -> None:
        """Set refused, voided, waiting and unknown_card; leave the rest to `_judge_groups`."""
        self.to_judge: dict[str, list[str]] = {}
        handovers = {i for i, entry in self.given.items() if entry["record"]["kind"] == "handover"} | set(self.answers)
        for record_id in sorted(handovers):
            record = self.record(record_id)
            standing = {"standing": "entitled", "entitled": 0, "excess": 0, "codes": []}
            self.standings[record_id] = standing
            if record_id in self.ended or record_id in self.voided_by:
                standing["standing"] = "voided"
            elif record_id not in self.given and not self.granted(record_id):
                standing["standing"] = "refused"
            else:
                if record_id not in self.given:
                    standing["standing"] = "waiting"
                household = self.families.find_household(record["card"])
                if household is not None:
                    self.to_judge.setdefault(household, []).append(record_id)
                else:
                    self._set_unknown(record_id, standing)

    def _set_unknown(self, record_id: str, standing: dict) -> None:
        standing.update(excess=self.record(record_id)["quantity"], codes=["unknown_card"])
        if record_id in self.given:
            standing["standing"] = "unknown_card"
            self.cases.add(("unknown_card", frozenset((record_id,))))

    # ---- rank and entitlement

    def parts(self, record_ids: list[str]) -> list[tuple[tuple, str, int]]:
        """Return (rank key, record id, quantity) in rank order; a tell that takes over an ended grant may be two."""
        found = []
        left = {record_id: self.record(record_id)["quantity"] for record_id in self.ended}
        for record_id in sorted(record_ids, key=lambda i: (self.moment(i), i)):
            record, moment = self.record(record_id), self.moment(record_id)
            own, rest = (moment, record_id), record["quantity"]
            if self.granted(record_id):
                found.append(((0, *own, *own), record_id, rest))
                continue
            ask = record.get("ask")
            if ask in left and self._same_thing(record, self.record(ask)) and not self.find_bar(record_id):
                taken = min(left[ask], rest)
                left[ask] -= taken
                rest -= taken
                if taken:
                    found.append(((0, self.moment(ask), ask, *own), record_id, taken))
            if rest:
                found.append(((2 if record_id == self.last else 1, *own, *own), record_id, rest))
        return sorted(found)

    def _same_thing(self, tell: dict, ask: dict) -> bool:
        same = tell["item"] == ask["item"] and tell["round"] == ask["round"]
        return same and self.families.group(tell["card"]) == self.families.group(ask["card"])

    def _judge_groups(self) -> None:
        for household, record_ids in self.to_judge.items():
            accepted: list[tuple[str, int]] = []  # (record id, entitled quantity) in rank order, over all items
            breaches: dict[str, str | None] = {}  # a record is judged whole, at its first part
            grants: list[tuple[str, int]] = []  # (record id, moment of its rank) of granted parts that fitted
            for rank, record_id, quantity in self.parts(record_ids):
                if record_id not in breaches:
                    breaches[record_id] = self.find_breach(record_id, accepted)
                code = self.find_bar(record_id) or breaches[record_id]
                fits = 0 if code else self._what_fits(household, record_id, quantity, accepted, grants)
                if fits and rank[0] == 0:
                    grants.append((record_id, rank[1]))
                standing = self.standings[record_id]
                standing["entitled"] += fits
                standing["excess"] += quantity - fits
                if code is None and fits < quantity:
                    code = "over_entitlement" if standing["entitled"] else "already_received"
                    used_it_up = {other for other, _ in accepted if self._same_pot(other, record_id)}
                    self._flag(record_id, code, used_it_up | {record_id})
                elif code is not None:
                    self._flag(record_id, code, {record_id})
                if fits:
                    accepted.append((record_id, fits))
            for record_id in record_ids:
                self._finish(household, record_id)

    def _flag(self, record_id: str, code: str, cites: set[str]) -> None:
        """Give a record a code and its case. A live grant makes no case: nothing has happened yet."""
        standing = self.standings[record_id]
        standing["codes"] = sorted({*standing["codes"], code})
        if standing["standing"] != "waiting":
            self.cases.add((code, frozenset(cites)))

    def find_bar(self, record_id: str) -> str | None:
        """Return why the whole record is excess whatever was given before, or None."""
        record, moment = self.record(record_id), self.moment(record_id)
        household = self.families.find_household(record["card"])
        if household is None:
            return None
        if moment >= self.families.ended.get(record["card"], 1 << 62):
            return "old_card"
        withdrawn = self.families.withdrawn_from(household)
        if withdrawn is not None and moment >= withdrawn:
            return "withdrawn"
        approval = self.families.approval(household)
        if approval == "not_approved" or (approval == "registered" and not self.plan.grants_undecided):
            return "not_approved"
        if self.limit(household, record_id) == "no_rule":
            return "no_rule"
        return None

    def find_breach(self, record_id: str, accepted: list[tuple[str, int]]) -> str | None:
        """Return too_soon or daily_maximum when other entitled entries of the item, earlier in rank, bar this one."""
        record = self.record(record_id)
        rule = self.plan.rule_at(record["item"], self.moment(record_id))
        if rule is None:
            return None
        before = [(i, n) for i, n in accepted if self.record(i)["item"] == record["item"] and i != record_id]
        if rule.minimum_interval_days is not None:
            for other, _ in before:
                if days_between(self.day(other), self.day(record_id)) < rule.minimum_interval_days:
                    return "too_soon"
        if rule.daily_maximum is not None:
            that_day = sum(n for i, n in before if self.day(i) == self.day(record_id))
            if that_day + record["quantity"] > rule.daily_maximum:
                return "daily_maximum"
        return None

    def limit(self, household: str, record_id: str, moment: int | None = None) -> int | str | None:
        """Return how much the household may have of the record's item in its round, then or at a moment; None = no limit."""
        record = self.record(record_id)
        moment = self.moment(record_id) if moment is None else moment
        override = self.families.find_override(household, record["item"], record["round"])
        if override is not None:
            return override
        rule = self.plan.rule_at(record["item"], moment)
        if rule is None:
            return None if self.plan.item[record["item"]].service else "no_rule"
        members = len(self.families.members_at(household, moment))
        if rule.kind == "per_household":
            return rule.quantity
        if rule.kind == "per_person":
            return rule.quantity * members
        if rule.kind == "per_people":
            return rule.quantity * -(-members // (rule.people or 1))
        return None

    def _what_fits(self, household: str, record_id: str, quantity: int, accepted: list[tuple[str, int]],
                   grants: list[tuple[str, int]]) -> int:  # fmt: skip
        limit, used = self.limit(household, record_id), 0
        if limit is None:
            return quantity
        if isinstance(limit, str):
            return 0
        # A later grant ahead in rank brings the limit of its own moment along.
        later = [at for other, at in grants if at > self.moment(record_id) and self._same_pot(other, record_id)]
        if later and limit:
            at_grant = self.limit(household, record_id, max(later))
            if at_grant is None:
                return quantity
            limit = max(limit, 0 if isinstance(at_grant, str) else at_grant)
        for other, entitled in accepted:
            if self._same_pot(other, record_id):
                used += entitled
        return max(0, min(quantity, limit - used))

    def _same_pot(self, one: str, other: str) -> bool:
        one_record, other_record = self.record(one), self.record(other)
        return one_record["item"] == other_record["item"] and one_record["round"] == other_record["round"]

    def _finish(self, household: str, record_id: str) -> None:
        """Give the record its word, and say when it names people who were not in the household then."""
        standing, record = self.standings[record_id], self.record(record_id)
        there = self.families.members_at(household, self.moment(record_id))
        if any(self.families.member(named) not in there for named in record.get("members", [])):
            standing["codes"] = sorted({*standing["codes"], "unknown_member"})
            if standing["standing"] != "waiting":
                self.cases.add(("unknown_member", frozenset((record_id,))))
        if standing["standing"] != "waiting":
            standing["standing"] = "entitled" if standing["entitled"] else "excess"

    # ---- whom it reaches

    def standing_handovers(self) -> list[str]:
        """Return the ids of hand-overs that stand (also on unknown cards), by effective time and id."""
        standing = [i for i, each in self.standings.items() if each["standing"] in ("entitled", "excess", "unknown_card")]
        return sorted(standing, key=lambda i: (self.moment(i), i))

    def _reach_people(self) -> None:
        reached_before: dict[tuple[str, str], set[str]] = {}
        for record_id in self.standing_handovers():
            record = self.record(record_id)
            household = self.families.find_household(record["card"])
            if household is None:
                self.reached[record_id] = set()
                continue
            before = reached_before.setdefault((household, record["item"]), set())
            self.reached[record_id] = self._whom(household, record_id, before)
            before |= self.reached[record_id]

    def _whom(self, household: str, record_id: str, before: set[str]) -> set[str]:
        record = self.record(record_id)
        members = self.families.members_at(household, self.moment(record_id))
        reaches = self.plan.item[record["item"]].reaches
        if reaches == "chosen_members" and "members" in record:
            return {self.families.member(named) for named in record["members"]} & set(members)
        if reaches == "one_person_a_unit":
            still = sorted((member["number"], i) for i, member in members.items() if i not in before)
            return {i for _, i in still[: record["quantity"]]}
        return set(members)


def days_between(one: str, other: str) -> int:
    from_day, to_day = (parse_day(day) for day in (one, other))
    return abs((from_day - to_day).days)
