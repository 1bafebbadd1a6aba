"""A door of its own between phones and server: what goes wrong on the way is a subclass's to say."""

from __future__ import annotations

import socket
import threading
from abc import ABC, abstractmethod
from typing import Self

JOIN_SECONDS = 20


class Between(ABC):
    """Takes connections at `port` while it is entered; each is carried in a thread of its own."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(JOIN_SECONDS)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                phone, _address = self._listener.accept()
            except OSError:  # told to stop
                return
            threading.Thread(target=self._carry, args=(phone,), daemon=True).start()

    @abstractmethod
    def _carry(self, phone: socket.socket) -> None:
        """Carry one connection to its end."""
