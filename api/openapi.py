"""The OpenAPI document: routes from FastAPI, answers from the structs that they are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.routing import APIRoute

from qingchuan.api.problems import MEDIA_TYPE, Problem

_REFERENCE = "#/components/schemas/{name}"


class Answer(dict[str, Any]):
    """The OpenAPI entry of an answer that is made of a struct.

    Parameters
    ----------
    struct : type of msgspec.Struct
    media_type : str

    Examples
    --------
    >>> Answer(Problem)["content"]["application/json"]["schema"]
    {'$ref': '#/components/schemas/Problem'}
    """

    def __init__(self, struct: type[msgspec.Struct], media_type: str = "application/json") -> None:
        schema = {"$ref": _REFERENCE.format(name=struct.__name__)}
        description = (struct.__doc__ or "").partition("\n")[0]
        super().__init__(description=description, content={media_type: {"schema": schema}})
        self.struct = struct


class Body(dict[str, Any]):
    """What a route takes as its body, for its ``openapi_extra``.

    Parameters
    ----------
    struct : type of msgspec.Struct

    Examples
    --------
    >>> Body(Problem)["requestBody"]["content"]["application/json"]["schema"]
    {'$ref': '#/components/schemas/Problem'}
    """

    def __init__(self, struct: type[msgspec.Struct]) -> None:
        schema = {"$ref": _REFERENCE.format(name=struct.__name__)}
        super().__init__(requestBody={"required": True, "content": {"application/json": {"schema": schema}}})
        self.struct = struct


def answers(struct: type[msgspec.Struct], *problems: int) -> dict[int | str, dict[str, Any]]:
    """What a route answers, for its ``responses``: `struct`, and a problem for each of the status codes `problems`.

    Examples
    --------
    >>> sorted(answers(Problem, 404, 422))
    [200, 404, 422]
    """
    return {200: Answer(struct), **{status: Answer(Problem, MEDIA_TYPE) for status in problems}}


def document(app: FastAPI, routes: Sequence[APIRoute]) -> dict[str, Any]:
    """The OpenAPI document of `app`, with the schemas of all structs that `routes` answer with.

    Examples
    --------
    >>> document(FastAPI(), [])["openapi"]
    '3.1.0'
    """
    made: dict[str, Any] = FastAPI.openapi(app)
    answered = [answer for route in routes for answer in route.responses.values() if isinstance(answer, Answer)]
    bodies = [extra for route in routes if isinstance(extra := route.openapi_extra, Body)]
    told = {answer.struct for answer in answered} | {body.struct for body in bodies}
    structs = sorted(told, key=lambda struct: struct.__name__)
    _, components = msgspec.json.schema_components(structs, ref_template=_REFERENCE)
    made.setdefault("components", {})["schemas"] = dict(sorted(components.items()))
    return made
