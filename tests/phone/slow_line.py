"""A slow line between phones and server: every answer takes its time to begin, and bytes come one after the other."""

from __future__ import annotations

import socket
import threading
import time
from queue import Empty, Queue

from tests.between import Between

PIECE = 4096
LONGEST_SECONDS = 60


class SlowLine(Between):
    """Passes connections on to `port`, `delay_seconds` late there and back together, and so many bytes a second each way."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.target, self.delay_seconds, self.bytes_a_second = port, 0.0, 1e9
        self._free_at = {"up": 0.0, "down": 0.0}  # all connections share the line
        self._lock = threading.Lock()

    def _carry(self, phone: socket.socket) -> None:
        try:
            with phone, socket.create_connection(("localhost", self.target), timeout=LONGEST_SECONDS) as server:
                phone.settimeout(LONGEST_SECONDS)
                up = threading.Thread(target=self._pass_on, args=(phone, server, "up"), daemon=True)
                up.start()
                self._pass_on(server, phone, "down")
                up.join(LONGEST_SECONDS)
        except OSError:  # no server there
            pass

    def _pass_on(self, source: socket.socket, target: socket.socket, way: str) -> None:
        """Pass on what comes, piece by piece, and in the end that nothing more comes."""
        on_the_way: Queue[tuple[float, bytes]] = Queue()
        arriving = threading.Thread(target=self._arrive, args=(on_the_way, target), daemon=True)
        arriving.start()
        piece = b"first"
        while piece:
            try:
                piece = source.recv(PIECE)
            except OSError:  # hung up, as good as the end
                piece = b""
            on_the_way.put((self._arrival(way, len(piece)), piece))
        arriving.join(LONGEST_SECONDS)

    def _arrive(self, on_the_way: Queue[tuple[float, bytes]], target: socket.socket) -> None:
        try:
            while True:
                moment, piece = on_the_way.get(timeout=LONGEST_SECONDS)
                time.sleep(max(0.0, moment - time.monotonic()))
                if not piece:
                    return target.shutdown(socket.SHUT_WR)
                target.sendall(piece)
        except (OSError, Empty):  # nobody is there any more
            return None

    def _arrival(self, way: str, count: int) -> float:
        """Return when so many bytes that are sent now arrive at the other end."""
        with self._lock:
            begins = max(time.monotonic(), self._free_at[way])
            self._free_at[way] = begins + count / self.bytes_a_second
            return self._free_at[way] + self.delay_seconds / 2
