"""`relief cards print|handed-out|uncollected|link|replace|cancel`: what the card pages do, from the command line."""

from __future__ import annotations

import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from relief.accounts import audit
from relief.accounts.purposes import own_words
from relief.cards.rules import parse_running_number
from relief.commands import answers_json, of_operation
from relief.db import snapshot, unit_of_work
from relief.kernel.errors import BadInput
from relief.kernel.ids import to_text
from relief.office.acting import Desk
from relief.office.cards import acts as card_acts
from relief.office.cards.cli import cards
from relief.office.cards.finding import get_blank_card, get_typed_card, get_typed_free_card
from relief.office.cards.printing import ARRANGEMENTS, cards_job, list_job, practice_job, send_to_press
from relief.office.cards.queries import CardRow, list_cards, list_runs, list_uncollected_numbers
from relief.office.command_line import act_by_command, named_part, say
from relief.office.devices import CARD_ISSUE
from relief.office.register_queries import find_household_named
from relief.operations.queries import get_current_plan, get_operation

PRINTABLE = ("blank", "linked")
_reason = click.option("--reason", required=True, help="Why, in a few words.")


@cards.command("print")
@of_operation
@click.option("--run", type=click.IntRange(1), help="The print run; left out: every card that is not dead.")
@click.option("--number", "numbers", multiple=True, help="Only the card of this running number; may be repeated.")
@click.option("--list", "as_list", is_flag=True, help="The list for handing them out, with names, instead of the cards.")
@click.option("--practice", metavar="SITE", help="The ten practice cards of a site (name or id) instead.")
@click.option("--sheets", type=click.Choice(ARRANGEMENTS), default="a4", show_default=True,
              help="a4: ten a page; fold: eight to fold; single: for a card printer.")  # fmt: skip
@click.option("--purpose", help="What it is printed for; needed but for practice cards, and kept in the audit.")
@click.option("--to", "path", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path),
              help="The PDF to write.")  # fmt: skip
@answers_json
@with_appcontext
def print_command(code: str, run: int | None, numbers: tuple[str, ...], as_list: bool, practice: str | None, sheets: str,
                  purpose: str | None, path: Path, as_json: bool) -> None:  # fmt: skip
    """Print cards, their hand-out list, or practice cards as PDF. The sheets give away the codes: treat them like money."""
    if not practice and not (purpose and purpose.strip()):
        raise BadInput(_("Say what it is printed for: --purpose."), code="purpose_needed", where="purpose")
    with snapshot() as connection:
        operation = get_operation(connection, code)
        chosen = [] if practice else _choose(list_cards(connection, operation.id, run=run), numbers)
        if practice:
            sites = get_current_plan(connection, operation.id).sites
            job = practice_job(connection, operation.id, named_part(sites, practice, "practice"), sheets)
        elif as_list:
            job = list_job(connection, operation.id, chosen)
        else:
            job = cards_job(connection, operation.id, chosen, sheets)
    with path.open("wb") as file:
        path.chmod(0o600)
        _note("cards.list_printed" if as_list else "cards.printed", operation.id, str(run or ""), own_words(purpose))
        _copy(job, file, show=not as_json)
    count = len(job) - 1
    say({"printed": count, "file": str(path)}, _("%(count)s printed to %(path)s.", count=count, path=path), as_json)


def _copy(job: list[bytes], file: Any, *, show: bool) -> None:
    if not show or not sys.stderr.isatty():
        with send_to_press(job) as pdf:
            shutil.copyfileobj(pdf, file)
        return
    with (
        click.progressbar(length=len(job) - 1, label=_("Printing"), file=sys.stderr) as bar,
        send_to_press(job, lambda done: bar.update(done - bar.pos)) as pdf,
    ):
        shutil.copyfileobj(pdf, file)


def _choose(found: list[CardRow], numbers: tuple[str, ...]) -> list[CardRow]:
    for number in numbers:
        with suppress(ValueError):
            parse_running_number(number)
            continue
        raise BadInput(_("%(number)s is no running number.", number=number), where="number")
    return [card for card in found if card.state in PRINTABLE and (not numbers or card.number in numbers)]


