"""What a database says when it cannot go on, as errors that tell people what to do."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from relief.kernel.errors import Busy, Conflict, ReliefError, Unusable

SOON_SECONDS, LATER_SECONDS = 2, 60


def find_trouble(error: SQLAlchemyError) -> ReliefError | None:
    """Return the error to show for one of the database's own, None for any other."""
    if isinstance(error, PoolTimeout):
        return busy()
    if not isinstance(error, DBAPIError):
        return None
    for words, states, make in _TROUBLES:
        if _tells(error, words, states):
            return make()
    return None


def busy() -> Busy:
    """Return the error for a database that others keep waiting."""
    return Busy(_("The database is busy. Nothing was stored; try again in a moment."), retry_after_seconds=SOON_SECONDS)


def _met() -> ReliefError:
    return Conflict(_("Somebody else stored the same at the same moment. Nothing was stored here; look, and try again."),
                    code="changed_meanwhile")  # fmt: skip


def _tells(error: BaseException | None, words: tuple[str, ...], states: tuple[str, ...]) -> bool:
    """Look also at what came before: where a disk is full, undoing the failed work may fail in its turn."""
    while error is not None:
        told = str(getattr(error, "orig", error))
        if getattr(getattr(error, "orig", error), "sqlstate", None) in states or any(each in told for each in words):
            return True
        error = error.__context__
    return False


def _full() -> ReliefError:
    return Busy(_("The server's disk is full. Nothing was stored: keep your records, and tell who looks after the server."),
                code="storage_full", retry_after_seconds=LATER_SECONDS)  # fmt: skip


def _read_only() -> ReliefError:
    return Unusable(_("The server's database can be read but not written. Nothing was stored: keep your records, and tell who "
                      "looks after the server: relief doctor says more."),
                    code="storage_read_only", retry_after_seconds=LATER_SECONDS)  # fmt: skip


def _failing() -> ReliefError:
    return Unusable(_("The server's disk fails. Nothing was stored: keep your records, and tell who looks after the server: "
                      "relief doctor says more."), code="storage_failing", retry_after_seconds=LATER_SECONDS)  # fmt: skip


def damaged() -> ReliefError:
    """Return the error for a database whose pages make no sense."""
    return Unusable(_("The database is damaged. Nothing was stored: keep your records. Who looks after the server: stop it, keep "
                      "the damaged files, run relief doctor, and restore the last good backup."),
                    code="database_damaged", retry_after_seconds=LATER_SECONDS)  # fmt: skip


# What SQLite says, PostgreSQL's SQLSTATEs, and what people are told.
_TROUBLES = (
    (("database or disk is full",), ("53100",), _full),
    (("readonly database",), ("25006",), _read_only),
    (("disk I/O error",), ("58030",), _failing),
    (("malformed", "not a database"), ("XX001", "XX002"), damaged),
    (("is locked", "is busy"), ("55P03", "40001", "40P01"), busy),
    ((), ("23505",), _met),  # only PostgreSQL: on SQLite one writes at a time, and what collides is a mistake of ours
)  # fmt: skip
