"""The text that holds an observation's items in a row: numbers as they were sent, each with its flag."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.decimals import comparable

Row = tuple[int, str, str, int, str]
"""start, subject, origin, sequence, items"""

_SHORT = 16
_DIGITS = str.maketrans(dict.fromkeys("0123456789.+-eE", "0"))
_CHUNK = 8192


class _Told(msgspec.Struct, array_like=True, gc=False, frozen=True):
    value: float
    flag: int


_decoder = msgspec.json.Decoder(dict[str, tuple[msgspec.Raw, int]])


def encode(items: Mapping[str, tuple[str, int]]) -> str:
    """The text of `items`; the same items give the same text.

    Examples
    --------
    >>> encode({"pm25": ("35", 2), "co": ("0.70", 3)})
    '{"co":[0.70,3],"pm25":[35,2]}'
    """
    return "{" + ",".join([f'"{item}":[{value},{flag}]' for item, (value, flag) in sorted(items.items())]) + "}"


def decode(text: str) -> dict[str, tuple[str, int]]:
    """The items of a row's `text`.

    Examples
    --------
    >>> decode('{"co":[0.70,3]}')
    {'co': ('0.70', 3)}
    """
    return {item: (bytes(value).decode(), flag) for item, (value, flag) in _decoder.decode(text).items()}


def numbers(text: str) -> dict[str, tuple[float, int]]:
    """The items of a row's `text` as numbers that compare with every limit as the numbers sent do.

    Examples
    --------
    >>> numbers('{"co":[0.70,3]}')
    {'co': (0.7, 3)}
    """
    return {item: (_number(bytes(value)), flag) for item, (value, flag) in _decoder.decode(text).items()}


def columns(texts: Sequence[str], items: Sequence[str], not_told: int) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """The numbers and flags of many rows as arrays of shape (items, rows): what `numbers` has, NaN where not told.

    Parameters
    ----------
    texts : sequence of str
        Of the rows.
    items : sequence of str
    not_told : int
        The flag where a row does not tell an item.

    Examples
    --------
    >>> values, flags = columns(['{"co":[0.70,3]}', '{"o3":[80,2]}'], ["co"], 9)
    >>> values, flags
    (array([[0.7, nan]]), array([[3, 9]], dtype=uint8))
    """
    values = np.full((len(items), len(texts)), np.nan)
    flags = np.full(values.shape, not_told, np.uint8)
    for start in range(0, len(texts), _CHUNK):
        part = slice(start, start + _CHUNK)
        text = ",".join(texts[part])
        told = tuple(item for item in items if f'"{item}":' in text)
        rows = _decoder_of(told, not_told).decode(f"[{text}]")
        for item in told:
            place = items.index(item)
            values[place, part] = list(map(operator.attrgetter(f"{item}.value"), rows))
            flags[place, part] = list(map(operator.attrgetter(f"{item}.flag"), rows))
        if "0" * (_SHORT + 1) in text.translate(_DIGITS):  # a number so long that float() is not enough
            for column, one in enumerate(texts[part], start):
                for item, (value, _) in numbers(one).items():
                    if item in told:
                        values[items.index(item), column] = value
    return values, flags


def merge(stored: str, items: Mapping[str, tuple[str, int]]) -> str:
    """The text of a row after `items` were told about it: what is not told stays, an equal number is the same number.

    Examples
    --------
    >>> merge('{"co":[0.70,2],"o3":[80,2]}', {"co": ("0.7", 2), "o3": ("81", 2)})
    '{"co":[0.70,2],"o3":[81,2]}'
    """
    known = decode(stored)
    news = {item: told for item, told in items.items() if item not in known or _differs(known[item], told)}
    return encode({**known, **news})


def json_list(texts: Sequence[str]) -> str:
    """`texts` as a JSON list, to be bound to one parameter of a statement."""
    return msgspec.json.encode(list(texts)).decode()


def _differs(one: tuple[str, int], other: tuple[str, int]) -> bool:
    return one[1] != other[1] or (one[0] != other[0] and Decimal(one[0]) != Decimal(other[0]))


@functools.lru_cache(maxsize=256)
def _decoder_of(items: tuple[str, ...], not_told: int) -> msgspec.json.Decoder[list[Any]]:
    """Decodes the texts of rows, as far as they tell `items`."""
    fields = [(item, _Told, _Told(np.nan, not_told)) for item in items]
    row = msgspec.defstruct("Row", fields, gc=False)
    return msgspec.json.Decoder(list[row])  # type: ignore[valid-type]  # made at run time


def _number(text: bytes) -> float:
    return float(text) if len(text) <= _SHORT else comparable(text.decode())
