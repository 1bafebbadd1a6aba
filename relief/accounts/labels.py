"""What the roles are called on a page."""

from __future__ import annotations

from flask_babel import gettext as _


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
