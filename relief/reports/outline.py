"""The order and the names of the report's sections: those of a DREF final report on IFRC GO, then our annexes."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from relief.operations.labels import SECTORS as SECTOR_NAMES
from relief.operations.rules import SECTORS
from relief.reports.document import Block, Section

SECTIONS = {
    "key_facts": _l("Key facts"),
    "description_of_the_event": _l("Description of the event"),
    "national_society_actions": _l("National Society actions"),
    "ifrc_network_actions": _l("IFRC network actions"),
    "icrc_actions": _l("ICRC actions"),
    "other_actors": _l("Other actors"),
    "needs_and_gaps": _l("Needs and gaps by sector"),
    "operational_strategy": _l("Operational strategy"),
    "targeting_strategy": _l("Targeting strategy"),
    "total_targeted_population": _l("Total targeted population"),
    "risk_and_security": _l("Risk and security"),
    "implementation": _l("Implementation"),
    "financial_report": _l("Financial report"),
    "contacts": _l("Contacts"),
}
ANNEXES = {
    "contradictions": _l("Annex: What does not agree"),
    "completeness": _l("Annex: What may be missing"),
    "distribution": _l("Annex: What was given, where and when"),
    "stock": _l("Annex: Stock"),
    "provenance": _l("Annex: Where these figures stand"),
}
TITLES = {**SECTIONS, **ANNEXES}


def section(key: str, *blocks: Block | None, parts: tuple[Section, ...] = ()) -> Section:
    """Return the section of the outline with its blocks; `None` among them is left out, and so are empty parts."""
    return Section(key, str(TITLES[key]), tuple(block for block in blocks if block is not None),
                   tuple(part for part in parts if not part.empty))  # fmt: skip


def in_order(sections: Mapping[str, Section]) -> tuple[Section, ...]:
    """Return the sections in the order of the outline; empty ones are left out."""
    return tuple(sections[key] for key in TITLES if key in sections and not sections[key].empty)


def sectors_in_order(sections: Mapping[str, Section]) -> tuple[Section, ...]:
    """Return the sections of sectors in GO's order."""
    return tuple(sections[sector] for sector in SECTORS if sector in sections)


def sector_name(sector: str) -> str:
    """Return how GO calls a sector; one that it does not know is shown as it is."""
    return str(SECTOR_NAMES[sector]) if sector in SECTOR_NAMES else sector
