"""Notices as HTTP requests: `docs/webhook.md` describes them for whoever receives them."""

from __future__ import annotations

import hashlib
import hmac
import io
import re
import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from qingchuan import __version__
from qingchuan.alerts.notifiers import Body, DeliveryError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PLAIN = re.compile("[!-~]+")
_ACCEPTED = range(200, 300)
_REDIRECTED = range(300, 400)
_REFUSED = range(300, 500)
_NOT_NOW = (408, 429)


class Webhook:
    """Sends a notice as a POST request with a JSON body.

    Parameters
    ----------
    url : str
        Where to; it may hold a token, so errors name its host only.
    secret : str, optional
        Key of the signature in ``X-Qingchuan-Signature``; unsigned without one.
    timeout : float
        How long a request may take, from the connection to the head of the answer. [s] The resolver, which looks up
        the name of the host, has limits of its own.

    Raises
    ------
    ValueError
        The URL is not one of HTTP or HTTPS with a host, holds a user's name, or anything but printable ASCII.

    Examples
    --------
    >>> Webhook("ftp://example.org/alerts")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: url of a webhook has the scheme 'ftp' and the host 'example.org'; give http or https and a host, ...
    """

    def __init__(self, url: str, secret: str | None = None, timeout: float = 10.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or not _PLAIN.fullmatch(url):
            raise ValueError(
                f"url of a webhook has the scheme {parts.scheme!r} and the host {parts.hostname!r}; "
                "give http or https and a host, without a user, spaces or Chinese: https://example.org/alerts"
            )
        self._context = ssl.create_default_context() if parts.scheme == "https" else None
        self._address = (parts.hostname, parts.port)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._secret = secret.encode() if secret else None
        self._timeout = timeout

    def send(self, body: Body) -> None:
        """Post one notice; any answer of 200 to 299 takes it.

        Raises
        ------
        DeliveryError
            No answer in time, or another one. Permanent where the other side refuses the request as such: 300 to 499,
            but not 408 and 429.
        """
        payload = msgspec.json.encode(body)
        status = self._post(payload, self._headers(payload, body["notice"]))
        if status not in _ACCEPTED:
            permanent = status in _REFUSED and status not in _NOT_NOW
            raise DeliveryError(f"{self._address[0]} answers {status}{_advice(status)}", permanent=permanent)

    def _post(self, payload: bytes, headers: dict[str, str]) -> int:
        deadline = monotonic() + self._timeout
        connection = self._connection()
        arrived = False
        try:
            hurried = connection.sock = _Hurried(_connected(connection.host, connection.port, deadline), deadline)
            if self._context:
                hurried.secure(self._context, connection.host)
            arrived = True
            connection.request("POST", self._path, payload, headers)
            with connection.getresponse() as answer:
                return answer.status
        except (OSError, HTTPException) as error:
            message = f"{self._address[0]} does not answer: {error!r}"
            raise DeliveryError(message, permanent=False, arrived=arrived) from error
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        if self._context:
            return HTTPSConnection(*self._address, context=self._context)
        return HTTPConnection(*self._address)

    def _headers(self, payload: bytes, notice: int) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"qingchuan/{__version__}",
            "Idempotency-Key": str(notice),
        }
        if self._secret:
            digest = hmac.new(self._secret, payload, hashlib.sha256).hexdigest()
            headers["X-Qingchuan-Signature"] = f"sha256={digest}"
        return headers


class _Hurried:
    """A socket whose operations all end by one deadline; as much of a socket as `http.client` uses.

    The timeout of a socket alone begins anew with every byte: a server that drips would hold the notice for hours.
    """

    def __init__(self, connected: socket.socket, deadline: float) -> None:
        self._socket = connected
        self._deadline = deadline

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Go on in TLS with `host`."""
        self._hurried()
        self._socket = context.wrap_socket(self._socket, server_hostname=host)

    def sendall(self, data: bytes) -> None:
        """Send `data`."""
        self._hurried().sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What comes back."""
        return io.BufferedReader(_Incoming(self))

    def recv_into(self, buffer: WriteableBuffer) -> int:
        """Read what has come, at least one byte unless it is the end."""
        return self._hurried().recv_into(buffer)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _hurried(self) -> socket.socket:
        self._socket.settimeout(_left(self._deadline))
        return self._socket


class _Incoming(io.RawIOBase):
    """What comes back over a socket, to be closed apart from it, as `http.client` does."""

    def __init__(self, hurried: _Hurried) -> None:
        self._hurried = hurried

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read what has come, at least one byte unless it is the end."""
        return self._hurried.recv_into(buffer)


def _connected(host: str, port: int, deadline: float) -> socket.socket:
    """A connection to the first address of `host` that takes one; each has its share of the time left."""
    failed = OSError(f"{host} has no address")
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for place, (*_, address) in enumerate(found):
        try:
            return socket.create_connection((str(address[0]), int(address[1])), _left(deadline) / (len(found) - place))
        except OSError as error:
            failed = error
    raise failed


def _left(deadline: float) -> float:
    """The time to `deadline`, in seconds."""
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left


def _advice(status: int) -> str:
    return "; redirects are not followed: set url to where it leads" if status in _REDIRECTED else ""
