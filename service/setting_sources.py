"""Where settings are written: a TOML file, the environment, the command line; read, not yet judged."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource

PREFIX = "QINGCHUAN_"
CONFIG_NAME = "QINGCHUAN_CONFIG"
OTHER_NAMES = frozenset({CONFIG_NAME, "QINGCHUAN_REFERENCE_DATA", "QINGCHUAN_CI"})
"""Environment variables of ours that are no settings: the file they stand in, and what tests look at."""
_TEST_PREFIX = "QINGCHUAN_TEST_"


class SettingsError(Exception):
    """Settings cannot be used; its message has a line for each thing to repair.

    Examples
    --------
    >>> SettingsError("a.toml: colour = 3: unknown key", "a.toml: api = 3: …").lines[0]
    'a.toml: colour = 3: unknown key'
    """

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def fields(model: type[BaseModel], before: str = "") -> dict[str, FieldInfo]:
    """Every setting of `model` by its dotted key, sections resolved; those of list entries have ``[]`` in it.

    Examples
    --------
    >>> from qingchuan.service.settings import AlertSettings
    >>> list(fields(AlertSettings))  # doctest: +NORMALIZE_WHITESPACE
    ['notify_within', 'webhooks', 'webhooks[].name', 'webhooks[].url', 'webhooks[].secret_file', 'webhooks[].reports']
    """
    found: dict[str, FieldInfo] = {}
    for name, field in model.model_fields.items():
        key = before + name
        section = _model(field.annotation)
        if section is None:
            found[key] = field
            for entry in filter(None, map(_model, get_args(field.annotation))):
                found |= fields(entry, f"{key}[].")
        else:
            found |= fields(section, f"{key}.")
    return found


def _model(annotation: object) -> type[BaseModel] | None:
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def environment_name(key: str) -> str:
    """The environment variable that sets `key`.

    Examples
    --------
    >>> environment_name("api.listen")
    'QINGCHUAN_API__LISTEN'
    """
    return PREFIX + key.replace(".", "__").upper()


def environment_names(model: type[BaseModel]) -> dict[str, str]:
    """The dotted key that each environment variable sets; entries of lists have none of their own."""
    return {environment_name(key): key for key in fields(model) if "[]" not in key}


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of the TOML file at `path`.

    Raises
    ------
    SettingsError
        The file cannot be read or is not TOML; the message has the line.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}; --config or {CONFIG_NAME} names the file") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"{path}: not TOML: {error}; texts stand in double quotes, and a key stands once"
        ) from error


def read_environment(model: type[BaseSettings], environ: Mapping[str, str]) -> dict[str, Any]:
    """The settings of `model` that `environ` holds, nested; an empty variable counts as absent.

    Raises
    ------
    SettingsError
        A name begins with ``QINGCHUAN_`` and is not known, or a list is not JSON.
    """
    given = {name: text for name, text in environ.items() if name.startswith(PREFIX) and text}
    known = environment_names(model)
    if problems := [*_unknown_names(given, known), *_bad_lists(model, given, known)]:
        raise SettingsError(*problems)
    source = EnvSettingsSource(model, env_prefix=PREFIX, env_nested_delimiter="__")
    source.env_vars = {name.lower(): text for name, text in given.items()}
    return source()


def _unknown_names(given: Mapping[str, str], known: Mapping[str, str]) -> Iterator[str]:
    for name, text in given.items():
        if name not in known and name not in OTHER_NAMES and not name.startswith(_TEST_PREFIX):
            yield f"environment: {name} = {text!r}: unknown name; {nearest(name, [*known, CONFIG_NAME])}"


def _bad_lists(model: type[BaseModel], given: Mapping[str, str], known: Mapping[str, str]) -> Iterator[str]:
    settings = fields(model)
    for name in known.keys() & given.keys():
        if isinstance(settings[known[name]].default, tuple):
            try:
                json.loads(given[name])
            except ValueError:
                yield f"environment: {name} = {given[name]!r}: not JSON; {settings[known[name]].description} would do"


def nearest(word: str, known: list[str]) -> str:
    """Advice for an unknown `word`: the known one it was most likely meant to be, or where all are listed.

    Examples
    --------
    >>> nearest("api.lisen", ["api.listen", "data"])
    'did you mean api.listen?'
    >>> nearest("colour", ["api.listen", "data"])
    'deploy/config.toml lists all that there are'
    """
    section, dot, name = word.rpartition(".")
    beside = [key.removeprefix(section + dot) for key in known if key.rpartition(".")[0] == section]
    in_section = [section + dot + key for key in get_close_matches(name, beside, n=1)]
    found = in_section if beside else get_close_matches(word, known, n=1)
    return f"did you mean {found[0]}?" if found else "deploy/config.toml lists all that there are"


def nested(flat_values: Mapping[str, object]) -> dict[str, Any]:
    """Values by dotted key as tables in tables; ``None`` counts as not given.

    Examples
    --------
    >>> nested({"api.insecure": True, "data": "here", "clock.speed": None})
    {'api': {'insecure': True}, 'data': 'here'}
    """
    tables: dict[str, Any] = {}
    for key, value in flat_values.items():
        if value is not None:
            *sections, name = key.split(".")
            table = tables
            for section in sections:
                table = table.setdefault(section, {})
            table[name] = value
    return tables


def flat(tables: Mapping[str, object], before: str = "") -> dict[str, object]:
    """Values of tables in tables, by dotted key.

    Examples
    --------
    >>> flat({"api": {"insecure": True}, "data": "here"})
    {'api.insecure': True, 'data': 'here'}
    """
    found: dict[str, object] = {}
    for name, value in tables.items():
        found |= flat(value, f"{before}{name}.") if isinstance(value, Mapping) else {before + name: value}
    return found


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """The tables `under` with the values of `over` laid on top, section by section."""
    result = dict(under)
    for name, value in over.items():
        below = result.get(name)
        result[name] = merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result
