"""What an erasure does, in words: on the page and on the command line alike."""

from __future__ import annotations

from flask_babel import gettext as _

from relief.ledger.erasing import Found, Order


def reason_words() -> dict[str, str]:
    """Return the words of each reason (`ledger.erasing.REASONS`)."""
    return {
        "asked": _("The family asked for it"),
        "over": _("It is no longer needed"),
        "mistake": _("It should not be here"),
        "other": _("Another reason"),
    }


def what_happens(order: Order, found: Found) -> list[str]:
    """Return in words what goes and what stays."""
    lines = [_("Goes for good: what %(records)s records and %(held)s held records say of people - names, addresses, documents, "
               "collectors, reasons, codes of cards.", records=len(found.entries), held=len(found.held))]  # fmt: skip
    if order.households:
        lines.append(_("Also goes: the photo of every tally sheet on which a line was typed in for one of its cards."))
        lines.append(_("Stays: what was given, when, where and to how many, and the card, which goes on to work."))
    else:
        lines.append(_("Also goes: the keys of %(cards)s cards. No card of this operation is known afterwards.",
                       cards=len(found.cards)))  # fmt: skip
        lines.append(_("Stays: what was given, when, where and to how many."))
    lines.append(_("Totals, report and the chain's head are the same before and after. Lists being uploaded are thrown away."))
    return lines


def who_still_holds(aside: list[str]) -> list[str]:
    """Return in words which databases beside this one may hold what was erased in it; nothing where there are none."""
    if not aside:
        return []
    return [_("Still held by what a restore laid aside: %(names)s. Who looks after the server deletes it with relief db aside "
              "--delete", names=", ".join(aside))]  # fmt: skip
