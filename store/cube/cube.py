"""Reading the cube: dense grids of hours and days, as its manifest says that they are."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.store.arrays import Grid
from qingchuan.store.cube import places
from qingchuan.store.cube.encoding import items as held_items
from qingchuan.store.cube.layers import Asked, Layer
from qingchuan.store.cube.manifest import Manifest, read_manifest
from qingchuan.store.observations import ONE_FIGURE, PERIOD_SECONDS, Origin, Period

PAGES = "pages.lock"
"""Shared by those who read the files, held by the one who writes to them."""


class NotInCubeError(LookupError):
    """The cube does not hold what was asked for; the store does."""


class Taken(NamedTuple):
    """A grid out of the cube.

    Attributes
    ----------
    sequence : int
        What messages up to this one said is in it; where a later one said something of a cell, that may be, too.
    grid : Grid
    """

    sequence: int
    grid: Grid


class Cube:
    """A cube, opened for reading; several processes may, in several threads.

    Parameters
    ----------
    folder : Path
        It need not be there yet.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def sequence(self) -> int:
        """The message up to which everything is in it; 0 where there is nothing.

        Raises
        ------
        DamagedError
            It has to be made anew.
        """
        manifest = read_manifest(self.folder)
        return manifest.sequence if manifest else 0

    def read(
        self,
        subjects: Sequence[str],
        items: Sequence[str],
        period: Period,
        start: int,
        end: int,
        origins: Sequence[Origin] = ONE_FIGURE,
    ) -> Grid:
        """The observations of `period` that start in ``[start, end)``, as the store reads them after `sequence`.

        Raises
        ------
        NotInCubeError
            The cube does not hold such: instants, some origins by themselves, what begins within a period.
        DamagedError
            It has to be made anew.
        """
        return self.take(subjects, items, period, start, end, origins).grid

    def take(
        self,
        subjects: Sequence[str],
        items: Sequence[str],
        period: Period,
        start: int,
        end: int,
        origins: Sequence[Origin] = ONE_FIGURE,
    ) -> Taken:
        """What `read` gives, and up to which message it is whole."""
        asked, layers = _held(Asked(subjects, items, period, start, end), origins)
        with still(self.folder) as manifest:
            told, *winning = [Layer(self.folder, manifest, layer, asked).read() for layer in layers]
        for part in winning:
            told.put_over(part)
        times = np.arange(start, max(start, end), PERIOD_SECONDS[period]).astype("datetime64[s]")
        grid = Grid(tuple(subjects), tuple(items), times, told.values, told.flags, told.sequence)
        return Taken(manifest.sequence, grid)

    def origins(
        self,
        subjects: Sequence[str],
        items: Sequence[str],
        period: Period,
        start: int,
        end: int,
        origins: Sequence[Origin] = ONE_FIGURE,
    ) -> NDArray[np.uint8]:
        """Of each value that `read` gives the place of its origin in `places.ORIGINS`, from 1 on; 0 where missing."""
        asked, layers = _held(Asked(subjects, items, period, start, end), origins)
        with still(self.folder) as manifest:
            told, *winning = [Layer(self.folder, manifest, layer, asked).origins() for layer in layers]
        for part in winning:
            np.copyto(told, part, where=part != 0)
        return told


@contextmanager
def still(folder: Path) -> Iterator[Manifest]:
    """The manifest of the cube in `folder`, while nobody writes to the files that it tells of.

    Raises
    ------
    NotInCubeError
        There is none.
    """
    try:
        file = (folder / PAGES).open("rb")
    except FileNotFoundError as error:
        raise NotInCubeError(f"there is no cube in {folder} yet") from error
    with file:
        fcntl.flock(file, fcntl.LOCK_SH)
        manifest = read_manifest(folder)
        if manifest is None:
            raise NotInCubeError(f"there is no cube in {folder} yet")
        yield manifest


def _held(asked: Asked, origins: Sequence[Origin]) -> tuple[Asked, tuple[str, ...]]:
    """What is asked for, and the layers that have it.

    Raises
    ------
    NotInCubeError
        The cube does not hold it.
    """
    layers = places.layers_of(origins)
    if not layers or not set(asked.items) <= set(held_items()):
        raise NotInCubeError(f"the cube holds neither {origins} by themselves nor all of {asked.items}; the store does")
    if asked.period not in places.PERIODS or not places.is_whole(asked.period, asked.start, asked.end):
        raise NotInCubeError(f"the cube holds whole {', '.join(places.PERIODS)}; the store has the others")
    return asked, layers
