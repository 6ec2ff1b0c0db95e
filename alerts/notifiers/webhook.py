"""Notices as HTTP requests: `docs/webhook.md` describes them for whoever receives them."""

from __future__ import annotations

import hashlib
import hmac
import re
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

import msgspec

from qingchuan import __version__
from qingchuan.alerts.notifiers import Body, DeliveryError

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
        How long the other side may be silent. [s]

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
        self._connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
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
        connection = self._connect(*self._address, timeout=self._timeout)
        arrived = False
        try:
            connection.connect()
            arrived = True
            connection.request("POST", self._path, payload, headers)
            return connection.getresponse().status
        except (OSError, HTTPException) as error:
            message = f"{self._address[0]} does not answer: {error!r}"
            raise DeliveryError(message, permanent=False, arrived=arrived) from error
        finally:
            connection.close()

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


def _advice(status: int) -> str:
    return "; redirects are not followed: set url to where it leads" if status in _REDIRECTED else ""
