"""Means of the water over a day, week, month or year: exact sums, rounded once to the decimals of evaluation.

A period is judged by the means of its items, never by a mean of classes. The first axis is always that of the items, so
that each is averaged and rounded by its own rule; the last axis is averaged away.
"""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.water.classes import counting
from qingchuan.processing.water.exact import rounded
from qingchuan.processing.water.ratios import fraction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import WaterRounding

_WIDE = Context(prec=60)
_AGREED = Decimal(1).scaleb(-40)
"""Means of hydrogen ions that agree with a tie to so many digits are that tie."""


class Means(NamedTuple):
    """Means of items.

    Attributes
    ----------
    values : ndarray of float64, shape (items, ...)
        Rounded to the decimals of evaluation. [unit of the item] NaN where too little is valid.
    counts : ndarray of int64, shape (items, ...)
        How many valid values each mean rests on, whether or not they are enough. [-]
    """

    values: NDArray[np.float64]
    counts: NDArray[np.int64]


def period_means(samples: ArrayLike, items: Sequence[str], rules: WaterRounding, at_least: ArrayLike) -> Means:
    """Means over the samples of one period.

    Parameters
    ----------
    samples : array_like of float, shape (items, ..., samples)
        Valid values as they were sent, with half the detection limit where a value lies below it
        (`samples.half_below_detection`). [unit of the item] NaN where missing; so are infinite values, and negative
        ones of items that are never negative.
    items : sequence of str
        Keys of the first axis.
    rules : WaterRounding
        The edition of 总站水字〔2020〕90号.
    at_least : array_like of int, broadcastable to shape (items, ...)
        How many samples a mean needs: `WaterStatus.samples` says it of week, month, quarter and year,
        `WaterRounding.day_at_least` of a day. [-]

    Returns
    -------
    Means

    Raises
    ------
    LookupError
        An item has no official decimals.
    ValueError
        `samples` does not have a row an item, or lacks the axis of samples.

    Notes
    -----
    The mean of pH is that of the concentrations of hydrogen ions. All samples of a period weigh the same.

    References
    ----------
    .. [1] 环办〔2011〕22号, 一、（二）; 总站水字〔2020〕90号.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> samples = [[6.5, 7.9, 8.8, 9.0, 6.78, 8.87], [0.024, 0.025, 0.026, 0.025, np.nan, 0.02]]
    >>> period_means(samples, ("ph", "tp"), rules, 1)
    Means(values=array([7.   , 0.024]), counts=array([6, 5]))
    """
    samples = _samples(samples, items, axes=2)
    values = [_mean(row[..., np.newaxis, :], item, rules) for row, item in zip(samples, items, strict=True)]
    counts = np.isfinite(samples).sum(axis=-1)
    return _enough(values, counts, at_least)


def mean_of_means(samples: ArrayLike, items: Sequence[str], rules: WaterRounding, at_least: ArrayLike) -> Means:
    """Means over groups of the means within each group: months of a year, points of a lake.

    Parameters
    ----------
    samples : array_like of float, shape (items, ..., groups, samples)
        As `period_means` has them; a group without a valid sample counts for nothing.
    items, rules
        As `period_means` has them.
    at_least : array_like of int, broadcastable to shape (items, ...)
        How many groups a mean needs. [-]

    Returns
    -------
    Means
        Its `counts` are those of groups.

    Raises
    ------
    LookupError, ValueError
        As `period_means` raises them.

    Notes
    -----
    A year is the mean of its months, each weighing the same, because the document asks for the mean of twelve monthly
    samples: an automatic station whose months hold 150 or 186 values tells twelve. The means of the months go in
    unrounded; only the year is rounded.

    References
    ----------
    .. [1] 环办〔2011〕22号, 一、（二）3. and 二、（二）1. (3): first over time, then over points.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> mean_of_means([[[3.0, 4.0, 5.0], [8.0, np.nan, np.nan]]], ("codmn",), rules, 2)
    Means(values=array([6.]), counts=array([2]))
    """
    samples = _samples(samples, items, axes=3)
    values = [_mean(row, item, rules) for row, item in zip(samples, items, strict=True)]
    counts = np.isfinite(samples).any(axis=-1).sum(axis=-1)
    return _enough(values, counts, at_least)


