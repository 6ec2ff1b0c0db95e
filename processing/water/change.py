"""The change of the water between two periods (水质变化): by status, by shares of classes, by concentration."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.rounding import scaled_half_even
from qingchuan.processing.water.classes import counting
from qingchuan.processing.water.ratios import percent_change
from qingchuan.processing.water.rows import rows_of
from qingchuan.processing.water.shares import known_classes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import SurfaceWaterClasses, WaterStatus
    from qingchuan.processing.standards.edition import Text
    from qingchuan.processing.standards.water_limits import WaterBody

NOT_COMPARED, MUCH_BETTER, BETTER, UNCHANGED, WORSE, MUCH_WORSE = range(6)
"""Nothing to compare; from 明显好转 to 明显变差."""


class ShareChange(NamedTuple):
    """Change of the shares of classes.

    Attributes
    ----------
    good, worst : ndarray of float64, shape (...)
        ΔG of the share of Ⅰ–Ⅲ, ΔD of that of 劣Ⅴ. [percentage points] NaN where not compared.
    balance : ndarray of float64, shape (...)
        ΔG − ΔD; above 0 the water is better. [percentage points]
    change : ndarray of uint8, shape (...)
        1 much better … 5 much worse; 0 where not compared.
    """

    good: NDArray[np.float64]
    worst: NDArray[np.float64]
    balance: NDArray[np.float64]
    change: NDArray[np.uint8]


class ConcentrationChange(NamedTuple):
    """Change of concentrations.

    Attributes
    ----------
    percent : ndarray of int64, shape (items, ...)
        In units of the last decimal. [%] 0 where not known.
    known : ndarray of bool, shape (items, ...)
    better : ndarray of int8, shape (items, ...)
        1 better, −1 worse; 0 where it is the same, not known, or the item has no limit that says which way is better.
    """

    percent: NDArray[np.int64]
    known: NDArray[np.bool_]
    better: NDArray[np.int8]


def change_by_status(earlier: ArrayLike, later: ArrayLike, standard: WaterStatus) -> NDArray[np.uint8]:
    """Change by levels of status (按水质状况等级变化评价).

    Parameters
    ----------
    earlier, later : array_like of int, broadcastable
        1 优 … 5 重度污染: `status_levels` of sections, numbers of `RiverTable` of rivers. 0 where there is none.
    standard : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    ndarray of uint8, the broadcast shape
        1 much better … 5 much worse; 0 where not compared.

    References
    ----------
    .. [1] 环办〔2011〕22号, 不同时段水质变化趋势评价.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hb2011_22", standards.WaterStatus)
    >>> change_by_status([2, 3, 2, 2, 0], [2, 2, 3, 4, 1], rules)
    array([3, 2, 4, 5, 0], dtype=uint8)
    """
    before, after = np.broadcast_arrays(np.asarray(earlier, dtype=np.int64), np.asarray(later, dtype=np.int64))
    rule = standard.change
    change = _graded(before - after, rule.unchanged_levels, rule.slight_levels)
    return np.where((before > 0) & (after > 0), change, np.uint8(NOT_COMPARED))


def status_levels(classes: ArrayLike, standard: WaterStatus) -> NDArray[np.uint8]:
    """Levels of status of classes: Ⅰ and Ⅱ have one status, 优.

    Parameters
    ----------
    classes : array_like of uint8, any shape
        0 where there is none.
    standard : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    ndarray of uint8, shape of `classes`
        1 优 … 5 重度污染; 0 where there is none.

    Raises
    ------
    ValueError
        A class that does not exist.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> status_levels([0, 1, 2, 3, 6], standards.load("hb2011_22", standards.WaterStatus))
    array([0, 1, 1, 2, 5], dtype=uint8)
    """
    statuses = [row.status for row in standard.classes.rows]
    level = [0] + [len({status.zh for status in statuses[: place + 1]}) for place in range(len(statuses))]
    return np.asarray(np.array(level, dtype=np.uint8)[known_classes(classes, standard)])


def change_by_shares(
    good: tuple[ArrayLike, ArrayLike], worst: tuple[ArrayLike, ArrayLike], standard: WaterStatus
) -> ShareChange:
    """Change by shares of classes (按组合类别比例法评价), for a river or basin with five sections or more.

    Parameters
    ----------
    good : (array_like of float, array_like of float), broadcastable
        Shares of the sections of class Ⅰ–Ⅲ as published, earlier and later. [%] NaN where there is none.
    worst : (array_like of float, array_like of float), broadcastable
        Shares of the sections worse than Ⅴ, earlier and later. [%]
    standard : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    ShareChange
        Of the published decimals, so that a reader comes to the same change.

    References
    ----------
    .. [1] 环办〔2011〕22号, 不同时段水质变化趋势评价.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hb2011_22", standards.WaterStatus)
    >>> found = change_by_shares(([90.0, 70.0], [78.9, 80.0]), ([5.3, 5.0], [5.3, 5.0]), rules)
    >>> found.balance, found.change
    (array([-11.1,  10. ]), array([4, 3], dtype=uint8))
    """
    rule, decimals = standard.change, standard.shares.decimals
    shares = np.broadcast_arrays(*(scaled_half_even(share, decimals) for share in (*good, *worst)))
    compared = np.isfinite(shares).all(axis=0)
    good0, good1, worst0, worst1 = (np.where(compared, share, 0.0).astype(np.int64) for share in shares)
    gained, spoilt, scale = good1 - good0, worst1 - worst0, 10**decimals
    change = _graded(gained - spoilt, rule.unchanged_points * scale, rule.slight_points * scale)
    good_points, worst_points, balance = (
        np.where(compared, part / scale, np.nan) for part in (gained, spoilt, gained - spoilt)
    )
    return ShareChange(good_points, worst_points, balance, np.where(compared, change, np.uint8(NOT_COMPARED)))


def change_by_concentration(
    earlier: ArrayLike,
    later: ArrayLike,
    items: Sequence[str],
    water_body: WaterBody,
    limits: SurfaceWaterClasses,
    standard: WaterStatus,
) -> ConcentrationChange:
    """Change of single concentrations in percent (按单因子浓度评价).

    Parameters
    ----------
    earlier, later : array_like of float, shape (items, ...)
        Means of the two periods. [unit of the item] NaN where missing.
    items : sequence of str
        Keys of the first axis.
    water_body : {"river", "lake"}
        Decides which limits say what is better.
    limits : SurfaceWaterClasses
        The edition of GB 3838.
    standard : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    ConcentrationChange
        An item that must lie between two limits, such as pH, has no change in percent.

    Raises
    ------
    ValueError
        A period does not have a row an item.

    References
    ----------
    .. [1] 环办〔2011〕22号, 不同时段水质变化趋势评价.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hb2011_22", standards.WaterStatus)
    >>> limits = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> found = change_by_concentration([5.0, 0.2], [6.0, 0.25], ("do", "tp"), "river", limits, rules)
    >>> found.percent, found.better
    (array([200, 250]), array([ 1, -1], dtype=int8))
    """
    before, after = (counting(rows_of(values, items, items), items) for values in (earlier, later))
    ways = {"at_least": 1, "at_most": -1}
    rows = [limits.limit(item, water_body) for item in items]
    way = np.array([0 if row is None else ways.get(row.compare, 0) for row in rows], dtype=np.int8)
    between = np.array([row is not None and row.compare not in ways for row in rows], dtype=np.bool_)
    percent, known = percent_change(before, after, standard.change.concentration_decimals)
    spread = (-1, *[1] * (known.ndim - 1))
    known &= ~between.reshape(spread)
    better = np.where(known, np.sign(after - before), 0).astype(np.int8) * way.reshape(spread)
    return ConcentrationChange(np.where(known, percent, 0), known, better)


def change_words(change: int, standard: WaterStatus) -> Text | None:
    """What a change is called; None where nothing was compared.

    Parameters
    ----------
    change : int
        0 … 5
    standard : WaterStatus
        The edition of 环办〔2011〕22号.

    Raises
    ------
    LookupError
        There is no change of this number.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> change_words(4, standards.load("hb2011_22", standards.WaterStatus))
    Text(zh='有所变差', en='somewhat worse')
    """
    if not NOT_COMPARED <= change <= len(standard.change.rows):
        msg = f"the change has the number {change}; it is 1 … {len(standard.change.rows)}, or 0 for none"
        raise LookupError(msg)
    return standard.change.rows[change - 1] if change else None


def _graded(better_by: NDArray[np.int64], unchanged: int, slight: int) -> NDArray[np.uint8]:
    size = np.abs(better_by)
    steps = (size > unchanged).astype(np.int64) + (size > slight)
    return np.asarray(UNCHANGED - np.sign(better_by) * steps).astype(np.uint8)
