"""Command: `relief cards issue`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext

from relief.accounts import audit
from relief.accounts.purposes import own_words
from relief.commands import answers_json, of_operation
from relief.db import snapshot, unit_of_work
from relief.kernel.cells import safe_cell
from relief.kernel.errors import BadInput, ReliefError
from relief.kernel.ids import to_bytes, to_text
from relief.ledger.keys import current_keys
from relief.office.cards.issuing import MOST_BLANK, IssuedCard
from relief.office.cards.runs import issue_blank_run, issue_run
from relief.office.command_line import named_part
from relief.office.devices import CARD_ISSUE, get_office_enrolment
from relief.office.register_queries import find_household_named
from relief.operations.queries import get_current_plan, get_operation


@click.group("cards")
def cards() -> None:
    """Cards: issue, print, hand out, replace, cancel."""


@cards.command("issue")
@of_operation
@click.option("--site", help="Only households whose home site this is: its name or id.")
@click.option("--household", help="Only this household: its number in the list.")
@click.option("--blank", type=click.IntRange(1, MOST_BLANK), help="Issue so many cards of nobody yet instead.")
@click.option("--purpose", help="What the list is needed for; kept in the audit. Not needed for blank cards.")
@answers_json
@click.option("--csv", "path", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write the list to a file.")
@with_appcontext
def issue_command(code: str, site: str | None, household: str | None, blank: int | None, purpose: str | None,
                  as_json: bool, path: Path | None) -> None:  # fmt: skip
    """Issue cards: to every approved household that has none, to those of a site, to one, or as blank stock.

    Lists running number, last four signs and external id; the codes themselves stay in the ledger. Issuing again issues only
    to who has none.
    """
    if blank and (site or household):
        raise BadInput(_("Blank cards belong to no site and no household."), where="blank")
    if not blank and not (purpose and purpose.strip()):
        raise BadInput(_("Say what the list is needed for: --purpose."), code="purpose_needed", where="purpose")
    with _list_file(path) as file:
        issued = _issue(code, site, household, blank, own_words(purpose))
        _show_cards(issued, as_json, file)


@contextmanager
def _list_file(path: Path | None) -> Iterator[IO[str] | None]:
    """Open the file of the list before any card is issued: a list that nobody could write would be lost."""
    if path is None:
        yield None
        return
    is_new = not path.exists()
    file = path.open("a", encoding="utf-8", newline="")
    try:
        yield file
    except BaseException:
        if is_new:
            path.unlink(missing_ok=True)
        raise
    finally:
        with suppress(OSError):  # what could not be written was told already
            file.close()


def _issue(code: str, site: str | None, household: str | None, blank: int | None, purpose: str) -> Sequence[IssuedCard]:
    now = current_app.extensions["relief_clock"].now()
    with unit_of_work() as session:
        operation = get_operation(session, code)
        site_id = to_bytes(named_part(get_current_plan(session, operation.id).sites, site, "site")) if site else None
        enrolment_id = get_office_enrolment(session, operation.id, CARD_ISSUE, now)
        audit.note(session, audit.COMMAND_LINE, "cards.issued", now, operation_id=operation.id, purpose=purpose)
    keys = current_keys()
    if blank:
        return issue_blank_run(operation.id, enrolment_id, blank, now, keys)
    household_id = _household_id(operation.id, household) if household else None
    return issue_run(operation.id, enrolment_id, now, keys, site_id=site_id, household_id=household_id)


def _household_id(operation_id: bytes, name: str) -> bytes:
    with snapshot() as connection:
        return find_household_named(connection, operation_id, name)


def _show_cards(issued: Sequence[IssuedCard], as_json: bool, file: IO[str] | None) -> None:
    if file:
        _write_list(card_list(issued), file)
    if not issued and not as_json:
        click.echo(_("Nobody waits for a card: whoever is approved has one."), err=True)
    if as_json:
        rows = [{"number": card.number, "last_four": card.last_four, "external_id": card.external_id,
                 "household": to_text(card.household_id) if card.household_id else None, "site": card.site}
                for card in issued]  # fmt: skip
        click.echo(json.dumps({"issued": len(issued), "cards": rows}, ensure_ascii=False, indent=2))
    elif file:
        click.echo(ngettext("Issued %(num)s card; the list is in %(path)s.", "Issued %(num)s cards; the list is in %(path)s.",
                            len(issued), path=file.name))  # fmt: skip
    else:
        click.echo(card_list(issued), nl=False)


def _write_list(text: str, file: IO[str]) -> None:
    try:
        if file.seekable():
            file.truncate(0)
        file.write(text)
        file.flush()
    except OSError as error:  # the cards are issued by now: their list must not be lost
        click.echo(text, nl=False)
        raise ReliefError(_("The cards are issued, but %(path)s cannot be written (%(reason)s): keep the list above.",
                            path=file.name, reason=error.strerror), code="file_unusable") from error  # fmt: skip


def card_list(issued: Sequence[IssuedCard]) -> str:
    """Return the cards of a run as CSV: every text quoted, none able to start a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(("number", "last_four", "external_id", "site"))
    for card in issued:
        writer.writerow([safe_cell(text) for text in (card.number, card.last_four, card.external_id, card.site)])
    return stream.getvalue()


COMMANDS = [cards]
