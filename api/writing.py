"""Who may have something written: a person at this machine, from a page of ours or a program; never another site.

There is no login yet. A server that other machines reach therefore answers them, and takes nothing from them.
"""

from __future__ import annotations

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from qingchuan.api.problems import ProblemError

_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""Headers by which a proxy says that somebody else asks."""


def check_writer(request: Request) -> None:
    """Refuse to write for another machine, and what a page of another site makes a browser send.

    Raises
    ------
    ProblemError
        It is refused, with what would do.
    """
    if not is_here(request):
        detail = (
            "this changes what is stored, and is taken from this machine only (127.0.0.1, without a proxy) until there "
            "is a login; use the command line there: qingchuan dead-letters again, or qingchuan audit"
        )
        raise ProblemError(403, "not-from-here", detail)
    if not _is_own(request):
        detail = "the request comes from the page of another site; a page of this server would do, or a program"
        raise ProblemError(403, "cross-site", detail)


Guarded = Annotated[None, Depends(check_writer)]


def is_here(request: Request) -> bool:
    """Whether this machine asks, for itself."""
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        address = ipaddress.ip_address(request.client.host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _is_own(request: Request) -> bool:
    """Whether no other site is behind a request: a browser says where a form or a script is from.

    From a form of ours it says no more than that it is of the same origin, for our pages tell no referrer.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"none", "same-origin"}
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == _host(request)


def _host(request: Request) -> str:
    return request.headers.get("host", "").lower()
