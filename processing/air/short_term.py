"""Attainment of an item hour by hour (小时评价) and day by day (日评价), and by how much a limit is exceeded."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.calendar_periods import Days
from qingchuan.processing.rounding import divide_half_even
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards.air_limits import Grade, LimitAveraging
from qingchuan.processing.standards.by_day import editions_of

NO_LIMIT = -1
"""The limit of a day that no edition covers."""

NO_MULTIPLE = -1
"""The exceedance multiple where nothing is exceeded."""


class ShortTermAttainment(NamedTuple):
    """Attainment of an item in each hour or on each day.

    Attributes
    ----------
    attained : ndarray of bool, shape (..., times)
    valid : ndarray of bool, shape (..., times)
        Whether there is a concentration and a limit.
    multiple : ndarray of int64, shape (..., times)
        Exceedance multiple, in units of its last decimal; -1 where the limit is not exceeded.
    """

    attained: NDArray[np.bool_]
    valid: NDArray[np.bool_]
    multiple: NDArray[np.int64]


def limits_by_day(
    item: str, averaging: LimitAveraging, dates: Days, decimals: int, *, grade: Grade
) -> NDArray[np.int64]:
    """Limit of an item on each of many days, by the edition and the stage of its own date.

    Parameters
    ----------
    item : str
    averaging : {"day", "hour", "year", "quarter"}
    dates : ndarray of datetime64[D], any shape
    decimals : int
        Of the item: `AirAssessment.decimals.items`. [-]
    grade : {1, 2}

    Returns
    -------
    ndarray of int64, shape of `dates`
        [scaled] -1 where no edition covers the day.

    Raises
    ------
    LookupError
        An edition sets no such limit.

    Examples
    --------
    >>> dates = np.array(["2012-01-01", "2026-02-28", "2026-03-01", "2031-01-01"], "datetime64[D]")
    >>> limits_by_day("pm25", "day", dates, 0, grade=2)
    array([-1, 75, 60, 50])
    """
    distinct, place = np.unique(np.asarray(dates), return_inverse=True)
    by_day = editions_of(distinct, "gb3095")
    limits = [
        by_day.editions[edition].scaled_limit(item, averaging, decimals, grade=grade, on=day)
        if edition >= 0
        else NO_LIMIT
        for edition, day in zip(by_day.index.tolist(), distinct.tolist(), strict=True)
    ]
    return np.array(limits, np.int64)[place]


def exceedance_multiple(concentrations: Scaled, limit: ArrayLike, decimals: int) -> NDArray[np.int64]:
    """Exceedance multiple (超标倍数) of concentrations: by how many times the limit they exceed it.

    Parameters
    ----------
    concentrations : ndarray of uint16, any shape
        Of the official decimals. [scaled]
    limit : array_like of int, broadcastable with `concentrations`
        [scaled] Not positive where there is none.
    decimals : int
        Of the multiple: `AirAssessment.decimals.multiple`. [-]

    Returns
    -------
    ndarray of int64, the broadcast shape
        In units of its last decimal: 0.25 is 25. -1 where the limit is not exceeded, and where the concentration or the
        limit is missing. It is 0 where an exceedance is too small to be shown.

    References
    ----------
    .. [1] HJ 663—2013, A.4, formula (A.1); 3.6; 6.3.

    Examples
    --------
    >>> exceedance_multiple(np.array([35, 36, 44, 65535], np.uint16), 35, 2)
    array([-1,  3, 26, -1])
    """
    values, limit = np.asarray(concentrations).astype(np.int64), np.asarray(limit, dtype=np.int64)
    exceeded = (values != MISSING) & (limit > 0) & (values > limit)
    multiple = divide_half_even(10**decimals * np.where(exceeded, values - limit, 0), np.maximum(limit, 1))
    return np.asarray(np.where(exceeded, multiple, NO_MULTIPLE))


def short_term_attainment(concentrations: Scaled, limit: ArrayLike, decimals: int) -> ShortTermAttainment:
    """Attainment of an item in each hour (小时评价) or on each day (日评价).

    Parameters
    ----------
    concentrations : ndarray of uint16, shape (..., times)
        1-hour means; or 24-hour means, or daily maximum 8-hour means of ozone. [scaled]
    limit : array_like of int, shape (times,) or ()
        The hourly or the daily limit: of `limits_by_day`. [scaled] Not positive where there is none.
    decimals : int
        Of the multiple: `AirAssessment.decimals.multiple`. [-]

    Returns
    -------
    ShortTermAttainment

    References
    ----------
    .. [1] HJ 663—2013, 5.1.1, tables 1 and 2, A.4.

    Examples
    --------
    >>> found = short_term_attainment(np.array([75, 76, 65535], np.uint16), 75, 2)
    >>> found.attained, found.valid, found.multiple
    (array([ True, False, False]), array([ True,  True, False]), array([-1,  1, -1]))
    """
    values, limit = np.asarray(concentrations), np.asarray(limit, dtype=np.int64)
    valid = np.asarray((values != MISSING) & (limit > 0))
    return ShortTermAttainment(
        attained=np.asarray(valid & (values <= limit)),
        valid=valid,
        multiple=exceedance_multiple(values, limit, decimals),
    )
