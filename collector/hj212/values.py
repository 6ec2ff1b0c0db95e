"""Single values of a frame: numbers, data flags and times, as the protocol writes them."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache

from qingchuan.collector.hj212.dialects import Dialect, Guess, flags
from qingchuan.collector.hj212.segment import Area
from qingchuan.collector.numbers import LONGEST, as_json
from qingchuan.collector.refusal import RefusedError
from qingchuan.processing import flags as qartod
from qingchuan.processing.periods import BEIJING, from_datetime

_TIME = re.compile(r"[0-9]{14}(?:[0-9]{3})?")

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
"""What nearly every number looks like, and as JSON has it."""

_LONGEST_FLAG = 4


def as_sent(text: str) -> str | None:
    """The number digit for digit, as JSON has it; None if it is none.

    Examples
    --------
    >>> as_sent("7.10"), as_sent("007.5"), as_sent("--")
    ('7.10', '7.5', None)
    """
    return text if _PLAIN.fullmatch(text) and len(text) <= LONGEST else as_json(text)


@lru_cache(maxsize=256)
def flag_of(letter: str, spoken: Dialect | Guess) -> tuple[int, str]:
    """QARTOD flag of a device's flag, and who set it. A flag that no table has makes a value suspect.

    Examples
    --------
    >>> flag_of("N", "hj212-2017"), flag_of("M", "hj212-2017"), flag_of("Q", "hj212-2017")
    ((2, ''), (4, 'device:M'), (3, 'device:Q'))
    """
    if not letter:
        return qartod.NOT_EVALUATED, ""
    known = flags(spoken).get(letter)
    flag = qartod.SUSPECT if known is None else known.flag
    shown = letter if letter.isascii() and letter.isalnum() and len(letter) <= _LONGEST_FLAG else "?"
    return flag, "" if flag == qartod.NOT_EVALUATED else f"device:{shown}"


def data_time(area: Area) -> int:
    """When the values of a data area are of [s since 1970-01-01 UTC].

    Raises
    ------
    RefusedError
        It has no time, two, or something else in its place.
    """
    told = area.fields.get("DataTime", "")
    if "DataTime" in area.twice:
        raise RefusedError("wrong-time", f"DataTime is told twice, once as {told}; a message has one time")
    return parsed_time(told)


@lru_cache(maxsize=4096)  # many loggers tell of the same hour
def parsed_time(told: str) -> int:
    """Seconds since 1970 UTC of Beijing time in 14 digits; milliseconds, which some loggers add, are dropped.

    Raises
    ------
    RefusedError
        It is no time.

    Examples
    --------
    >>> parsed_time("20160801080000"), parsed_time("20160801080000999")
    (1470009600, 1470009600)
    """
    if not _TIME.fullmatch(told):
        raise RefusedError("wrong-time", f"DataTime is {told[:LONGEST]!r}; it is yyyyMMddHHmmss, Beijing time")
    try:
        return from_datetime(datetime.strptime(told[:14], "%Y%m%d%H%M%S").replace(tzinfo=BEIJING))
    except ValueError as error:
        raise RefusedError("wrong-time", f"DataTime is {told}, which is no time ({error})") from error
