"""Whether anything in the database changed, and what may."""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, create_engine

from relief.db import db, is_sqlite

# Written down on purpose, also when the call was refused: that somebody tried. The desk is a device that a user has in an
# operation from her first attempt to decide something; it opens nothing. The register's tables are read off the sealed entries
# whenever a page asks, also one that then refuses: `ledger verify` compares them.
MEANT_TO_RECORD = {
    "audit_entry",
    "register_mark", "household_origin", "household_author", "household_approval", "household_term",
}  # fmt: skip


class Witness:
    """Sees whether anything in the database changed, beside what is meant to record refused calls."""

    def __init__(self) -> None:
        self._is_file = is_sqlite(db.engine)
        self._connection: Connection = (create_engine(db.engine.url) if self._is_file else db.engine).connect()
        self._version: object = None
        self._digests: dict[str, str] = {}

    def changed(self) -> list[str]:
        """Return the names of the tables that changed since the last time of asking."""
        counter = "PRAGMA data_version" if self._is_file else "SELECT pg_current_wal_insert_lsn()"
        version = self._connection.exec_driver_sql(counter).scalar()
        self._connection.rollback()  # a later look must see what was written until then
        if version == self._version:
            return []  # SQLite counts the commits of others, PostgreSQL the bytes of its log: nobody wrote
        self._version, before = version, self._digests
        self._digests = {name: self._digest(name) for name in db.metadata.tables}
        self._connection.rollback()
        return sorted(name for name in self._digests if before and self._digests[name] != before.get(name))

    def _digest(self, table: str) -> str:
        but_desks = " WHERE kind <> 'desk'" if table == "enrolment" else ""
        rows = sorted(map(repr, self._connection.exec_driver_sql(f'SELECT * FROM "{table}"{but_desks}')))
        return hashlib.sha256("\n".join(rows).encode("utf-8", "surrogatepass")).hexdigest()

    def close(self) -> None:
        self._connection.close()
