"""What the remaining days may bring so that a target of the period is reached: good-air rate, mean, heavy pollution.

Every remaining day is taken to be valid; a past day that does not count is lost. Should one of the remaining days not
count either, the budget is asked anew with what is then left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.air.edges import largest_total, smallest_total
from qingchuan.processing.scaled import LARGEST, MISSING, Scaled

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.air.rates import GoodAirRate

NOT_ASKED, OPEN, SAFE, OUT_OF_REACH = range(4)
"""No day counts and none remains; the remaining days decide; reached whatever comes; missed whatever comes."""

NONE = -1
"""Where the target is out of reach, or there is nothing to ask."""

_WHOLE = 100
"""The largest rate [%]."""


class RateBudget(NamedTuple):
    """What the remaining days may bring so that the good-air rate reaches its target.

    Attributes
    ----------
    good, valid : ndarray of int64, shape (...)
        Good days so far, and days so far that count. [d]
    left, days : ndarray of int64, shape (...)
        Days that remain, and all days of the period. [d]
    target : ndarray of int64, shape (...)
        In units of the last decimal of the rate: 86.8 % is 868.
    good_needed, bad_allowed : ndarray of int64, shape (...)
        How many of the remaining days must be good at least, and may be bad at most. [d] -1 where the state is neither
        `OPEN` nor `SAFE`.
    state : ndarray of uint8, shape (...)
        `NOT_ASKED`, `OPEN`, `SAFE`, `OUT_OF_REACH`.
    decimals : int
        Of the rate. [-]
    """

    good: NDArray[np.int64]
    valid: NDArray[np.int64]
    left: NDArray[np.int64]
    days: NDArray[np.int64]
    target: NDArray[np.int64]
    good_needed: NDArray[np.int64]
    bad_allowed: NDArray[np.int64]
    state: NDArray[np.uint8]
    decimals: int

    @property
    def share_needed(self) -> NDArray[np.float64]:
        """Share of the remaining days that must be good, shape (...) [%]: rounded up to the decimals of the rate.

        NaN where no day remains, and where the target is out of reach.
        """
        scale = 10**self.decimals
        up = -(-_WHOLE * scale * self.good_needed // np.maximum(self.left, 1))
        return np.asarray(np.where((self.left > 0) & (self.good_needed != NONE), up / scale, np.nan))


class MeanBudget(NamedTuple):
    """What the remaining days may hold so that the mean of the period is not above its target.

    Attributes
    ----------
    total : ndarray of int64, shape (...)
        Sum of the valid days. [scaled]
    valid, left : ndarray of int64, shape (...)
        Valid days so far, and days that remain. [d]
    largest_total, largest_level : ndarray of int64, shape (...)
        Largest sum of the remaining days with which the target is met, and largest value that all of them may have.
        [scaled] -1 where the state is not `OPEN`.
    state : ndarray of uint8, shape (...)
        As above; `SAFE` only where no day remains: a concentration has no upper end.
    """

    total: NDArray[np.int64]
    valid: NDArray[np.int64]
    left: NDArray[np.int64]
    largest_total: NDArray[np.int64]
    largest_level: NDArray[np.int64]
    state: NDArray[np.uint8]

    @property
    def largest_mean(self) -> NDArray[np.float64]:
        """Largest mean of the remaining days, shape (...) [scaled]; NaN where the state is not `OPEN`."""
        asked = self.state == OPEN
        return np.asarray(np.where(asked, self.largest_total / np.maximum(self.left, 1), np.nan))


class DaysBudget(NamedTuple):
    """How many of the remaining days may be of a kind that is limited in number.

    Attributes
    ----------
    so_far, left : ndarray of int64, shape (...)
        Days of this kind so far, and days that remain. [d]
    allowed : ndarray of int64, shape (...)
        How many of those that remain may be of it. [d] -1 where there are too many already.
    state : ndarray of uint8, shape (...)
        `OPEN`, `SAFE`, `OUT_OF_REACH`.
    """

    so_far: NDArray[np.int64]
    left: NDArray[np.int64]
    allowed: NDArray[np.int64]
    state: NDArray[np.uint8]


def rate_budget(so_far: GoodAirRate, left: ArrayLike, target: ArrayLike) -> RateBudget:
    """How many of the remaining days may be bad so that the good-air rate, as it is published, reaches a target.

    Parameters
    ----------
    so_far : GoodAirRate
        Of the days of the period that are over, shape (...): the published rate, or the assessed one.
    left : array_like of int, broadcastable to (...)
        Days of the period that remain. [d]
    target : array_like of int, broadcastable to (...)
        In units of the last decimal of the rate: 86.8 % is 868.

    Returns
    -------
    RateBudget

    Raises
    ------
    ValueError
        Fewer than 0 days remain, or a target is not from 0 to 100 %.

    Notes
    -----
    The rate is rounded half to even before it meets the target, so that 86.75 % reaches 86.8 %, and 86.65 % does not
    reach 86.7 %.

    References
    ----------
    .. [1] HJ 663—2013, A.5 and 6.3.

    Examples
    --------
    Ningbo had 86.8 % of good days in the first eight months of 2018. To end the year with as much:

    >>> from qingchuan.processing.air.rates import good_air_rate
    >>> so_far = good_air_rate([50] * 211 + [120] * 32, [True] * 243, 100, 1)
    >>> found = rate_budget(so_far, 122, 868)
    >>> so_far.percent, found.good_needed, found.bad_allowed, found.share_needed
    (array(86.8), array(106), array(16), array(86.9))
    """
    left, target = _left(left), np.asarray(target, np.int64)
    most = _WHOLE * 10**so_far.decimals
    _within(target, most, "a target of the rate")
    good, valid, left, target = np.broadcast_arrays(so_far.good, so_far.valid, left, target)
    needed = np.maximum(-(-smallest_total(valid + left, target) // most) - good, 0)
    state = np.where(needed > left, OUT_OF_REACH, np.where(needed > 0, OPEN, SAFE))
    state = np.where(valid + left > 0, state, NOT_ASKED).astype(np.uint8)
    asked = (state == OPEN) | (state == SAFE)
    return RateBudget(
        good=good,
        valid=valid,
        left=left,
        days=so_far.days + left,
        target=target,
        good_needed=np.where(asked, needed, NONE),
        bad_allowed=np.where(asked, left - needed, NONE),
        state=state,
        decimals=so_far.decimals,
    )


def mean_budget(days: Scaled, left: ArrayLike, target: ArrayLike, *, decimals: int = 0) -> MeanBudget:
    """Largest mean of the remaining days so that the rounded mean of the period is not above a target.

    Parameters
    ----------
    days : ndarray of uint16, shape (..., days)
        Daily values of one item on the days that are over. [scaled] One that is missing is lost.
    left : array_like of int, broadcastable to (...)
        Days of the period that remain. [d]
    target : array_like of int, broadcastable to (...)
        Largest mean that is enough. [scaled, with `decimals` more decimals]
    decimals : int, optional
        How many decimals more than the days the mean has, as `period_mean` has it. [-]

    Returns
    -------
    MeanBudget

    Raises
    ------
    ValueError
        Fewer than 0 days remain, or a target is negative.

    References
    ----------
    .. [1] HJ 663—2013, A.1, A.2 (arithmetic mean of the daily values), 6.3 (rounded half to even).

    Examples
    --------
    300 days of 36 µg/m³: with 33 on the other 65 the mean of the year is 35.47, rounded 35.

    >>> found = mean_budget(np.full(300, 36, np.uint16), 65, 35)
    >>> found.largest_total, found.largest_level, found.largest_mean
    (array(2157), array(33), array(33.18461538))
    """
    left, target = _left(left), np.asarray(target, np.int64)
    _within(target, LARGEST * 10**decimals, "a target of the mean")
    days = np.asarray(days)
    counts = days != MISSING
    total = np.where(counts, days, 0).sum(axis=-1, dtype=np.int64)
    total, valid, left, target = np.broadcast_arrays(total, counts.sum(axis=-1), left, target)
    rest = largest_total(valid + left, target) // 10**decimals - total
    state = np.where(rest < 0, OUT_OF_REACH, np.where(left > 0, OPEN, SAFE))
    state = np.where(valid + left > 0, state, NOT_ASKED).astype(np.uint8)
    is_open = state == OPEN
    return MeanBudget(
        total=total,
        valid=valid,
        left=left,
        largest_total=np.where(is_open, rest, NONE),
        largest_level=np.where(is_open, rest // np.maximum(left, 1), NONE),
        state=state,
    )


def days_budget(so_far: ArrayLike, left: ArrayLike, most: ArrayLike) -> DaysBudget:
    """How many of the remaining days may be heavily polluted, or of another kind, where so many are the most.

    Parameters
    ----------
    so_far : array_like of int, shape (...)
        Such days so far: of `heavy_pollution_days`. [d]
    left : array_like of int, broadcastable to (...)
        Days of the period that remain. [d]
    most : array_like of int, broadcastable to (...)
        How many such days the period may have. [d]

    Returns
    -------
    DaysBudget

    Raises
    ------
    ValueError
        A number of days is below 0.

    Examples
    --------
    >>> found = days_budget([0, 2, 3, 1], [60, 60, 60, 1], 2)
    >>> found.allowed.tolist(), (found.state == SAFE).tolist()
    ([2, 0, -1, 1], [False, False, False, True])
    """
    left, most, so_far = _left(left), np.asarray(most, np.int64), np.asarray(so_far, np.int64)
    for given, what in ((most, "the largest number of days"), (so_far, "the number of days so far")):
        _within(given, None, what)
    so_far, left, most = np.broadcast_arrays(so_far, left, most)
    rest = most - so_far
    state = np.where(rest < 0, OUT_OF_REACH, np.where(rest < left, OPEN, SAFE)).astype(np.uint8)
    return DaysBudget(so_far, left, np.where(rest < 0, NONE, np.minimum(rest, left)), state)


def _left(left: ArrayLike) -> NDArray[np.int64]:
    left = np.asarray(left, np.int64)
    _within(left, None, "the number of days left")
    return left


def _within(values: NDArray[np.int64], most: int | None, what: str) -> None:
    beyond = values[(values < 0) | ((values > most) if most is not None else False)]
    if beyond.size:
        wanted = "0 or more" if most is None else f"0 … {most}, in units of the last decimal"
        raise ValueError(f"{what} has the value {beyond.flat[0]}; it is {wanted}")
