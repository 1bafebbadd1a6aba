"""Where one can go from a page: only what exists, and only what the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _

from relief.accounts import guards
from relief.accounts.queries import list_roles
from relief.db import db
from relief.kernel import ids


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of a navigation: its words, its address, and whether the reader is there."""

    label: str
    address: str
    is_here: bool


def init_app(app: Flask) -> None:
    """Let every template ask where one can go."""
    app.context_processor(lambda: {"reader": guards.current_user(), "main_places": main_places,
                                   "operation_places": operation_places})  # fmt: skip


def main_places() -> list[Place]:
    """Return the entries of the page's head."""
    reader = guards.current_user()
    if reader is None:
        return []
    places = [_place("web.home", _("Operations"))]
    if reader.is_administrator:
        places.append(_place("accounts.list_users", _("People")))
    return [place for place in places if place]


def operation_places(operation: Any) -> list[Place]:
    """Return the entries for one operation (anything with an `id`, in bytes or text)."""
    operation_id = operation.id if isinstance(operation.id, str) else ids.to_text(operation.id)
    wanted = [
        ("operations.show", _("Overview")),
        ("totals.show_board", _("Board")),
        ("reports.show_report", _("Report")),
    ]
    if _may_manage(operation_id):
        wanted.append(("phones.list_phones", _("Phones")))
    places = [_place(endpoint, label, operation_id=operation_id) for endpoint, label in wanted]
    return [place for place in places if place]


def _may_manage(operation_id: str) -> bool:
    reader = guards.current_user()
    return reader is not None and (
        reader.is_administrator or "manager" in list_roles(db.session, ids.to_bytes(operation_id), reader.id)
    )


def _place(endpoint: str, label: str, **values: Any) -> Place | None:
    if endpoint not in current_app.view_functions:
        return None
    return Place(label, url_for(endpoint, **values), request.endpoint == endpoint)
