"""What the database says of itself, asked through the app as every command asks it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import suppress

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from relief import create_app
from relief.accounts.models import Enrolment
from relief.db import db, is_sqlite, snapshot
from relief.kernel.clock import wall
from relief.kernel.errors import BadSetting, ReliefError
from relief.kernel.ids import to_text
from relief.laid_aside import list_laid_aside
from relief.ledger.anchors import find_lost_ends, find_renamed, list_gone_operations, say_gone
from relief.ledger.key_check import refuse_other_keys
from relief.ledger.models import Entry, Held
from relief.ledger.progress import stage_lines
from relief.ledger.seal_check import ToldHead
from relief.ledger.witnesses import list_lost_heads
from relief.office.erasing.erasing import list_unfinished
from relief.operations.models import Operation
from relief.schema import GUARDS, check_schema, find_guards
from relief.settings import Settings
from relief.traces import SECRETS
from relief.upkeep.finding import BROKEN, LOOK, OK, Finding
from relief.upkeep.ground_check import restore_line
from relief.upkeep.throwaway import check_ledgers

CLOCK_SECONDS, SEALER_SECONDS = 300, 60
CUT_BACK = "cut_back:"


def check_database(settings: Settings, quick: bool = False) -> Iterator[Finding]:
    """Look into the database, through the app as every command does; `quick`: without verifying what the ledgers hold."""
    try:
        with create_app(settings).app_context():
            try:
                entries = _unverified if quick else _ledgers
                for check in (_schema, _guards, _keys, _ends, entries, _clock, _sealer, _waiting, _erasing, _aside):
                    yield from check(settings)
            finally:
                db.session.remove()
                db.engine.dispose()
    except ReliefError as error:
        cure, run = _cure_of(error.code, settings)
        yield Finding(BROKEN, error.code, error.message, cure, run)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        yield Finding(BROKEN, "database", _("The database does not answer: %(reason)s.", reason=reason),
                      _("Start it, and check database_url: address, name and password."))  # fmt: skip


def _cure_of(code: str, settings: Settings) -> tuple[str, str]:
    """Return what to do about an error that keeps every command from the database, and the command for it."""
    from_backup = (_("Stop the server. The damaged database is kept beside the restored one:"),
                   restore_line(settings, "--replace"))  # fmt: skip
    cures = {
        "no_database": (_("A new installation makes it:"), "relief db upgrade"),
        "database_missing": (_("Bring the last backup back:"), restore_line(settings)),
        "tables_missing": from_backup,
        "version_missing": from_backup,
        "schema_not_current": (_("After the backup:"), "relief db upgrade"),
    }  # fmt: skip
    return cures.get(code, (_("See docs/operating.md."), ""))


def _schema(_settings: Settings) -> Iterator[Finding]:
    yield Finding(OK, "schema", _("The database is at migration %(number)s, with all its tables.", number=check_schema()))


def _guards(settings: Settings) -> Iterator[Finding]:
    with snapshot() as connection:
        gone = GUARDS - find_guards(connection)
    if gone:
        yield Finding(BROKEN, "guards", _("Somebody took away what keeps entries from being changed: %(names)s.",
                                          names=", ".join(sorted(gone))),
                      _("What was changed since, relief ledger verify names. A backup from before brings them back:"),
                      restore_line(settings, "--replace"))  # fmt: skip


def _keys(settings: Settings) -> Iterator[Finding]:
    try:
        with snapshot() as connection:
            refuse_other_keys(connection, current_app.extensions["relief_secrets"])
    except BadSetting as error:
        folder = shlex.quote(str(settings.instance))
        yield Finding(BROKEN, "secrets", error.message, _("FILE is the right one. Lay the one that is here aside first:"),
                      f"cp FILE {folder}/{SECRETS}")  # fmt: skip


def _ends(settings: Settings) -> Iterator[Finding]:
    with snapshot() as connection:
        lost, gone = list(find_lost_ends(connection, settings)), list_gone_operations(connection, settings)
        renamed = list(find_renamed(connection, settings))
        told: list[tuple[str, ToldHead]] = []
        for operation_id in connection.execute(select(Operation.__table__.c.id)).scalars():
            told += [(to_text(bytes(operation_id)), head) for head in list_lost_heads(connection, operation_id)]
    for each in lost:
        yield Finding(BROKEN, "ledger", _("The ledger of operation %(operation)s had come to position %(seen)s and ends at "
                                          "%(position)s: its last records are lost.", operation=each.operation_id, seen=each.seen,
                                          position=each.position),
                      _("If the file ending in -wal was removed, put it back. Else restore the last backup (relief db restore), "
                        "or go on with what is here; phones then send the rest again:"), "relief db adopt")  # fmt: skip
    for operation, head in told:
        yield Finding(BROKEN, "ledger", _("The phone %(phone)s knows position %(position)s of operation %(operation)s, but this "
                                          "database does not: an older one is in place.", phone=head.kept_by,
                                          position=head.position, operation=operation),
                      _("Bring the later database back. Or go on with what is here; phones then send the rest again:"),
                      "relief db adopt")  # fmt: skip
    for one in renamed:
        yield Finding(BROKEN, "operation", _("The operation %(operation)s was given %(given)s (%(name)s), once, and goes by "
                                             "%(found)s: somebody changed the database by hand.", operation=one.operation_id,
                                             given=one.given, name=one.name, found=one.found),
                      _("The last backup brings it back. If what stands there now is right, relief db adopt takes it as such:"),
                      restore_line(settings, "--replace"))  # fmt: skip
    if left := sorted({*gone} - {each.operation_id for each in lost}):
        yield Finding(BROKEN, "ledger", say_gone(left),
                      _("Stop the server. The damaged database is kept beside the restored one:"),
                      restore_line(settings, "--replace"))  # fmt: skip
    if not lost and not told and not gone:
        yield Finding(OK, "ledger", _("Every ledger is as long as it was when last seen."))


def _ledgers(_settings: Settings) -> Iterator[Finding]:
    with stage_lines({"verify": _("Verifying the ledgers:")}) as tell:
        checked = check_ledgers(tell)
    for each in checked:
        problems = [problem for problem in each.problems if not problem.startswith(CUT_BACK)]  # those ends were named before
        if problems:
            yield Finding(BROKEN, "ledger", _("The ledger of %(name)s differs from its entries: %(problem)s.", name=each.name,
                                              problem=problems[0]),
                          _("This names all of it; docs/operating.md says what to do then:"),
                          f"relief ledger verify {shlex.quote(each.name)}")  # fmt: skip
    good = sum(not each.problems for each in checked)
    if good:
        yield Finding(OK, "ledger", _("Verified, entry by entry: %(count)s ledgers are as their entries say.", count=good))


def _unverified(_settings: Settings) -> Iterator[Finding]:
    yield Finding(LOOK, "ledger", _("Whether somebody changed what the ledgers hold was not looked at."), run="relief doctor")


def _clock(_settings: Settings) -> Iterator[Finding]:
    now = current_app.extensions["relief_clock"].now()
    with snapshot() as connection:
        newest = connection.execute(select(func.max(Entry.__table__.c.received_at))).scalar()
    if newest and newest > now + CLOCK_SECONDS:
        yield Finding(BROKEN, "clock", _("The clock shows %(now)s, but records were received at %(newest)s.", now=wall(now),
                                         newest=wall(newest)), _("Set the machine's clock, and keep it set (NTP)."))  # fmt: skip
    else:
        yield Finding(OK, "clock", _("The clock shows %(now)s.", now=wall(now)))


def _sealer(_settings: Settings) -> Iterator[Finding]:
    now = current_app.extensions["relief_clock"].now()
    entry = Entry.__table__.c
    with snapshot() as connection:
        oldest = connection.execute(select(func.min(entry.received_at)).where(entry.position.is_(None))).scalar()
        if not is_sqlite(connection):
            used, most = connection.execute(
                text("SELECT (SELECT count(*) FROM pg_stat_activity), current_setting('max_connections')::int")
            ).one()
            if used > most * 0.9:
                yield Finding(LOOK, "database", _("%(used)s of %(most)s connections are in use.", used=used, most=most),
                              _("Raise max_connections, or run fewer workers or threads."))  # fmt: skip
    if oldest is not None and now - oldest > SEALER_SECONDS:
        yield Finding(BROKEN, "sealer", _("Records received at %(moment)s are not sealed yet: totals stand still.",
                                          moment=wall(oldest)),
                      _("The server seals, and its log says what is in the way:"), "relief serve")  # fmt: skip
    else:
        yield Finding(OK, "sealer", _("Everything is sealed."))


def _waiting(_settings: Settings) -> Iterator[Finding]:
    held, phone = Held.__table__.c, Enrolment.__table__.c
    with snapshot() as connection:
        shelf = connection.execute(select(func.count()).where(held.taken_up_at.is_(None))).scalar_one()
        waiting = connection.execute(select(func.sum(phone.waiting)).where(phone.revoked_at.is_(None))).scalar() or 0
    if shelf:
        yield Finding(LOOK, "held", _("%(count)s records are held and in no total.", count=shelf),
                      _("The office decides about them: Cases, on the operation's page."))  # fmt: skip
    if waiting:
        yield Finding(LOOK, "phones", _("Phones told of %(count)s records they still have to send.", count=waiting),
                      _("Bring them to a network. This says which:"), "relief phones list CODE")  # fmt: skip


def _erasing(settings: Settings) -> Iterator[Finding]:
    with snapshot() as connection, suppress(BadSetting):  # a damaged journal has a line of its own
        waiting = len(list_unfinished(connection, settings.instance))
        if waiting:
            yield Finding(LOOK, "erasing", _("%(count)s erasures are ordered and not carried out to the end.", count=waiting),
                          _("Start the server, which does it first of all, or:"), "relief erase resume")  # fmt: skip


def _aside(settings: Settings) -> Iterator[Finding]:
    names = list_laid_aside(settings)
    if names:
        yield Finding(LOOK, "aside", _("Databases laid aside by a restore still hold what was erased since: %(names)s.",
                                       names=", ".join(names)),
                      _("When nobody misses anything:"), "relief db aside --delete")  # fmt: skip
