"""The ordinary mess of a distribution, each kind once or twice. The published figures must come out in spite of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial

from relief.fleet.belarus.calendar import site_days
from relief.fleet.belarus.families import Family, list_families
from relief.fleet.belarus.floods import BLANKET, FOOD, HYGIENE, ROUND_ONE
from relief.fleet.belarus.places import PLACE
from relief.fleet.belarus.schedule import give_parcels
from relief.fleet.belarus.stage import Event, Stage, item_id
from relief.fleet.phone import HeadlessPhone

SECOND_PHONE = "stolin-2"
LEADS = frozenset(("stolin", "zhitkovichi", "borisov", "mosty"))
CLOCK_ERRORS = {"polotsk": 3600, "berezino": -240}  # seconds
LATE_PHONE = "petrikov"
LATE_DAY = site_days(LATE_PHONE, ROUND_ONE)[1]
STORIES = {"race": "stolin", "not_given": "stolin", "double_voided": "stolin", "double_accepted": "stolin",
           "lost": "zhitkovichi", "old_used": "zhitkovichi", "cancelled": "borisov", "mistake": "mosty", "neighbour": "mosty",
           "partial": ""}  # fmt: skip  # its site is where such a family lives


@cache
def cast() -> dict[str, Family]:
    """Return the family of each story: one of its site that gets parcels once and nothing else (`partial`: a large one)."""
    chosen: dict[str, Family] = {}
    for story, site in STORIES.items():
        fitting = (each for each in list_families() if each.site == (site or each.site) and _is_plain(each)
                   and (story != "partial" or each.parcel_units == 2))  # fmt: skip
        chosen[story] = next(each for each in fitting if each not in chosen.values())
    return chosen


def _is_plain(family: Family) -> bool:
    return family.parcels and not (family.on_site or family.second_pair or family.blankets or family.pss)


def kept_families() -> frozenset[int]:
    """Return the numbers of the families whose parcels are given in these stories."""
    return frozenset(family.number for family in cast().values())


def list_mess() -> list[Event]:
    """Return the events of all stories."""
    stories = (_race, _not_given, _double, _lost_card, _old_card_used, _cancelled_card, _mistake, _partial, _refusals, _on_site,
               _one_blanket_too_many)  # fmt: skip
    return [event for story in stories for event in story()]


def _race() -> Iterator[Event]:
    """Two tables ask for one card in the same minute: one is granted, the other is told who was first."""
    family, day = cast()["race"], site_days("stolin", ROUND_ONE)[0]

    def ask(stage: Stage, phone: HeadlessPhone) -> None:
        asked = phone.ask(stage.cards[family.number], item_id(FOOD), family.parcel_units)
        stage.said[f"race {phone.label}"] = asked
        if asked.granted:
            phone.give(asked)
            phone.handover(asked.record["card"], item_id(HYGIENE), family.parcel_units)
        else:
            phone.not_served("already_received", card=asked.record["card"])

    yield Event(day, 11 * 60, "stolin", ask, live=True)
    yield Event(day, 11 * 60, SECOND_PHONE, ask, live=True)


def _not_given() -> Iterator[Event]:
    """A grant that is not used: she went to fetch her sledge, and came back to the other table."""
    family, day = cast()["not_given"], site_days("stolin", ROUND_ONE)[0]

    def ask_and_keep(stage: Stage, phone: HeadlessPhone) -> None:
        phone.keep(phone.ask(stage.cards[family.number], item_id(FOOD), family.parcel_units))

    yield Event(day, 11 * 60 + 20, "stolin", ask_and_keep, live=True)
    yield Event(day, 12 * 60, SECOND_PHONE, partial(_give, family))


def _double() -> Iterator[Event]:
    """Both tables without network give to one family. The lead takes one back; the other is left for the desk to decide."""
    days = site_days("stolin", ROUND_ONE)
    for story, day in (("double_voided", days[1]), ("double_accepted", days[2])):
        yield Event(day, 10 * 60 + 10, "stolin", partial(_give, cast()[story]))
        yield Event(day, 14 * 60 + 5, SECOND_PHONE, partial(_remember, cast()[story], story))
    yield Event(days[2], 9 * 60 + 5, "stolin", _take_back)


def _remember(family: Family, story: str, stage: Stage, phone: HeadlessPhone) -> None:
    stage.said[story] = give_parcels(family, stage, phone)


def _take_back(stage: Stage, phone: HeadlessPhone) -> None:
    card = stage.cards[cast()["double_voided"].number]
    for record_id in stage.said["double_voided"]:
        phone.void(record_id, cause="returned", card=card, reason="Given at both tables; brought back")


def _give(family: Family, stage: Stage, phone: HeadlessPhone) -> None:
    give_parcels(family, stage, phone)


def _replace(family: Family, stage: Stage, phone: HeadlessPhone) -> None:
    old, new = stage.cards[family.number], stage.blank.pop()
    phone.card("replaced", old, new_card=new, reason="Lost")
    stage.said[f"old card {family.number}"], stage.cards[family.number] = old, new


def _give_on_old_card(family: Family, stage: Stage, phone: HeadlessPhone) -> None:
    give_parcels(family, stage, phone, card=stage.said[f"old card {family.number}"])


def _lost_card() -> Iterator[Event]:
    family, day = cast()["lost"], site_days("zhitkovichi", ROUND_ONE)[1]
    yield Event(day, 10 * 60, "zhitkovichi", partial(_replace, family))
    yield Event(day, 10 * 60 + 5, "zhitkovichi", partial(_give, family))


def _old_card_used() -> Iterator[Event]:
    """A lost card is found, and used at a site that has not heard of its replacement."""
    family, days = cast()["old_used"], site_days("zhitkovichi", ROUND_ONE)
    yield Event(days[1], 13 * 60, "zhitkovichi", partial(_replace, family))
    yield Event(days[1], 13 * 60 + 5, "zhitkovichi", partial(_give, family))
    yield Event(site_days("petrikov", ROUND_ONE)[3], 12 * 60, "petrikov", partial(_give_on_old_card, family))


def _cancelled_card() -> Iterator[Event]:
    """A stolen card is cancelled and the family gets another; days later somebody gives on the cancelled one."""
    family, days = cast()["cancelled"], site_days("borisov", ROUND_ONE)

    def cancel(stage: Stage, phone: HeadlessPhone) -> None:
        old, new = stage.cards[family.number], stage.blank.pop()
        phone.card("cancelled", old, reason="Stolen")
        phone.card("linked", new, household=phone.view.rows[old]["household"])
        stage.said[f"old card {family.number}"], stage.cards[family.number] = old, new

    yield Event(days[0], 10 * 60, "borisov", cancel)
    yield Event(days[0], 10 * 60 + 10, "borisov", partial(_give, family))
    yield Event(days[2], 15 * 60, "borisov", partial(_give_on_old_card, family))


def _mistake() -> Iterator[Event]:
    """The neighbour's card was scanned: taken back at once, and given on the right one."""
    family, neighbour, day = cast()["mistake"], cast()["neighbour"], site_days("mosty", ROUND_ONE)[1]

    def wrong_then_right(stage: Stage, phone: HeadlessPhone) -> None:
        for record_id in give_parcels(neighbour, stage, phone, units=family.parcel_units):
            phone.void(record_id, cause="mistake", reason="The neighbour's card")
        give_parcels(family, stage, phone)

    yield Event(day, 12 * 60, "mosty", wrong_then_right)
    yield Event(day, 15 * 60, "mosty", partial(_give, neighbour))


