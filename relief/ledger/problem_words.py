"""What `ledger verify` found, in plain words: one sentence a code, what to do, and where it is."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from relief.kernel.clock import wall
from relief.ledger.problems import Problem, Verified

_REBUILD = lazy_gettext("Nothing is lost: it follows from the entries. relief ledger rebuild writes it anew.")
_KEEP = lazy_gettext("Somebody changed the database by hand. Keep it as it is, and "
                     "restore the last backup that verifies beside it.")  # fmt: skip
_CUT = lazy_gettext("An older state of the database was put in place. Bring the later one back, or restore the last backup; to "
                    "go on with what is here: relief db adopt.")  # fmt: skip
_RENAMED = lazy_gettext("Somebody changed the database by hand. Write back what was given, or restore the last backup; if what "
                        "stands there now is right: relief db adopt.")  # fmt: skip
_BESIDE = lazy_gettext("The entries themselves are whole. Compare with the last backup who changed what stands beside them.")
_RESUME = lazy_gettext("relief erase resume carries out what erasures.jsonl knows: copy it from the host where the order was "
                       "given.")  # fmt: skip
_AGAIN = lazy_gettext("Mend the rest first, then verify again.")

WORDS = {
    "entry_changed": (lazy_gettext("An entry is not what was sealed: it was changed or invented."), _KEEP),
    "entry_moved": (lazy_gettext("An entry stands elsewhere than where it was sealed, or the one before was changed."), _KEEP),
    "mark_wrong": (lazy_gettext("When an entry came, from whom, or what was answered was changed, or the chain written anew."),
                   _KEEP),
    "private_part_changed": (lazy_gettext("The private part of an entry is not the one that was sealed."), _KEEP),
    "columns_changed": (lazy_gettext("The columns of an entry say something else than its content."), _KEEP),
    "entry_not_understood": (lazy_gettext("An entry is as it was sealed, but the device it names is not here."), _BESIDE),
    "position_missing": (lazy_gettext("Entries are missing: they were deleted."), _KEEP),
    "seal_differs": (lazy_gettext("A signed head is not the one the entries lead to."), _KEEP),
    "seal_changed": (lazy_gettext("The row of a signed head was changed, though not what was signed."), _KEEP),
    "signature_wrong": (lazy_gettext("The signature of a head is not ours: it was changed or forged."), _KEEP),
    "seal_missing": (lazy_gettext("A signed head is missing: it was deleted."), _KEEP),
    "ledger_differs": (lazy_gettext("A head was signed under another ledger than the one it is said to belong to."), _KEEP),
    "head_differs": (lazy_gettext("The ledger's end is not where its entries end."), _KEEP),
    "cut_back": (lazy_gettext("A head that was signed here and is known elsewhere is not in this ledger."), _CUT),
    "operation_renamed": (lazy_gettext("The operation goes by another appeal code or GLIDE number than it was given, once."),
                          _RENAMED),
    "lineage_differs": (lazy_gettext("What is said of an earlier restore was changed."), _KEEP),
    "held_changed": (lazy_gettext("A held record is not as it came: it was changed or invented."), _KEEP),
    "held_missing": (lazy_gettext("Held records are missing: they were deleted."), _KEEP),
    "held_decided_differs": (lazy_gettext("A held record is taken up or put aside, or not, against what was decided."), _BESIDE),
    "plan_differs": (lazy_gettext("A version of the plan is not the one whose digest was sealed."), _KEEP),
    "group_differs": (lazy_gettext("What is kept of a family or card differs from what its entries say."), _REBUILD),
    "standing_differs": (lazy_gettext("What became of a record differs from what the entries say."), _REBUILD),
    "place_differs": (lazy_gettext("The row of a card or household differs from what the entries say."), _REBUILD),
    "feed_lacks": (lazy_gettext("Phones would not hear of a family or card."), _REBUILD),
    "feed_differs": (lazy_gettext("Phones would hear of a family or card at the wrong time."), _REBUILD),
    "counter_differs": (lazy_gettext("A total differs from the sum of the entries."), _REBUILD),
    "citation_differs": (lazy_gettext("Which records a decision cites differs from the decision itself."), _REBUILD),
    "card_key_differs": (lazy_gettext("A card's key is not the one its entries name: scans would go astray."), _REBUILD),
    "device_missing": (lazy_gettext("A device that told records is not here: nothing can be computed anew without it."), _KEEP),
    "device_unreadable": (lazy_gettext("The row of a device cannot be read: nothing can be computed anew without it."), _KEEP),
    "device_changed": (lazy_gettext("What a device is or may do was changed after it told records: other totals would "
                                    "follow."), _KEEP),
    "erasure_forged": (lazy_gettext("This installation did not write down an order to erase as it stands: it is not obeyed."),
                       _RESUME),
    "erasure_missing": (lazy_gettext("An order to erase is not in the database: it was deleted, or not yet carried out here."),
                        _RESUME),
    "type_wrong": (lazy_gettext("A value is not of its column's kind: it was changed."), _KEEP),
    "not_checked": (lazy_gettext("Not compared, because of what is named here: it may be right or wrong."), _AGAIN),
    "register_differs": (lazy_gettext("Where a household comes from, who told of it, its approval, or the words it is found by "
                                      "differ from its entries."), _REBUILD),
    "device_differs": (lazy_gettext("How many records a device sent differs from its entries."), _REBUILD),
}  # fmt: skip

CHECK_WORDS = {
    "types": lazy_gettext("the kind of every value"),
    "devices": lazy_gettext("the devices"),
    "erasures": lazy_gettext("orders to erase"),
    "journal": lazy_gettext("the journal of erasures"),
    "plans": lazy_gettext("the plan's versions"),
    "held": lazy_gettext("held records"),
    "entries": lazy_gettext("every entry"),
    "seals": lazy_gettext("signed heads"),
    "projections": lazy_gettext("families, cards, totals and what became of each record"),
    "card_keys": lazy_gettext("the keys of cards"),
    "register": lazy_gettext("what households are found by"),
    "numbers": lazy_gettext("how many records each device sent"),
    "anchors": lazy_gettext("what the instance folder knows"),
}


def describe_checks(result: Verified) -> str:
    """Return the line that lists what was compared to its end."""
    return _("Checked: %(checks)s.", checks=", ".join(str(CHECK_WORDS[name]) for name, done in result.checks.items() if done))


def describe(result: Verified) -> Iterator[str]:
    """Yield the lines that tell a person what is wrong, code by code, and how far the ledger is whole."""
    for code, count in result.wrong.items():
        what, cure = WORDS[code]
        yield f"{code} ({count}): {what}"
        shown = [problem for problem in result.problems if problem.code == code]
        yield from (f"  {_place(problem)}" for problem in shown)
        if count > len(shown):
            yield "  " + _("and %(count)s more (all with --json)", count=count - len(shown))
        yield f"  {cure}"
    if result.wrong and result.intact_at is not None:
        yield _("The last signed head before that: position %(position)s, sealed at %(moment)s.", position=result.intact_position,
                moment=wall(result.intact_at))  # fmt: skip


def _place(problem: Problem) -> str:
    if problem.code == "not_checked":
        return str(CHECK_WORDS[problem.where])
    if problem.whole_until is None:
        return problem.where
    return _("%(where)s, whole when it was sealed at %(moment)s", where=problem.where, moment=wall(problem.whole_until))


def describe_given_up(result: Verified) -> Iterator[str]:
    """Yield a note for every end of the ledger that was left out on purpose: nobody is to forget it."""
    for each in result.given_up:
        yield _("Look: at %(moment)s the ledger was taken back to position %(position)s, though it had come to %(known)s. "
                "What lay between is here only as far as phones sent it again.", moment=wall(each.moment), position=each.position,
                known=each.known_position)  # fmt: skip


def describe_erased(result: Verified, orders: int) -> str | None:
    """Return the note about erased private parts (None: there are none); `orders` counts table and journal together."""
    if not result.erased:
        return None
    if orders:
        return _("%(count)s entries are without their private part; erasures ordered: %(orders)s. That is no tampering.",
                 count=result.erased, orders=orders)  # fmt: skip
    return _("Look: %(count)s entries are without their private part, but no order to erase is in the database or in "
             "erasures.jsonl. Somebody took names away; totals and chain are whole.", count=result.erased)  # fmt: skip
