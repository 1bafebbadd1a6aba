"""Settling a batch under its locks: entries join their groups, asks are answered one by one, groups are folded once.

Works on documents in memory; `store` writes what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from relief.ledger.documents import Document, fold_document, slim
from relief.ledger.groups import Held
from relief.ledger.intake import Fresh, Intake, answer_verdict
from relief.ledger.rules.asking import Answer, answer_ask
from relief.ledger.rules.basis import IDENTITY_KINDS, basis_of
from relief.ledger.rules.entry import Entry, Group
from relief.ledger.rules.grouping import alone_group, connect
from relief.ledger.times import Times, time_of_fresh
from relief.ledger.verdicts import ACCEPTED, ALREADY_THERE, FLAGGED, Verdict
from relief.operations.rules import Plan


@dataclass(slots=True)
class Settlement:
    """What settling makes: `after` documents by group (an emptied group has an empty one), and the entries to store."""

    after: dict[str, Document] = field(default_factory=dict)
    group_of: dict[str, str] = field(default_factory=dict)
    entries: list[tuple[Fresh, dict[str, Any]]] = field(default_factory=list)


class Settler:
    """Settles one batch. `cited` maps record ids to groups and `decisions` are entries of decisions by cited id."""

    def __init__(self, plan: Plan, held: Held, times: Times, now: int) -> None:
        self.plan, self.held, self.times, self.now = plan, held, times, now
        self.moves = {gid: document.moves for gid, document in held.documents.items()}
        self.basis = {gid: document.basis for gid, document in held.documents.items()}
        self.origins: dict[str, list[Entry] | None] = {gid: document.origins for gid, document in held.documents.items()}
        self.touched: set[str] = set()
        self.result = Settlement(group_of=dict(held.group_of))

    def add(self, group_id: str, entry: Entry) -> None:
        """Put an entry into a group, once. (Only a decision that cites several of a group's records comes several times.)"""
        kind = entry.facts["kind"]
        identity = kind in IDENTITY_KINDS
        entries = (self.origins[group_id] or []) if identity else self.moves[group_id]
        if kind != "decision" or not any(each.id == entry.id for each in entries):
            (self.origins if identity else self.moves)[group_id] = [*entries, entry]
        if "card_id" in entry.facts and not self.basis[group_id].cards:  # a card key at first sight
            self.basis[group_id] = basis_of(Group((), (entry.facts["card_id"],), []))
            self.origins[group_id] = self.origins[group_id] or []
        self.touched.add(group_id)

    def move_times(self, moved: Iterable[dict[str, Any]]) -> None:
        """Give stored entries the effective time that new marks say."""
        at = {facts["id"]: self.times.of(facts) for facts in moved}
        for entries in (self.moves, self.origins):
            for gid, those in entries.items():
                if those and any(entry.id in at for entry in those):
                    entries[gid] = _at_times(those, at)
                    self.touched.add(gid)

    def tell(self, fresh: Iterable[Fresh]) -> None:
        """Let tells join their groups; a known kind without group or projection is only kept."""
        for each in fresh:
            each.at, each.unsure = time_of_fresh(each, self.times, self.now)
            self.result.entries.append((each, each.facts))
            group_id = self.held.group_of_facts(each.facts)
            if group_id is not None:
                self.add(group_id, self._entry(each, each.facts))

    def _entry(self, each: Fresh, facts: dict[str, Any]) -> Entry:
        return Entry(each.prepared.id, each.step, each.at, each.unsure, each.device.authority, slim(facts))

    def ask(self, each: Fresh) -> Verdict:
        """Answer one ask and keep the answer."""
        each.at, each.unsure = self.now, False
        group_id = self._group_now(each.facts)
        if not each.device.may_ask(each.facts["site"], self.plan.item[each.facts["item"]].sensitive):
            answer = Answer(False, ("not_for_this_device",))
        elif self.plan.status == "active":
            answer = answer_ask(self.basis[group_id], self.moves[group_id], self.plan, self._entry(each, each.facts))
        else:
            answer = Answer(False, ("not_open",))  # what was given is still told and counted
        stored: dict[str, Any] = {"granted": int(answer.granted), "at": self.now}
        if not answer.granted:
            stored |= {"codes": list(answer.codes), "left": answer.left, "received": list(answer.received)}
        each.known.answer = stored
        facts = {**each.facts, "answer": stored}
        self.result.entries.append((each, facts))
        self.add(group_id, self._entry(each, facts))
        return answer_verdict(each.prepared, stored)

    def tell_asked(self, each: Fresh) -> None:
        """Let the tell that ends an ask of this very batch join."""
        each.at, each.unsure = self.now, False
        self.result.entries.append((each, each.facts))
        self.add(self._group_now(each.facts), self._entry(each, each.facts))

    def _group_now(self, facts: dict[str, Any]) -> str:
        return self.result.group_of[facts["card_id"]]

    def regroup(self, cards: set[str], households: set[str]) -> None:
        """Put the cards, households and entries of all groups whose identity was touched where they belong now."""
        cluster = self.held.regrouped
        entries = [entry for gid in cluster for entry in (*(self.origins[gid] or ()), *self.moves[gid])]
        registered = {entry.id for entry in entries if entry.facts["kind"] == "registration"}
        unique = {(entry.id, entry.step): entry for entry in entries
                  if entry.facts["kind"] != "link" or entry.id not in registered}.values()  # fmt: skip
        belongs = connect(entry for entry in unique if entry.facts["kind"] in IDENTITY_KINDS)
        self.result.group_of.update({each: belongs.get(each, each) for each in (*cards, *households)})
        for gid in cluster:
            self._replace(gid, Group((), (), []))
        for gid, group in arrange(unique, cards, households, self.result.group_of).items():
            self._replace(gid, group)
        self.touched |= cluster | {self.result.group_of[each] for each in (*cards, *households)}

    def _replace(self, gid: str, group: Group) -> None:
        self.basis[gid] = basis_of(group)
        self.origins[gid] = [entry for entry in group.entries if entry.facts["kind"] in IDENTITY_KINDS]
        self.moves[gid] = [entry for entry in group.entries if entry.facts["kind"] not in IDENTITY_KINDS]

    def fold_all(self) -> None:
        """Fold every touched group once."""
        for gid in self.touched:
            self.result.after[gid] = fold_document(self.basis[gid], self.moves[gid], self.plan, self.origins[gid])


def _at_times(entries: list[Entry], at: dict[str, tuple[int, bool]]) -> list[Entry]:
    answered = {entry.id for entry in entries if entry.step == "answer"}  # an ask's time is the server's
    return [replace(entry, at=at[entry.id][0], unsure=at[entry.id][1]) if entry.id in at and entry.id not in answered else entry
            for entry in entries]  # fmt: skip


def arrange(entries: Iterable[Entry], cards: Iterable[str], households: Iterable[str],
            group_of: dict[str, str]) -> dict[str, Group]:  # fmt: skip
    """Return the groups that these entries, cards and households form, given where each card and household belongs."""
    found: dict[str, Group] = {}

    def of(gid: str) -> Group:
        return found.setdefault(gid, Group((), (), []))

    for card in sorted(cards):
        of(group_of[card]).cards += (card,)
    for household in sorted(households):
        of(group_of[household]).households += (household,)
    homes: dict[str, str] = {}
    for entry in entries:
        if entry.facts["kind"] == "decision":
            continue
        homes[entry.id] = home_of(entry, group_of)
        of(homes[entry.id]).entries.append(entry)
        if entry.facts["kind"] == "registration" and "card_id" in entry.facts:
            _note_foreign_link(entry, group_of, of)
    for entry in entries:  # decisions stand with every record they cite
        if entry.facts["kind"] == "decision":
            for gid in {homes[each] for each in entry.facts.get("cites", ()) if each in homes}:
                of(gid).entries.append(entry)
    return found


def _note_foreign_link(entry: Entry, group_of: dict[str, str], of: Callable[[str], Group]) -> None:
    """Let the group that a card belongs to know of a registration elsewhere that names it too."""
    card, household = entry.facts["card_id"], entry.facts["household"]
    if group_of[card] != group_of[household]:
        link = {"kind": "link", "card_id": card, "household": household, "enrolment": entry.facts["enrolment"]}
        of(group_of[card]).entries.append(replace(entry, facts=link))


def home_of(entry: Entry, group_of: dict[str, str]) -> str:
    """Return the group that keeps an entry (not a decision's: those stand with what they cite)."""
    facts = entry.facts
    if facts["kind"] in ("registration", "composition", "household"):
        return group_of[facts["household"]]
    if "card_id" in facts:
        return group_of[facts["card_id"]]
    return alone_group(facts["target"] if facts["kind"] == "void" else entry.id)


def verdict_of(each: Fresh, document: Document | None, plan: Plan, seq_reused: bool) -> Verdict:
    """Return what a device is told of a tell that became an entry; of sensitive items it must not see, nothing more."""
    item = plan.item.get(each.facts.get("item", ""))
    if item is not None and not each.device.may_see(item.sensitive):
        return Verdict(each.prepared.index, each.prepared.id, FLAGGED, ("not_for_this_device",))
    codes = list(_codes(each.prepared.id, each.prepared.kind, document)) if document else []
    if each.known.answer is not None and not each.known.answer["granted"]:
        codes.append("after_refusal")
    if seq_reused:
        codes.append("seq_reused")
    return Verdict(each.prepared.index, each.prepared.id, FLAGGED if codes else ACCEPTED, tuple(codes))


def _codes(record_id: str, kind: str, document: Document) -> list[str]:
    cited = [code for code, cites, _decided in document.cases if record_id in cites]
    if kind == "handover":
        standing = document.standings.get(record_id)
        return [*(standing[3] if standing else ()), *(code for code in cited if code == "given_and_not_given")]
    return list(dict.fromkeys(cited))


def repeat_verdicts(intake: Intake, documents: dict[str, Document], held: Held) -> None:
    """Answer asks that were asked before: the stored answer again, `ended`, or already there once given."""
    for prepared, known in intake.repeats:
        if known.given:
            intake.verdicts[prepared.index] = Verdict(prepared.index, prepared.id, ALREADY_THERE)
            continue
        standing = _standing_of(prepared.id, documents)
        ended = bool(known.answer and known.answer["granted"] and standing and standing[0] == "voided")
        intake.verdicts[prepared.index] = answer_verdict(prepared, known.answer or {"granted": 0}, ended)


def _standing_of(record_id: str, documents: dict[str, Document]) -> list[Any] | None:
    return next((document.standings[record_id] for document in documents.values() if record_id in document.standings), None)

