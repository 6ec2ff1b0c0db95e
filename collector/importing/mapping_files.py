"""Mappings as people give them: a file, the text of one, or the name of one that ships."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path

from qingchuan.collector.importing.mapping import DOCUMENT, FileMapping, parse_mapping
from qingchuan.collector.importing.problems import ImportFileError

READY = ("laboratory", "laboratory-long")
"""Mappings that ship: given by their name in the place of a file."""


def load_mapping(told: str) -> FileMapping:
    """The mapping of a file, or one that ships, by its name.

    Raises
    ------
    ImportFileError
        There is none, or it has a key too much or too few, a wrong type, or keys that do not go together.
    """
    if told in READY:
        return ready_mapping(told)
    try:
        text = Path(told).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8"
        raise ImportFileError(f"{told}: {why}; a file, or one of {', '.join(READY)}, would do") from error
    return read_mapping(text, told)


def ready_mapping(name: str) -> FileMapping:
    """The mapping of `READY` that is called `name`.

    Examples
    --------
    >>> ready_mapping("laboratory").medium
    'water'
    """
    text = resources.files("qingchuan.collector.importing").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return read_mapping(text, name)


def read_mapping(text: str, name: str) -> FileMapping:
    """The mapping that a text (TOML) is; `name` is what messages call it.

    Raises
    ------
    ImportFileError
        It has a key too much or too few, a wrong type, or keys that do not go together; or is no TOML.

    Examples
    --------
    >>> read_mapping("period = ", "map.toml")
    Traceback (most recent call last):
    qingchuan.collector.importing.problems.ImportFileError: map.toml: not TOML: Invalid value (at end of document); docs/import.md explains every key
    """  # noqa: E501 - a message of one line
    try:
        return parse_mapping(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ImportFileError(f"{name}: not TOML: {error}; {DOCUMENT}") from error
    except ImportFileError as error:
        raise ImportFileError(f"{name}: {error}") from error
