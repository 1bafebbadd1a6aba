"""The server: gunicorn as a library, waitress where gunicorn cannot run.

SQLite has one writer, so it gets one process with many threads, and a lock in the instance folder refuses a second one.
PostgreSQL gets as many processes as asked for.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError

from relief.db import db, is_sqlite, wake_after_commit
from relief.kernel.errors import BadInput, Conflict, ReliefError
from relief.kernel.garbage import collect_garbage_seldom
from relief.ledger.anchors import keep_anchors, remember_heads
from relief.ledger.sealer import start_sealer
from relief.settings import Settings
from relief.web import errors
from relief.web.logs import formatter_of, open_logs
from relief.web.refusals import answer_refusals

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

WRITER_TURN_SECONDS = 0.0005
GRACE_SECONDS = 30
STALLED_SECONDS = 20
LOCK_SECONDS = 3
LOCK_FILE = "serve.lock"
ADDRESS_FILE = "serve.address"


@contextmanager
def only_server(instance: Path) -> Iterator[None]:
    """Hold the instance folder's lock; raises Conflict when another server holds it.

    A killed server's lock is free as soon as its worker has noticed, so it is waited for a little.
    """
    with (instance / LOCK_FILE).open("a+", encoding="ascii") as file:
        last = time.monotonic() + LOCK_SECONDS
        while not _locked(file):
            if time.monotonic() > last:
                raise Conflict(
                    _("A server is running already for the instance folder %(folder)s. Stop it first, or use the one there is.",
                      folder=instance), code="served_already",
                )  # fmt: skip
            time.sleep(0.05)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def is_served(instance: Path) -> bool:
    """Tell whether a server holds the instance folder's lock; nothing is written. PostgreSQL's servers hold none."""
    try:
        with (instance / LOCK_FILE).open("r+", encoding="ascii") as file:
            return not _locked(file)
    except OSError:
        return False


def address_of(host: str, port: int) -> str:
    """Return the address at which this machine itself reaches a server that listens there."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"


def _locked(file: Any) -> bool:
    try:
        _lock(file)
    except OSError:
        return False
    return True


def _lock(file: Any) -> None:
    if sys.platform == "win32":
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def check_address(host: str, port: int) -> None:
    """Raise Conflict when nobody can listen there, before anybody is told to go there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if sys.platform != "win32":  # there the option would let us take an address away from another program
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Conflict(_("Port %(port)s is used by another program already. Choose another: relief serve --port NUMBER",
                                 port=port), code="port_busy") from error  # fmt: skip
            raise Conflict(_("Nobody can listen at %(host)s, port %(port)s: %(reason)s. See --host and --port.", host=host,
                             port=port, reason=error.strerror), code="address_unusable") from error  # fmt: skip


def before_serving(app: Flask, prepare: Callable[[Flask, int], None]) -> None:
    """Have `prepare(app, port)` called once the app is about to be served, before there is any worker."""
    app.extensions.setdefault("relief_before_serving", []).append(prepare)


def run(app: Flask, settings: Settings, host: str, port: int, workers: int) -> None:
    """Serve until told to stop; what is being answered then is finished first."""
    (settings.instance / ADDRESS_FILE).write_text(address_of(host, port) + "\n", encoding="utf-8")  # for `relief doctor`
    for prepare in app.extensions.get("relief_before_serving", ()):
        prepare(app, port)
    start_sealer(app)  # only where it is served: a command seals at its end, and may have no tables yet
    db.session.remove()
    db.engine.dispose()  # an SQLite connection must not be carried into another process, not even unused
    open_logs(settings)
    if sys.platform == "win32":
        from waitress import serve  # only where gunicorn cannot run

        keep_anchors(app)
        serve(app, host=host, port=port, threads=settings.threads, ident=None)
        return
    from gunicorn.app.base import BaseApplication  # 40 ms that no other command needs
    from gunicorn.http.errors import NoMoreData, ParseException

    for cut in (NoMoreData, ParseException):  # raised where a view reads a body that came in chunks
        app.register_error_handler(cut, _cut_short)

    class Server(BaseApplication):  # type: ignore[misc]
        """Gunicorn with our settings and no command line or configuration file of its own."""

        def load_config(self) -> None:
            for name, value in gunicorn_settings(settings, host, port, workers).items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return app

    Server().run()


def gunicorn_settings(settings: Settings, host: str, port: int, workers: int) -> dict[str, Any]:
    """Return gunicorn's settings for an installation."""
    memory = "/dev/shm"
    return {
        "bind": [f"[{host}]:{port}" if ":" in host else f"{host}:{port}"],
        "worker_class": "gthread",
        "workers": workers,
        "threads": settings.threads,
        # The worker's sign of life: on a slow disk it would make a healthy worker look dead.
        "worker_tmp_dir": memory if os.access(memory, os.W_OK) else None,
        "timeout": 120,
        "graceful_timeout": GRACE_SECONDS,
        "keepalive": 15,
        "backlog": 512,
        "accesslog": None,  # addresses carry one-time tokens: they are never logged
        "errorlog": "-",
        "loglevel": "warning",
        "control_socket_disable": True,
        "forwarded_allow_ips": "",
        "proc_name": "relief",
        "when_ready": _wait_for_bytes_not_for_ever,
        "on_starting": partial(_dress_log, settings),
        "post_fork": _start_worker,
        "worker_exit": _stop_worker,
    }


def _cut_short(_error: Exception) -> Any:
    message = _("The request was cut short. Nothing was stored; send it again.")
    return errors.show(BadInput(message, code="cut_short", where="body"))


def _wait_for_bytes_not_for_ever(arbiter: Any) -> None:
    """Give a connection's thread back when its phone has fallen silent within a request: radios vanish without a word.

    Connections take the limit over from the listening socket.
    """
    limit = struct.pack("ll", STALLED_SECONDS, 0)
    for listener in arbiter.LISTENERS:
        for way in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            listener.sock.setsockopt(socket.SOL_SOCKET, way, limit)


def _dress_log(settings: Settings, arbiter: Any) -> None:
    """Have gunicorn's own words written as ours are."""
    for handler in arbiter.log.error_log.handlers:
        handler.setFormatter(formatter_of(settings))


def _stop_worker(_arbiter: Any, worker: Any) -> None:
    """Write down how far the ledgers came in the last seconds."""
    with worker.app.load().app_context(), suppress(ReliefError, DBAPIError, OSError):
        remember_heads()


def _start_worker(_arbiter: Any, worker: Any) -> None:
    """Forget connections opened before the fork: two processes must not share one."""
    answer_refusals(worker, worker.app.load())
    with worker.app.load().app_context():
        db.engine.dispose(close=False)
        keep_anchors(worker.app.load())
        wake_after_commit()  # what a killed process left unsealed is sealed now
        if is_sqlite(db.engine):
            # The one writer must get its turn back soon after each call to SQLite, while other threads read requests.
            sys.setswitchinterval(WRITER_TURN_SECONDS)
    collect_garbage_seldom()