def means_within_and_over(
    samples: ArrayLike, items: Sequence[str], rules: WaterRounding, at_least: int
) -> tuple[Means, Means]:
    """Means within groups, and the means over the groups that have enough samples.

    Parameters
    ----------
    samples : array_like of float, shape (items, ..., groups, samples)
        As `mean_of_means` has them.
    items, rules
        As `period_means` has them.
    at_least : int
        How many samples a group needs for an item. [-]

    Returns
    -------
    within : Means
        Of shape (items, ..., groups).
    over : Means
        Of shape (items, ...); one group will do.

    Raises
    ------
    LookupError, ValueError
        As `period_means` raises them.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> within, over = means_within_and_over([[[3.0, 4.0], [8.0, np.nan]]], ("codmn",), rules, 2)
    >>> within.values, over
    (array([[3.5, nan]]), Means(values=array([3.5]), counts=array([1])))
    """
    samples = _samples(samples, items, axes=3)
    within = period_means(samples, items, rules, at_least)
    enough = np.where(np.isnan(within.values)[..., np.newaxis], np.nan, samples)
    return within, mean_of_means(enough, items, rules, 1)


def exact_mean(samples: ArrayLike) -> Fraction | None:
    """Mean of samples as a fraction, for an explanation; None where none is valid.

    Parameters
    ----------
    samples : array_like of float, any shape
        NaN and infinite values are missing.

    Examples
    --------
    >>> exact_mean([0.1, 0.2, np.nan])
    Fraction(3, 20)
    """
    samples = np.asarray(samples, dtype=np.float64)
    known = [fraction(value) for value in samples[np.isfinite(samples)].tolist()]
    return sum(known, Fraction(0)) / len(known) if known else None


def _samples(samples: ArrayLike, items: Sequence[str], axes: int) -> NDArray[np.float64]:
    samples = np.asarray(samples, dtype=np.float64)
    if samples.ndim < axes or len(samples) != len(items):
        wanted = f"{axes} axes or more, the first with a row for each of {', '.join(items)}"
        msg = f"the samples have the shape {samples.shape}; it must have {wanted}"
        raise ValueError(msg)
    return counting(samples, items)


def _enough(values: list[NDArray[np.float64]], counts: NDArray[np.int64], at_least: ArrayLike) -> Means:
    means = np.stack(values) if values else np.empty(counts.shape)
    return Means(np.where(counts >= np.asarray(at_least), means, np.nan), counts.astype(np.int64))


def _mean(samples: NDArray[np.float64], item: str, rules: WaterRounding) -> NDArray[np.float64]:
    """Rounded mean over groups of the means within them, of an array of shape (..., groups, samples)."""
    average = _of_hydrogen_ions if item in rules.means.hydrogen_ions else _arithmetic
    return average(samples, rules.evaluation(item))


def _arithmetic(samples: NDArray[np.float64], places: int) -> NDArray[np.float64]:
    known = np.isfinite(samples)
    counts = known.sum(axis=-1)
    groups = (counts > 0).sum(axis=-1)
    with np.errstate(over="ignore"):
        within = np.where(known, samples, 0.0).sum(axis=-1) / np.maximum(counts, 1)
        nearly = within.sum(axis=-1) / np.maximum(groups, 1)
    rows = samples.reshape(nearly.size, *samples.shape[-2:])

    def exactly(index: int) -> Fraction:
        means = [mean for group in rows[index] if (mean := exact_mean(group)) is not None]
        return sum(means, Fraction(0)) / len(means)

    return rounded(np.where(groups > 0, nearly, np.nan), places, exactly)


def _of_hydrogen_ions(samples: NDArray[np.float64], places: int) -> NDArray[np.float64]:
    known = np.isfinite(samples)
    least = np.where(known, samples, np.inf).min(axis=(-2, -1), initial=np.inf, keepdims=True)
    base = np.where(np.isfinite(least), least, 0.0)
    ions = np.where(known, 10.0 ** (base - np.where(known, samples, base)), 0.0)
    counts = known.sum(axis=-1)
    groups = (counts > 0).sum(axis=-1)
    mean = (ions.sum(axis=-1) / np.maximum(counts, 1)).sum(axis=-1) / np.maximum(groups, 1)
    nearly = base[..., 0, 0] - np.log10(np.where(groups > 0, mean, 1.0))
    rows = samples.reshape(nearly.size, *samples.shape[-2:])
    return rounded(np.where(groups > 0, nearly, np.nan), places, lambda index: _mean_ph(rows[index]))


def _mean_ph(groups: NDArray[np.float64]) -> Fraction:
    """Mean pH to forty digits, snapped to a value of few digits where it agrees with that."""
    least = fraction(groups[np.isfinite(groups)].min())
    with localcontext(_WIDE):
        means: list[Decimal] = []
        for group in groups:
            above = [fraction(ph) - least for ph in group[np.isfinite(group)].tolist()]
            if above:
                means.append(sum((_ions(ph) for ph in above), Decimal(0)) / len(above))
        return least - Fraction((sum(means, Decimal(0)) / len(means)).log10().quantize(_AGREED))


def _ions(above: Fraction) -> Decimal:
    """Hydrogen ions of a pH so far above the least one, which has 1; none where no digit of them would show."""
    return Decimal(10) ** -(Decimal(above.numerator) / above.denominator) if above < _WIDE.prec else Decimal(0)
