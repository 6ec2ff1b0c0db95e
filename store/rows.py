"""The text that holds an observation's items in a row: numbers as they were sent, each with its flag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from qingchuan.processing.decimals import comparable

Row = tuple[int, str, str, int, str]
"""start, subject, origin, sequence, items"""

_SHORT = 16
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


def _number(text: bytes) -> float:
    return float(text) if len(text) <= _SHORT else comparable(text.decode())
