"""What the desk may change about a phone: its name, sites and lanes, and what it may see and do."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from relief.accounts.join_codes import LABEL_SIGNS, write_site_ids
from relief.accounts.lanes import Lanes, read_lanes, write_lanes
from relief.accounts.models import Enrolment
from relief.kernel.errors import BadInput, Conflict, NotFound
from relief.kernel.ids import to_bytes, to_text
from relief.office.phones.words import no_such_phone
from relief.operations.rules import Plan


@dataclass(frozen=True, slots=True)
class Rights:
    """What a phone may beyond an ordinary one; `help_desk` is a site's id or empty."""

    site_lead: bool = False
    sensitive: bool = False
    help_desk: str = ""
    registers: bool = False

    def gained(self, before: Rights) -> list[str]:
        """Return what is new in them, as the audit calls it."""
        return [name for name, is_new in (("site_lead", self.site_lead and not before.site_lead),
                                          ("sensitive", self.sensitive and not before.sensitive),
                                          ("help_desk", self.help_desk not in ("", before.help_desk)),
                                          ("registers", self.registers and not before.registers)) if is_new]  # fmt: skip


def place_phone(session: Any, operation_id: bytes, phone_id: bytes, plan: Plan, *, label: str, sites: Collection[str],
                lanes: Lanes, now: int) -> None:  # fmt: skip
    """Rename a phone, let it serve other sites, give it lanes there. Raises NotFound, BadInput."""
    phone = get_usable_phone(session, operation_id, phone_id)
    if not set(sites) <= plan.site.keys():
        raise BadInput(_("There is no such site."), where="site_ids")
    kept = lanes_of_sites(lanes, sites, plan)
    if kept != read_lanes(phone.lanes):
        phone.lanes, phone.lanes_at, phone.lanes_told = write_lanes(kept), now, None
    phone.label, phone.site_ids = label[:LABEL_SIGNS], write_site_ids(list(sites))
    if phone.help_desk_site is not None and sites and to_text(bytes(phone.help_desk_site)) not in sites:
        phone.help_desk_site = None
    session.flush()


def lanes_of_sites(lanes: Lanes, sites: Collection[str], plan: Plan) -> Lanes:
    """Return lanes as far as the sites have them; all lanes of a site are said by not naming it."""
    found: Lanes = {}
    for site in plan.sites:
        if site.lanes and site.id in lanes and (not sites or site.id in sites):
            numbers = sorted({each for each in lanes[site.id] if 1 <= each <= site.lanes})
            if len(numbers) < site.lanes:
                found[site.id] = numbers
    return found


def hand_lanes_over(session: Any, operation_id: bytes, giver_id: bytes, taker_id: bytes, plan: Plan, now: int) -> None:
    """Give all lanes of one phone to another, at the sites that both serve. Raises NotFound, BadInput."""
    giver, taker = (get_usable_phone(session, operation_id, each) for each in (giver_id, taker_id))
    theirs = [read_lanes(each.lanes if each.lanes_told is None else each.lanes_told) for each in (giver, taker)]
    shared = [site for site in plan.sites if site.lanes and _serves(giver, site.id) and _serves(taker, site.id)]
    if giver_id == taker_id or not shared:
        raise BadInput(_("These two phones serve no site with lanes in common."), where="to")
    everything = {site.id: list(range(1, site.lanes + 1)) for site in shared}
    given, kept = ({site: lanes.get(site, everything[site]) for site in everything} for lanes in theirs)
    both = {site: sorted({*given[site], *kept[site]}) for site in everything}
    _set_lanes(giver, {**theirs[0], **dict.fromkeys(everything, [])}, now)
    _set_lanes(taker, {**theirs[1], **both}, now)
    session.flush()


def _set_lanes(phone: Enrolment, lanes: Lanes, now: int) -> None:
    phone.lanes, phone.lanes_at, phone.lanes_told = write_lanes(lanes), now, None


def _serves(phone: Enrolment, site: str) -> bool:
    return phone.site_ids == b"[]" or site.encode() in bytes(phone.site_ids)


def give_rights(session: Any, operation_id: bytes, phone_id: bytes, plan: Plan, wanted: Rights, why: str) -> list[str]:
    """Set what a phone may; return what it gained. More than leading a site needs a reason: raises BadInput, NotFound.

    A site has one help desk: who was it before is it no more.
    """
    phone = get_usable_phone(session, operation_id, phone_id)
    gained = wanted.gained(rights_of(phone))
    if wanted.help_desk and (wanted.help_desk not in plan.site or not _serves(phone, wanted.help_desk)):
        raise BadInput(_("It does not serve this site."), where="help_desk")
    if wanted.help_desk and not wanted.site_lead:
        raise BadInput(_("Only a lead's phone can be a help desk."), where="help_desk")
    if {"sensitive", "help_desk"} & set(gained) and not why.strip():
        raise BadInput(_("Say what for, in a few words."), where="why")
    if wanted.help_desk:
        here = (Enrolment.operation_id == operation_id, Enrolment.help_desk_site == to_bytes(wanted.help_desk),
                Enrolment.enrolment_id != phone_id)  # fmt: skip
        session.execute(update(Enrolment).where(*here).values(help_desk_site=None))
    phone.site_lead, phone.sensitive, phone.registers = wanted.site_lead, wanted.sensitive, wanted.registers
    phone.help_desk_site = to_bytes(wanted.help_desk) if wanted.help_desk else None
    session.flush()
    return gained


def rights_of(phone: Any) -> Rights:
    """Return what a phone may now."""
    desk = to_text(bytes(phone.help_desk_site)) if phone.help_desk_site else ""
    return Rights(bool(phone.site_lead), bool(phone.sensitive), desk, bool(phone.registers))


def get_usable_phone(session: Any, operation_id: bytes, phone_id: bytes) -> Enrolment:
    """Return a phone that is not signed off; raises NotFound, Conflict (`signed_off`)."""
    phone = session.get(Enrolment, (operation_id, phone_id))
    if phone is None or phone.kind != "phone":
        raise NotFound(no_such_phone())
    if phone.revoked_at is not None:
        raise Conflict(_("This phone has been signed off."), code="signed_off")
    return phone
