"""The words of the pages about households: states of families and cards."""

from __future__ import annotations

from flask_babel import gettext as _


def state_names() -> dict[str, str]:
    """Return the state of a family -> its words."""
    return {"registered": _("Not decided yet"), "approved": _("Approved"), "not_approved": _("Not approved"),
            "withdrawn": _("Withdrawn"), "": _("Not registered yet")}  # fmt: skip


def said_after(action: str) -> str:
    """Return the sentence that tells what has just happened to a family."""
    return {
        "approved": _("Approved. From now on the family gets what is planned."),
        "not_approved": _("Not approved. The reason is kept with the household."),
        "withdrawn": _("Withdrawn. What was given before stays counted."),
        "separated": _("They are two families again."),
        "taken_back": _("Taken back. The hand-over stays in the history and counts no more."),
        "handed_out": _("The card is handed out."),
        "cancelled": _("The card is cancelled. Give the family another one."),
        "replaced": _("The new card takes the old one's place."),
        "linked": _("The card belongs to this family now."),
        "change": _("Changed. What was given before that day stays as it was judged."),
        "correction": _("Corrected, from the beginning."),
    }[action]
