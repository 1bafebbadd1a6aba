"""The kinds of files a report can be written as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from relief.reports.csv_ import write_csv
from relief.reports.document import Document
from relief.reports.html import write_html
from relief.reports.json_ import write_json


@dataclass(frozen=True, slots=True)
class Writer:
    """How to write one kind of file, and its media type; texts are UTF-8."""

    write: Callable[[Document], bytes]
    media_type: str


WRITERS = {
    "html": Writer(write_html, "text/html"),
    "csv": Writer(write_csv, "text/csv"),
    "json": Writer(write_json, "application/json"),
}
