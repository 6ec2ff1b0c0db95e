"""Putting new observations into the table `current`, many rows by one statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

from qingchuan.store.observations import Observation, Origin, Period, Write

CurrentRow = tuple[int, str, str, str, int, str, str]
"""A row of the table `current`."""

_TOGETHER: Final = 200
"""So many rows go in by one statement: to begin one for each row takes a third of what inserting takes."""

_OWN: Final = 5
"""Columns of which each row has its own: start, subject, sequence, values, flags."""

_ONE: Final = "INSERT INTO current VALUES (?, ?, ?, ?, ?, ?, ?)"
_OF_ANY_KIND: Final = f"{_ONE}{', (?, ?, ?, ?, ?, ?, ?)' * (_TOGETHER - 1)}"


@lru_cache(maxsize=32)
def _of_one_kind(period: Period, origin: Origin) -> str:
    """Inserts rows of one period and origin: what they share stands in the statement, and is not bound for each."""
    row = f"(?, ?, '{period}', '{origin}', ?, ?, ?)"
    return f"INSERT INTO current VALUES {', '.join([row] * _TOGETHER)}"


def rows_of(writes: Sequence[Write]) -> list[CurrentRow]:
    """What goes into the table `current` for each of some writes."""
    return [
        (told.start, told.subject, told.period, told.origin, sequence, told.values, told.flags)
        for sequence, told in [(write.sequence, write.observation) for write in writes]
    ]


def insert_all(database: sqlite3.Connection, writes: Sequence[Write]) -> None:
    """Put `writes` into the table `current`; within a savepoint, as some may be in when this fails.

    Raises
    ------
    sqlite3.IntegrityError
        Some of them are not new.
    """
    whole = len(writes) - len(writes) % _TOGETHER
    for first in range(0, whole, _TOGETHER):
        _put(database, writes[first : first + _TOGETHER])
    database.executemany(_ONE, rows_of(writes[whole:]))


def _put(database: sqlite3.Connection, writes: Sequence[Write]) -> None:
    """Put as many writes as go together into the table."""
    told = [write.observation for write in writes]
    period, origin = told[0].period, told[0].origin
    if [one.period for one in told].count(period) == [one.origin for one in told].count(origin) == len(told):
        database.execute(_of_one_kind(period, origin), _own(writes, told))
    else:
        database.execute(_OF_ANY_KIND, list(chain.from_iterable(rows_of(writes))))


def _own(writes: Sequence[Write], told: Sequence[Observation]) -> list[object]:
    """What rows have of their own, one row after the other; a tuple for each would cost more."""
    values: list[object] = [None] * (_OWN * len(told))
    values[0::_OWN] = [one.start for one in told]
    values[1::_OWN] = [one.subject for one in told]
    values[2::_OWN] = [write.sequence for write in writes]
    values[3::_OWN] = [one.values for one in told]
    values[4::_OWN] = [one.flags for one in told]
    return values
