"""A PostgreSQL that keeps what it acknowledged, and that may be killed, started again, copied to a standby and promoted."""

from __future__ import annotations

import signal

from tests.databases import START_SECONDS, PostgresServer, fast_folder

DURABLE = {"listen_addresses": "", "max_connections": "100", "shared_buffers": "64MB", "log_min_messages": "fatal",
           "wal_level": "replica", "max_wal_senders": "5", "autovacuum": "off", "jit": "off"}  # fmt: skip


class Postgres(PostgresServer):
    """A PostgreSQL to break."""

    def __init__(self, **options: str) -> None:
        super().__init__({**DURABLE, **options}, parent=fast_folder())

    def crash(self) -> None:
        """Stop as `pg_ctl stop -m immediate` does: nothing is written any more, and the next start recovers."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(START_SECONDS)

    def restart(self) -> None:
        self.start()

    def cut_connections(self, name: str) -> int:
        """End every session on a database, in the middle of whatever it does; return how many there were."""
        found = self._keeper.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s", (name,))
        return int(found.fetchone()[0])  # type: ignore[index]
