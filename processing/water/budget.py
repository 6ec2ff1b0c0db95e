"""What the remaining months may hold so that a section reaches its target class over the year (断面水质余量)."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.water.classes import NO_CLASS, counting
from qingchuan.processing.water.ratios import fraction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import SurfaceWaterClasses, WaterRounding
    from qingchuan.processing.standards.water_limits import WaterBody, WaterLimit

NOT_ASKED, OPEN, SAFE, OUT_OF_REACH = range(4)
"""Nothing to say; the bound decides; met whatever comes; missed whatever comes."""


_MOST_PLACES = 9
_LARGEST_SUM = 2.0**53
"""Whole numbers below are exact in float64."""


class SectionBudget(NamedTuple):
    """What each item may reach in the remaining months.

    Attributes
    ----------
    bound : ndarray of float64, shape (items, ...)
        Largest mean of the remaining months with which the target is met; of an item that must be at least its limit
        the smallest. To the decimals of an hourly value. [unit of the item] NaN where the state is not `OPEN`.
    state : ndarray of uint8, shape (items, ...)
        `OPEN`, `SAFE`, `OUT_OF_REACH`; `NOT_ASKED` of an item that is judged by a range or not at all, without a
        target, and where no month has a value and none remains.
    months : ndarray of int64, shape (items, ...)
        How many months have a value. [-]
    """

    bound: NDArray[np.float64]
    state: NDArray[np.uint8]
    months: NDArray[np.int64]


class Edge(NamedTuple):
    """The mean of the year at which rounding goes over a limit.

    Attributes
    ----------
    mean : Fraction
        [unit of the item]
    meets : bool
        Whether this mean itself still meets the limit: a tie is rounded to the even side.
    """

    mean: Fraction
    meets: bool


def section_budget(
    samples: ArrayLike,
    remaining: ArrayLike,
    target: ArrayLike,
    items: Sequence[str],
    water_body: WaterBody,
    limits: SurfaceWaterClasses,
    rules: WaterRounding,
) -> SectionBudget:
    """Largest mean of the remaining months with which each item reaches the target class over the year.

    Parameters
    ----------
    samples : array_like of float, shape (items, ..., months, samples)
        Valid values of the months so far, as `mean_of_means` has them; of one sample a month the last axis is 1.
        [unit of the item] NaN where missing: a month without a value is lost, it does not remain.
    remaining : array_like of int, broadcastable to shape (...)
        How many months are still to come; each weighs as one that has been. [-]
    target : array_like of int, broadcastable to shape (...)
        Target class, 1 … 5; 0 where there is none.
    items : sequence of str
        Keys of the first axis.
    water_body : {"river", "lake"}
    limits : SurfaceWaterClasses
        The edition of GB 3838.
    rules : WaterRounding
        The edition of 总站水字〔2020〕90号.

    Returns
    -------
    SectionBudget

    Raises
    ------
    LookupError
        An item has no official decimals.
    ValueError
        A row an item or an axis is lacking, a target is no class, a number of months is negative, or a limit is finer
        than the decimals of evaluation.

    Notes
    -----
    The year is the mean of its months, rounded once, half to even, to the decimals of evaluation, before it meets the
    limit; the means of months go in unrounded. Everything is a fraction until the bound is cut to its decimals, so that
    it meets the target itself and one unit beyond it does not. What is plausible ends what can come: a dissolved oxygen
    above the largest plausible value is out of reach, a concentration whose bound lies there is safe.

    References
    ----------
    .. [1] 环办〔2011〕22号, 一、（二）3.; 总站水字〔2020〕90号; GB 3838—2002, table 1.

    Examples
    --------
    Ten months of ammonia nitrogen at 1.02 mg/L, target Ⅲ (1.0 mg/L, so a mean up to 1.005):

    >>> from qingchuan.processing import standards
    >>> limits = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> rules = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> samples = [[[1.02]] * 10]
    >>> float(section_budget(samples, 2, 3, ("nh3n",), "river", limits, rules).bound[0])
    0.93
    """
    samples = np.asarray(samples, dtype=np.float64)
    if samples.ndim < 3 or len(samples) != len(items):  # noqa: PLR2004 - the axes of the message
        raise ValueError(
            f"the samples have the shape {samples.shape}; it must be (items, …, months, samples), "
            f"with a row for each of {', '.join(items)}"
        )
    shape = samples.shape[1:-2]
    samples = counting(np.where(np.isfinite(samples), samples, np.nan), items)
    months = np.isfinite(samples).any(axis=-1).sum(axis=-1)
    found = SectionBudget(np.full(months.shape, np.nan), np.zeros(months.shape, dtype=np.uint8), months)
    left = _spread(remaining, shape, 0, None, "a number of months")
    goals = _spread(target, shape, NO_CLASS, limits.worst - 1, "a target class")
    for place, item in enumerate(items):
        row = limits.limit(item, water_body)
        if row is None or row.compare == "within":
            continue
        edges = {number: edge(row, number, rules) for number in sorted(set(goals) - {NO_CLASS})}
        cells = zip(year_so_far(samples[place]), left, goals, strict=True)
        told = [_cell(*so_far, months_left, edges.get(goal), row, rules) for so_far, months_left, goal in cells]
        found.bound[place] = np.reshape([bound for bound, _ in told], shape)
        found.state[place] = np.reshape([state for _, state in told], shape)
    return found


def edge(row: WaterLimit, number: int, rules: WaterRounding) -> Edge:
    """The mean of the year at which rounding goes over the limit of a class.

    Parameters
    ----------
    row : WaterLimit
        Of an item with limits on one side.
    number : int
        Of the class.
    rules : WaterRounding
        The edition of 总站水字〔2020〕90号.

    Raises
    ------
    LookupError
        The item has no official decimals.
    ValueError
        The limit is finer than the decimals of evaluation: then small means keep a digit more, and no tie decides.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> limits = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> rules = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> edge(limits.limit("nh3n", "river"), 3, rules), edge(limits.limit("do", "river"), 3, rules)
    (Edge(mean=Fraction(201, 200), meets=True), Edge(mean=Fraction(99, 20), meets=True))
    """
    units = Fraction(repr(row.limits[number - 1])) * 10 ** rules.evaluation(row.item)
    if units < 1:
        raise ValueError(
            f"the limit of {row.item} has {row.limits[number - 1]}; it must have no more than the "
            f"{rules.evaluation(row.item)} decimals of evaluation ({rules.document})"
        )
    last = math.ceil(units) if row.compare == "at_least" else math.floor(units)
    half = Fraction(-1, 2) if row.compare == "at_least" else Fraction(1, 2)
    return Edge((last + half) / 10 ** rules.evaluation(row.item), last % 2 == 0)


def bound_decimals(item: str, rules: WaterRounding) -> int:
    """Decimals of a bound: those of an hourly value, or of evaluation where these are more [-].

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> bound_decimals("nh3n", rules), bound_decimals("bod5", rules)
    (3, 1)
    """
    hour = rules.hour(item)
    return max(rules.evaluation(item), 0 if hour is None else hour)


def year_so_far(samples: NDArray[np.float64]) -> list[tuple[Fraction, int]]:
    """Sum of the means of the months so far, and how many months have one, of each section.

    Parameters
    ----------
    samples : ndarray of float64, shape (..., months, samples)
        Of one item. NaN where missing.

    Examples
    --------
    >>> year_so_far(np.array([[[0.1, 0.2], [0.3, np.nan]]]))
    [(Fraction(9, 20), 2)]
    """
    cells = math.prod(samples.shape[:-2]), samples.shape[-2]
    totals, scale = _month_sums(samples)
    counts = np.isfinite(samples).sum(axis=-1).reshape(cells).tolist()
    sums = []
    for row, known in zip(totals.reshape(cells).tolist(), counts, strict=True):
        means = [Fraction(total) / (count * scale) for total, count in zip(row, known, strict=True) if count]
        sums.append((sum(means, Fraction()), len(means)))
    return sums


def _month_sums(samples: NDArray[np.float64]) -> tuple[NDArray[np.generic], int]:
    """Sums over the last axis as whole numbers of 1/scale; as fractions where the decimals are too many for that."""
    filled = np.where(np.isfinite(samples), samples, 0.0)
    for places in range(_MOST_PLACES + 1):
        with np.errstate(over="ignore"):
            scaled = np.rint(filled * 10.0**places)
        if np.abs(scaled).sum() < _LARGEST_SUM and (scaled / 10.0**places == filled).all():
            return scaled.sum(axis=-1).astype(np.int64), 10**places
    exact = np.empty(filled.size, dtype=object)
    exact[:] = [fraction(value) for value in filled.reshape(-1).tolist()]
    return exact.reshape(filled.shape).sum(axis=-1), 1


def _spread(values: ArrayLike, shape: tuple[int, ...], least: int, most: int | None, what: str) -> list[int]:
    spread = np.broadcast_to(np.asarray(values, dtype=np.int64), shape).reshape(-1).tolist()
    for value in spread:
        if value < least or (most is not None and value > most):
            wanted = f"{least} or more" if most is None else f"{least} … {most}"
            raise ValueError(f"{what} has the value {value}; it is {wanted}")
    return [int(value) for value in spread]


def _cell(
    total: Fraction, months: int, remaining: int, goal: Edge | None, row: WaterLimit, rules: WaterRounding
) -> tuple[float, int]:
    if goal is None or not months + remaining:
        return math.nan, NOT_ASKED
    at_least = row.compare == "at_least"
    if not remaining:
        mean = total / months
        beyond = mean > goal.mean if at_least else mean < goal.mean
        return math.nan, SAFE if beyond or (mean == goal.mean and goal.meets) else OUT_OF_REACH
    scale = 10 ** bound_decimals(row.item, rules)
    bound = ((months + remaining) * goal.mean - total) / remaining * scale
    whole = math.ceil(bound) if at_least else math.floor(bound)
    if whole == bound and not goal.meets:
        whole += 1 if at_least else -1
    most = catalogue.item(row.item).plausible[1] * scale
    if (whole <= 0) if at_least else (whole >= most):
        return math.nan, SAFE
    if (whole > most) if at_least else (whole < 0):
        return math.nan, OUT_OF_REACH
    return whole / scale, OPEN
