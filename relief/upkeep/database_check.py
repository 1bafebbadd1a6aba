"""What the database says of itself, asked through the app as every command asks it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from relief import create_app
from relief.accounts.models import Enrolment
from relief.database_memory import refuse_if_lost
from relief.db import db, is_sqlite, snapshot
from relief.kernel.clock import wall
from relief.kernel.errors import ReliefError
from relief.kernel.ids import to_text
from relief.ledger.anchors import find_lost_ends
from relief.ledger.models import Entry, Held
from relief.ledger.seal_check import ToldHead
from relief.ledger.witnesses import list_lost_heads
from relief.operations.models import Operation
from relief.schema import find_revision, newest_revision
from relief.settings import Settings
from relief.upkeep.finding import BROKEN, LOOK, OK, Finding

CLOCK_SECONDS, SEALER_SECONDS = 300, 60


def check_database(settings: Settings) -> Iterator[Finding]:
    """Look into the database, through the app as every command does."""
    try:
        with create_app(settings).app_context():
            try:
                for check in (_schema, _ends, _clock, _sealer, _waiting):
                    yield from check(settings)
            finally:
                db.session.remove()
                db.engine.dispose()
    except ReliefError as error:
        yield Finding(BROKEN, error.code, error.message, _("See docs/operating.md."))
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        yield Finding(BROKEN, "database", _("The database does not answer: %(reason)s.", reason=reason),
                      _("Start it, and check database_url: address, name and password."))  # fmt: skip


def _schema(settings: Settings) -> Iterator[Finding]:
    with db.engine.connect() as connection:
        found = find_revision(connection)
    if found is None:
        refuse_if_lost(settings)
    if found == newest_revision():
        yield Finding(OK, "schema", _("The database is at migration %(number)s.", number=found))
        return
    cure = _("Update relief.") if found and found > newest_revision() else _("Make a backup, then run: relief db upgrade")
    raise ReliefError(_("The database is at migration %(found)s, this program at %(mine)s. %(cure)s", found=found or "-",
                        mine=newest_revision(), cure=cure), code="schema")  # fmt: skip


def _ends(settings: Settings) -> Iterator[Finding]:
    with snapshot() as connection:
        lost = list(find_lost_ends(connection, settings))
        told: list[tuple[str, ToldHead]] = []
        for operation_id in connection.execute(select(Operation.__table__.c.id)).scalars():
            told += [(to_text(bytes(operation_id)), head) for head in list_lost_heads(connection, operation_id)]
    for each in lost:
        yield Finding(BROKEN, "ledger", _("The ledger of operation %(operation)s had come to position %(seen)s and ends at "
                                          "%(position)s: its last records are lost.", operation=each.operation_id, seen=each.seen,
                                          position=each.position),
                      _("If the file ending in -wal was removed, put it back. Else relief db restore, or go on: relief db "
                        "adopt"))  # fmt: skip
    for operation, head in told:
        yield Finding(BROKEN, "ledger", _("The phone %(phone)s knows position %(position)s of operation %(operation)s, but this "
                                          "database does not: an older one is in place.", phone=head.kept_by,
                                          position=head.position, operation=operation),
                      _("Bring the later database back, or relief db restore, or go on: relief db adopt"))  # fmt: skip
    if not lost and not told:
        yield Finding(OK, "ledger", _("Every ledger is as long as it was when last seen."))


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
                      _("Start the server: it seals. Its log says what is in the way."))  # fmt: skip
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
                      _("Bring them to a network: relief phones list says which."))  # fmt: skip