def _partial() -> Iterator[Event]:
    """Six people are due two of each; one is in the car, the other comes the next day."""
    family = cast()["partial"]
    for day in site_days(family.site, ROUND_ONE)[:2]:
        yield Event(day, 14 * 60, family.site, lambda stage, phone: _one_pair(family, stage, phone))


def _one_pair(family: Family, stage: Stage, phone: HeadlessPhone) -> None:
    give_parcels(family, stage, phone, units=1)


def _refusals() -> Iterator[Event]:
    """Who came and got nothing: a card of nobody's, a family that was not approved, one that was not there."""
    outside = [family for family in list_families() if not (family.parcels or family.blankets or family.pss)]
    refused, absent = outside[0], outside[-1]
    yield Event(site_days("novogrudok", ROUND_ONE)[1], 11 * 60, "novogrudok",
                lambda stage, phone: phone.not_served("unknown_card", card=stage.unknown_card))  # fmt: skip
    for family, cause in ((refused, "ineligible"), (absent, "absent")):
        yield Event(site_days(family.site, ROUND_ONE)[2], 15 * 60, family.site, partial(_not_served, family, cause))


def _not_served(family: Family, cause: str, stage: Stage, phone: HeadlessPhone) -> None:
    phone.not_served(cause, card=stage.cards.get(family.number))  # who is not approved has no card


def _on_site() -> Iterator[Event]:
    """Families nobody had on a list: registered at the table onto a blank card, served, and approved by the desk later."""
    for family in list_families():
        if family.on_site:
            yield Event(site_days(family.site, ROUND_ONE)[1], 13 * 60 + 30, family.site, partial(_register, family))


def _register(family: Family, stage: Stage, phone: HeadlessPhone) -> None:
    members = [{"sex": each.sex, "age_band": each.age_band, "disability": each.disability} for each in family.members]
    stage.cards[family.number] = card = stage.blank.pop()
    record = phone.registration(members, card=card, area=PLACE[family.site].area_id,
                                private={"head": family.members[0].name, "village": family.village})  # fmt: skip
    stage.said[f"registered {family.number}"] = record["household"]
    give_parcels(family, stage, phone)


def _one_blanket_too_many() -> Iterator[Event]:
    """A family with a blanket for everybody is given one more, which reaches nobody."""
    family = next(each for each in list_families() if each.site == "krichev" and each.blankets == len(each.members) > 1)

    def one_more(stage: Stage, phone: HeadlessPhone) -> None:
        stage.said["one_blanket_too_many"] = [phone.handover(stage.cards[family.number], item_id(BLANKET), 1)["id"]]

    yield Event(site_days("krichev", ROUND_ONE)[4], 16 * 60 + 40, "krichev", one_more)
