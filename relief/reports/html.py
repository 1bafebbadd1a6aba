"""The report as one HTML file that needs nothing else: style inside, no script, good on paper too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import get_locale

from relief.reports import shown
from relief.reports.document import Document


def write_html(document: Document) -> bytes:
    """Return the report as a self-contained page."""
    template = current_app.jinja_env.get_template("reports/file.html")
    folder = Path(current_app.static_folder or "")
    style = (folder / "report.css").read_text(encoding="utf-8")
    locale = get_locale()
    # Rendered without the app's chrome: a file has no reader, no menu and no addresses.
    language, direction = str(locale or "en").replace("_", "-"), locale.text_direction if locale else "ltr"
    return template.render(style=style, language=language, direction=direction, **template_values(document)).encode()


def template_values(document: Document) -> dict[str, Any]:
    """Return what the templates of page and file draw."""
    return {"document": document, "shown": shown}
