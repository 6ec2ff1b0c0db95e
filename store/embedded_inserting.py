"""Putting new observations into the table `current`, many rows by one statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from qingchuan.store.observations import Write

CurrentRow = tuple[int, str, str, str, int, str, str]
"""A row of the table `current`."""

_TOGETHER: Final = 200
"""So many rows go in by one statement: to begin one for each row takes a third of what inserting takes."""

_COLUMNS: Final = 7


def _insert(rows: int) -> str:
    row = f"({', '.join('?' * _COLUMNS)})"
    return f"INSERT INTO current VALUES {', '.join([row] * rows)}"


_ONE, _MANY = _insert(1), _insert(_TOGETHER)


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
    if whole:
        values, size = _values_of(writes[:whole]), _TOGETHER * _COLUMNS
        for first in range(0, len(values), size):
            database.execute(_MANY, values[first : first + size])
    database.executemany(_ONE, rows_of(writes[whole:]))


def _values_of(writes: Sequence[Write]) -> list[object]:
    """What goes into the table for all of some writes, one row after the other; a tuple for each would cost more."""
    told = [write.observation for write in writes]
    values: list[object] = [None] * (_COLUMNS * len(told))
    values[0::_COLUMNS] = [one.start for one in told]
    values[1::_COLUMNS] = [one.subject for one in told]
    values[2::_COLUMNS] = [one.period for one in told]
    values[3::_COLUMNS] = [one.origin for one in told]
    values[4::_COLUMNS] = [write.sequence for write in writes]
    values[5::_COLUMNS] = [one.values for one in told]
    values[6::_COLUMNS] = [one.flags for one in told]
    return values
