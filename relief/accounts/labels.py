"""What the roles are called on a page."""

from __future__ import annotations

from flask_babel import gettext as _


def purpose_names() -> dict[str, str]:
    """Return purpose -> its words, in the order in which they are offered."""
    return {
        "distribution": _("To prepare or run a distribution"),
        "household_data": _("To enter or correct what is known of a household"),
        "household_asks": _("A household asks or complains"),
        "decision": _("To decide what waits"),
        "checking": _("To look for mistakes, doubles or misuse"),
        "other": _("Something else"),
    }


def role_names() -> dict[str, str]:
    """Return role -> its name, in the order in which they are offered."""
    return {
        "manager": _("Manager"),
        "site_lead": _("Site lead"),
        "finance": _("Finance"),
        "protection": _("Protection focal point"),
        "auditor": _("Auditor (reads only)"),
        "volunteer": _("Volunteer"),
    }
