"""The report as JSON: the document itself, with stable keys. Amounts are decimal text, days and moments ISO text."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from relief.kernel.clock import wall
from relief.kernel.money import Money
from relief.reports.document import (
    OF_ROW,
    Block,
    Column,
    Document,
    Fact,
    Facts,
    Footnote,
    Meta,
    Note,
    Paragraph,
    Row,
    Section,
    Table,
    Value,
)

VERSION = 1


def write_json(document: Document) -> bytes:
    """Return the report as UTF-8 JSON."""
    return (json.dumps(report_as_json(document), ensure_ascii=False, indent=2) + "\n").encode()


def report_as_json(document: Document) -> dict[str, Any]:
    """Return the report as plain JSON values in the shape of schemas.ReportSchema."""
    meta = document.meta
    return {
        "version": VERSION,
        "title": document.title,
        "code": meta.code,
        "operation_id": meta.operation_id,
        "operation_title": meta.operation_title,
        "national_society": meta.national_society,
        "edition": meta.edition,
        "demo": meta.demo,
        "as_of": meta.as_of,
        "as_of_text": wall(meta.as_of, meta.zone),
        "made_at": meta.made_at,
        "made_at_text": wall(meta.made_at, meta.zone),
        "ledger": {"id": meta.ledger_id, "position": meta.position, "head": meta.head, "signature": meta.signature,
                   "key_id": meta.key_id},
        "plan_version": meta.plan_version,
        "sections": [_section(document, section) for section in document.sections],
        "footnotes": [_footnote(note, meta) for note in document.footnotes],
    }  # fmt: skip


def _section(document: Document, section: Section) -> dict[str, Any]:
    return {"key": section.key, "title": section.title, "blocks": [_block(document, block) for block in section.blocks],
            "sections": [_section(document, part) for part in section.sections]}  # fmt: skip


def _block(document: Document, block: Block) -> dict[str, Any]:
    if isinstance(block, Table):
        return {"type": "table", "key": block.key, "title": block.title, "note": block.note, "live": block.live,
                "footnote": document.number_of(block.source), "columns": [asdict(column) for column in block.columns],
                "rows": [_row(block.columns, row) for row in block.rows]}  # fmt: skip
    if isinstance(block, Facts):
        return {"type": "facts", "key": block.key, "title": block.title,
                "facts": [_fact(document, fact) for fact in block.facts]}  # fmt: skip
    if isinstance(block, Note):
        return {"type": "note", "key": block.key, "kind": block.kind, "text": block.text}
    assert isinstance(block, Paragraph)
    return {"type": "paragraph", "key": block.key, "text": block.text}


def _row(columns: tuple[Column, ...], row: Row) -> dict[str, Any]:
    cells = zip(columns, row.cells, strict=True)
    values = {column.key: {"value": _value(value), "unit": unit_of(column, row, value)} for column, value in cells}
    return {"key": row.key, "kind": row.kind, "demo": row.demo, "depth": row.depth, "values": values}


def _fact(document: Document, fact: Fact) -> dict[str, Any]:
    unit = fact.value.currency if isinstance(fact.value, Money) else fact.unit
    return {"key": fact.key, "label": fact.label, "value": _value(fact.value), "type": fact.type, "unit": unit,
            "at_least": fact.at_least, "note": fact.note, "live": fact.live,
            "footnote": document.number_of(fact.source)}  # fmt: skip


def _footnote(note: Footnote, meta: Meta) -> dict[str, Any]:
    moment = meta.as_of if note.in_ledger else meta.made_at
    ledger = {"id": meta.ledger_id, "position": meta.position, "head": meta.head} if note.in_ledger else None
    return {"number": note.number, "key": note.key, "query": note.query, "says": note.says,
            "as_of": wall(moment, meta.zone), "ledger": ledger}  # fmt: skip


def _value(value: Value) -> str | int | None:
    return value.decimal() if isinstance(value, Money) else value


def unit_of(column: Column, row: Row, value: Value) -> str:
    """Return the unit of one cell: a currency, the row's own unit, or the column's; texts have none."""
    if isinstance(value, Money):
        return value.currency
    if column.type in ("text", "id", "day", "moment"):
        return ""
    return row.unit if column.unit == OF_ROW else column.unit
