"""What the audit of an operation notes, in words."""

from __future__ import annotations

from flask_babel import gettext as _

from relief.accounts.labels import role_names


def act_words(action: str) -> str:
    """Return what somebody did, or tried to do; what has no words here is shown by its code."""
    if action.startswith(("role.granted.", "role.withdrawn.")):
        _role, way, role = action.split(".")
        words = role_names().get(role, role)
        return _("Gave a role: %(role)s", role=words) if way == "granted" else _("Took a role away: %(role)s", role=words)
    done = action.removesuffix("_refused")
    words = act_names().get(done, done)
    return words if done == action else _("Not taken: %(act)s", act=words)


def act_names() -> dict[str, str]:
    """Return the acts that the audit notes of an operation -> their words."""
    return {
        "household.seen": _("Saw a household"), "households.listed": _("Looked through the households"),
        "household.decided": _("Decided about a household"), "household.separated": _("Made one household two again"),
        "household.taken_back": _("Took a hand-over back"), "household.card_handled": _("Handled a household's card"),
        "household.recomposed": _("Changed who lives in a household"), "list.seen": _("Saw a list to approve"),
        "list.made": _("Put a list together"), "list.approved": _("Approved a list"),
        "list.returned": _("Did not approve a list"),
        "list.left_out": _("Took a household off a list"), "lead.named": _("Named a lead to approve"),
        "lead.unnamed": _("Ended that a lead may approve"), "households.on_site_listed": _("Saw whom phones registered"),
        "household.decided_on_site": _("Decided about a family at the site"),
        "to_decide.listed": _("Saw what is to decide"),
        "case.decided": _("Decided a question"), "stock.written": _("Wrote stock down"), "held.seen": _("Saw a record set aside"),
        "held.decided": _("Decided about a record set aside"), "held.taken_up": _("Took up a record set aside"),
        "purpose.told": _("Said what personal data is needed for"),
        "households.duplicates_listed": _("Saw who may be listed twice"),
        "households.compared": _("Compared two households"), "households.merged": _("Found two households to be one"),
        "households.kept_apart": _("Found two households to be two"), "households.uploaded": _("Brought a list"),
        "households.duplicates_looked_for": _("Looked through all households for those that are there twice"),
        "households.imported": _("Imported a list"), "households.list_taken_out": _("Took a list with its problems out"),
        "households.list_seen": _("Saw what a list would change, or what is wrong in it"),
        "households.columns_seen": _("Saw the first rows of a list"),
        "household.erasure_seen": _("Saw what erasing a household would take"),
        "paper.printed": _("Printed tally sheets"),
        "paper.printed_again": _("Printed a tally sheet again"), "paper.photo_removed": _("Deleted the photo of a tally sheet"),
        "held.put_aside": _("Put a record aside"), "household.erased": _("Erased a household"),
        "operation.erased": _("Erased the people of the operation"), "erasure.resumed": _("Went on erasing"),
        "operation.registered": _("Registered the operation"), "operation.imported": _("Brought the operation's file"),
        "operation.named": _("Gave the operation its code"), "allocation.added": _("Added an allocation"),
        "paper.missing_listed": _("Saw who has not come"), "paper.missing_printed": _("Printed who has not come"),
        "paper.sheet_opened": _("Opened a tally sheet"), "paper.sheet_typed": _("Typed in a tally sheet"),
        "paper.sheet_looked_at": _("Looked a tally sheet over"), "paper.sheet_entered": _("Entered a tally sheet"),
        "paper.photo_added": _("Put a photo beside a tally sheet"), "paper.photo_seen": _("Saw the photo of a tally sheet"),
    } | _acts_about_cards() | _acts_about_phones()  # fmt: skip


def _acts_about_cards() -> dict[str, str]:
    return {
        "cards.issued": _("Issued cards"), "cards.designed": _("Changed what is printed on cards"),
        "cards.printed": _("Printed cards"), "card.reprinted": _("Printed a card again"),
        "cards.list_printed": _("Printed a hand-out list"), "card.handed_out": _("Handed a card out"),
        "cards.handed_out": _("Handed cards out"), "card.not_handed_out": _("Took back that a card was handed out"),
        "cards.not_handed_out": _("Took back that cards were handed out"), "card.replaced": _("Replaced a card"),
        "card.cancelled": _("Cancelled a card"), "card.linked": _("Gave a card to a family"),
        "blank_cards.moved": _("Gave out or took back blank cards"),
        "blank_cards.counted": _("Counted blank cards"), "blank_cards.lost": _("Cancelled blank cards that are lost"),
    }  # fmt: skip


def _acts_about_phones() -> dict[str, str]:
    return {
        "held.listed": _("Looked through what was set aside"), "held.taken_back": _("Took back what had been taken up"),
        "join_code.created": _("Made join codes"), "join_code.printed": _("Printed join codes"),
        "join_code.withdrawn": _("Took a join code back"), "phone.placed": _("Renamed or moved a phone"),
        "phone.lanes_handed_over": _("Handed lanes to another phone"), "phone.revoked": _("Signed a phone off"),
        "phone.rights.sensitive": _("Let a phone see sensitive items"), "phone.rights.site_lead": _("Made a phone a lead's"),
        "phone.rights.help_desk": _("Made a phone a help desk"),
        "phone.rights.registers": _("Let a phone register families"),
        "site_registration.changed": _("Changed what phones ask of families"),
        "phone.rights.changed": _("Changed what a phone may"),
        "help_desk.list_given": _("Gave a help desk its list of names"),
        "help_desk.looked_up": _("A help desk looked a family up"), "parcel.taken_in": _("Took a packed outbox in"),
    }  # fmt: skip
