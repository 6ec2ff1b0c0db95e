"""The values of a city, item by item: what was sent for it, or else the means of its stations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.queries.editions import runs
from qingchuan.api.queries.told import Told
from qingchuan.processing.air.averaging import area_mean
from qingchuan.processing.periods import natural_days
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import in_force
from qingchuan.processing.standards.air_limits import Grade

GRADE: Final[Grade] = 2
"""Cities are class-2 areas (二类区): grade II of GB 3095."""


class CityValues(NamedTuple):
    """The values of a city: what was sent for it, or else the means of its stations.

    Attributes
    ----------
    scaled : ndarray of uint16, shape (items, periods)
        [scaled]
    sent : ndarray of bool, shape (items, periods)
        Whether the value was sent as it is.
    counts : ndarray of bool, shape (periods, stations)
        Which stations count for the city.
    """

    scaled: Scaled
    sent: NDArray[np.bool_]
    counts: NDArray[np.bool_]


def city_values(own: Told, of_stations: Told, began: NDArray[np.int64]) -> CityValues:
    """The values of a city, item by item, as `city_periods` judges them.

    Parameters
    ----------
    own, of_stations, began
        As `city_periods` has them.
    """
    sent = own.scaled != MISSING
    counts = (began <= own.times.astype(np.int64)[:, np.newaxis]) | (of_stations.scaled != MISSING).any(axis=0)
    return CityValues(np.where(sent, own.scaled, _area_means(of_stations, counts)), sent, counts)


def newest_behind(sent: NDArray[np.bool_], own: NDArray[np.int64], of_stations: NDArray[np.int64]) -> NDArray[np.int64]:
    """The newest message behind each period of a city: also those of its stations where something is derived.

    Parameters
    ----------
    sent : ndarray of bool, shape (items, periods)
    own : ndarray of int64, shape (periods,)
    of_stations : ndarray of int64, shape (periods, stations)
    """
    newest = of_stations.max(axis=-1, initial=0)
    return np.where(sent.all(axis=0), own, np.maximum(own, newest))


def _area_means(told: Told, counts: NDArray[np.bool_]) -> Scaled:
    """Means over the stations that count, by the rules in force on each date; missing where none are. [scaled]."""
    means = np.full(told.scaled.shape[:-1], MISSING, np.uint16)
    for part, rules in runs(natural_days(told.times), lambda day: in_force("hj663", day)):
        if rules is None:
            continue
        for stretch in _of_same_stations(counts, part):
            means[:, stretch] = area_mean(told.scaled[:, stretch, counts[stretch.start]], rules)
    return means


def _of_same_stations(counts: NDArray[np.bool_], part: slice) -> Iterator[slice]:
    """Stretches of `part` in which the same stations count."""
    of_part = counts[part]
    changes = part.start + 1 + np.flatnonzero((of_part[1:] != of_part[:-1]).any(axis=1))
    bounds = [part.start, *changes.tolist(), part.stop]
    yield from map(slice, bounds[:-1], bounds[1:])
