"""Free TCP ports, and waiting until somebody listens on one."""

from __future__ import annotations

import socket
import time

STEP = 0.02  # [s] between two attempts


def unused_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listens on, as the system gives it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_for_listener(port: int, *, within: float = 10.0) -> None:
    """Return as soon as 127.0.0.1:`port` accepts a connection.

    Raises
    ------
    TimeoutError
        Nothing listened there `within` so many seconds.
    """
    deadline = time.monotonic() + within
    while not _listens(port):
        if time.monotonic() > deadline:
            raise TimeoutError(f"127.0.0.1:{port} has no listener after {within:g} s; see the log of its program")
        time.sleep(STEP)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
