"""Why two households may be one, in words."""

from __future__ import annotations

from flask_babel import gettext as _


def reason_words() -> dict[str, str]:
    """Return each reason of `likeness` with its words; what speaks against stands in the table beside them."""
    return {
        "document": _("The same document"), "phone": _("The same phone"), "name": _("The same name"),
        "spelling": _("Nearly the same name, spelled otherwise"), "script": _("The same name in Cyrillic and in Latin letters"),
        "surname": _("The same given name and patronymic under another surname"), "born": _("The same year of birth"),
        "more_names": _("Others of the family have the same names too"), "people": _("The same people by sex and age"),
        "village": _("The same village"), "address": _("The same address"),
    }  # fmt: skip
