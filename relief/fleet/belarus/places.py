"""Six regions (published) and, made up for the demonstration, districts with two distribution sites a region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from relief.fleet.belarus.facts import FLOODS, ZONE, read_facts, thing_id


@dataclass(frozen=True, slots=True)
class Place:
    """One site: `key` is its short name here, `villages` are where its families live."""

    key: str
    region: str
    district: str
    name: str
    villages: tuple[str, ...]

    @property
    def site_id(self) -> str:
        return thing_id(FLOODS, "site", self.key)

    @property
    def area_id(self) -> str:
        return thing_id(FLOODS, "area", area_key(self.district))


PLACES = (
    Place("stolin", "Brest region", "Stolin district", "School 3, Stolin", ("Stolin", "Rechitsa", "Olshany")),
    Place("pinsk", "Brest region", "Pinsk district", "Medico-social centre, Pinsk", ("Pinsk", "Pare", "Kudrichi")),
    Place("surazh", "Vitebsk region", "Vitebsk district", "House of culture, Surazh", ("Surazh", "Yanovichi")),
    Place("polotsk", "Vitebsk region", "Polotsk district", "Medico-social centre, Polotsk", ("Polotsk", "Ekiman")),
    Place("zhitkovichi", "Gomel region", "Zhitkovichi district", "School 1, Zhitkovichi", ("Turov", "Khlupin", "Pogost")),
    Place("petrikov", "Gomel region", "Petrikov district", "House of culture, Petrikov", ("Petrikov", "Snyadin")),
    Place("mosty", "Grodno region", "Mosty district", "School 5, Mosty", ("Mosty", "Dubno", "Peski")),
    Place("novogrudok", "Grodno region", "Novogrudok district", "Medico-social centre, Novogrudok", ("Lyubcha", "Shchorsy")),
    Place("borisov", "Minsk region", "Borisov district", "School 12, Borisov", ("Borisov", "Novosyolki", "Brodovka")),
    Place("berezino", "Minsk region", "Berezino district", "Medico-social centre, Berezino", ("Berezino", "Bogushevichi")),
    Place("bykhov", "Mogilev region", "Bykhov district", "School 2, Bykhov", ("Bykhov", "Barkolabovo", "Nizhnyaya Toshchitsa")),
    Place("krichev", "Mogilev region", "Krichev district", "House of culture, Krichev", ("Krichev", "Lobkovichi")),
)  # fmt: skip
PLACE = {place.key: place for place in PLACES}


def area_key(name: str) -> str:
    """Return the short key of an area in the operation files."""
    return name.lower().replace(" ", "-")


def list_areas() -> list[dict[str, Any]]:
    """Return regions with their districts as an operation file writes them."""
    return [{"key": area_key(region), "name": region,
             "areas": [{"key": area_key(place.district), "name": place.district} for place in PLACES if place.region == region]}
            for region in read_facts()["areas"]]  # fmt: skip


def list_sites(first_day: str, last_day: str) -> list[dict[str, Any]]:
    """Return the sites as an operation file writes them."""
    return [{"key": place.key, "name": place.name, "area": area_key(place.district), "zone": ZONE, "first_day": first_day,
             "last_day": last_day} for place in PLACES]  # fmt: skip
