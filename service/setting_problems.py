"""What is wrong with settings, in sentences for the person who wrote them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from qingchuan.service.setting_sources import environment_name, fields, nearest

DEFAULT = "default"
ENVIRONMENT = "environment"
_FOLLOWS = {"default_factory_not_called"}
"""Problems that only follow from another one, which is told."""


def wrong_together(key: str, value: object, why: str) -> PydanticCustomError:
    """The error of a setting that is wrong beside another one; `key` is counted from the model that checks."""
    return PydanticCustomError("wrong_together", "{why}", {"key": key, "value": str(value), "why": why})


def sentences(error: ValidationError, model: type[BaseModel], origins: Mapping[str, str]) -> list[str]:
    """A line for each problem: where it is written, key, value, what is wrong, what would do.

    Parameters
    ----------
    error : ValidationError
        What `model` said.
    model : type
        The settings.
    origins : mapping
        Where each dotted key was written.
    """
    return [_sentence(problem, model, origins) for problem in error.errors() if problem["type"] not in _FOLLOWS]


def _sentence(problem: ErrorDetails, model: type[BaseModel], origins: Mapping[str, str]) -> str:
    key = _key(problem)
    where = _where(key, origins)
    written = environment_name(key) if where == ENVIRONMENT and "[" not in key else key
    shown = "" if problem["type"] == "missing" else f" = {_show(_context(problem).get('value', problem['input']))}"
    return f"{where}: {written}{shown}: {_what(problem, key, model)}"


def _context(problem: ErrorDetails) -> dict[str, object]:
    return problem.get("ctx", {}) if problem["type"] == "wrong_together" else {}


def _key(problem: ErrorDetails) -> str:
    """The dotted key, entries of lists as ``[0]``."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem["loc"]]
    return "".join([*parts, f".{_context(problem).get('key', '')}"]).strip(".")


def _where(key: str, origins: Mapping[str, str]) -> str:
    for known, origin in origins.items():
        if key == known or key.startswith((f"{known}[", f"{known}.")) or known.startswith(f"{key}."):
            return origin
    return DEFAULT


def _show(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f"'{value}'" if isinstance(value, str) else str(value)


def _what(problem: ErrorDetails, key: str, model: type[BaseModel]) -> str:
    settings = fields(model)
    plain = re.sub(r"\[\d+\]", "[]", key)
    told = settings.get(plain) or settings.get(
        plain.removesuffix("[]")
    )  # of an entry of a plain list: that of the list
    match problem["type"]:
        case "extra_forbidden":
            return f"unknown key; {nearest(plain, list(settings))}"
        case "model_type":
            return f"not a table; [{key}] with its keys below would do"
        case "wrong_together":
            return problem["msg"]
    said = problem["msg"].removeprefix("Value error, ").replace("Input should", "should")
    return said if "; " in said else f"{said}; {told.description if told else 'another'} would do"
