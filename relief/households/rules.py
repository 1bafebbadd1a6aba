"""What a cell of a household list says: sex, age band, disability, counts. An empty cell is *unknown*, never a guess."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from relief.kernel.clock import parse_day

UNKNOWN = "unknown"
OLDEST_YEARS = 120
MOST_MEMBERS = 50
LONGEST_EXTERNAL_ID = 100
LONGEST_TEXT = 500
BAND_STARTS = ((60, "60+"), (18, "18-59"), (13, "13-17"), (6, "6-12"), (2, "2-5"), (0, "0-1"))

_NOT_KNOWN = ("", "unknown", "u", "n/a", "na", "-", "?", "неизвестно", "не известно", "н/д", "нет данных", "inconnu", "inconnue",
              "desconocido", "no sabe", "غير معروف", "لا يعرف")  # fmt: skip
_SEX = {
    **dict.fromkeys(_NOT_KNOWN, UNKNOWN),
    **dict.fromkeys(("female", "f", "woman", "girl", "w", "ж", "жен", "жен.", "женский", "женщина", "девочка", "femme",
                     "fille", "féminin", "mujer", "niña", "femenino", "أنثى", "انثى", "امرأة", "بنت"), "female"),
    **dict.fromkeys(("male", "m", "man", "boy", "м", "муж", "муж.", "мужской", "мужчина", "мальчик", "homme", "garçon",
                     "masculin", "hombre", "niño", "masculino", "ذكر", "رجل", "ولد"), "male"),
}  # fmt: skip
_DISABILITY = {
    **dict.fromkeys(_NOT_KNOWN, UNKNOWN),
    **dict.fromkeys(("yes", "y", "1", "true", "да", "oui", "sí", "si", "نعم"), "yes"),
    **dict.fromkeys(("no", "n", "0", "false", "нет", "non", "لا"), "no"),
}  # fmt: skip
_TOTALS = re.compile(r"\W*(?:grand |(?:sub|sous)[- ]?)?(?:totale?s?|totaux|итого|всего|усяго|разам|усього|разом|"
                     r"(?:ال)?مجموع|(?:ال)?[إا]جمالي)\b", re.IGNORECASE)  # fmt: skip
_BANDS = {"": UNKNOWN, UNKNOWN: UNKNOWN, **{band: band for _start, band in BAND_STARTS}}
# Lists that went through a data frame carry whole numbers as 34.0.
_WHOLE = re.compile(r"(\d{1,6})(?:\.0+)?", re.ASCII)
_YEARS = re.compile(r"([0-9]{1,3})(?:\.0+)?(?: ?(?:y|yo|yrs?\.?|years?(?: old)?|лет|год|года|г\.?|ans?|años?|سنة|سنوات|عام))?",
                    re.IGNORECASE)  # fmt: skip
_MONTHS = re.compile(r"([0-9]{1,3}) ?(?:mo?\.?|mths?|months?(?: old)?|мес\.?|месяц(?:а|ев)?|mois|mes|meses|شهر|أشهر|شهور)",
                     re.IGNORECASE)  # fmt: skip
_DAY_NUMBER = re.compile(r"[1-9]\d{4}(?:\.\d+)?", re.ASCII)  # days since 1899-12-30, or since 1904-01-01: nobody can tell
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?: ?г\.?)?", re.ASCII)


# Arabic, Persian, Devanagari, Bengali and full-width digits.
_DIGITS = {start + value: str(value) for start in (0x660, 0x6F0, 0x966, 0x9E6, 0xFF10) for value in range(10)}


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of a household on a list; the name and the year of birth (four digits or empty) are private."""

    number: int
    sex: str = UNKNOWN
    age_band: str = UNKNOWN
    disability: str = UNKNOWN
    name: str = ""
    born: str = ""


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household of a list, `row` being the first of its rows in the file. `area` and `home_site` are ids of the plan.

    `private` holds what is erased later: head, village, address, phone and document, those that were given.
    """

    row: int
    external_id: str
    members: tuple[MemberRow, ...]
    private: dict[str, str]
    area: str | None = None
    home_site: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a list: spreadsheet row (1 = first line), column, a stable code, and the cell where it may be shown."""

    row: int
    column: str
    code: str
    value: str = ""
    sheet: str = ""


