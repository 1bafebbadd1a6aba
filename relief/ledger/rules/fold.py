"""The fold: `fold(group, plan)` says who a group is, what became of every record, what is used, who was reached, what to decide.

Pure: the same set of entries and the same plan give the same answer, in whatever order they came. Upload time, arrival
order and the present moment never enter it.
"""

from __future__ import annotations

from collections.abc import Iterable

from relief.ledger.rules.allotment import GRANTED, ORDINARY, TRIAL, Allotment, Claim, Share, is_within
from relief.ledger.rules.basis import IDENTITY_KINDS, Basis, basis_of
from relief.ledger.rules.book import Book, Record
from relief.ledger.rules.composition import Composition
from relief.ledger.rules.entry import (
    ENTITLED,
    EXCESS,
    REFUSED,
    UNKNOWN_CARD,
    VOIDED,
    WAITING,
    Case,
    Entry,
    Folded,
    Group,
    Standing,
)  # fmt: skip
from relief.ledger.rules.reach import names_strangers, reached_by
from relief.ledger.rules.tally import tally
from relief.operations.rules import Plan


def fold(group: Group, plan: Plan) -> tuple[Basis, Folded]:
    """Return everything that the entries of one group say under `plan`: who it is, and what became of what it moved."""
    basis = basis_of(group)
    return basis, fold_moves(basis, [entry for entry in group.entries if entry.facts["kind"] not in IDENTITY_KINDS], plan)


def fold_moves(basis: Basis, moves: Iterable[Entry], plan: Plan, composition: Composition | None = None) -> Folded:
    """Return what became of a group's moves (hand-overs, voids, contacts, stock, decisions), given who it is.

    `composition` is the basis's own, where the caller has made it already.
    """
    book = Book(basis, moves, plan)
    composition = composition or basis.composition()
    folded = Folded()
    judge = _Judge(book, composition, folded)
    judge.stand_handovers()
    judge.reach()
    _stand_the_rest(book, folded)
    _voids(book, folded)
    if folded.cases or basis.cases:
        folded.cases = _settled(book, [*folded.cases, *(Case(code, tuple(cites)) for code, cites in basis.cases)])
    tally(book, composition, folded)
    return folded


