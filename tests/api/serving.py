"""The application behind a real server on a free port of loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from qingchuan.api.app import create_app
from qingchuan.api.server import Server
from qingchuan.api.services import Services

PATIENCE = 20.0
"""How long anything may take [s]."""


class TellingServer(Server):
    """A server that tells when it listens."""

    def __init__(self, services: Services) -> None:
        super().__init__(create_app(services), "127.0.0.1", 0)
        self.listening = threading.Event()
        self.port = 0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell."""
        await super().startup(sockets)
        self.port = self.servers[0].sockets[0].getsockname()[1]
        self.listening.set()


@contextmanager
def serving(services: Services) -> Iterator[httpx.Client]:
    """A client of a server that runs in a thread."""
    server = TellingServer(services)
    thread = threading.Thread(target=server.run, name="server")
    thread.start()
    try:
        assert server.listening.wait(PATIENCE), "the server did not start"
        with httpx.Client(base_url=f"http://127.0.0.1:{server.port}", timeout=PATIENCE, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the server did not stop"
