"""Every figure that the interface answers, so that two services can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

ENDLESS = {"/api/v1/events"}
"""Routes whose answer does not end."""


def answers(client: httpx.Client, given: Mapping[str, str], as_of: int | None = None) -> dict[str, str]:
    """What each route of the interface answers, by the address that was asked.

    Parameters
    ----------
    client : httpx.Client
    given : mapping of str to str
        A value for each parameter that some route requires, by its name; where the routes of a kind of subject need
        another one, by what its path begins with and the name, such as ``sections/subject``.
    as_of : int or None
        The message after which it is asked, of the routes that can be asked so; None: of all routes, now.
    """
    asked = [_address(path, parameters, given, as_of) for path, parameters in _routes(client, as_of)]
    found = {address: client.get(address) for address in asked}
    assert len(found) > 15, found.keys()
    assert all(answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR for answer in found.values()), found
    return {address: f"{answer.status_code} {answer.text}" for address, answer in found.items()}


def _routes(client: httpx.Client, as_of: int | None) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for path, methods in client.get("/api/v1/openapi.json").json()["paths"].items():
        parameters = methods.get("get", {}).get("parameters", [])
        names = {parameter["name"] for parameter in parameters}
        if "get" in methods and path not in ENDLESS and (as_of is None or "as_of" in names):
            yield path, parameters


def _address(path: str, parameters: list[dict[str, Any]], given: Mapping[str, str], as_of: int | None) -> str:
    kind = path.removeprefix("/api/v1/").partition("/")[0]
    required = [parameter["name"] for parameter in parameters if parameter.get("required")]
    values = {name: given.get(f"{kind}/{name}", given.get(name)) for name in required}
    assert None not in values.values(), f"{path} requires {values}; say what the test gives it"
    if "explain" in {parameter["name"] for parameter in parameters}:
        values["explain"] = "true"
    if as_of is not None:
        values["as_of"] = str(as_of)
    filled = re.sub(r"{(\w+)}", lambda found: str(values.pop(found[1])), path)
    return str(httpx.URL(filled, params=values))
