"""Finding every form that anybody is shown, by walking the pages, and filling them with what nobody should type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.fuzz.answers import MARKUP
from tests.fuzz.town import Town, Visitor, some_id

PAGES_OF_A_RULE = 3
TOKEN = "csrf_token"
HOSTILE = (
    "",
    " ",
    "x" * 50_000,
    MARKUP,
    "'; DROP TABLE entry; --",
    "a\x00b",
    "\ud800",
    "\u202eevil",
    "-1",
    "0",
    "1.5",
    "1e999",
    "NaN",
    "9" * 400,
    "0001-01-01",
    "9999-12-31",
    "2013-02-30",
    "2013-13-01T99:99",
    "true",
    "null",
    "{{ 7*7 }}",
    "%s%n",
    "a\r\nSet-Cookie: a=b",
    "é" * 300,
    "💧",
    "../../etc/passwd",
    "=1+1",
    "somebody@example.org",
    "olga@exämple.org",
    "BYR",
    "MDRBY009",
    "12",
    "2013-03-04",
)


@dataclass
class Input:
    """One field of a form: its type, what it holds, and what it offers."""

    name: str
    type: str
    value: str = ""
    choices: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form on a page, where it leads, and what it asks."""

    page: str
    action: str
    method: str
    multipart: bool
    inputs: list[Input]

    def has_file(self) -> bool:
        return any(each.type == "file" for each in self.inputs)


class _Page(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.forms, self.links = address, [], []  # type: ignore[var-annotated]
        self._inside: Form | None = None
        self._area: Input | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self.address, given["href"]))
        elif tag == "form":
            self._inside = Form(
                self.address,
                urljoin(self.address, given.get("action", "")),
                given.get("method", "get").lower(),
                "multipart" in given.get("enctype", ""),
                [],
            )
            self.forms.append(self._inside)
        elif self._inside is not None:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._inside is not None
        if tag in ("input", "select", "textarea", "button") and given.get("name"):
            self._inside.inputs.append(Input(given["name"], given.get("type", tag), given.get("value", "")))
            self._area = self._inside.inputs[-1] if tag == "textarea" else None
        elif tag == "option" and self._inside.inputs:
            self._inside.inputs[-1].choices.append(given.get("value", ""))
            if "selected" in given or not self._inside.inputs[-1].value:
                self._inside.inputs[-1].value = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._inside = None if tag == "form" else self._inside
        self._area = None if tag == "textarea" else self._area

    def handle_data(self, text: str) -> None:
        if self._area is not None:
            self._area.value += text


def read_page(address: str, html: str) -> _Page:
    page = _Page(address)
    page.feed(html)
    page.close()
    return page


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def walk(app: Flask, town: Town, visitor: Visitor) -> Iterator[Form]:
    """Yield every form on every page that this visitor can open: from each address of the program, and by every link."""
    client, waiting, seen = town.client_of(visitor), list(_addresses(app, town)), Counter[str]()
    while waiting:
        address = waiting.pop(0)
        rule = rule_of(app, address, "get")
        if seen[address] or seen[rule] == PAGES_OF_A_RULE or rule.startswith("/static/"):
            continue
        seen.update((address, rule))
        answer = client.get(address)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            page = read_page(address, answer.get_data().decode(errors="replace"))
            yield from page.forms
            waiting += [path_of(link) for link in page.links if not urlsplit(link).netloc]


def _addresses(app: Flask, town: Town) -> Iterator[str]:
    """Yield the address of every page, with ids of real objects."""
    known = town.ids()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.rule.startswith(("/api/", "/static/")):
            yield re.sub(r"<(?:[^:>]+:)?([^>]+)>", lambda found: (known.get(found[1]) or ["html"])[0], rule.rule)


def rule_of(app: Flask, address: str, method: str) -> str:
    """Return the rule that an address belongs to."""
    return _match(app, address, method).rule


def endpoint_of(app: Flask, address: str, method: str) -> str:
    return _match(app, address, method).endpoint


def _match(app: Flask, address: str, method: str) -> Rule:
    try:
        return app.url_map.bind("localhost").match(urlsplit(address).path, method=method.upper(), return_rule=True)[0]
    except HTTPException as error:
        raise AssertionError(f"a form or link leads nowhere: {method} {address}") from error


