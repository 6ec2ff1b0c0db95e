"""Exceedance multiples (超标倍数) and the main pollutants (主要污染指标) of a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.water.exact import rounded
from qingchuan.processing.water.ratios import fraction
from qingchuan.processing.water.rows import item_rows, rows_among

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import SurfaceWaterClasses, WaterStatus
    from qingchuan.processing.standards.water_limits import WaterBody

_SIGNIFICANT = 12
"""Multiples that agree to so many decimals are equal: 7.2 mg/L of 6 and 0.24 mg/L of 0.2 both are 0.2."""


def multiples(
    values: ArrayLike,
    items: Sequence[str],
    water_body: WaterBody,
    target: ArrayLike,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
) -> NDArray[np.float64]:
    """By how many times the limit each value exceeds the limit of a class.

    Parameters
    ----------
    values : array_like of float, shape (items, ...)
        As `item_classes` has them. [unit of the item]
    items : sequence of str
        Keys of the first axis.
    water_body : {"river", "lake"}
    target : array_like of int, broadcastable to shape (...)
        Class that must be reached: Ⅲ (`measures.main_pollutants.worse_than`), or the target of the section. 0 where
        there is none.
    standard : SurfaceWaterClasses
        The edition of GB 3838.
    measures : WaterStatus
        The edition of 环办〔2011〕22号, which says what has no multiple.

    Returns
    -------
    ndarray of float64, shape of `values`
        (C − L) / L, unrounded. [-] NaN where the value is missing or infinite, meets the limit or has no multiple.

    Raises
    ------
    ValueError
        A target that is no class, or `values` does not have a row an item.

    References
    ----------
    .. [1] 环办〔2011〕22号, 二、（一）3. (1): none of temperature, pH and dissolved oxygen.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> multiples([[2.3, 1.0], [3.0, 3.0]], ("nh3n", "do"), "river", 3, gb3838, measures).round(9)
    array([[1.3, nan], [nan, nan]])
    """
    values = item_rows(values, items)
    limits = _limits(values.shape, items, water_body, target, standard, measures)
    exceeds = np.isfinite(values) & (values > limits)
    excess = np.subtract(values, limits, out=np.full(values.shape, np.nan), where=exceeds)
    with np.errstate(over="ignore"):
        return np.asarray(np.divide(excess, limits, out=excess, where=exceeds))


def told_multiples(
    values: ArrayLike,
    items: Sequence[str],
    water_body: WaterBody,
    target: ArrayLike,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
) -> NDArray[np.float64]:
    """The `multiples` as they are published: rounded once, from the exact quotient of decimals.

    Parameters
    ----------
    values, items, water_body, target, standard, measures
        As `multiples` has them.

    Returns
    -------
    ndarray of float64, shape of `values`
        [-] One that would become zero keeps one significant digit: 0.02 times, not 0.0.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> told_multiples([[13.3, 6.9, 6.1, 6.0]], ("codmn",), "river", 3, gb3838, measures)
    array([[1.2 , 0.2 , 0.02,  nan]])
    """
    values = item_rows(values, items)
    limits = _limits(values.shape, items, water_body, target, standard, measures).reshape(-1)
    flat = values.reshape(-1)

    def exactly(index: int) -> Fraction:
        limit = fraction(limits[index])
        return (fraction(flat[index]) - limit) / limit

    nearly = multiples(values, items, water_body, target, standard, measures)
    return rounded(nearly, measures.main_pollutants.decimals, exactly)


def main_pollutants(
    classes: ArrayLike, exceeded: ArrayLike, items: Sequence[str], measures: WaterStatus
) -> NDArray[np.uint8]:
    """Which items are the main pollutants of a section, in their order.

    Parameters
    ----------
    classes : array_like of uint8, shape (items, ...)
        Classes of the items that judge, and of no others. 0 where missing.
    exceeded : array_like of float, shape (items, ...)
        Their `multiples` of the limits of class Ⅲ, unrounded. [-]
    items : sequence of str
        Keys of the first axis.
    measures : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    ndarray of uint8, shape (items, ...)
        1, 2, 3 for the first, second and third; 0 for all others, and everywhere in a section of class Ⅲ or better.

    Raises
    ------
    ValueError
        `exceeded` does not have a row an item.

    Notes
    -----
    Items worse than Ⅲ, the worst class first, within a class the largest multiple first; cyanide and heavy metals
    before all others. Items without a multiple come last within their class; what is equal keeps the order of `items`.

    References
    ----------
    .. [1] 环办〔2011〕22号, 二、（一）3. (1).

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> main_pollutants([4, 6, 4, 3], [0.2, 1.3, np.nan, np.nan], ("cod", "nh3n", "do", "tp"), measures)
    array([2, 1, 3, 0], dtype=uint8)
    """
    rule = measures.main_pollutants
    exceeded, classes = item_rows(exceeded, items), np.asarray(classes, dtype=np.uint8)
    named = classes > rule.worse_than
    multiple = np.nan_to_num(np.round(exceeded, _SIGNIFICANT), nan=-1.0)
    first = rows_among(items, rule.first, classes.ndim)
    keys = (-multiple, -classes.astype(np.int16), ~first, ~named)
    order = np.lexsort(np.broadcast_arrays(*keys), axis=0)
    rank = np.argsort(order, axis=0, kind="stable") + 1
    return np.where(named & (rank <= rule.most), rank, 0).astype(np.uint8)


def _limits(
    shape: tuple[int, ...],
    items: Sequence[str],
    water_body: WaterBody,
    target: ArrayLike,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
) -> NDArray[np.float64]:
    """Limit of each value; infinite where nothing exceeds it, as there is no target, no limit or no multiple."""
    target = np.asarray(target, dtype=np.int64)
    if target.size and (target.min() < 0 or target.max() >= standard.worst):
        msg = f"a target has the class {target.min()} or {target.max()}; it is 1 … {standard.worst - 1}, or 0 for none"
        raise ValueError(msg)
    limits = np.full(shape, np.inf)
    for place, item in enumerate(items):
        row = standard.limit(item, water_body)
        if row is not None and row.compare == "at_most" and item not in measures.main_pollutants.without_multiple:
            limits[place] = np.array([np.inf, *row.limits])[target]
    return limits
