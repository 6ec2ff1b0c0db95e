"""What is asked of the server, in InfluxQL: measured, it sends several fields three times faster than Flux pivots."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from qingchuan.store.influx.lines import FLAGS, MEASUREMENT, SEQUENCE, tag
from qingchuan.store.observations import PERIOD_SECONDS, Period

WholeKey = tuple[int, str, str, str]
"""Start, subject, period and origin of an observation."""

ANY = f'SELECT "{SEQUENCE}" FROM "{MEASUREMENT}" LIMIT 1'
"""The query for any point of ours."""

_ROWS = 63_000
"""So many rows are asked for at once, half a month of 170 stations: each query costs the server as much as some
thousand rows, and while it works on one the rows of the one before become arrays."""
_SHORTEST = 300
"""Instants are taken to lie so far apart. [s]"""
_DAY = 86400


def windows(subjects: int, period: Period, start: int, end: int) -> Iterator[tuple[int, int]]:
    """``[start, end)`` in pieces that hold few enough rows, each of whole days.

    Examples
    --------
    >>> list(windows(500, "hour", 0, 10 * 86400))
    [(0, 432000), (432000, 864000)]
    """
    step = PERIOD_SECONDS.get(period, _SHORTEST)
    days = max(1, _ROWS * step // (max(1, subjects) * _DAY))
    for begin in range(start, end, days * _DAY):
        yield begin, min(end, begin + days * _DAY)


def select(subjects: Sequence[str], items: Sequence[str], period: Period, start: int, end: int) -> str:
    """The query for `items` of `subjects`, with sequence and flags, by subject and origin.

    Examples
    --------
    >>> print(select(["1235A"], ["pm25"], "hour", 0, 3600))
    SELECT "pm25", "seq", "flags" FROM "observations" WHERE "period" = 'hour' AND "subject" =~ /^(1235A)$/
    AND time >= 0s AND time < 3600s GROUP BY "subject", "origin"
    """
    columns = ", ".join(map(_name, (*items, SEQUENCE, FLAGS)))
    return f"SELECT {columns} {_of(subjects, period, start, end)} GROUP BY {_name('subject')}, {_name('origin')}"


def select_marks(subjects: Sequence[str], period: Period, start: int, end: int) -> str:
    """The query for sequence and flags where something set a flag, by subject and origin."""
    wanted = _of(subjects, period, start, end)
    columns = f"{_name(SEQUENCE)}, {_name(FLAGS)}"
    return f"SELECT {columns} {wanted} AND {_name(FLAGS)} =~ /:/ GROUP BY {_name('subject')}, {_name('origin')}"


def select_of(origin: str, subjects: Sequence[str], period: Period, start: int, end: int) -> str:
    """The query for all that an origin tells of `subjects`, with all fields."""
    return _whole(subjects, period, origin, start, end)


def select_whole(keys: Iterable[WholeKey]) -> Iterator[str]:
    """Queries that find at least the observations of `keys`, with all their fields: one for each day (UTC) of a kind.

    A query costs the server as much as some thousand rows.
    """
    days: dict[tuple[str, str, int], list[tuple[int, str]]] = defaultdict(list)
    for start, subject, period, origin in keys:
        days[period, origin, start // _DAY].append((start, subject))
    for (period, origin, _), wanted in days.items():
        starts = [start for start, _ in wanted]
        yield _whole(sorted({subject for _, subject in wanted}), period, origin, min(starts), max(starts) + 1)


def _whole(subjects: Sequence[str], period: str, origin: str, start: int, end: int) -> str:
    wanted = f"{_of(subjects, period, start, end)} AND {_name('origin')} = {_text(origin)}"
    return f"SELECT *::field {wanted} GROUP BY {_name('subject')}, {_name('period')}, {_name('origin')}"


def _of(subjects: Sequence[str], period: str, start: int, end: int) -> str:
    # A thousand comparisons joined by OR would take the server a second: each of them is tried on each series.
    among = "|".join(re.escape(tag(subject)).replace("/", "\\/") for subject in subjects)
    when = f"time >= {start}s AND time < {end}s"
    wanted = f"{_name('period')} = {_text(period)} AND {_name('subject')} =~ /^({among})$/ AND {when}"
    return f"FROM {_name(MEASUREMENT)} WHERE {wanted}"


def _name(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
