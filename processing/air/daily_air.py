"""The daily air quality of a period in which the standard may change: each day by the edition in force on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.air.aqi import evaluate
from qingchuan.processing.scaled import Scaled
from qingchuan.processing.standards import AirQualityIndex
from qingchuan.processing.standards.air_index import NOT_COMPUTED
from qingchuan.processing.standards.by_day import EditionsByDay


class DailyAir(NamedTuple):
    """What HJ 633 says of the days of a period.

    Attributes
    ----------
    iaqi : dict of str to ndarray of int16, shape (..., days)
        Individual indices of the items that were given. [-] -1 where there is none.
    aqi : ndarray of int16, shape (..., days)
        [-] -1 where there is none.
    complete : ndarray of bool, shape (..., days)
        Whether every item of the day is there.
    good_up_to : ndarray of int64, shape (days,)
        `AirQualityIndex.good_up_to` of each day. [-] -1 where no edition covers it.
    """

    iaqi: dict[str, NDArray[np.int16]]
    aqi: NDArray[np.int16]
    complete: NDArray[np.bool_]
    good_up_to: NDArray[np.int64]


def daily_air(days: Mapping[str, Scaled], editions: EditionsByDay[AirQualityIndex]) -> DailyAir:
    """Daily air quality, each day by its own edition.

    Parameters
    ----------
    days : mapping of str to ndarray of uint16, shape (..., days)
        Items of the daily report; one that is left out is missing. [scaled]
    editions : EditionsByDay of AirQualityIndex
        `editions_of(dates, "hj633")`; any other to judge the days by other editions.

    Returns
    -------
    DailyAir
        A day that no edition covers has no index.

    Raises
    ------
    ValueError
        An item that the daily report does not have.

    References
    ----------
    .. [1] HJ 633—2012 and HJ 633—2026, each from the day on that it is in force.

    Examples
    --------
    >>> from qingchuan.processing.standards.by_day import editions_of
    >>> dates = np.array(["2026-02-28", "2026-03-01"], "datetime64[D]")
    >>> daily_air({"pm25": np.array([75, 75], np.uint16)}, editions_of(dates, "hj633")).aqi
    array([100, 114], dtype=int16)
    """
    shape = np.broadcast_shapes(editions.index.shape, *(np.shape(values) for values in days.values()))
    whole = {item: np.broadcast_to(values, shape) for item, values in days.items()}
    iaqi = {item: np.full(shape, NOT_COMPUTED, np.int16) for item in days}
    aqi, complete = np.full(shape, NOT_COMPUTED, np.int16), np.zeros(shape, np.bool_)
    for place, edition in enumerate(editions.editions):
        judged = editions.index == place
        air = evaluate({item: values[..., judged] for item, values in whole.items()}, "day", edition)
        aqi[..., judged], complete[..., judged] = air.aqi, air.complete
        for item, found in iaqi.items():
            found[..., judged] = air.iaqi[air.items.index(item)]
    return DailyAir(iaqi, aqi, complete, editions.numbers(lambda edition: edition.good_up_to, NOT_COMPUTED))
