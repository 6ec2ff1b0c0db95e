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
    other : type of msgspec.Struct or None
        What may be answered instead.

    Examples
    --------
    >>> Answer(Problem)["content"]["application/json"]["schema"]
    {'$ref': '#/components/schemas/Problem'}
    """

    def __init__(
        self,
        struct: type[msgspec.Struct],
        media_type: str = "application/json",
        other: type[msgspec.Struct] | None = None,
    ) -> None:
        self.structs = (struct,) if other is None else (struct, other)
        schemas = [{"$ref": _REFERENCE.format(name=one.__name__)} for one in self.structs]
        description = (struct.__doc__ or "").partition("\n")[0]
        schema: dict[str, Any] = schemas[0] if other is None else {"anyOf": schemas}
        super().__init__(description=description, content={media_type: {"schema": schema}})


class Body(dict[str, Any]):
    """What a route takes as its body, for its ``openapi_extra``.

    Parameters
    ----------
    struct : type of msgspec.Struct
    form : type of msgspec.Struct or None
        The fields of a form that it takes instead.

    Examples
    --------
    >>> Body(Problem)["requestBody"]["content"]["application/json"]["schema"]
    {'$ref': '#/components/schemas/Problem'}
    """

    def __init__(self, struct: type[msgspec.Struct], form: type[msgspec.Struct] | None = None) -> None:
        self.structs = (struct,) if form is None else (struct, form)
        kinds = ("application/json", "multipart/form-data")
        content = {
            kind: {"schema": {"$ref": _REFERENCE.format(name=one.__name__)}}
            for kind, one in zip(kinds, self.structs, strict=False)
        }
        super().__init__(requestBody={"required": True, "content": content})


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
    told = {struct for answer in answered for struct in answer.structs}
    told |= {struct for body in bodies for struct in body.structs}
    structs = sorted(told, key=lambda struct: struct.__name__)
    _, components = msgspec.json.schema_components(structs, ref_template=_REFERENCE)
    made.setdefault("components", {})["schemas"] = dict(sorted(components.items()))
    return made
