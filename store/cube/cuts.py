"""What is told of a patch of cells, layer by layer, as it is written to the cube."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.store.cube.cells import Patch
from qingchuan.store.cube.manifest import Manifest
from qingchuan.store.cube.places import LAYERS, ORIGINS
from qingchuan.store.grids import NOT_TOLD, Told, grid_of
from qingchuan.store.observations import Period


class Cut(NamedTuple):
    """What a layer tells of a patch.

    Attributes
    ----------
    layer : str
    period : {"hour", "day"}
    start, end : int
        [s since 1970-01-01 UTC]
    subjects, items : tuple of str
    values : ndarray of float64, shape (items, times, subjects)
    flags, origins : ndarray of uint8, shape of `values`
        `origins` as in `places.ORIGINS`, from 1 on; 0 where there is no value.
    sequence : ndarray of int64, shape (times, subjects)
    """

    layer: str
    period: Period
    start: int
    end: int
    subjects: tuple[str, ...]
    items: tuple[str, ...]
    values: NDArray[np.float64]
    flags: NDArray[np.uint8]
    origins: NDArray[np.uint8]
    sequence: NDArray[np.int64]

    def part(self, times: slice, subjects: NDArray[np.intp]) -> Cut:
        """What it tells, in arrays of some times and subjects only."""
        return self._replace(
            values=self.values[:, times][..., subjects],
            flags=self.flags[:, times][..., subjects],
            origins=self.origins[:, times][..., subjects],
            sequence=self.sequence[times][:, subjects],
        )


def cuts_of(told: Told, items: Sequence[str], patch: Patch, manifest: Manifest) -> list[Cut]:
    """What each layer tells that tells anything.

    Each has the items that it tells, and those that are in its files: a value may have been taken back.
    """
    cuts = []
    for layer, origins in LAYERS.items():
        own = told.winning_last(origins)
        if own.starts.size:
            is_told, known = (own.flags != NOT_TOLD).any(axis=1), manifest.items_of(layer, patch.period)
            chosen = [place for place, item in enumerate(items) if is_told[place] or item in known]
            cuts.append(_cut(layer, own, [items[place] for place in chosen], chosen, patch))
    return cuts


def _cut(layer: str, told: Told, items: Sequence[str], chosen: Sequence[int], patch: Patch) -> Cut:
    who, index = np.unique(told.subject, return_inverse=True)
    subjects = tuple(patch.subjects[place] for place in who)
    few = told._replace(subject=index, values=told.values[chosen], flags=told.flags[chosen], below=told.below[chosen])
    where = patch.period, patch.start, patch.end
    grid = grid_of(few, subjects, items, *where, LAYERS[layer])
    by = np.zeros(grid.flags.shape, np.uint8)
    for origin in LAYERS[layer]:
        one = grid_of(few, subjects, items, *where, (origin,))
        by[~np.isnan(one.values)] = ORIGINS.index(origin) + 1
    return Cut(layer, *where, subjects, tuple(items), grid.values, grid.flags, by, grid.sequence)
