"""The sentences for what is wrong in a household list."""

from __future__ import annotations

from flask_babel import gettext as _

from relief.households.rules import Problem


def problem_sentence(problem: Problem) -> str:
    """Return one sentence for a problem, without its row and column."""
    sentences = {
        "missing": _("This must be filled in."),
        "nobody": _("Write how many they are: at least 1."),
        "totals": _("This looks like a line of totals, not a household: delete it from the list."),
        "repeated": _("This household is in the file already: one row a household."),
        "differs": _("Another row of this household says something else."),
        "too_long": _("This is too long."),
        "bad_signs": _("There are signs in it that are no text."),
        "spreadsheet_error": _("A formula failed here: write the value itself."),
        "ask_meaning": _("This code could mean more than one thing: say on the page of columns what it means."),
        "ask_zero": _("A 0 may be an infant or an age nobody knows: say on the page of columns which."),
        "ask_order": _("Day or month first? Say it on the page of columns, or write 1975-03-18."),
        "too_many_cells": _("The row has more cells than the header."),
        "not_a_sex": _("Write female, male or unknown, or leave it empty."),
        "not_a_disability": _("Write yes, no or unknown, or leave it empty."),
        "not_an_age_band": _("Write one of 0-1, 2-5, 6-12, 13-17, 18-59, 60+. (Did a spreadsheet make a date of it?)"),
        "not_an_age": _("Write whole years from 0 to 120."),
        "not_a_birth_date": _("Write the day of birth as 1975-03-18."),
        "day_as_number": _("A spreadsheet wrote this day as a number: give the column the format of a date."),
        "not_a_birth_year": _("Write the year of birth with four digits."),
        "ages_differ": _("The columns of age in this row do not agree."),
        "not_a_count": _("Write a whole number from 0 to 50."),
        "bad_number": _("Number all members of the household, each differently, from 1 - or none."),
        "fewer_than_described": _("More members are described than this number says."),
        "too_many_members": _("A household has at most 50 members."),
        "unknown_area": _("The plan has no such area."),
        "ambiguous_area": _("The plan has more than one area of this name: write its P-code."),
        "unknown_site": _("The plan has no such site."),
        "ambiguous_site": _("The plan has more than one site of this name: write its id."),
    }
    return sentences[problem.code]
