"""The air as it was sent or derived, before it is judged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing import catalogue
from qingchuan.processing.flags import valid
from qingchuan.processing.scaled import Scaled, to_scaled
from qingchuan.store.arrays import Grid


@dataclass(frozen=True, eq=False)
class Told:
    """Values of hours or days, as `AirPeriods` has them; the arrays may have a further, last axis of subjects.

    Attributes
    ----------
    items : tuple of str
    times : ndarray of datetime64[s], shape (periods,)
    values, flags : ndarray, shape (items, periods, ...)
    scaled : ndarray of uint16, shape (items, periods, ...)
        What counts of `values`. [scaled]
    sequence : ndarray of int64, shape (periods, ...)
    """

    items: tuple[str, ...]
    times: NDArray[np.datetime64]
    values: NDArray[np.float64]
    flags: NDArray[np.uint8]
    scaled: Scaled
    sequence: NDArray[np.int64]

    def subjects(self, chosen: int | slice | list[int]) -> Told:
        """The values of one subject, or of several."""
        return replace(
            self,
            values=self.values[..., chosen],
            flags=self.flags[..., chosen],
            scaled=self.scaled[..., chosen],
            sequence=self.sequence[..., chosen],
        )


class ToldCity(NamedTuple):
    """The hours or days of a city before they are judged.

    Attributes
    ----------
    own : Told
        What was sent for the city.
    of_stations : Told
        Of the stations that are evaluated for it; daily values are missing on days on which everything was sent.
    began : ndarray of int64, shape (stations,)
        `beginnings` of the stations.
    """

    own: Told
    of_stations: Told
    began: NDArray[np.int64]


def read_told(grid: Grid) -> Told:
    """The values of a grid, and what counts of them."""
    counts = np.where(valid(grid.flags), grid.values, np.nan)
    scaled = np.empty(grid.values.shape, np.uint16)
    for place, item in enumerate(grid.items):
        scaled[place] = to_scaled(counts[place], catalogue.item(item).decimals)
    return Told(grid.items, grid.times, grid.values, grid.flags, scaled, grid.sequence)
