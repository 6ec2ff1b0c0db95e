"""Observations as lines of InfluxDB's line protocol: a point an observation, a field an item.

A number stands there as it was sent. Where the float that it becomes would be written in another way, such as 0.7 for
0.70, the field `SENT` keeps what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from qingchuan.processing.decimals import comparable, written
from qingchuan.store.observations import Observation
from qingchuan.store.rows import decode

MEASUREMENT = "observations"
SEQUENCE, FLAGS, SENT = "seq", "flags", "sent"
OURS = frozenset({SEQUENCE, FLAGS, SENT})
"""Fields that are no items."""

_AS_FLOATS = re.compile(
    r'\{(?:"[a-z]\w*+":(?:-?[1-9]\d{0,8}+(?:\.\d{0,5}[1-9])?|-?0\.\d{0,5}[1-9]|0)[,}])++', re.ASCII
).fullmatch
"""Numbers that a float writes as they stand there: mostly all of an observation."""
_SHORT = re.compile(r'\{(?:"[a-z]\w*+":-?\d{1,9}+(?:\.\d{1,6}+)?[,}])++', re.ASCII).fullmatch
"""Numbers that have a float of their own."""
_OTHERWISE = re.compile(r'"([a-z]\w*)":(-0|-?\d+\.\d*0)[,}]', re.ASCII).findall
"""Those of them that it writes in another way."""

_TAG = str.maketrans({",": r"\,", "=": r"\=", " ": r"\ ", "%": "%25", "\\": "%5C"})
_TEXT = str.maketrans({'"': r"\"", "\\": r"\\"})


class Point(NamedTuple):
    """What is written of an observation.

    Attributes
    ----------
    sequence : int
        The message that said it last.
    observation : Observation
    replaces : bool
        Whether there is an earlier one, all of which has to be replaced.
    """

    sequence: int
    observation: Observation
    replaces: bool = False


def encode(points: Iterable[Point]) -> list[str]:
    """A line for each of `points`, with its time in seconds.

    Examples
    --------
    >>> told = Observation.of("1235A", "hour", 3600, "reported", {"pm25": ("35", 2), "co": ("0.70", 2)})
    >>> encode([Point(7, told)])
    ['observations,origin=reported,period=hour,subject=1235A seq=7i,flags="2",pm25=35,co=0.70,sent="co=0.70" 3600']
    """
    lines = []
    for sequence, told, replaces in points:
        values = told.values
        fields, sent = (_as_sent(values), "") if _AS_FLOATS(values) else _fields(values)
        kept = f',{SENT}="{sent}"' if sent or replaces else ""
        series, flags = _series(told.subject, told.period, told.origin), _quoted(told.flags)
        lines.append(f"{series}{sequence}i,{FLAGS}={flags}{fields}{kept} {told.start}")
    return lines


def tag(subject: str) -> str:
    """The id `subject` as the value of a tag, before commas, equals signs and spaces are escaped.

    A tag cannot end with a backslash; here none has one.
    """
    return subject.replace("%", "%25").replace("\\", "%5C")


def subject_of(value: str) -> str:
    r"""The id that a tag stands for.

    Examples
    --------
    >>> subject_of(tag("a\\5%"))
    'a\\5%'
    """
    return value.replace("%5C", "\\").replace("%25", "%") if "%" in value else value


def parse_sent(text: str) -> dict[str, str]:
    """For some items the number as it was sent.

    Examples
    --------
    >>> parse_sent("co=0.70,o3=81.0")
    {'co': '0.70', 'o3': '81.0'}
    """
    return dict(told.split("=") for told in text.split(",")) if text else {}


@lru_cache(maxsize=65536)  # a few for each station, used again and again
def _series(subject: str, period: str, origin: str) -> str:
    """The beginning of a line, up to the sequence number."""
    return f"{MEASUREMENT},origin={origin},period={period},subject={subject.translate(_TAG)} {SEQUENCE}="


@lru_cache(maxsize=4096)  # mostly a single number
def _quoted(text: str) -> str:
    return f'"{text.translate(_TEXT)}"'


def _fields(values: str) -> tuple[str, str]:
    """The fields of the items, each after a comma, and what of the numbers a float would write in another way."""
    if _SHORT(values):
        return _as_sent(values), ",".join([f"{item}={text}" for item, text in _OTHERWISE(values)])
    fields, sent = [], []
    for item, (text, _) in decode(values, "2").items():
        number = comparable(text)
        fields.append(f",{item.translate(_TAG)}={number!r}")
        if written(number) != text:
            sent.append(f"{item}={text}")
    return "".join(fields), ",".join(sent)


def _as_sent(values: str) -> str:
    """The fields of items whose names and numbers mean the same in JSON and in a line."""
    return "," + values[2:-1].replace('":', "=").replace(',"', ",")
