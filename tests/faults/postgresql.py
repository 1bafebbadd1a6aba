"""A PostgreSQL that keeps what it acknowledged, and that may be killed, started again, and copied to a standby."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.databases import START_SECONDS, PostgresServer, fast_folder

# On a folder in memory fsync costs nothing, and the crashes here are of processes: what the kernel took is kept.
DURABLE = {"listen_addresses": "", "max_connections": "100", "shared_buffers": "64MB", "log_min_messages": "fatal",
           "wal_level": "replica", "max_wal_senders": "5", "autovacuum": "off", "jit": "off"}  # fmt: skip


class Postgres(PostgresServer):
    """A PostgreSQL to break."""

    def crash(self) -> None:
        """Stop as `pg_ctl stop -m immediate` does: nothing more is written, and the next start recovers."""
        self._keeper.close()
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(START_SECONDS)

    def cut_connections(self, name: str) -> int:
        """End every session of a database, whatever it does just then; return how many there were."""
        found = self._keeper.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s", [name])
        return int(found.fetchone()[0])  # type: ignore[index]

    def follow(self, primary: Postgres) -> None:
        """Become a synchronous standby of `primary`; from then on it acknowledges only what is on disk here too."""
        self.crash()
        self._run("pg_basebackup", "-h", primary.folder, "-U", "relief", "-D", self.folder / "copy", "-R", "-X", "stream",
                  "--checkpoint=fast")  # fmt: skip
        subprocess.run(["rm", "-rf", self.folder / "data"], check=True)
        (self.folder / "copy").rename(self.folder / "data")
        self.start()
        primary.wait_for_standby()

    def wait_for_standby(self) -> None:
        """Demand a synchronous standby, and wait until there is one."""
        self._keeper.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self._keeper.execute("SELECT pg_reload_conf()")
        looking = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        for _look in range(300):
            if self._keeper.execute(looking).fetchone()[0]:  # type: ignore[index]
                return
            self._keeper.execute("SELECT pg_sleep(0.05)")
        raise AssertionError("no synchronous standby")

    def promote(self) -> None:
        """Make a standby the primary."""
        assert self._keeper.execute("SELECT pg_promote(true, 30)").fetchone()[0]  # type: ignore[index]


@contextmanager
def postgres(**options: str) -> Iterator[Postgres]:
    """Yield a durable PostgreSQL of one's own."""
    server = Postgres({**DURABLE, **options}, parent=fast_folder())
    try:
        yield server
    finally:
        server.stop()


def address_of(name: str, *servers: Postgres) -> str:
    """Return the address by which libpq finds whichever of the servers takes writes."""
    hosts = "&".join(f"host={server.folder}:" for server in servers)
    return f"postgresql+psycopg://relief@/{name}?{hosts}&target_session_attrs=read-write"

