"""Texts with the values of a row in them: ``"{province}-{section}"``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from string import Formatter


class MappingError(Exception):
    """A mapping, or the file it is applied to, cannot be used; the message says where, what, and what would do."""


class Template:
    """A text with names of columns in braces.

    Parameters
    ----------
    text : str
        A brace that is meant is written twice.

    Raises
    ------
    MappingError
        A brace is open, or there is more than a name in a pair.

    Examples
    --------
    >>> Template("{city}-{site}").fill({"city": "上海", "site": "虹口"})
    '上海-虹口'
    """

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            parts = list(Formatter().parse(text))
        except ValueError as error:
            raise MappingError(f"'{text}' cannot be read ({error}); write a column as {{column}}") from error
        if any(conversion or spec or name == "" for _, name, spec, conversion in parts):
            raise MappingError(f"'{text}' has more or less in braces than a name; write a column as {{column}}")
        self._parts = [(literal, name) for literal, name, _, _ in parts]
        self.columns = [name for _, name in self._parts if name is not None]

    def fill(self, row: Mapping[str, str]) -> str:
        """The text with the values of `row`."""
        return "".join(literal + ("" if name is None else row[name]) for literal, name in self._parts)


def fill_all(value: object, row: Mapping[str, str]) -> object:
    """The `value` with every text in it filled, tables and lists inside it too.

    Examples
    --------
    >>> fill_all({"name": {"zh": "{site}"}, "longitude": 121.5}, {"site": "虹口"})
    {'name': {'zh': '虹口'}, 'longitude': 121.5}
    """
    if isinstance(value, str):
        return Template(value).fill(row)
    if isinstance(value, dict):
        return {key: fill_all(inner, row) for key, inner in value.items()}
    return [fill_all(inner, row) for inner in value] if isinstance(value, list) else value


def columns_of(value: object) -> list[str]:
    """Every column that a text in `value` names.

    Examples
    --------
    >>> columns_of({"name": {"zh": "{site}", "en": "{pinyin}"}, "evaluated": True})
    ['site', 'pinyin']
    """
    if isinstance(value, str):
        return Template(value).columns
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [column for part in inner for column in columns_of(part)]


def instead_of(word: str, known: Iterable[str]) -> str:
    """Advice for a `word` that is none of the `known`.

    Examples
    --------
    >>> instead_of("pm2.5", ["pm25", "co"])
    'did you mean pm25? there are: pm25, co'
    """
    known = list(known)
    near = get_close_matches(word, known, n=1)
    return (f"did you mean {near[0]}? " if near else "") + f"there are: {', '.join(known)}"
