"""What every page must have, checked on each page that any test fetches."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from relief.db import db

UNLABELLED = {"hidden", "submit", "button", "reset", "image"}


class PageCheckingClient(FlaskClient):
    """A client that checks every page it is given, and lets go of what the test itself read before."""

    def open(self, *arguments: Any, **named: Any) -> TestResponse:
        if has_app_context():
            db.session.rollback()  # else the test would go on seeing the moment before the request
        response = super().open(*arguments, **named)
        is_page = response.mimetype == "text/html" and response.request.method in ("GET", "POST")
        if response.status_code == 200 and is_page:
            assert not (problems := page_problems(response.get_data(as_text=True))), (response.request.path, problems)
        return response


def page_problems(html: str) -> list[str]:
    """Return what is wrong with a page: language, title, one h1, labelled fields, no inline script or style, images named."""
    page = _Page()
    page.feed(html)
    page.close()
    return page.problems()


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.language = self.title = ""
        self.headings = 0
        self.labelled: set[str] = set()
        self.ids: list[str] = []
        self.fields: list[tuple[str, dict[str, str]]] = []
        self.found: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag in ("title", "label", "script"):
            self._open.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.headings += tag == "h1"
        if tag == "html":
            self.language = given.get("lang", "")
        elif tag == "label" and "for" in given:
            self.labelled.add(given["for"])
        elif tag in ("input", "select", "textarea") and given.get("type") not in UNLABELLED:
            self.fields.append((tag, {**given, "inside": "yes" if "label" in self._open else ""}))
        elif tag == "img" and "alt" not in given:
            self.found.append(f"an image without alt: {given.get('src')}")
        elif tag in ("script", "link") and given.get("src", given.get("href", "")).startswith(("http:", "https:", "//")):
            self.found.append(f"{tag} from another machine")
        self.found += [f"inline {name} on <{tag}>" for name in given if name.startswith("on") or name == "style"]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, text: str) -> None:
        if "title" in self._open:
            self.title += text
        if "script" in self._open and text.strip():
            self.found.append("inline script")

    def problems(self) -> list[str]:
        wrong = list(self.found)
        wrong += [] if self.language else ["no language on <html>"]
        wrong += [] if self.title.strip() else ["no title"]
        wrong += [] if self.headings == 1 else [f"{self.headings} h1 instead of one"]
        wrong += [f"id {name} used twice" for name in sorted({name for name in self.ids if self.ids.count(name) > 1})]
        for tag, given in self.fields:
            named = given["inside"] or given.get("aria-label") or given.get("aria-labelledby") or given.get("id") in self.labelled
            wrong += [] if named else [f"{tag} {given.get('name') or given.get('id')} has no label"]
        return wrong
