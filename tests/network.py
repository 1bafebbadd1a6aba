"""No test talks to another machine."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any


def is_this_machine(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback or str(host) == "0.0.0.0"
    except ValueError:
        return False


def refuse_other_machines() -> None:
    """Make every look-up and every connection that would leave this machine fail, for the rest of the process."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **named: Any) -> Any:
        _refuse_unless_here(host)
        return look_up(host, *arguments, **named)

    def guarded(method: Any) -> Any:
        def connect(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                _refuse_unless_here(address[0])
            return method(self, address)

        return connect

    socket.getaddrinfo = getaddrinfo
    socket.socket.connect = guarded(socket.socket.connect)  # type: ignore[method-assign]
    socket.socket.connect_ex = guarded(socket.socket.connect_ex)  # type: ignore[method-assign]


def _refuse_unless_here(host: object) -> None:
    if not is_this_machine(host):
        raise AssertionError(f"a test tried to reach {host}: tests use no network")
