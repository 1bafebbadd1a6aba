"""What goes to the press: which cards with which codes, or the hand-out list of the same run. The press is another process."""

from __future__ import annotations

import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, Any

import orjson
from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection

from relief.cards.queries import Design, find_design
from relief.cards.rules import PRACTICE_CARDS, practice_code
from relief.kernel.errors import Busy, Conflict, NotFound
from relief.kernel.ids import to_bytes, to_text
from relief.office.cards.queries import CardRow, list_codes, read_people
from relief.operations.queries import get_current_plan, get_operation
from relief.operations.rules import Plan

ARRANGEMENTS = ("a4", "fold", "single")
MOST_AT_ONCE = 2  # presses of one server: they share the processors with the phones
PATIENCE_SECONDS = 300
SAMPLE = (("17-0403", "0123456789ABCDEF"), ("17-0404", "FEDCBA9876543210"))
Progress = Callable[[int], None]
_turns = threading.BoundedSemaphore(MOST_AT_ONCE)


def cards_job(connection: Connection, operation_id: bytes, cards: Sequence[CardRow], arrangement: str) -> list[bytes]:
    """Return the press's job for cards, in the order given; raises NotFound for none, Conflict where a code was erased."""
    codes = list_codes(connection, operation_id, [card.card_id for card in cards])
    if not cards:
        raise NotFound(_("There is no such card to print."))
    if len(codes) < len(cards):
        raise Conflict(_("The codes of these cards are erased: they cannot be printed again."), code="erased")
    design = get_design(connection, operation_id)
    return _cards(design, arrangement, [(card.number, codes[card.card_id]) for card in cards])


def sample_job(design: Design, arrangement: str) -> list[bytes]:
    """Return the job for a sheet that shows what the cards will look like; its codes are nobody's and read by no phone."""
    return _cards(design, arrangement, SAMPLE)


def practice_job(connection: Connection, operation_id: bytes, site_id: str, arrangement: str) -> list[bytes]:
    """Return the job for the ten practice cards of a site; raises NotFound."""
    if site_id not in get_current_plan(connection, operation_id).site:
        raise NotFound(_("There is no such site."))
    design = get_design(connection, operation_id)
    practice = Design("", _("Practice card: nothing is given for it"), design.hotline)
    cards = [(str(number), practice_code(to_bytes(site_id), number)) for number in range(1, PRACTICE_CARDS + 1)]
    return _cards(practice, arrangement, cards, mark=_("PRACTICE"))


def get_design(connection: Connection, operation_id: bytes) -> Design:
    """Return what is printed on an operation's cards: as chosen, or the Society's name alone; raises NotFound."""
    operation = get_operation(connection, operation_id)
    return find_design(connection, operation_id) or Design(society=operation.national_society)


def _cards(design: Design, arrangement: str, cards: Iterable[tuple[str, str]], mark: str = "") -> list[bytes]:
    words = {"society": design.society, "valid_until": design.valid_until, "hotline": design.hotline, "mark": mark}
    head = {"what": "cards", "arrangement": arrangement, "words": words, "title": _("Cards"), "language": _language(),
            "logo": b64encode(design.logo).decode("ascii")}  # fmt: skip
    return [orjson.dumps(head), *map(orjson.dumps, cards)]


def list_job(connection: Connection, operation_id: bytes, cards: Sequence[CardRow]) -> list[bytes]:
    """Return the job for the hand-out list of cards, in the order given: who they are for, and room to sign."""
    operation, plan = get_operation(connection, operation_id), get_current_plan(connection, operation_id)
    given = [card for card in cards if card.state == "linked"]
    if not given:
        raise NotFound(_("None of these cards is for a family yet."))
    codes = list_codes(connection, operation_id, [card.card_id for card in given])
    people = read_people(connection, operation_id, {card.household_id for card in given if card.household_id})
    words = {
        "title": _("Hand-out list: %(operation)s", operation=operation.title), "number": _("Number"), "name": _("Name"),
        "house": _("House"), "last_four": _("Last four"), "signature": _("Received: signature"), "page": _("Page {page}"),
        "no_site": _("No site named"), "no_place": _("Not known where"),
        "note": _("Personal data: lock it away with the cards kept elsewhere, and bring it back when the cards are handed out."),
    }  # fmt: skip
    head = {"what": "list", "words": words, "language": _language()}
    return [orjson.dumps(head), *(orjson.dumps(_line(card, plan, people, codes)) for card in given)]


def _line(card: CardRow, plan: Plan, people: dict[bytes, dict[str, Any]], codes: dict[bytes, str]) -> dict[str, str]:
    private = people.get(card.household_id or b"", {})
    site = plan.site.get(to_text(card.site_id)) if card.site_id else None
    names = [private.get("head"), *(private.get("names") or ())]  # a list of one row a person may name no head
    return {"number": card.number, "name": next((str(each) for each in names if each), ""),
            "last_four": codes.get(card.card_id, "")[-4:], "site": site.name if site else "",
            "village": str(private.get("village", "")), "address": str(private.get("address", ""))}  # fmt: skip


def send_to_press(job: Sequence[bytes], progress: Progress = lambda _done: None, patience_seconds: float = 0) -> IO[bytes]:
    """Print a job and return the PDF as an open file that nobody else can name; raises Busy while others print.

    `progress` is called with the number of cards done; `patience_seconds` is how long to wait for a turn.
    """
    if not _turns.acquire(timeout=patience_seconds):
        raise Busy(_("Others are printing just now. Try again in a moment."), retry_after_seconds=10)
    file = TemporaryFile()  # noqa: SIM115 - it is handed on open, and has no name by which anybody else could open it
    try:
        press = current_app.extensions.get("relief_press", print_aside)
        press(job, file, progress)
    except BaseException:
        file.close()
        raise
    finally:
        _turns.release()
    file.seek(0)
    return file


def print_aside(job: Sequence[bytes], file: IO[bytes], progress: Progress) -> None:
    """Print in a process of its own (`cards.press`); raises Busy where it stopped."""
    command = [sys.executable, "-m", "relief.cards.press"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file, stderr=subprocess.PIPE) as press:
        watch = threading.Timer(PATIENCE_SECONDS, press.kill)
        watch.start()
        try:
            assert press.stdin is not None and press.stderr is not None
            with suppress(BrokenPipeError), press.stdin as pipe:
                pipe.write(b"\n".join(job))
            for line in press.stderr:
                if line.strip().isdigit():
                    progress(int(line))
        finally:
            watch.cancel()
    if press.returncode:
        current_app.logger.error("the press stopped with %s", press.returncode)
        raise Busy(_("The sheets could not be printed. Try again."), code="press_failed")


def _language() -> str:
    return str(get_locale() or "en").replace("_", "-")
