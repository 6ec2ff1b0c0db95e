"""The good-air rate (优良天数比例): the share of days with good air among the valid ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.rounding import divide_half_even

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class GoodAirRate(NamedTuple):
    """Good days among the valid ones.

    Attributes
    ----------
    good, valid, days : int
        Good days, days that count, days of the period. [d]
    rate : float or None
        Share of good days among the valid ones. [%] None where no day counts.
    """

    good: int
    valid: int
    days: int
    rate: float | None


def counted_days(aqi: ArrayLike, complete: ArrayLike, good_up_to: ArrayLike) -> NDArray[np.bool_]:
    """Which days count in a good-air rate.

    Parameters
    ----------
    aqi : array_like of int, shape (days,)
        Daily AQI, each day by the edition in force on it. [-] -1 where there is none.
    complete : array_like of bool, shape (days,)
        Whether every item of the day is there: `AirQuality.complete`, not `published`.
    good_up_to : array_like of int, shape (days,) or ()
        `AirQualityIndex.good_up_to` of the edition of each day. [-]

    Returns
    -------
    ndarray of bool, shape (days,)

    Notes
    -----
    A day without a full set of items is not counted, unless it was not good already: whatever the missing item was, the
    day would not be good. That is the published rate; dust days stay in. A day without an AQI is never counted.

    References
    ----------
    .. [1] HJ 663—2013, A.5 (rate of valid days); HJ 633—2026, 5.3.1.

    Examples
    --------
    >>> counted_days([100, 60, 130, -1], [True, False, False, True], 100)
    array([ True, False,  True, False])
    """
    aqi, complete = np.asarray(aqi), np.asarray(complete, dtype=np.bool_)
    return np.asarray((aqi >= 0) & (complete | (aqi > good_up_to)))


def good_air_rate(aqi: ArrayLike, complete: ArrayLike, good_up_to: ArrayLike, decimals: int) -> GoodAirRate:
    """Good-air rate of a period.

    Parameters
    ----------
    aqi, complete, good_up_to
        As `counted_days` has them.
    decimals : int
        Of the rate: `AirAssessment.decimals.rate`. [-]

    Returns
    -------
    GoodAirRate

    References
    ----------
    .. [1] HJ 663—2013, A.5 and 6.3 (rounded half to even).

    Examples
    --------
    >>> good_air_rate([40, 100, 101, 60, 130, -1], [True, True, True, False, False, False], 100, 1)
    GoodAirRate(good=2, valid=4, days=6, rate=50.0)
    """
    aqi, counted = np.asarray(aqi), counted_days(aqi, complete, good_up_to)
    good, valid = int((counted & (aqi <= good_up_to)).sum()), int(counted.sum())
    return GoodAirRate(good, valid, aqi.size, _percent(good, valid, decimals) if valid else None)


def _percent(part: int, whole: int, decimals: int) -> float:
    scale: int = 10**decimals
    return int(divide_half_even(100 * scale * part, whole)) / scale
