"""An HTTP server that gives recorded answers of InfluxDB, one after the other, and keeps what it was asked."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple, Self

import msgspec

RECORDED = Path(__file__).parents[1] / "store" / "influx" / "recorded.json"


class Reply(NamedTuple):
    """An answer.

    Attributes
    ----------
    status : int
    headers : dict of str to str
    body : bytes
    cut : bool
        Whether the connection breaks before the end of the body.
    """

    status: int
    headers: dict[str, str]
    body: bytes = b""
    cut: bool = False


class Asked(NamedTuple):
    """What the server was asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def recorded(name: str) -> Reply:
    """An answer as InfluxDB 2.9.1 gave it."""
    told = json.loads(RECORDED.read_text(encoding="utf-8"))[name]
    body = base64.b64decode(told["base64"]) if "base64" in told else told["text"].encode()
    return Reply(told["status"], told["headers"], body)


def error(status: int, message: str = "", **headers: str) -> Reply:
    """A refusal as InfluxDB writes it."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, told, msgspec.json.encode({"code": "x", "message": message}))


class Replies:
    """The server.

    Parameters
    ----------
    *replies : Reply
        What it answers, in turn; after the last one it answers ``404``.

    Attributes
    ----------
    asked : list of Asked
    url : str
    """

    def __init__(self, *replies: Reply) -> None:
        self.asked: list[Asked] = []
        self._replies = list(replies)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._next))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _next(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return self._replies.pop(0) if self._replies else error(404, "no more replies")


def _handler(reply_to: Callable[[Asked], Reply]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer a request for something."""
            self._answer()

        def do_POST(self) -> None:
            """Answer a request with a body."""
            self._answer()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            reply = reply_to(Asked(self.command, self.path, dict(self.headers), body))
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 204:
                self.send_header("Content-Length", str(len(reply.body) + reply.cut))
            self.end_headers()
            self.wfile.write(reply.body)
            self.close_connection = reply.cut

    return Handler
