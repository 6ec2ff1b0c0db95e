"""The good-air rate (优良天数比例): the share of days with good air among the valid ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.rounding import divide_half_even

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

GOOD_UP_TO = 100
"""Largest AQI of a good day (优 or 良): the end of level 2 in every edition of HJ 633."""

RATE_DECIMALS = 1
"""Decimals of a rate. [%] HJ 663—2013, table 3."""


class GoodAirRate(NamedTuple):
    """Good days among the valid ones.

    Attributes
    ----------
    good, valid, days : int
        Days with an AQI up to 100, days that count, days of the period. [d]
    rate : float or None
        Share of good days among the valid ones, one decimal. [%] None where no day counts.
    """

    good: int
    valid: int
    days: int
    rate: float | None


def good_air_rate(aqi: ArrayLike, complete: ArrayLike) -> GoodAirRate:
    """Good-air rate of a period.

    Parameters
    ----------
    aqi : array_like of int, shape (days,)
        Daily AQI, each day by the edition in force on it. [-] -1 where there is none.
    complete : array_like of bool, shape (days,)
        Whether every item of the day has an index: `AirQuality.complete`, not `published`.

    Returns
    -------
    GoodAirRate

    Notes
    -----
    A day without a full set of items is not counted, unless its AQI is above 100 already: whatever the missing item
    was, the day was not good. That is the published rate; dust days stay in.

    References
    ----------
    .. [1] HJ 663—2013, A.5 (rate of valid days), 6.3 (one decimal, half to even); HJ 633—2026, 5.3.1.

    Examples
    --------
    >>> good_air_rate([40, 100, 101, 60, 130, -1], [True, True, True, False, False, False])
    GoodAirRate(good=2, valid=4, days=6, rate=50.0)
    """
    aqi, complete = np.asarray(aqi), np.asarray(complete, dtype=np.bool_)
    valid = (aqi >= 0) & (complete | (aqi > GOOD_UP_TO))
    good, counted = int((valid & (aqi <= GOOD_UP_TO)).sum()), int(valid.sum())
    return GoodAirRate(good, counted, aqi.size, _percent(good, counted) if counted else None)


def _percent(part: int, whole: int) -> float:
    scale: int = 10**RATE_DECIMALS
    return int(divide_half_even(100 * scale * part, whole)) / scale