class _Judge:
    """Gives every hand-over of the group its standing."""

    def __init__(self, book: Book, composition: Composition, folded: Folded) -> None:
        self.book, self.plan, self.basis = book, book.plan, book.basis
        self.composition, self.folded = composition, folded
        self.overrides = {(item, round_id): quantity for item, round_id, quantity in book.basis.overrides}

    def stand_handovers(self) -> None:
        of_item: dict[str, list[Record]] = {}
        for record in self.book.of("handover"):
            if not record.claims:
                self._stand_ended(record)
            elif record.void is not None:
                self._stand_voided(record)
            elif (bar := self._bar(record)) is not None:
                self._stand_barred(record, bar)
            else:
                of_item.setdefault(record.facts["item"], []).append(record)
        for item, records in of_item.items():
            if len(records) == 1 and is_within(self.plan, records[0].entry, self.composition, self.overrides):
                self._stand_whole(records[0])
            else:
                self._share_out(item, records)

    def _bar(self, record: Record) -> str | None:
        """Say why the whole record entitles to nothing, or None."""
        at, basis = record.entry.at, self.basis
        if not basis.households:
            return UNKNOWN_CARD
        if basis.dead_cards and at >= basis.dead_cards.get(record.facts["card_id"], at + 1):
            return "old_card"
        if at >= basis.withdrawn_from:
            return "withdrawn"
        status = basis.status
        if status == "not_approved" or (status == "registered" and not self.plan.grants_undecided):
            return "not_approved"
        return None

    def _stand_whole(self, record: Record) -> None:
        """Let a hand-over stand that is alone and within the rule, the usual case: what sharing out would say, sooner."""
        facts = record.facts
        self.folded.used[facts["item"], facts["round"]] = facts["quantity"]
        self._stand(record, WAITING if record.live_grant else ENTITLED, facts["quantity"], ())

    def _share_out(self, item: str, records: list[Record]) -> None:
        allotment = Allotment(self.plan, item, self.composition, self.overrides)
        pools: dict[str, int] = {}
        allotment.share_out([claim for record in records for claim in self._claims(record, pools)])
        for round_id, used in allotment.used.items():
            self.folded.used[item, round_id] = used
        for record in records:
            self._stand_shared(record, allotment.shares[record.id])

    def _claims(self, record: Record, pools: dict[str, int]) -> list[Claim]:
        """Return what a record claims: a tell that answers for a granted and ended ask takes its rank, for no more than asked."""
        entry, quantity, day = record.entry, record.facts["quantity"], record.day
        if record.granted:
            return [Claim((GRANTED, entry.at, entry.id), entry, quantity, day)]
        if record.trial is not None:
            return [Claim((TRIAL, entry.at, entry.id), entry, quantity, day)]
        claims = []
        ask = self._ask_answered_for(record)
        if ask is not None:
            taken = min(quantity, pools.setdefault(ask.id, ask.facts["quantity"]))
            pools[ask.id] -= taken
            quantity -= taken
            if taken:
                claims.append(Claim((GRANTED, ask.entry.at, ask.id), entry, taken, day))
        if quantity:
            claims.append(Claim((ORDINARY, entry.at, entry.id), entry, quantity, day))
        return claims

    def _ask_answered_for(self, record: Record) -> Record | None:
        ask = self.book.records.get(record.facts.get("ask", ""))
        if ask is None or not ask.granted or ask.ended is None or ask.given is not None:
            return None
        same = all(ask.facts.get(key) == record.facts.get(key) for key in ("kind", "item", "round"))
        return ask if same else None

    def _stand_ended(self, record: Record) -> None:
        standing = VOIDED if record.ended is not None and record.granted else REFUSED
        codes = tuple(record.answer.facts["answer"].get("codes", ())) if standing == REFUSED and record.answer else ()
        self.folded.standings[record.id] = Standing(standing, codes=codes, day=record.day)

    def _stand_voided(self, record: Record) -> None:
        lost = record.void is not None and record.void.facts.get("goods_back", 1) == 0
        self.folded.standings[record.id] = Standing(VOIDED, day=record.day, lost=lost)

    def _stand_barred(self, record: Record, bar: str) -> None:
        word = WAITING if record.live_grant else UNKNOWN_CARD if bar == UNKNOWN_CARD else EXCESS
        self._stand(record, word, 0, (bar,))
        if word != WAITING:
            self._case(record, bar)

    def _stand_shared(self, record: Record, share: Share) -> None:
        codes = tuple(dict.fromkeys(share.codes)) if share.codes else ()
        word = WAITING if record.live_grant else ENTITLED if share.entitled else EXCESS
        self._stand(record, word, share.entitled, codes)
        for code in codes if word != WAITING else ():
            self._case(record, code, share.beside)

    def _stand(self, record: Record, word: str, entitled: int, codes: tuple[str, ...]) -> None:
        if "members" in record.facts and self._names_strangers(record):
            codes = (*codes, "unknown_member")
            if word != WAITING:
                self._case(record, "unknown_member")
        self.folded.standings[record.id] = Standing(word, entitled, record.facts["quantity"] - entitled, codes, record.day)

    def _names_strangers(self, record: Record) -> bool:
        if not self.basis.households:
            return False
        return names_strangers(record.facts, record.entry.at, self.composition)

    def _case(self, record: Record, code: str, beside: tuple[str, ...] = ()) -> None:
        if record.trial is None:
            self.folded.cases.append(Case(code, tuple(sorted({record.id, *beside}))))

    def reach(self) -> None:
        """Say whom each hand-over that stands reached; per item, in (effective time, id) order."""
        before: dict[str, tuple[str, ...]] = {}
        for record in self.book.of("handover"):
            standing = self.folded.standings[record.id]
            if record.given is None or standing.standing not in (ENTITLED, EXCESS):
                continue
            item = self.plan.item[record.facts["item"]]
            known = before.get(item.id, ())
            standing.reached = reached_by(item, record.facts, record.given.at, self.composition, known)
            before[item.id] = known + standing.reached


def _stand_the_rest(book: Book, folded: Folded) -> None:
    for kind in ("contact", "not_served", "stock"):
        for record in book.of(kind):
            word = VOIDED if record.void is not None else ENTITLED
            lost = record.void is not None and record.void.facts.get("goods_back", 1) == 0
            folded.standings[record.id] = Standing(word, day=record.day, lost=lost)


def _voids(book: Book, folded: Folded) -> None:
    """Make the cases of voids: one that waits for somebody with the right to it, and a grant both given and not given."""
    for record in book.records.values():
        if record.waiting_voids and (record.stands or record.live_grant):
            folded.cases += [Case("void_waiting", tuple(sorted((void.id, record.id)))) for void in record.waiting_voids
                             if (void.facts["cause"] == "not_given") == record.live_grant]  # fmt: skip
        if record.ended is not None and record.given is not None:
            folded.cases.append(Case("given_and_not_given", tuple(sorted((record.ended.id, record.id)))))


def _settled(book: Book, cases: list[Case]) -> list[Case]:
    """Mark the cases that a decision answers: same code, and the very set of records it saw."""
    decided = {(record.facts["case"], tuple(sorted(record.facts.get("cites", ())))) for record in book.of("decision")}
    return [Case(code, cites, (code, cites) in decided) for code, cites in sorted({(case.code, case.cites) for case in cases})]
