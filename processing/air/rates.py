"""Rates of days, kept apart by name: the published good-air rate, the assessed one, and the attainment rates of HJ 663.

They differ in which days count. A day without a full set of items
- counts in the published and the assessed good-air rate (优良天数比例) only where it was not good already;
- counts as not attained in the comprehensive attainment rate (多项目日综合评价达标率);
- counts in the attainment rate of an item (达标率) whenever that item is valid.
Days that dust made bad stay in the published rate and leave the assessed one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.rounding import divide_half_even

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

NO_RATE = -1
"""The rate where no day counts."""


class GoodAirRate(NamedTuple):
    """Good days among the valid ones.

    Attributes
    ----------
    good, valid : ndarray of int64, shape (...)
        Good days, and days that count. [d]
    days : int
        Days of the period. [d]
    rate : ndarray of int64, shape (...)
        Share of good days among the valid ones, in units of its last decimal: 86.8 % is 868. -1 where no day counts.
    decimals : int
        Of the rate. [-]
    """

    good: NDArray[np.int64]
    valid: NDArray[np.int64]
    days: int
    rate: NDArray[np.int64]
    decimals: int

    @property
    def percent(self) -> NDArray[np.float64]:
        """The rate as it is shown, shape (...) [%]; NaN where no day counts."""
        return _percent(self.rate, self.decimals)


class AttainmentRate(NamedTuple):
    """Attained days (or hours) among the valid ones.

    Attributes
    ----------
    attained, valid : ndarray of int64, shape (...)
        [d] or [h]
    days : int
        Days, or hours, of the period. [d] or [h]
    rate : ndarray of int64, shape (...)
        Share of the attained ones, in units of its last decimal. -1 where none is valid.
    decimals : int
        Of the rate. [-]
    """

    attained: NDArray[np.int64]
    valid: NDArray[np.int64]
    days: int
    rate: NDArray[np.int64]
    decimals: int

    @property
    def percent(self) -> NDArray[np.float64]:
        """The rate as it is shown, shape (...) [%]; NaN where none is valid."""
        return _percent(self.rate, self.decimals)


def counted_days(aqi: ArrayLike, complete: ArrayLike, good_up_to: ArrayLike) -> NDArray[np.bool_]:
    """Which days count in a good-air rate.

    Parameters
    ----------
    aqi : array_like of int, shape (..., days)
        Daily AQI, each day by the edition in force on it. [-] -1 where there is none.
    complete : array_like of bool, shape (..., days)
        Whether every item of the day is there: `AirQuality.complete`, not `published`.
    good_up_to : array_like of int, shape (days,) or ()
        `AirQualityIndex.good_up_to` of the edition of each day. [-]

    Returns
    -------
    ndarray of bool, shape (..., days)

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
    return np.asarray((aqi >= 0) & (complete | (aqi > np.asarray(good_up_to))))


def good_air_rate(aqi: ArrayLike, complete: ArrayLike, good_up_to: ArrayLike, decimals: int) -> GoodAirRate:
    """Good-air rate of a period as it is published (优良天数比例): days that dust made bad stay in.

    Parameters
    ----------
    aqi, complete, good_up_to
        As `counted_days` has them.
    decimals : int
        Of the rate: `AirAssessment.decimals.rate`. [-]

    Returns
    -------
    GoodAirRate
        One value without an axis is a period of one day.

    References
    ----------
    .. [1] HJ 663—2013, A.5 and 6.3 (rounded half to even).

    Examples
    --------
    >>> found = good_air_rate([40, 100, 101, 60, 130, -1], [True, True, True, False, False, False], 100, 1)
    >>> found.good, found.valid, found.days, found.percent
    (array(2), array(4), 6, array(50.))
    """
    return _good_among(counted_days(aqi, complete, good_up_to), aqi, good_up_to, decimals)


def dust_days(aqi: ArrayLike, aqi_without_dust: ArrayLike, good_up_to: ArrayLike) -> NDArray[np.bool_]:
    """Which days are bad because of dust: with the hours of dust, and not without them.

    Parameters
    ----------
    aqi : array_like of int, shape (..., days)
        Daily AQI of all hours. [-] -1 where there is none.
    aqi_without_dust : array_like of int, shape (..., days)
        The same, of the concentrations that `processing.air.dust.without_dust` leaves. [-] -1 where there is none.
    good_up_to : array_like of int, shape (days,) or ()
        As `counted_days` has it. [-]

    Returns
    -------
    ndarray of bool, shape (..., days)

    Notes
    -----
    A day whose particles have too few hours left has no particle concentration without dust. The rest of its items then
    decide: where none of them is bad, nothing shows that the day was bad for another reason than dust.

    Examples
    --------
    >>> dust_days([210, 210, 90, 130], [80, 140, 70, -1], 100)
    array([ True, False, False,  True])
    """
    aqi, without, good = np.asarray(aqi), np.asarray(aqi_without_dust), np.asarray(good_up_to)
    return np.asarray((aqi > good) & (without <= good))


