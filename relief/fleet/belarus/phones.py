"""The phones of the demonstration: one a site, a second one in Stolin, one that goes round with PSS, two in winter."""

from __future__ import annotations

from dataclasses import dataclass

from relief.fleet.belarus.facts import FLOODS, WINTER, thing_id
from relief.fleet.belarus.mess import CLOCK_ERRORS, LEADS, SECOND_PHONE
from relief.fleet.belarus.places import PLACE, PLACES
from relief.fleet.belarus.schedule import PSS_PHONE
from relief.fleet.belarus.winter import HEATING_POINTS


@dataclass(frozen=True, slots=True)
class PhonePlan:
    """One phone to enrol: `key` is its name in the events, `site_ids` none for all sites."""

    key: str
    appeal_code: str
    label: str
    site_ids: tuple[str, ...]
    site_lead: bool = False
    sensitive: bool = False
    clock_error_seconds: int = 0


def list_phones(appeal_code: str) -> list[PhonePlan]:
    """Return the phones of one operation."""
    if appeal_code == WINTER:
        return [PhonePlan(f"winter-{key}", WINTER, name, (thing_id(WINTER, "site", key),)) for key, name, _ in HEATING_POINTS]
    tables = [PhonePlan(place.key, FLOODS, f"{place.name}, table 1", (place.site_id,), place.key in LEADS, False,
                        CLOCK_ERRORS.get(place.key, 0)) for place in PLACES]  # fmt: skip
    second = PhonePlan(SECOND_PHONE, FLOODS, f"{PLACE['stolin'].name}, table 2", (PLACE["stolin"].site_id,))
    return [*tables, second, PhonePlan(PSS_PHONE, FLOODS, "PSS team", (), sensitive=True)]
