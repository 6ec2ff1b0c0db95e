"""Which cells of the cube have to be read again: those that changed, in pieces that are read at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from qingchuan.store.cube.places import PERIODS, whole_start
from qingchuan.store.observations import PERIOD_SECONDS, Changed, Period

_APART = 24
"""Periods that lie further apart are read by themselves."""
_CELLS = 50_000
"""So many cells are read at once."""


class Patch(NamedTuple):
    """Cells that are read at once: all of some subjects in consecutive periods.

    Attributes
    ----------
    period : {"hour", "day"}
    start, end : int
        [s since 1970-01-01 UTC]
    subjects : tuple of str
    """

    period: Period
    start: int
    end: int
    subjects: tuple[str, ...]


def patches_of(changes: Iterable[Changed]) -> Iterator[Patch]:
    """The cells of `changes`, as far as the cube holds such.

    Examples
    --------
    >>> changes = [Changed(1, "a", "hour", 0), Changed(1, "b", "hour", 3600), Changed(2, "a", "hour", 900_000)]
    >>> for patch in patches_of(changes):
    ...     print(patch)
    Patch(period='hour', start=0, end=7200, subjects=('a', 'b'))
    Patch(period='hour', start=900000, end=903600, subjects=('a',))
    """
    cells: dict[Period, dict[int, set[str]]] = {period: defaultdict(set) for period in PERIODS}
    for change in changes:
        if change.period in cells:
            cells[change.period][whole_start(change.period, change.start)].add(change.subject)
    for period, by_start in cells.items():
        for starts in _runs(by_start, PERIOD_SECONDS[period]):
            subjects = set[str]().union(*(by_start[start] for start in starts))
            yield Patch(period, starts[0], starts[-1] + PERIOD_SECONDS[period], tuple(sorted(subjects)))


def _runs(by_start: dict[int, set[str]], step: int) -> Iterator[Sequence[int]]:
    """The starts in pieces that lie close together."""
    run: list[int] = []
    subjects: set[str] = set()
    for start in sorted(by_start):
        subjects |= by_start[start]
        if run and (start - run[-1] > _APART * step or (start - run[0]) // step * len(subjects) > _CELLS):
            yield run
            run, subjects = [], set(by_start[start])
        run.append(start)
    if run:
        yield run
