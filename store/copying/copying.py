"""Copying one store into another: it goes on where it was interrupted, and counts at the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from qingchuan.store.copying.ends import Count, End, Kind

_ROWS = 5_000
"""So many rows are written at once."""


class CountError(Exception):
    """The copy does not hold what the source does."""


class Copied(NamedTuple):
    """What was copied.

    Attributes
    ----------
    current : dict of (str, str) to Count
        How much is current, by period and origin.
    superseded : dict of (str, str) to Count
    sequence : int
        The message up to which everything is in it.
    """

    current: dict[Kind, Count]
    superseded: dict[Kind, Count]
    sequence: int


def copy(source: End, target: End, books: Path, done: Callable[[int], object] = lambda _: None) -> Copied:
    """Copy all of `source` into `target`, in which nothing is but what an earlier try has copied.

    Parameters
    ----------
    source, target : End
    books : Path
        The SQLite file of `source`.
    done : callable
        Called with the number of rows that are there.

    Raises
    ------
    CountError
        What is there in the end is not as much.
    """
    since = target.begin(str(books), source.sequence())
    _copy_rows(source, target, done)
    _copy_changes(source, target, since)
    target.end(books)
    return _check(source, target)


def _copy_rows(source: End, target: End, done: Callable[[int], object]) -> None:
    key, count = target.last(), target.size()
    done(count)
    while (piece := source.rows_after(key, _ROWS)).last is not None:
        if piece.rows:
            target.put(piece.rows)
        key, count = piece.last, count + len(piece.rows)
        done(count)


def _copy_changes(source: End, target: End, since: int) -> None:
    """Copy again what changed in the source while the copy was interrupted."""
    while changes := source.changed(since, _ROWS):
        target.put(source.rows_of(changes))
        since = changes[-1].sequence


def _check(source: End, target: End) -> Copied:
    for what, there, here in (
        ("current", source.counts(), target.counts()),
        ("superseded", source.superseded(), target.superseded()),
    ):
        for kind in sorted(there.keys() | here.keys()):
            expected, found = there.get(kind, Count(0, 0)), here.get(kind, Count(0, 0))
            if expected != found:
                raise CountError(
                    f"of period {kind[0]} and origin {kind[1]} the source has {expected.rows} rows with "
                    f"{expected.values} values {what}, the copy {found.rows} with {found.values}"
                )
    return Copied(target.counts(), target.superseded(), target.sequence())