@cards.command("handed-out")
@of_operation
@click.argument("numbers", nargs=-1, required=True)
@click.option("--undo", is_flag=True, help="They were not handed out after all.")
@answers_json
@with_appcontext
def handed_out_command(code: str, numbers: tuple[str, ...], undo: bool, as_json: bool) -> None:
    """Note cards as handed out, or take it back. Named by their running numbers or codes: all of them, or none."""

    def act(connection: Any, acting: Desk) -> int:
        found = [get_typed_card(connection, acting.operation_id, number) for number in numbers]
        if undo:
            return sum(card_acts.take_back(connection, acting, card) for card in found)
        return len(card_acts.hand_out(connection, acting, found))

    count = act_by_command(code, CARD_ISSUE, "cards.not_handed_out" if undo else "cards.handed_out", act, str)
    words = _("%(count)s of %(all)s cards noted.", count=count, all=len(numbers))
    say({"changed": count, "cards": len(numbers)}, words, as_json)


@cards.command("uncollected")
@of_operation
@answers_json
@with_appcontext
def uncollected_command(code: str, as_json: bool) -> None:
    """List cards that nobody has collected. With --json also what became of each print run."""
    with snapshot() as connection:
        operation = get_operation(connection, code)
        waiting = list_uncollected_numbers(connection, operation.id)
        found = [run for page in range(1, list_runs(connection, operation.id).pages + 1)
                 for run in list_runs(connection, operation.id, page).rows]  # fmt: skip
    runs = [{"run": each.run, "issued": each.issued, "blank": each.blank, "linked": each.linked, "handed_out": each.handed_out,
             "dead": each.dead} for each in found]  # fmt: skip
    say({"uncollected": len(waiting), "numbers": waiting, "runs": runs}, "\n".join(waiting), as_json)


@cards.command("link")
@of_operation
@click.argument("card")
@click.option("--household", "name", required=True, help="Its id, or its number in the list.")
@answers_json
@with_appcontext
def link_command(code: str, card: str, name: str, as_json: bool) -> None:
    """Give a CARD that is nobody's to a household: a blank one, or one that nobody knew when it was used.

    Named by its running number, its code, or the card_id that `relief cases list --json` tells.
    """

    def act(connection: Any, acting: Desk) -> dict[str, str]:
        household_id = find_household_named(connection, acting.operation_id, name)
        found = get_typed_free_card(connection, acting.operation_id, card)
        card_acts.link(connection, acting, found, household_id)
        return {"linked": to_text(found.card_id), "household": to_text(household_id)}

    done = act_by_command(code, CARD_ISSUE, "card.linked", act, lambda done: done["linked"])
    say(done, _("The card belongs to this family now."), as_json)


@cards.command("replace")
@of_operation
@click.argument("number")
@click.option("--with", "blank", metavar="NUMBER", help="The blank card that takes its place; left out: a new one is issued.")
@_reason
@answers_json
@with_appcontext
def replace_command(code: str, number: str, blank: str | None, reason: str, as_json: bool) -> None:
    """Replace a card by another. Nothing can be had from now on with the one of this running number."""

    def act(connection: Any, acting: Desk) -> tuple[str, str]:
        card = get_typed_card(connection, acting.operation_id, number, "number")
        if blank is None:
            return card.number, card_acts.replace_with_new(connection, acting, card, reason).number
        new = get_blank_card(connection, acting.operation_id, blank, "with")
        card_acts.replace(connection, acting, card, new, reason)
        return card.number, new.number

    old, taken = act_by_command(code, CARD_ISSUE, "card.replaced", act, lambda done: done[0])
    say({"replaced": old, "new": taken}, _("%(old)s is replaced by %(new)s.", old=old, new=taken), as_json)


@cards.command("cancel")
@of_operation
@click.argument("number")
@_reason
@answers_json
@with_appcontext
def cancel_command(code: str, number: str, reason: str, as_json: bool) -> None:
    """Cancel a card, named by its running number. Nothing can be had with it from now on, and it stays so."""

    def act(connection: Any, acting: Desk) -> str:
        card = get_typed_card(connection, acting.operation_id, number, "number")
        card_acts.cancel(connection, acting, card, reason)
        return card.number

    cancelled = act_by_command(code, CARD_ISSUE, "card.cancelled", act, lambda done: done)
    say({"cancelled": cancelled}, _("%(number)s is cancelled.", number=cancelled), as_json)


def _note(action: str, operation_id: bytes, subject: str, purpose: str) -> None:
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        audit.note(session, audit.COMMAND_LINE, action, now, operation_id=operation_id, subject=subject, purpose=purpose)
