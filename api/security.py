"""What is checked before a request reaches a route: the name it was sent to, and the size of its body."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qingchuan.api.headers import HEADERS
from qingchuan.api.problems import problem_response

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
"""Names that are always taken as the Host of a request."""


class SecurityHeaders:
    """Adds `HEADERS` to every answer.

    Parameters
    ----------
    app : ASGIApp
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in HEADERS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *self._headers]}
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class HostCheck:
    """Refuses requests that were sent to another name, as a page elsewhere can make a browser do (DNS rebinding).

    Parameters
    ----------
    app : ASGIApp
    hosts : collection of str
        Names without port that are taken besides `LOOPBACK`.
    any_address : bool
        Whether every IP address is taken; rebinding needs a name, so an address is no danger where strangers may ask.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], *, any_address: bool = False) -> None:
        self._app = app
        self._hosts = LOOPBACK | {host.lower() for host in hosts}
        self._any_address = any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        host = host_name(_header(scope, b"host") or "") if scope["type"] == "http" else "localhost"
        if host in self._hosts or (self._any_address and _is_address(host)):
            await self._app(scope, receive, send)
            return
        detail = (
            f"Host has {host!r}; {', '.join(sorted(self._hosts))} would do; api.hosts in the configuration adds names"
        )
        await problem_response(400, "unknown-host", detail)(scope, receive, send)


class BodyLimit:
    """Refuses bodies that are too large, whether their length is told beforehand or they come in chunks.

    Parameters
    ----------
    app : ASGIApp
    most : int
        Largest body. [bytes]
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or not _has_body(scope):
            await self._app(scope, receive, send)
            return
        body = None if _told_length(scope) > self._most else await self._read(receive)
        if body is None:
            detail = f"the body has more than {self._most} bytes; at most that many would do (api.max_body)"
            await problem_response(413, "body-too-large", detail)(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)

    async def _read(self, receive: Receive) -> list[Message] | None:
        """The messages of the body; None when they hold too much."""
        messages: list[Message] = []
        size = 0
        while not messages or messages[-1].get("more_body", False):
            messages.append(await receive())
            size += len(messages[-1].get("body", b""))
            if size > self._most:
                return None
        return messages


def host_name(host: str) -> str:
    """The name in a Host header, in lower case and without the port.

    Examples
    --------
    >>> host_name("LocalHost:8080"), host_name("[::1]:8080"), host_name("[::1]")
    ('localhost', '[::1]', '[::1]')
    """
    name, colon, port = host.strip().lower().rpartition(":")
    return name if colon and (port.isdecimal() or not port) and not host.endswith("]") else host.strip().lower()


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _header(scope: Scope, name: bytes) -> str | None:
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1") if len(found) == 1 else None


def _has_body(scope: Scope) -> bool:
    return _header(scope, b"transfer-encoding") is not None or _told_length(scope) > 0


def _told_length(scope: Scope) -> int:
    length = _header(scope, b"content-length") or "0"
    return int(length) if length.isdecimal() else 0


def _replay(messages: list[Message], receive: Receive) -> Receive:
    """A `receive` that gives `messages` first."""
    waiting = iter(messages)

    async def replayed() -> Message:
        message = next(waiting, None)
        return await receive() if message is None else message

    return replayed
