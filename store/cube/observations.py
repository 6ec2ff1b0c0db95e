"""An observation store with a cube before it, from which long stretches of hours and days are read.

What the cube does not know yet, or knows already although it was not so then, is read from the store: the answer is the
store's own, to the bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

import numpy as np
import structlog

from qingchuan.store.arrays import Grid
from qingchuan.store.cube.cells import Patch, patches_of
from qingchuan.store.cube.cube import Cube, NotInCubeError
from qingchuan.store.cube.files import DamagedError
from qingchuan.store.cube.passed_on import PassedOn
from qingchuan.store.observations import ONE_FIGURE, PERIOD_SECONDS, Changed, Observations, Origin, Period

_LEAST = 250
"""Fewer cells are read from the store as fast."""
_NEWS = 5_000
"""With more changes than this that the cube lacks, the store is asked for all."""
_PATCHES = 8
"""With more stretches than this to be read from the store, it is asked for all."""

_log = structlog.get_logger("cube")


class Closable(Observations, Protocol):
    """An observation store that is closed in the end."""

    def close(self) -> None:
        """Let go of what is open."""
        ...


class CubedObservations(PassedOn):
    """Observations of a store, of which a cube may hold a copy.

    Parameters
    ----------
    store : Observations
    cube : Cube
        It need not be up to date, nor be there.
    """

    def __init__(self, store: Closable, cube: Cube) -> None:
        self._store: Closable = store
        self._cube = cube

    def close(self) -> None:
        """Let go of what is open."""
        self._store.close()

    def read(
        self,
        subjects: Sequence[str],
        items: Sequence[str],
        period: Period,
        start: int,
        end: int,
        as_of: int | None = None,
        origins: Sequence[Origin] = ONE_FIGURE,
    ) -> Grid:
        """The observations of `period` as they were after message `as_of` (None: now); the last origin wins."""
        if (end - start) // PERIOD_SECONDS[period] * len(subjects) >= _LEAST:
            try:
                found = self._from_cube(subjects, items, period, start, end, as_of, origins)
            except DamagedError as error:
                _log.error("cube damaged", reason=str(error), then="the store is read; the cube is made anew")
            except NotInCubeError:
                pass
            else:
                return found
        return self._store.read(subjects, items, period, start, end, as_of, origins)

    def _from_cube(
        self,
        subjects: Sequence[str],
        items: Sequence[str],
        period: Period,
        start: int,
        end: int,
        as_of: int | None,
        origins: Sequence[Origin],
    ) -> Grid:
        """The grid of the cube, with what it does not have as it was then.

        Whatever the cube has of a cell that no message later than both its own and `as_of` changed is right.

        Raises
        ------
        NotInCubeError
            It is too much.
        """
        known, grid = self._cube.take(subjects, items, period, start, end, origins)
        then = self._store.sequence() if as_of is None else as_of
        changes = self._store.changed(min(known, then), _NEWS)
        if len(changes) >= _NEWS:
            raise NotInCubeError(f"the cube, at message {known}, is far from message {then}")
        patches = list(_patches(changes, grid, period, start, end))
        if len(patches) > _PATCHES:
            raise NotInCubeError(f"too much has changed between messages {known} and {then}")
        for patch in patches:
            _put(grid, self._store.read(patch.subjects, items, period, patch.start, patch.end, then, origins))
        return grid


def _patches(changes: Iterable[Changed], grid: Grid, period: Period, start: int, end: int) -> Iterator[Patch]:
    """The cells of `changes` that lie in `grid`."""
    subjects = frozenset(grid.subjects)
    for patch in patches_of(change for change in changes if change.period == period and change.subject in subjects):
        begin, stop = max(start, patch.start), min(end, patch.end)
        if begin < stop:
            yield patch._replace(start=begin, end=stop)


def _put(grid: Grid, patch: Grid) -> None:
    """Put what `patch` has into `grid`."""
    first = int(np.searchsorted(grid.times, patch.times[0]))
    place = {subject: column for column, subject in enumerate(grid.subjects)}
    rows, columns = slice(first, first + len(patch.times)), [place[subject] for subject in patch.subjects]
    grid.values[:, rows, columns] = patch.values
    grid.flags[:, rows, columns] = patch.flags
    grid.sequence[rows, columns] = patch.sequence
