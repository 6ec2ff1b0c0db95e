"""The text that holds the flags of an observation's items: one number where all are alike, else who differs.

``2`` says that every item has flag 2. ``{"*":1,"co":[4,"device:M"],"pm10":[3,"spike"]}`` says that every item has
flag 1 but two, and what set theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.quality.codes import counted

EVERY = "*"

LESS_THAN = "less-than"
"""What sets the flag of a value that is a detection limit: a laboratory found less than it."""

AUDIT = "audit"
"""What sets the flag of a value that an auditor marked invalid, or told."""

WITHDRAWN = "withdrawn"
"""What sets the flag of a value that an auditor took back: the origin does not tell it any more."""


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


def columns(texts: Sequence[str], told: NDArray[np.bool_], items: Sequence[str]) -> NDArray[np.uint8]:
    """The flags of many rows as they are computed with: of each of `items` that is `told`; 0 where it is not.

    Of shape (items, rows). What was taken back is not told. What a test found only unusual counts
    (`processing.quality.codes.counted`).

    Examples
    --------
    >>> told = np.array([[True, True, True], [False, True, True]])
    >>> columns(["2", '{"*":2,"co":3}', '{"*":1,"co":[3,"spike"]}'], told, ["co", "o3"])
    array([[2, 3, 2],
           [0, 2, 1]], dtype=uint8)
    """
    usual = np.fromiter((decode(text)[0] for text in texts), np.uint8, len(texts))
    flags = np.where(told, usual, np.uint8(0))
    for row, text in enumerate(texts):
        if len(text) > 1:
            for item, mark in decode(text)[1].items():
                if item in items:
                    flags[items.index(item), row] = 0 if mark.by == WITHDRAWN else counted(*mark)
    return flags


def below(texts: Sequence[str], items: Sequence[str]) -> NDArray[np.bool_]:
    """Which values of many rows are detection limits, of shape (items, rows).

    Examples
    --------
    >>> below(["2", '{"*":2,"tp":[2,"less-than"]}'], ["tp", "ph"])
    array([[False,  True],
           [False, False]])
    """
    found = np.zeros((len(items), len(texts)), np.bool_)
    for row, text in enumerate(texts):
        if LESS_THAN in text:
            for item, mark in decode(text)[1].items():
                if mark.by == LESS_THAN and item in items:
                    found[items.index(item), row] = True
    return found


def _usual(marks: Iterable[Mark]) -> int:
    """The flag that most items have and nothing set; of several the smallest."""
    flags = [mark.flag for mark in marks if not mark.by]
    if flags and flags.count(flags[0]) == len(flags):
        return flags[0]
    counts = Counter(flags)
    return min(counts, key=lambda flag: (-counts[flag], flag), default=2)