def filled(form: Form, town: Town) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Return what might be typed into a form: all fine, or fine but for one field or two, or nothing fine at all.

    A field that is not fine holds something hostile, is left out, or comes twice.
    """
    hostile = st.sampled_from([*HOSTILE, *town.ids()["any"], some_id()]) | st.text(max_size=30)
    open_to_all = [each for each in form.inputs if each.name != TOKEN and each.type != "file"]
    spoilt = st.sets(st.sampled_from([each.name for each in open_to_all] or [""]), max_size=2)

    def values(wrong: set[str]) -> st.SearchStrategy[Any]:
        return st.tuples(
            *(_value(each, hostile if wrong & {each.name, "*"} and each in open_to_all else None) for each in form.inputs)
        )

    return (
        st.one_of(spoilt, spoilt, spoilt, st.just({"*"}))
        .flatmap(values)
        .map(lambda parts: [pair for pairs in parts for pair in pairs])
    )


def _value(each: Input, hostile: st.SearchStrategy[str] | None) -> st.SearchStrategy[list[tuple[str, str]]]:
    if hostile is None:
        choices = (
            [each.value]
            if each.name == TOKEN or each.type in ("hidden", "file", "checkbox", "radio")
            else each.choices or [_likely(each)]
        )
        return st.sampled_from(choices).map(lambda text: [(each.name, text)])
    return st.lists(hostile, max_size=2).map(lambda texts: [(each.name, text) for text in texts]) | hostile.map(
        lambda text: [(each.name, text)]
    )


def _likely(each: Input) -> str:
    for part, value in (
        ("email", "new.person@example.org"),
        ("password", "four other small words"),
        ("day", "2013-03-10"),
        ("granted_on", "2013-03-10"),
        ("start", "2013-03-04"),
        ("end_", "2013-06-04"),
        ("trigger", "2013-03-04T09:00:00+03:00"),
        ("country", "BLR"),
        ("currency", "BYR"),
        ("amount", "100.50"),
        ("people", "120"),
        ("appeal", "MDRBY009"),
        ("glide", "FL-2013-000010-BLR"),
    ):
        if part in each.name:
            return value
    return "true" if each.type == "checkbox" else "Some words"


def send(client: FlaskClient, form: Form, pairs: list[tuple[str, str]], **named: Any) -> TestResponse:
    """Send a form as a browser would, whatever is in it."""
    address = path_of(form.action)
    if form.method == "get":
        return client.get(address, query_string=_encoded(pairs), **named)
    if not form.multipart:
        return client.post(address, data=_encoded(pairs), content_type="application/x-www-form-urlencoded", **named)
    files = {each.name for each in form.inputs if each.type == "file"}
    data: MultiDict[str, Any] = MultiDict()
    for name, value in pairs:
        plain = value.encode("utf-8", "replace").decode()
        data.add(name, FileStorage(BytesIO(plain.encode()), "list.csv") if name in files else plain)
    return client.post(address, data=data, content_type="multipart/form-data", **named)


def _encoded(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs, encoding="utf-8", errors="surrogatepass")


def lost_text(form: Form, pairs: list[tuple[str, str]], answer: TestResponse) -> list[str]:
    """Return the fields whose typed text is gone from the page that asks for them again.

    Where a page has several forms of one shape, one of them has it all.
    """
    again = [
        {one.name: one.value for one in each.inputs}
        for each in read_page(form.page, answer.get_data().decode(errors="replace")).forms
        if {one.name for one in each.inputs} == {one.name for one in form.inputs}
    ]
    if not again:
        return []  # an error page: the browser's Back button has it
    types = {each.name: each.type for each in form.inputs}
    first = dict(reversed(pairs))
    typed = {
        name: text.strip()
        for name, text in first.items()
        if types[name] in ("text", "email", "date", "number", "textarea", "input", "search") and _is_plain(text)
    }
    return min(([name for name, text in typed.items() if kept.get(name, "").strip() != text] for kept in again), key=len)


def _is_plain(text: str) -> bool:
    return not any(sign < " " or "\ud800" <= sign <= "\udfff" or sign == "\x7f" for sign in text)
