"""The columns of a household list and the answers about its codes in the words of the pages."""

from __future__ import annotations

from flask_babel import gettext as _

from relief.households.columns import COUNT_COLUMNS


def column_labels() -> dict[str, str]:
    """Return each column we know with its words, in the order in which a page offers them."""
    sexes = {"female": _("Women and girls"), "male": _("Men and boys"), "unknown": _("People of unknown sex")}
    counts = {name: _("%(who)s, %(band)s", who=sexes[sex], band=band if band != "unknown" else _("age unknown"))
              for name, (sex, band) in COUNT_COLUMNS.items()}  # fmt: skip
    return {
        "external_id": _("Number of the household"), "head_name": _("Name of the head"), "village": _("Village"),
        "address": _("Address"), "phone": _("Phone"), "document": _("Document"), "area": _("Area"),
        "home_site": _("Distribution site"), "members": _("Number of people"), "member_number": _("Number of the member"),
        "member_name": _("Name of the member"), "sex": _("Sex"), "age_band": _("Age band"), "age": _("Age in years"),
        "birth_date": _("Date of birth"), "birth_year": _("Year of birth"), "disability": _("Disability"), **counts,
    }  # fmt: skip


def answer_words() -> dict[str, str]:
    """Return what a code may mean, in words."""
    return {"female": _("female"), "male": _("male"), "unknown": _("not known"), "yes": _("yes"), "no": _("no"),
            "0-1": _("an infant under one year"), "day_first": _("the day first: 31/12/1975"),
            "month_first": _("the month first: 12/31/1975")}  # fmt: skip
