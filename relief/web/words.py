"""Languages, and how templates write numbers, ids and moments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app, request
from flask_babel import Babel, format_date, format_datetime, format_decimal, get_locale

from relief.kernel import ids
from relief.kernel.clock import local_day, parse_day, wall
from relief.kernel.money import Money, exponent

LANGUAGES = ("en",)  # a language is added here when its translation is complete


def init_app(app: Flask) -> None:
    """Speak the reader's language where we have it, and teach the templates their filters."""
    Babel(app, locale_selector=_language)
    app.jinja_env.filters.update(id_text=ids.to_text, number=number, money=money, moment=moment, day=day, share=share)
    app.context_processor(_language_of_page)


def _language() -> str:
    return (request.accept_languages.best_match(LANGUAGES) if request else None) or LANGUAGES[0]


def _language_of_page() -> dict[str, Any]:
    locale = get_locale()
    return {
        "language": str(locale).replace("_", "-") if locale else "en",
        "direction": locale.text_direction if locale else "ltr",
        "settings": current_app.extensions["relief_settings"],
    }


def number(value: int | float | None) -> str:
    """Return a count as people write it, and a dash where it is not known."""
    return "–" if value is None else format_decimal(value)


def share(part: int | None, whole: int | None) -> str:
    """Return `part` of `whole` in per cent, above 100 too; a dash where there is no whole."""
    return "–" if not whole or part is None else f"{format_decimal(round(100 * part / whole))}\N{NO-BREAK SPACE}%"


def money(value: Money | None) -> str:
    """Return an amount with its currency: `CHF 88,166.00`."""
    if value is None:
        return "–"
    places = exponent(value.currency)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return f"{value.currency}\N{NO-BREAK SPACE}{format_decimal(value.minor / 10**places, pattern)}"


def moment(seconds: int | None, zone: str = "UTC") -> str:
    """Return a moment as the clock in `zone` shows it."""
    if seconds is None:
        return "–"
    shown = datetime.fromisoformat(wall(seconds, zone)).replace(tzinfo=UTC)  # the wall time itself: no second shift
    return f"{format_datetime(shown, 'd MMM y, HH:mm', rebase=False)}{'' if zone != 'UTC' else ' UTC'}"


def day(value: str | int | None, zone: str = "UTC") -> str:
    """Return a day, given as ISO text or as a moment seen in `zone`."""
    if value is None or value == "":
        return "–"
    return format_date(parse_day(local_day(value, zone) if isinstance(value, int) else value), "d MMM y")