class Unreadable(ValueError):
    """A cell that cannot be read; its one argument is a problem's code."""


def with_plain_digits(cell: str) -> str:
    """Return a cell with the digits of other scripts written 0 to 9."""
    return cell if cell.isascii() else cell.translate(_DIGITS)


def is_totals(cell: str) -> bool:
    """Return whether a cell begins like a line of totals, which is no household."""
    return _TOTALS.match(cell) is not None


def age_band(years: int) -> str:
    """Return the band of completed years of life."""
    return next(band for start, band in BAND_STARTS if years >= start)


def read_sex(cell: str) -> str:
    return _read_word(cell, _SEX, "not_a_sex")


def read_disability(cell: str) -> str:
    return _read_word(cell, _DISABILITY, "not_a_disability")


def read_band(cell: str) -> str:
    """Return the age band that a cell names. What a spreadsheet turned into a date (`06.Dec`) is not taken for one."""
    return _read_word(cell.replace(" ", "").replace("\u2013", "-").replace("\u2212", "-"), _BANDS, "not_an_age_band")


def read_count(cell: str, most: int = MOST_MEMBERS) -> int:
    """Return the whole number in a cell, 0 for an empty one."""
    match = _WHOLE.fullmatch(cell)
    if cell and (match is None or int(match.group(1)) > most):
        raise Unreadable("not_a_count")
    return int(match.group(1)) if match else 0


def band_of_age(cell: str) -> str:
    """Return the band of an age in completed years, or in months where the cell says so."""
    if not cell or cell.casefold() in _NOT_KNOWN:
        return UNKNOWN
    months = _MONTHS.fullmatch(cell)
    match = months or _YEARS.fullmatch(cell)
    years = int(match[1]) // (12 if months else 1) if match else -1
    if not 0 <= years <= OLDEST_YEARS:
        raise Unreadable("not_an_age")
    return age_band(years)


def band_of_birth_date(cell: str, day: date) -> str:
    """Return the band on `day` of a person born on an ISO date, or on one written `18.03.1975`, or in a bare year.

    Who is born up to a year later counts as age 0.
    """
    if not cell or cell.casefold() in _NOT_KNOWN:
        return UNKNOWN
    if re.fullmatch(r"[0-9]{4}", cell):
        return band_of_birth_year(cell, day)
    if _DAY_NUMBER.fullmatch(cell):
        raise Unreadable("day_as_number")
    dotted = _DOTTED.fullmatch(cell)
    text = f"{dotted[3]}-{int(dotted[2]):02d}-{int(dotted[1]):02d}" if dotted else re.split(r"[T ]", cell, maxsplit=1)[0]
    try:
        born = parse_day(text)
    except ValueError:
        raise Unreadable("not_a_birth_date") from None
    return _band_of_years(day.year - born.year - ((day.month, day.day) < (born.month, born.day)), "not_a_birth_date")


def band_of_birth_year(cell: str, day: date) -> str:
    """Return the band of the age that a person born in a year reaches in the year of `day`."""
    match = _WHOLE.fullmatch(cell)
    if not cell or cell.casefold() in _NOT_KNOWN:
        return UNKNOWN
    if match is None:
        raise Unreadable("not_a_birth_year")
    return _band_of_years(day.year - int(match.group(1)), "not_a_birth_year")


def _band_of_years(years: int, code: str) -> str:
    if not -1 <= years <= OLDEST_YEARS:
        raise Unreadable(code)
    return age_band(max(0, years))


def _read_word(cell: str, words: dict[str, str], code: str) -> str:
    try:
        return words[cell.casefold()]
    except KeyError:
        raise Unreadable(code) from None
