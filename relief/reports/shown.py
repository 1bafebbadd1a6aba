"""How the report's values look to people: numbers grouped, days and moments spelled out, units in words."""

from __future__ import annotations

from babel.numbers import format_decimal
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _

from relief.kernel.clock import parse_wall
from relief.kernel.money import Money, exponent
from relief.reports.document import NUMBERS, OF_ROW, Block, Column, Document, Facts, Footnote, Note, Paragraph, Row, Table, Value
from relief.totals import words

UNITS = {
    "people": lazy_gettext("people"), "households": lazy_gettext("households"), "months": lazy_gettext("months"),
    "hours": lazy_gettext("hours"), "hand-overs": lazy_gettext("hand-overs"), "contacts": lazy_gettext("contacts"),
    "phones": lazy_gettext("phones"), "records": lazy_gettext("records"), "cases": lazy_gettext("cases"),
    "times": lazy_gettext("times"), "entries": lazy_gettext("entries"), "other": "",
}  # fmt: skip
_KINDS = {Table: "table", Facts: "facts", Note: "note", Paragraph: "paragraph"}


def kind(block: Block) -> str:
    """Return which kind of block this is."""
    return _KINDS[type(block)]


def value(value: Value, type_: str, zone: str, *, with_currency: bool = True) -> str:
    """Return a value for people; what is not known is a dash."""
    if value is None or value == "":
        return "–"
    if isinstance(value, Money):
        return amount(value, with_currency=with_currency)
    if isinstance(value, int):
        return words.number(value)
    if type_ == "day":
        return words.day(value)
    if type_ == "moment":
        return words.moment_text(parse_wall(value), zone)
    return value


def amount(money: Money, *, with_currency: bool = True) -> str:
    """Return `CHF 88,166.00`, exactly."""
    places = exponent(money.currency)
    whole, _point, rest = money.decimal().partition(".")
    grouped = format_decimal(abs(int(whole)), locale=str(get_locale() or "en"))
    point = format_decimal(0.5, locale=str(get_locale() or "en"))[1]
    sign = "−" if money.minor < 0 else ""
    text = f"{sign}{grouped}{point}{rest}" if places else f"{sign}{grouped}"
    return f"{money.currency}\N{NO-BREAK SPACE}{text}" if with_currency else text


def unit(name: str) -> str:
    """Return a unit in words: ours translated, an item's own as it was written."""
    return str(UNITS.get(name, name))


def is_number(column: Column) -> bool:
    return column.type in NUMBERS


def cell_unit(column: Column, row: Row, value: Value) -> str:
    """Return the unit that stands beside a number in its own cell: the row's, or the per cent sign."""
    if not isinstance(value, int):
        return ""
    return unit(row.unit) if column.unit == OF_ROW else "%" if column.type == "percent" else ""


def head_unit(table: Table, column: Column) -> str:
    """Return the unit that a column's head must name, because neither cells nor caption do."""
    if not is_number(column) or column.unit in ("", "percent", OF_ROW) or table.unit:
        return ""
    name = unit(column.unit)
    return "" if name.casefold() in column.title.casefold() else name


def caption_unit(table: Table) -> str:
    """Return the one unit of all numbers of a table."""
    return unit(table.unit)


def moment(seconds: int, zone: str) -> str:
    return words.moment_text(seconds, zone)


def number(count: int) -> str:
    return words.number(count)


def stand(document: Document, note: Footnote) -> str:
    """Return where a footnote's numbers stand: ledger position and head, or the moment they were read."""
    meta = document.meta
    if not note.in_ledger:
        return _("read %(moment)s", moment=moment(meta.made_at, meta.zone))
    return _("as of %(moment)s, ledger %(ledger)s, position %(position)s, head %(head)s", moment=moment(meta.as_of, meta.zone),
             ledger=meta.ledger_id[:8], position=number(meta.position), head=meta.head[:12] or "–")  # fmt: skip


def currencies(table: Table) -> str:
    """Return the currencies of a table's amounts: said once, in its caption."""
    found = {value.currency for row in table.rows for value in row.cells if isinstance(value, Money)}
    return ", ".join(sorted(found)) if any(column.type == "money" for column in table.columns) else ""


def column_class(table: Table, place: int) -> str:
    """Return how a column is set: `n` for numbers; `words` where one of its figures is told in words."""
    if not is_number(table.columns[place]):
        return ""
    return "words" if any(isinstance(row.cells[place], str) for row in table.rows) else "n"
