"""Large outliers (异常高值, OVL): values far above all that came before."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.flags import GOOD, NOT_EVALUATED, SUSPECT
from qingchuan.processing.quality.series import line, seconds, tidy, without_missing
from qingchuan.processing.quality.windows import over_windows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class History(NamedTuple):
    """What the valid values before each moment were like.

    Attributes
    ----------
    largest : ndarray of float64, shape (..., time)
        [unit of the item] -inf where there is none.
    total : ndarray of float64, shape (..., time)
        Their sum. [unit of the item]
    valid : ndarray of int64, shape (..., time)
        How many there are. [-]
    """

    largest: NDArray[np.float64]
    total: NDArray[np.float64]
    valid: NDArray[np.int64]


def history(values: ArrayLike, valid: ArrayLike, times: ArrayLike, length: int) -> History:
    """Largest, sum and number of the valid values of the time before each moment.

    Parameters
    ----------
    values : array_like of float, shape (..., time) or ()
        [unit of the item] NaN where missing.
    valid : array_like of bool, shape of `values`
        Which of them count.
    times : array_like of int or datetime64, shape (time,)
        Ascending. [s since 1970-01-01 UTC]
    length : int
        How far back: a value so old exactly counts, the value of the moment itself does not. [s]

    Returns
    -------
    History

    Raises
    ------
    ValueError
        The times are not strictly ascending, or not as many as the values.

    Examples
    --------
    >>> history([1.0, 5.0, 2.0, 3.0], [True, False, True, True], [0, 1, 2, 3], 2)
    History(largest=array([-inf,   1.,   1.,   2.]), total=array([0., 1., 1., 2.]), valid=array([0, 1, 1, 1]))
    """
    told = line(values)
    when = seconds(times, told)
    counts = np.isfinite(told) & np.asarray(valid, dtype=np.bool_).reshape(told.shape)
    stop = np.arange(when.size)
    start = np.searchsorted(when, when - length)
    return History(
        over_windows(np.where(counts, told, -np.inf), start, stop, np.maximum, -np.inf),
        over_windows(np.where(counts, told, 0.0), start, stop, np.add, 0),
        over_windows(counts.astype(np.int64), start, stop, np.add, 0),
    )


def outlier_large(
    values: ArrayLike, valid: ArrayLike, times: ArrayLike, length: int, factor: float, at_least: int
) -> NDArray[np.uint8]:
    """Flags of values above the largest valid one of the time before *and* above a multiple of their mean.

    Parameters
    ----------
    values, valid, times, length
        As `history` has them.
    factor : float
        Of the mean. [-]
    at_least : int
        A history of fewer valid values says nothing. [-]

    Returns
    -------
    ndarray of uint8, shape of `values`
        1 good, 2 where the history is too short, 3 suspect, 9 missing.

    Raises
    ------
    ValueError
        The times are not strictly ascending, or not as many as the values; `at_least` is below 1.

    Notes
    -----
    What this test flags stays in the history of what follows, unless `valid` leaves it out: the first hours of a true
    rise are flagged, and not the whole week after them. ``value > factor × mean`` is compared as
    ``value × count > factor × sum``.

    References
    ----------
    .. [1] Automatic audit of water stations as one vendor does it: above the maximum of the valid values of the last 7
       days and above twice their mean (OVL).

    Examples
    --------
    >>> outlier_large([1.0, 2.0, 1.0, 2.7, 9.0], [True] * 5, np.arange(5), 7 * 86400, 2, 2)
    array([2, 2, 1, 3, 3], dtype=uint8)
    """
    if at_least < 1:
        msg = f"the number of values of a history has the value {at_least}; it must be 1 or more"
        raise ValueError(msg)
    told = line(values)
    past = history(values, valid, times, length)
    with np.errstate(over="ignore", invalid="ignore"):
        above = (told > past.largest) & (tidy(told * past.valid) > tidy(factor * past.total))
    flags = np.where(above, SUSPECT, GOOD).astype(np.uint8)
    flags[past.valid < at_least] = NOT_EVALUATED
    return without_missing(flags, values)
