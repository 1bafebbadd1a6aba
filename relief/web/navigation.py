"""Where one can go from a page: only what exists, and only what the reader may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import gettext as _

from relief.accounts import guards
from relief.accounts.queries import list_roles
from relief.db import db
from relief.kernel import ids


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of a navigation: its words, its address, what the paths of its pages begin with, and whether one is there.

    `current` is what `aria-current` says: `page`, `true` on a page of its section, empty elsewhere.
    """

    label: str
    address: str
    section: str
    current: str = ""


def init_app(app: Flask) -> None:
    """Let every template ask where one can go."""
    app.context_processor(lambda: {"reader": guards.current_user(), "main_places": main_places,
                                   "operation_places": operation_places})  # fmt: skip


def main_places() -> list[Place]:
    """Return the entries of the page's head."""
    reader = guards.current_user()
    if reader is None:
        return []
    places = [_place("web.home", _("Operations"), "/operations")]
    if reader.is_administrator:
        places.append(_place("accounts.list_users", _("People")))
    return _marked(places)


def operation_places(operation: Any) -> list[Place]:
    """Return the entries for one operation (anything with an `id`, in bytes or text): what is looked at all day comes first."""
    operation_id = operation.id if isinstance(operation.id, str) else ids.to_text(operation.id)
    wanted = [
        ("operations.show", _("Overview")),
        ("totals.show_board", _("Board")),
        ("to_decide.show", _("To decide")),
        ("households.show_list", _("Households")),
        ("cards.show", _("Cards")),
        ("paper.list_all", _("Paper")),
        ("phones.show_list", _("Phones")),
        ("reports.show_report", _("Report")),
        ("audit.show", _("Who saw what")),
        ("erasing.start", _("Erasing")),
    ]
    may_open = _opener(ids.to_bytes(operation_id))
    places = [_place(endpoint, label, operation_id=operation_id) for endpoint, label in wanted if may_open(endpoint)]
    return _marked(places)


def find_section(path: str, sections: Iterable[str]) -> str | None:
    """Return of which section a page is part: the longest that its path goes on from; None where there is no such."""
    holding = [section for section in sections if path == section or path.startswith(section.rstrip("/") + "/")]
    return max(holding, key=len, default=None)


def _marked(places: Iterable[Place | None]) -> list[Place]:
    known = [place for place in places if place]
    section = find_section(request.path, [place.section for place in known])
    return [replace(place, current=_current(place, section)) for place in known]


def _current(place: Place, section: str | None) -> str:
    if place.address == request.path:
        return "page"
    return "true" if place.section == section else ""


def _opener(operation_id: bytes) -> Callable[[str], bool]:
    """Return what tells whether the reader may open an endpoint of the operation: what its own guard would say."""
    reader = guards.current_user()
    if reader is None:
        return lambda _endpoint: False
    if reader.is_administrator:
        return lambda _endpoint: True
    held = list_roles(db.session, operation_id, reader.id)
    return lambda endpoint: not held.isdisjoint(_roles_of(endpoint))


def _roles_of(endpoint: str) -> tuple[str, ...]:
    guard = getattr(current_app.view_functions.get(endpoint), "guard", None)
    return guard.roles if guard else ()


def _place(endpoint: str, label: str, section: str = "", **values: Any) -> Place | None:
    if endpoint not in current_app.view_functions:
        return None
    address = url_for(endpoint, **values)
    return Place(label, address, section or address)
