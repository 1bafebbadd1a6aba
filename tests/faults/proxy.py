"""A small TCP proxy between phones and server that loses answers after the server has acted."""

from __future__ import annotations

import random
import socket
import struct
import threading

from tests.between import Between

LONGEST_SECONDS = 20
PIECE = 65536
RESET = struct.pack("ii", 1, 0)


class AnswerDroppingProxy(Between):
    """Passes requests on; of each answer it loses all or the rest with `chance_of_loss`. `lost` counts them.

    It begins to lose only when the whole answer has come, so that the server has committed by then.
    """

    def __init__(self, port: int, chance: random.Random, chance_of_loss: float = 0.5) -> None:
        super().__init__()
        self.target, self.chance, self.chance_of_loss = port, chance, chance_of_loss
        self.lost = 0
        self._counting = threading.Lock()

    def _carry(self, phone: socket.socket) -> None:
        with phone, socket.create_connection(("127.0.0.1", self.target), timeout=LONGEST_SECONDS) as server:
            phone.settimeout(LONGEST_SECONDS)
            request = threading.Thread(target=_pass_on, args=(phone, server), daemon=True)
            try:
                request.start()
                answer = _read_all(server)
                with self._counting:
                    lose, kept = self.chance.random() < self.chance_of_loss, self.chance.choice((0, 1, 20, 200, len(answer) - 1))
                    self.lost += lose
                if lose:
                    phone.sendall(answer[: min(kept, len(answer) - 1)])
                    phone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                else:
                    phone.sendall(answer)
                phone.shutdown(socket.SHUT_RD)  # closing alone would wait for whoever reads
                request.join(LONGEST_SECONDS)
            except OSError:  # the phone or the server hung up: so do we
                pass


def _pass_on(phone: socket.socket, server: socket.socket) -> None:
    try:
        while piece := phone.recv(PIECE):
            server.sendall(piece)
    except OSError:
        pass


def _read_all(server: socket.socket) -> bytes:
    answer = b""
    while piece := server.recv(PIECE):  # the phones of tests.faults.load ask for one answer a connection
        answer += piece
    return answer
