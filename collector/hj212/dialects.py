"""Dialects: what flags and commands mean depends on which document a logger was built by.

`Flag` says the version of the standard, but the national water stations sent 8 and 9 years before HJ 212—2025 did. So
the entry of a device names its dialect; what is guessed from the Flag holds only where both agree.
"""

from __future__ import annotations

import functools
from typing import Final, Literal

from qingchuan.collector.hj212.tables import Command, DataFlag, Name, load

Dialect = Literal["hj212-2005", "hj212-2017", "hj212-2025", "cnemc"]

Guess = Literal["hj212-2025 or cnemc"]
"""What a Flag of 8 … 11 leaves open."""

OPEN: Final[Guess] = "hj212-2025 or cnemc"

_DOCUMENTS: dict[Dialect, tuple[Name, ...]] = {
    "hj212-2005": ("hjt212_2005", "hj212_2017"),
    "hj212-2017": ("hj212_2017",),
    "hj212-2025": ("hj212_2025", "hj212_2017"),
    "cnemc": ("cnemc", "hj212_2017"),
}
_VERSIONS: dict[int | None, Dialect | Guess] = {None: "hj212-2005", 0: "hj212-2005", 1: "hj212-2017"}


def guessed(version: int | None) -> Dialect | Guess:
    """The dialect of a frame by the version in its Flag; None is a frame without one.

    Examples
    --------
    >>> guessed(None), guessed(1), guessed(2)
    ('hj212-2005', 'hj212-2017', 'hj212-2025 or cnemc')
    """
    return _VERSIONS.get(version, OPEN)


@functools.cache
def commands(dialect: Dialect) -> dict[int, Command]:
    """The commands of a dialect by their numbers."""
    tables = [load(name).commands for name in reversed(_DOCUMENTS[dialect])]
    return {row.number: row for table in tables if table for row in table.rows}


@functools.cache
def flags(dialect: Dialect | Guess) -> dict[str, DataFlag]:
    """The data flags of a dialect; those of 2025, and what only the water stations have, where that is open.

    Examples
    --------
    >>> flags("hj212-2017")["F"].zh, flags("cnemc")["F"].zh
    ('停运', '仪器通信故障')
    """
    if dialect == OPEN:
        return flags("cnemc") | flags("hj212-2025")
    tables = [load(name).flags for name in reversed(_DOCUMENTS[dialect])]
    return {row.letter: row for table in tables if table for row in table.rows}


@functools.lru_cache(maxsize=1024)  # each device sends few commands, and those again and again
def meanings(number: int, dialect: Dialect | Guess) -> tuple[Command, ...]:
    """What a command may be: one meaning, two where the dialect is open and they differ, or none.

    Examples
    --------
    >>> [command.zh for command in meanings(2062, "cnemc")]
    ['标样核查数据']
    >>> len(meanings(2062, OPEN)), len(meanings(2061, OPEN)), len(meanings(2099, OPEN))
    (2, 1, 0)
    """
    of: tuple[Dialect, ...] = ("hj212-2025", "cnemc") if dialect == OPEN else (dialect,)
    found = [commands(each)[number] for each in of if number in commands(each)]
    return tuple(dict.fromkeys(found))
