"""One tree of errors with stable codes.

A service raises; the web shell turns the error into the one JSON shape or a page, the command line into a sentence and
an exit code. What is *expected* inside a batch of records is a value (a verdict), never one of these.
"""

from __future__ import annotations

from typing import Any


class ReliefError(Exception):
    """An error that a person can do something about.

    `code` is stable and for programs; `message` is one sentence for people and may be translated; `where` names the
    field, row or record; `extra` holds numbers a program needs (a limit, a retry time).
    """

    code = "error"
    status = 400
    exit_code = 1

    def __init__(self, message: str, *, code: str | None = None, where: str | None = None, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.where = where
        self.extra = extra

    def as_dict(self) -> dict[str, Any]:
        """Return the one shape in which every interface shows an error."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.where is not None:
            body["where"] = self.where
        body.update(self.extra)
        return {"error": body}


class BadInput(ReliefError):
    """What was sent cannot be read: names what and where."""

    code, status, exit_code = "bad_input", 422, 2


class SignInNeeded(ReliefError):
    """Nobody is signed in, or the device token is not known."""

    code, status, exit_code = "sign_in_needed", 401, 3


class NotAllowed(ReliefError):
    """The person or phone is known, but may not do this."""

    code, status, exit_code = "not_allowed", 403, 3


class PurposeNeeded(NotAllowed):
    """She may see people's data here, and has not said yet what for."""

    code = "purpose_needed"


class NotFound(ReliefError):
    """It does not exist, or belongs to somebody else: both look alike."""

    code, status, exit_code = "not_found", 404, 4


class Conflict(ReliefError):
    """It collides with what is there already."""

    code, status, exit_code = "conflict", 409, 5


class TooLarge(ReliefError):
    """More than one request may carry; `limit` says how much may."""

    code, status, exit_code = "too_large", 413, 2


class TooMany(ReliefError):
    """Too many tries; `retry_after_seconds` says when to come back."""

    code, status, exit_code = "too_many", 429, 6


class Busy(ReliefError):
    """The database is busy: nothing was stored, try again."""

    code, status, exit_code = "busy", 503, 6


class BadSetting(ReliefError):
    """A setting, a secret or the instance folder cannot be used as it is."""

    code, status, exit_code = "bad_setting", 500, 7


class Unusable(ReliefError):
    """The database is missing, damaged or cannot be written: nothing was stored, and somebody must mend it first."""

    code, status, exit_code = "unusable", 503, 7
