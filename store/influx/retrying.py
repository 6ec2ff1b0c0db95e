"""When a request to the server is made again, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

import msgspec
from influxdb_client.rest import ApiException
from urllib3.exceptions import HTTPError

from qingchuan.store.influx.errors import RefusedError, ServerAwayError, UntrustedError

PAUSES = (0.2, 0.8)
"""How long to wait before a request is made again; after that its caller decides. [s]"""
LONGEST = 2.0
"""A server that wants more time than this is away. [s]"""

_BUSY = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
_NO_ANSWER = 0
"""Status that the client gives to what TLS ends with."""
_SETTINGS = {
    HTTPStatus.UNAUTHORIZED: "is the token right? (store.token_file)",
    HTTPStatus.FORBIDDEN: "may the token read and write the bucket? (store.token_file)",
    HTTPStatus.NOT_FOUND: "are organisation and bucket there? (store.org, store.bucket)",
}
_T = TypeVar("_T")


class _Said(msgspec.Struct, frozen=True):
    message: str = ""
    error: str = ""


def with_retries(request: Callable[[], _T], url: str, sleep: Callable[[float], object]) -> _T:
    """What `request` returns; made again where that may help.

    Parameters
    ----------
    request : callable
        May be made several times without harm.
    url : str
        Of the server, for messages.
    sleep : callable
        Waits so many seconds.

    Raises
    ------
    ServerAwayError
        It did not go through, several times.
    RefusedError, UntrustedError
        It cannot go through.
    """
    for pause in PAUSES:
        try:
            return request()
        except (ApiException, HTTPError) as error:
            wait = _wait(error, url)
            if wait > LONGEST:
                raise _away(error, url) from error
            sleep(max(wait, pause))
    try:
        return request()
    except (ApiException, HTTPError) as error:
        _wait(error, url)
        raise _away(error, url) from error


def _wait(error: ApiException | HTTPError, url: str) -> float:
    """How long the server wants to be left alone.

    Raises
    ------
    RefusedError, UntrustedError
        Another time would be in vain.
    """
    if isinstance(error, HTTPError):
        return 0.0
    check_trusted(error, url)
    if error.status == _NO_ANSWER:
        return 0.0
    if error.status not in _BUSY:
        raise RefusedError(f"InfluxDB at {url} refuses with {error.status}: {_reason(error)}") from error
    return retry_after(error)


def check_trusted(error: ApiException, url: str) -> None:
    """Make sure that `error` is about something else than the certificate of the server.

    Raises
    ------
    UntrustedError
        It is about that.
    """
    reason = str(error.reason)
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        why = reason.rpartition("verify failed:")[2].partition("(_ssl")[0].strip()
        raise UntrustedError(
            f"InfluxDB at {url} shows a certificate that is not trusted ({why}); name the file with the certificate of "
            "its authority, or the name that stands in it (store.ca_file, store.url)"
        ) from error


def retry_after(error: ApiException) -> float:
    """How many seconds the header ``Retry-After`` asks for; 0 where there is none, or a date."""
    told = str(error.headers.get("Retry-After", "")) if error.headers else ""
    return float(told) if told.isdigit() else 0.0


def said(error: ApiException) -> str:
    """What the server says of its refusal."""
    body = error.body if isinstance(error.body, bytes) else str(error.body or "").encode()
    try:
        told = msgspec.json.decode(body, type=_Said)
    except msgspec.DecodeError:
        return body[:500].decode(errors="replace").strip()
    return (told.message or told.error)[:500]


def _reason(error: ApiException) -> str:
    check = _SETTINGS.get(error.status)
    told = said(error) or str(error.reason or "no reason given")
    return f"{told}; {check}" if check else told


def _away(error: ApiException | HTTPError, url: str) -> ServerAwayError:
    if isinstance(error, HTTPError) or error.status == _NO_ANSWER:
        return ServerAwayError(f"InfluxDB at {url} does not answer ({error}); is it there? (store.url)")
    wait = retry_after(error)
    again = f", and again after {wait:g} s" if wait else ""
    return ServerAwayError(f"InfluxDB at {url} answers {error.status}{again}: {said(error) or error.reason}")
