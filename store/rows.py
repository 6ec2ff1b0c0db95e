"""The texts that hold an observation's items in a row: numbers as they were sent, and beside them the flags."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.decimals import comparable
from qingchuan.store import flag_texts
from qingchuan.store.flag_texts import Mark

_SHORT = 16
_DIGITS = str.maketrans(dict.fromkeys("0123456789.+-eE", "0"))
_CHUNK = 8192

Items = Mapping[str, tuple[str, int]]
"""For each item the number as it was sent, and its flag."""

Key = tuple[int, str, str]
"""Start, subject and period of an observation."""


class Texts(NamedTuple):
    """The texts of one observation.

    Attributes
    ----------
    values : str
        A JSON object of numbers, each as it was sent.
    flags : str
        As `flag_texts` has them.
    """

    values: str
    flags: str


class Row(NamedTuple):
    """An observation as a query finds it.

    Attributes
    ----------
    start : int
        [s since 1970-01-01 UTC]
    subject, origin : str
    sequence : int
    values, flags : str
        As in `Texts`.
    """

    start: int
    subject: str
    origin: str
    sequence: int
    values: str
    flags: str


_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])


def encode(items: Items, by: Mapping[str, str] | None = None) -> Texts:
    """The texts of `items`, in their order.

    Parameters
    ----------
    items : dict of str to (str, int)
    by : dict of str to str, optional
        What set the flags of items.

    Examples
    --------
    >>> encode({"pm25": ("35", 2), "co": ("0.70", 3)}, by={"co": "spike"})
    Texts(values='{"pm25":35,"co":0.70}', flags='{"*":2,"co":[3,"spike"]}')
    """
    told = by or {}
    values = ",".join([f'"{item}":{value}' for item, (value, _) in items.items()])
    return Texts(
        f"{{{values}}}", flag_texts.encode({item: Mark(flag, told.get(item, "")) for item, (_, flag) in items.items()})
    )


def decode(values: str, flags: str) -> dict[str, tuple[str, int]]:
    """The items of a row.

    Examples
    --------
    >>> decode('{"co":0.70}', "3")
    {'co': ('0.70', 3)}
    """
    told = _told(values)
    marks = flag_texts.of_items(flags, told)
    return {item: (value, marks[item].flag) for item, value in told.items()}


def numbers(values: str, flags: str) -> dict[str, tuple[float, int]]:
    """The items of a row as numbers that compare with every limit as the numbers sent do.

    Examples
    --------
    >>> numbers('{"co":0.70}', "3")
    {'co': (0.7, 3)}
    """
    return {item: (_number(value), flag) for item, (value, flag) in decode(values, flags).items()}


def columns(rows: Sequence[Texts | Row], items: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """The numbers and flags of many rows as arrays of shape (items, rows): NaN, and flag 0, where an item is not told.

    Examples
    --------
    >>> values, flags = columns([Texts('{"co":0.70}', "3"), Texts('{"o3":80}', "2")], ["co"])
    >>> values, flags
    (array([[0.7, nan]]), array([[3, 0]], dtype=uint8))
    """
    values = np.full((len(items), len(rows)), np.nan)
    for start in range(0, len(rows), _CHUNK):
        _fill(values[:, start : start + _CHUNK], rows[start : start + _CHUNK], items)
    return values, flag_texts.columns([row.flags for row in rows], ~np.isnan(values), items)


def _fill(values: NDArray[np.float64], rows: Sequence[Texts | Row], items: Sequence[str]) -> None:
    text = ",".join([row.values for row in rows])
    told = tuple(item for item in items if f'"{item}":' in text)
    decoded = _decoder_of(told).decode(f"[{text}]")
    for item in told:
        values[items.index(item)] = list(map(operator.attrgetter(item), decoded))
    if "0" * (_SHORT + 1) in text.translate(_DIGITS):  # a number so long that float() is not enough
        for column, row in enumerate(rows):
            for item, value in _told(row.values).items():
                if item in told:
                    values[items.index(item), column] = _number(value)


def merge(stored: Texts, news: Texts) -> Texts:
    """The texts of a row after `news` were told about it: what is not told stays, an equal number is the same number.

    Examples
    --------
    >>> merge(encode({"co": ("0.70", 2), "o3": ("80", 2)}), encode({"co": ("0.7", 2), "o3": ("81", 2)})).values
    '{"co":0.70,"o3":81}'
    """
    if stored == news:
        return stored
    known, told = _told(stored.values), _told(news.values)
    marks, new_marks = flag_texts.of_items(stored.flags, known), flag_texts.of_items(news.flags, told)
    changed = [
        item
        for item, value in told.items()
        if item not in known or new_marks[item] != marks[item] or _differ(known[item], value)
    ]
    if not changed:
        return stored
    known.update({item: told[item] for item in changed})
    marks.update({item: new_marks[item] for item in changed})
    return encode(
        {item: (value, marks[item].flag) for item, value in known.items()},
        {item: mark.by for item, mark in marks.items()},
    )


def fill(stored: Texts, news: Texts) -> Texts:
    """The texts of a row after `news` filled in what it lacks: what is told there already stays as it is.

    Examples
    --------
    >>> fill(encode({"co": ("0.70", 2)}), encode({"co": ("0.9", 2), "o3": ("81", 2)})).values
    '{"co":0.70,"o3":81}'
    """
    known, told = _told(stored.values), decode(*news)
    lacking = {item: told[item] for item in told if item not in known}
    if not lacking:
        return stored
    marks = flag_texts.of_items(news.flags, told)
    return merge(stored, encode(lacking, {item: marks[item].by for item in lacking}))


def json_list(values: Sequence[str] | Sequence[int] | Sequence[Key]) -> str:
    """`values` as a JSON list, to be bound to one parameter of a statement."""
    return msgspec.json.encode(list(values)).decode()


def _told(values: str) -> dict[str, str]:
    return {item: bytes(value).decode() for item, value in _decoder.decode(values).items()}


def _differ(one: str, other: str) -> bool:
    return one != other and Decimal(one) != Decimal(other)


@functools.lru_cache(maxsize=256)
def _decoder_of(items: tuple[str, ...]) -> msgspec.json.Decoder[list[Any]]:
    """Decodes the values of rows, as far as they tell `items`."""
    row = msgspec.defstruct("Row", [(item, float, np.nan) for item in items], gc=False)
    return msgspec.json.Decoder(list[row])  # type: ignore[valid-type]  # made at run time


def _number(text: str) -> float:
    return float(text) if len(text) <= _SHORT else comparable(text)
