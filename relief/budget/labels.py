"""How screens and reports call the words of the budget."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

ACCOUNT_GROUPS = {
    "relief_items_construction_supplies": _l("Relief items, construction, supplies"),
    "land_vehicles_equipment": _l("Land, vehicles and equipment"),
    "logistics_transport_storage": _l("Logistics, transport and storage"),
    "personnel": _l("Personnel"),
    "consultants_professional_fees": _l("Consultants and professional fees"),
    "workshops_training": _l("Workshops and training"),
    "general_expenditure": _l("General expenditure"),
    "indirect_costs": _l("Indirect costs"),
}
ALLOCATION_KINDS = {"first": _l("First allocation"), "additional": _l("Additional allocation")}
FUNDING_SOURCES = {"dref": _l("DREF"), "own_funds": _l("Own funds"), "in_kind": _l("In kind")}


def allocation_name(kind: str, funding_source: str) -> str:
    """Return what an allocation is called: only the DREF allocates first and again; other money goes by its source."""
    return str(ALLOCATION_KINDS.get(kind, kind) if funding_source == "dref" else FUNDING_SOURCES[funding_source])
