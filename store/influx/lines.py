"""Observations as lines of InfluxDB's line protocol: a point an observation, a field an item.

A number stands there as it was sent. Where the float that it becomes would be written in another way, such as 0.7 for
0.70, the field `SENT` keeps what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from qingchuan.processing.decimals import comparable, written
from qingchuan.store.observations import Observation
from qingchuan.store.rows import decode

MEASUREMENT = "observations"
SEQUENCE, FLAGS, SENT = "seq", "flags", "sent"
OURS = frozenset({SEQUENCE, FLAGS, SENT})
"""Fields that are no items."""

_SHAPE, _FIELD = bytes.maketrans(b"123456789", b"000000000"), bytes.maketrans(b":", b"=")
_SHORT = re.compile(r'\{(?:"[a-z]\w*+":-?0{1,9}+(?:\.0{1,6}+)?[,}])++', re.ASCII).fullmatch
"""What numbers with a float of their own look like, with a nought for each digit."""
_PADDED = re.compile(r"\.\d*0(?:,|$)", re.ASCII).search

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
    those, lines = list(points), []
    numbers = _numbers([point.observation.values for point in those])
    for (sequence, told, replaces), (fields, sent) in zip(those, numbers, strict=True):
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


def _numbers(values: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Of each the fields of the items, each after a comma, and what of the numbers a float would write in another way.

    Mostly the numbers can stand as they were sent, and many texts together are rewritten in the time of a few alone.
    """
    text = "\n".join(values).encode()  # within JSON a line never ends
    shapes = text.translate(_SHAPE).decode().split("\n") if values else []
    fields = text.translate(_FIELD, b'{}"').decode().split("\n") if values else []
    short = {shape for shape in set(shapes) if _SHORT(shape)}  # some dozens
    for told, shape, plain in zip(values, shapes, fields, strict=True):
        if shape in short:
            yield "," + plain, _otherwise(plain) if _PADDED(plain) or "-0" in plain else ""
        else:
            yield _fields(told)


def _otherwise(fields: str) -> str:
    """Those of some short numbers that a float would write in another way."""
    told = fields.split(",")
    return ",".join([field for field in told if field[-1] == "0" and ("." in field or field[-2] == "-")])


def _fields(values: str) -> tuple[str, str]:
    """The same of numbers that have no float of their own, or are written with an exponent, and of no items at all."""
    fields, sent = [], []
    for item, (text, _) in decode(values, "2").items():
        number = comparable(text)
        fields.append(f",{item.translate(_TAG)}={number!r}")
        if written(number) != text:
            sent.append(f"{item}={text}")
    return "".join(fields), ",".join(sent)