def assessed_good_air_rate(
    aqi: ArrayLike, complete: ArrayLike, aqi_without_dust: ArrayLike, good_up_to: ArrayLike, decimals: int
) -> GoodAirRate:
    """Good-air rate of a period as it is assessed (考核优良天数比例): days that dust made bad are deducted.

    Parameters
    ----------
    aqi, complete, good_up_to
        As `counted_days` has them.
    aqi_without_dust
        As `dust_days` has it.
    decimals : int
        Of the rate: `AirAssessment.decimals.rate`. [-]

    Returns
    -------
    GoodAirRate
        `valid` without the days that are deducted; `good` is that of the published rate.

    Notes
    -----
    The official formula of the deduction was not seen. The definition chosen: a day that `dust_days` names is neither
    good nor counted; every other day is as in `good_air_rate`. So the assessed rate is never below the published one.

    References
    ----------
    .. [1] 环办监测〔2016〕120号: the particle concentrations of hours of dust are deducted for assessment and ranking.

    Examples
    --------
    >>> found = assessed_good_air_rate([40, 100, 210, 130], [True] * 4, [40, 100, 80, 130], 100, 1)
    >>> found.good, found.valid, found.percent
    (array(2), array(3), array(66.7))
    """
    counted = counted_days(aqi, complete, good_up_to) & ~dust_days(aqi, aqi_without_dust, good_up_to)
    return _good_among(counted, aqi, good_up_to, decimals)


def attainment_rate(attained: ArrayLike, valid: ArrayLike, decimals: int) -> AttainmentRate:
    """Attainment rate of an item (达标率): attained days, or hours, among those in which the item is valid.

    Parameters
    ----------
    attained, valid : array_like of bool, shape (..., days)
        Of `processing.air.short_term.short_term_attainment`.
    decimals : int
        Of the rate: `AirAssessment.decimals.rate`. [-]

    Returns
    -------
    AttainmentRate
        One value without an axis is a period of one day.

    References
    ----------
    .. [1] HJ 663—2013, A.5.1, 6.3.

    Examples
    --------
    >>> attainment_rate([True, False, True, False], [True, True, True, False], 1).percent
    array(66.7)
    """
    valid = np.asarray(valid, dtype=np.bool_)
    return _attained_among(valid, np.asarray(attained, dtype=np.bool_), decimals)


def comprehensive_attainment_rate(attained: ArrayLike, valid: ArrayLike, decimals: int) -> AttainmentRate:
    """Attainment rate of all items together (多项目日综合评价达标率): an incomplete day is not attained.

    Parameters
    ----------
    attained, valid : array_like of bool, shape (items, ..., days)
        Of all basic items: a day of an item that is not valid is missing.
    decimals : int
        Of the rate: `AirAssessment.decimals.rate`. [-]

    Returns
    -------
    AttainmentRate

    Notes
    -----
    The text divides by the days of valid monitoring (有效监测天数) of an item, and has the rate of all items follow it
    (参照). A day on which at least one item is valid is one of them here; by 6.2 it attains the standard only where all
    items are valid and attain it. A day of which nothing is valid is no day of monitoring.

    References
    ----------
    .. [1] HJ 663—2013, A.5.2, 6.2, 6.3.

    Examples
    --------
    >>> attained = [[True, True, True, False], [True, False, True, False]]
    >>> valid = [[True, True, True, False], [True, True, False, False]]
    >>> found = comprehensive_attainment_rate(attained, valid, 1)
    >>> found.attained, found.valid, found.percent
    (array(1), array(3), array(33.3))
    """
    valid = np.asarray(valid, dtype=np.bool_)
    whole = np.asarray((valid & np.asarray(attained, dtype=np.bool_)).all(axis=0))
    return _attained_among(np.asarray(valid.any(axis=0)), whole, decimals)


def _good_among(counted: NDArray[np.bool_], aqi: ArrayLike, good_up_to: ArrayLike, decimals: int) -> GoodAirRate:
    counted = np.atleast_1d(counted)
    good = np.asarray((counted & (np.asarray(aqi) <= np.asarray(good_up_to))).sum(axis=-1))
    valid = np.asarray(counted.sum(axis=-1))
    return GoodAirRate(good, valid, counted.shape[-1], _rate(good, valid, decimals), decimals)


def _attained_among(valid: NDArray[np.bool_], attained: NDArray[np.bool_], decimals: int) -> AttainmentRate:
    valid = np.atleast_1d(valid)
    part, whole = np.asarray((valid & attained).sum(axis=-1)), np.asarray(valid.sum(axis=-1))
    return AttainmentRate(part, whole, valid.shape[-1], _rate(part, whole, decimals), decimals)


def _rate(part: NDArray[np.int64], whole: NDArray[np.int64], decimals: int) -> NDArray[np.int64]:
    rate = divide_half_even(100 * 10**decimals * part, np.maximum(whole, 1))
    return np.asarray(np.where(whole > 0, rate, NO_RATE))


def _percent(rate: NDArray[np.int64], decimals: int) -> NDArray[np.float64]:
    return np.asarray(np.where(rate == NO_RATE, np.nan, rate / 10**decimals))
