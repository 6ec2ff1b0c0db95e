"""A station against its neighbours at the same time: a robust distance from what they tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.quality.series import NEVER, graded, tidy, without_missing

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NO_NEIGHBOUR = -1
"""Fills the rows of stations that have fewer neighbours than others."""


class Surroundings(NamedTuple):
    """What the neighbours of each station tell.

    Attributes
    ----------
    valid : ndarray of int64, shape (..., stations, time)
        How many neighbours are valid. [-]
    median : ndarray of float64, shape (..., stations, time)
        Of their values. [unit of the item] NaN where there are too few.
    spread : ndarray of float64, shape (..., stations, time)
        Median of their distances from the median (MAD), not less than the least spread. [unit of the item] NaN where
        there are too few.
    z : ndarray of float64, shape (..., stations, time)
        Robust distance of the station's own value, without sign. [-] NaN where it is missing or neighbours are too few.
    """

    valid: NDArray[np.int64]
    median: NDArray[np.float64]
    spread: NDArray[np.float64]
    z: NDArray[np.float64]


def all_others(stations: int) -> NDArray[np.int64]:
    """Neighbours where every station is the neighbour of every other one.

    Examples
    --------
    >>> all_others(3)
    array([[1, 2],
           [0, 2],
           [0, 1]])
    """
    everyone = np.broadcast_to(np.arange(stations), (stations, stations))
    return everyone[~np.eye(stations, dtype=np.bool_)].reshape(stations, max(stations - 1, 0))


def surroundings(
    values: ArrayLike, valid: ArrayLike, neighbours: ArrayLike, at_least: int, least_spread: float, consistency: float
) -> Surroundings:
    """What the neighbours of each station tell at each time, and how far the station is from it.

    Parameters
    ----------
    values : array_like of float, shape (..., stations, time)
        [unit of the item] NaN where missing.
    valid : array_like of bool, shape of `values`
        Which of them count as neighbours; one that does not is compared all the same.
    neighbours : array_like of int, shape (stations, most)
        Indices of the neighbours of each station; -1 where it has no more.
    at_least : int
        So many valid neighbours are needed. [-]
    least_spread : float
        Neighbours that agree by chance are taken to differ by this. [unit of the item]
    consistency : float
        What makes the distance comparable to standard deviations: 0.6745, the upper quartile of the normal
        distribution. [-]

    Returns
    -------
    Surroundings

    Raises
    ------
    ValueError
        The values have no axis of stations; neighbours are not given for each of them, or name a station that there is
        not, or the station itself; a number is too small.

    References
    ----------
    .. [1] B. Iglewicz and D. C. Hoaglin, How to Detect and Handle Outliers, ASQC Quality Press, 1993.

    Examples
    --------
    >>> values = np.array([[30.0], [34.0], [38.0], [90.0]])
    >>> found = surroundings(values, values > 0, all_others(4), 3, 1, 0.6745)
    >>> found.median.ravel(), found.spread.ravel(), found.z.ravel().round(2)
    (array([38., 38., 34., 34.]), array([4., 8., 4., 4.]), array([1.35, 0.34, 0.67, 9.44]))
    """
    values = np.asarray(values, dtype=np.float64)
    table = _checked(values, np.asarray(neighbours, dtype=np.int64), at_least, least_spread)
    there = np.isfinite(values)
    counted = np.where(there & np.asarray(valid, dtype=np.bool_), values, np.nan)
    others = np.where((table == NO_NEIGHBOUR)[..., np.newaxis], np.nan, counted[..., table, :])
    count = np.isfinite(others).sum(axis=-2)
    median = np.where(count >= at_least, _median(others, count), np.nan)
    deviation = tidy(np.abs(others - median[..., np.newaxis, :]))
    spread = np.maximum(_median(deviation, count), least_spread)
    own = np.where(there, values, np.nan)
    return Surroundings(count, median, spread, consistency * tidy(np.abs(own - median)) / spread)


def neighbour_outlier(
    values: ArrayLike,
    valid: ArrayLike,
    neighbours: ArrayLike,
    threshold: float,
    at_least: int,
    least_spread: float,
    consistency: float,
) -> NDArray[np.uint8]:
    """Flags of values by their robust distance from the neighbours at the same time.

    Parameters
    ----------
    values, valid, neighbours, at_least, least_spread, consistency
        As `surroundings` has them.
    threshold : float
        How large the distance may be. [-]

    Returns
    -------
    ndarray of uint8, shape of `values`
        1 good; 2 where too few neighbours are valid; 3 suspect: a plume may be real, so that nothing is called bad for
        standing alone; 9 missing.

    Raises
    ------
    ValueError
        As `surroundings`.

    References
    ----------
    .. [1] QARTOD, test 11: neighbour; B. Iglewicz and D. C. Hoaglin, 1993: modified z-score above 3.5.

    Examples
    --------
    >>> values = np.array([[30.0, 30.0], [34.0, np.nan], [38.0, 38.0], [90.0, 90.0]])
    >>> neighbour_outlier(values, values > 0, all_others(4), 3.5, 3, 1, 0.6745)
    array([[1, 2],
           [1, 9],
           [1, 2],
           [3, 2]], dtype=uint8)
    """
    found = surroundings(values, valid, neighbours, at_least, least_spread, consistency)
    return without_missing(graded(found.z, threshold, NEVER), values)


def _checked(
    values: NDArray[np.float64], table: NDArray[np.int64], at_least: int, least_spread: float
) -> NDArray[np.int64]:
    stations = values.shape[-2] if values.ndim > 1 else None
    if stations is None or table.shape[:-1] != (stations,):
        msg = f"the neighbours have the shape {table.shape}; there must be a row a station of values {values.shape}"
        raise ValueError(msg)
    itself = table == np.arange(stations)[:, np.newaxis]
    if table.size and (table.min() < NO_NEIGHBOUR or table.max() >= stations or itself.any()):
        msg = f"a neighbour has an index outside 0 … {stations - 1}, or its own; -1 fills a row that has no more"
        raise ValueError(msg)
    if at_least < 1 or not least_spread > 0:
        msg = f"at_least has the value {at_least} and least_spread {least_spread}; give 1 or more, and more than 0"
        raise ValueError(msg)
    return table


def _median(values: NDArray[np.float64], count: NDArray[np.int64]) -> NDArray[np.float64]:
    """Medians along the last axis but one, of the first `count` in ascending order; NaN where there is none."""
    if not values.shape[-2]:
        return np.full(count.shape, np.nan)
    ascending = np.sort(values, axis=-2)
    at = np.stack([np.maximum(count - 1, 0) // 2, count // 2], axis=-2)
    return np.asarray(np.take_along_axis(ascending, at, axis=-2).sum(axis=-2) / 2)
