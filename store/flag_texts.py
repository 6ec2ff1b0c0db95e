"""The text that holds the flags of an observation's items: one number where all are alike, else who differs.

``2`` says that every item has flag 2. ``{"*":1,"co":[4,"device:M"],"pm10":[3,"spike"]}`` says that every item has
flag 1 but two, and what set theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

EVERY = "*"


class Mark(NamedTuple):
    """The flag of an item.

    Attributes
    ----------
    flag : int
        QARTOD flag.
    by : str
        What set it, such as ``spike`` or ``device:M``; empty where nothing is to be said.
    """

    flag: int
    by: str = ""


_decoder = msgspec.json.Decoder(int | dict[str, int | tuple[int, str]])


def encode(marks: Mapping[str, Mark]) -> str:
    """The text of the marks of all items; the same marks give the same text.

    Examples
    --------
    >>> encode({"pm25": Mark(2), "co": Mark(2)}), encode({"pm25": Mark(2), "o3": Mark(2), "co": Mark(3, "spike")})
    ('2', '{"*":2,"co":[3,"spike"]}')
    """
    usual = _usual(marks.values())
    others = {item: mark for item, mark in marks.items() if mark != (usual, "")}
    if not others:
        return str(usual)
    told = {EVERY: usual, **{item: tuple(mark) if mark.by else mark.flag for item, mark in sorted(others.items())}}
    return msgspec.json.encode(told).decode()


@lru_cache(maxsize=4096)  # mostly a single number
def decode(text: str) -> tuple[int, Mapping[str, Mark]]:
    """The flag of every item, and the marks of those that differ.

    Examples
    --------
    >>> decode("2"), decode('{"*":2,"co":[3,"spike"]}')
    ((2, {}), (2, {'co': Mark(flag=3, by='spike')}))
    """
    told = _decoder.decode(text)
    if isinstance(told, int):
        return told, {}
    marks = {item: Mark(mark) if isinstance(mark, int) else Mark(*mark) for item, mark in told.items()}
    usual = marks.pop(EVERY)
    return usual.flag, marks


def of_items(text: str, items: Iterable[str]) -> dict[str, Mark]:
    """The mark of each of `items`.

    Examples
    --------
    >>> of_items('{"*":2,"co":3}', ["co", "o3"])
    {'co': Mark(flag=3, by=''), 'o3': Mark(flag=2, by='')}
    """
    usual, marks = decode(text)
    every = Mark(usual)
    return {item: marks.get(item, every) for item in items}


def _usual(marks: Iterable[Mark]) -> int:
    """The flag that most items have and nothing set; of several the smallest."""
    counts = Counter(mark.flag for mark in marks if not mark.by)
    return min(counts, key=lambda flag: (-counts[flag], flag), default=2)
