"""The HTTP server around the application."""

from __future__ import annotations

import socket

import uvicorn
from fastapi import FastAPI

from qingchuan.api.live import Live


class Server(uvicorn.Server):
    """Uvicorn that ends the event streams when it stops; by itself it would wait for clients that never leave.

    Parameters
    ----------
    app : FastAPI
        From `create_app`.
    host : str
        Address to listen on.
    port : int
        0 for any that is free.

    Examples
    --------
    >>> from fastapi import FastAPI
    >>> Server(FastAPI(), "127.0.0.1", 8080).config.port
    8080
    """

    def __init__(self, app: FastAPI, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=5,
            )
        )
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop: streams first, then connections."""
        live: Live = self._app.state.live
        live.stream.close()
        await super().shutdown(sockets)
