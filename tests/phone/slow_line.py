"""A slow line between phones and server: every answer takes its time to begin, and bytes come one after the other."""

from __future__ import annotations

import socket
import threading
import time

PIECE = 4096
LONGEST_SECONDS = 60


class SlowLine:
    """Passes connections on to `port`: `delay_seconds` late there and back together, so many bytes a second each way, once it is slow."""

    def __init__(self, port: int) -> None:
        self.target, self.delay_seconds, self.bytes_a_second = port, 0.0, 1e9
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._free_at = {"up": 0.0, "down": 0.0}  # all connections share the line
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> SlowLine:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(LONGEST_SECONDS)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                phone, _address = self._listener.accept()
            except OSError:  # told to stop
                return
            threading.Thread(target=self._carry, args=(phone,), daemon=True).start()

    def _carry(self, phone: socket.socket) -> None:
        try:
            with phone, socket.create_connection(("localhost", self.target), timeout=LONGEST_SECONDS) as server:
                phone.settimeout(LONGEST_SECONDS)
                up = threading.Thread(target=self._pass_on, args=(phone, server, "up"), daemon=True)
                up.start()
                self._pass_on(server, phone, "down")
                phone.shutdown(socket.SHUT_RDWR)
                up.join(LONGEST_SECONDS)
        except OSError:  # the phone or the server hung up: so do we
            pass

    def _pass_on(self, source: socket.socket, target: socket.socket, way: str) -> None:
        try:
            time.sleep(self.delay_seconds / 2)
            while piece := source.recv(PIECE):
                self._wait(way, len(piece))
                target.sendall(piece)
        except OSError:
            pass

    def _wait(self, way: str, count: int) -> None:
        with self._lock:
            now = time.monotonic()
            begins = max(now, self._free_at[way])
            self._free_at[way] = begins + count / self.bytes_a_second
        time.sleep(max(0.0, self._free_at[way] - now))
