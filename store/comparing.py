"""Comparing what two databases of ours hold, row by row."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

_EXAMPLES = 3

_Row = tuple[Any, ...]


class Kind(NamedTuple):
    """Rows that are compared.

    Attributes
    ----------
    name : str
        The table.
    key : tuple of str
        The columns that tell which row it is; they are in its order.
    told : tuple of str
        The columns that have to be the same.
    where : str
        Which rows of it.
    """

    name: str
    key: tuple[str, ...]
    told: tuple[str, ...]
    where: str = "TRUE"


class Difference(NamedTuple):
    """How the rows of a kind differ.

    Attributes
    ----------
    kind : str
    missing : int
        Rows that only the first database has.
    added : int
        Rows that only the second one has.
    changed : int
        Rows that say something else.
    examples : tuple of str
        The first few of them.
    """

    kind: str
    missing: int
    added: int
    changed: int
    examples: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.added or self.changed)


def compare(first: sqlite3.Connection, second: sqlite3.Connection, kind: Kind) -> Difference:
    """How the rows of `kind` in two databases differ.

    Examples
    --------
    >>> one, other = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
    >>> for database, rows in ((one, [(1, "a"), (2, "b")]), (other, [(1, "c"), (3, "b")])):
    ...     _ = database.execute("CREATE TABLE told (number INTEGER PRIMARY KEY, text TEXT)")
    ...     _ = database.executemany("INSERT INTO told VALUES (?, ?)", rows)
    >>> compare(one, other, kind_of(one, "told"))
    Difference(kind='told', missing=1, added=1, changed=1, examples=('1: a, c', '2: b, -', '3: -, b'))
    """
    counts, examples, width = Counter[str](), list[str](), len(kind.key)
    for old, new in _pairs(_rows(first, kind), _rows(second, kind), width):
        if old != new:
            counts["missing" if new is None else "added" if old is None else "changed"] += 1
            if len(examples) < _EXAMPLES:
                examples.append(f"{_text((old or new or ())[:width])}: {_text(old, width)}, {_text(new, width)}")
    return Difference(kind.name, counts["missing"], counts["added"], counts["changed"], tuple(examples))


def kind_of(database: sqlite3.Connection, table: str) -> Kind:
    """All that a table holds."""
    columns = database.execute(f"SELECT name, pk FROM pragma_table_info('{table}') ORDER BY pk, cid").fetchall()
    key = tuple(name for name, place in columns if place)
    return Kind(table, key, tuple(name for name, place in columns if not place))


def _rows(database: sqlite3.Connection, kind: Kind) -> Iterator[_Row]:
    order = ", ".join(kind.key)
    columns, rows = ", ".join([*kind.key, *kind.told]), f"FROM {kind.name} WHERE {kind.where} ORDER BY {order}"
    return database.execute(f"SELECT {columns} {rows}")


def _pairs(first: Iterator[_Row], second: Iterator[_Row], width: int) -> Iterator[tuple[_Row | None, _Row | None]]:
    """Rows of both that have the same key, which both are in the order of."""
    one, other = next(first, None), next(second, None)
    while one is not None or other is not None:
        left = one is not None and (other is None or one[:width] <= other[:width])
        right = other is not None and (one is None or other[:width] <= one[:width])
        yield one if left else None, other if right else None
        one, other = next(first, None) if left else one, next(second, None) if right else other


def _text(row: _Row | None, after: int = 0) -> str:
    return "-" if row is None else " ".join(map(str, row[after:]))
