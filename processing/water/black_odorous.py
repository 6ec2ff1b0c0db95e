"""Black and odorous water (黑臭水体): the level of a datum, a sampling point, a reach and a water body."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.rounding import round_half_even
from qingchuan.processing.water.classes import counting
from qingchuan.processing.water.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import BlackOdorousWater
    from qingchuan.processing.standards.black_odorous import BlackOdorousItem, ShallowWater

NO_LEVEL, NOT_BLACK, LIGHT, HEAVY = range(4)
"""Nothing was measured; not black and odorous; lightly; heavily."""

_DIGITS = 9
"""Decimals at which the products of a depth and a share are compared: more than any reading has."""


class PointLevel(NamedTuple):
    """Level of a sampling point.

    Attributes
    ----------
    level : ndarray of uint8, shape (...)
        1 not black and odorous, 2 light, 3 heavy; 0 where nothing was measured.
    heavy, valid : ndarray of int64, shape (items, ...)
        Data of the heavy level, and data that there are. [-]
    enough : ndarray of bool, shape (...)
        Whether an item has as many data as the guide asks of a point.
    """

    level: NDArray[np.uint8]
    heavy: NDArray[np.int64]
    valid: NDArray[np.int64]
    enough: NDArray[np.bool_]


class WaterBodyLevel(NamedTuple):
    """Level of a water body.

    Attributes
    ----------
    level : ndarray of uint8, shape (...)
        1 not black and odorous, 2 light, 3 heavy; 0 where no point has a level.
    heavy, valid : ndarray of int64, shape (...)
        Points of the heavy level, and points that have a level. [-]
    enough : ndarray of bool, shape (...)
        Whether so many points have a level as the guide asks of a water body.
    """

    level: NDArray[np.uint8]
    heavy: NDArray[np.int64]
    valid: NDArray[np.int64]
    enough: NDArray[np.bool_]


def datum_levels(
    values: ArrayLike, items: Sequence[str], depth: ArrayLike, standard: BlackOdorousWater
) -> NDArray[np.uint8]:
    """Level of each datum of each item.

    Parameters
    ----------
    values : array_like of float, shape (items, ...)
        Exact values, as sent. [unit of the catalogue] NaN where missing; negative concentrations are missing.
    items : sequence of str
        Keys of the first axis, in any order; items that the guide does not judge are left out.
    depth : array_like of float, broadcastable to shape (...)
        Depth of the water. [cm] NaN where it was not measured: then it counts as deep,
        as does what is not above 0.
    standard : BlackOdorousWater
        The edition of the guide.

    Returns
    -------
    ndarray of uint8, shape (items of the standard, ...)
        1 not black and odorous, 2 light, 3 heavy; 0 where missing.

    Raises
    ------
    ValueError
        `values` does not have a row an item.

    Notes
    -----
    The bound belongs to the better side: 25 cm is not black and odorous, 10 cm is light. Where the water is less than
    25 cm deep, transparency is heavy below 40 % of the depth and else light, but water that is clear to the bottom,
    where the transparency equals the depth, is not black and odorous.

    References
    ----------
    .. [1] 城市黑臭水体整治工作指南, 分级标准 and its note.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> guide = standards.load("black_odorous_2015", standards.BlackOdorousWater)
    >>> datum_levels([[25, 24.9, 10, 9.9]], ("transparency",), 100, guide)[0]
    array([1, 2, 2, 3], dtype=uint8)
    >>> datum_levels([[20, 8, 7.9]], ("transparency",), 20, guide)[0]
    array([1, 2, 3], dtype=uint8)
    """
    given = counting(rows_of(values, items, standard.items), standard.items)
    depth = np.broadcast_to(np.asarray(depth, dtype=np.float64), given.shape[1:])
    levels = np.empty(given.shape, dtype=np.uint8)
    for place, row in enumerate(standard.table.rows):
        levels[place] = _levels(given[place], row)
        if row.item == standard.shallow.item:
            shallow = _shallow_levels(given[place], depth, standard.shallow)
            levels[place] = np.where((depth > 0) & (depth < standard.shallow.below), shallow, levels[place])
    return levels


def point_level(levels: ArrayLike, standard: BlackOdorousWater) -> PointLevel:
    """Level of a sampling point from the levels of its data.

    Parameters
    ----------
    levels : array_like of uint8, shape (items, ..., samples)
        `datum_levels`. 0 where missing: it counts neither as heavy nor among the data.
    standard : BlackOdorousWater
        The edition of the guide.

    Returns
    -------
    PointLevel
        The level is given from one datum on; whether there were enough is told beside it.

    Raises
    ------
    ValueError
        `levels` lacks the axis of items or that of samples.

    References
    ----------
    .. [1] 城市黑臭水体整治工作指南, 级别判定: one item with 60 % heavy data or more, or two with 30 % or more.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> guide = standards.load("black_odorous_2015", standards.BlackOdorousWater)
    >>> found = point_level([[3, 3, 3, 1, 1], [1, 1, 1, 1, 0]], guide)
    >>> found.level, found.heavy, found.valid
    (array(3, dtype=uint8), array([3, 0]), array([5, 4]))
    """
    levels = np.asarray(levels, dtype=np.uint8)
    if levels.ndim < 2:  # noqa: PLR2004 - the two axes of the message
        raise ValueError(f"the levels have the shape {levels.shape}; they must be (items, …, samples)")
    heavy, valid = (levels == HEAVY).sum(axis=-1), (levels > NO_LEVEL).sum(axis=-1)
    one = ((valid > 0) & (100 * heavy >= standard.point.one_item * valid)).any(axis=0)
    some = ((valid > 0) & (100 * heavy >= standard.point.several_items * valid)).sum(axis=0)
    black = (levels > NOT_BLACK).any(axis=(0, -1))
    level = np.where(black, LIGHT, NOT_BLACK)
    level = np.where(one | (some >= standard.point.several), HEAVY, level)
    measured = valid.any(axis=0)
    enough = valid.max(axis=0, initial=0) >= standard.point.samples
    return PointLevel(np.where(measured, level, NO_LEVEL).astype(np.uint8), heavy, valid, np.asarray(enough))


def heavy_reaches(levels: ArrayLike, standard: BlackOdorousWater) -> NDArray[np.bool_]:
    """Which points lie in a reach of the heavy level: those of three or more heavy ones in a row.

    Parameters
    ----------
    levels : array_like of uint8, shape (..., points)
        Levels of the points, in their order along the water. A point without a level ends a row.
    standard : BlackOdorousWater
        The edition of the guide.

    Returns
    -------
    ndarray of bool, shape (..., points)
        The reach is the water between the first and the last of neighbouring points that are True.

    References
    ----------
    .. [1] 城市黑臭水体整治工作指南, 级别判定: 连续3个以上检测点.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> guide = standards.load("black_odorous_2015", standards.BlackOdorousWater)
    >>> heavy_reaches([3, 3, 2, 3, 3, 3], guide)
    array([False, False, False,  True,  True,  True])
    """
    heavy = np.asarray(levels, dtype=np.uint8) == HEAVY
    length = standard.water_body.consecutive
    if not heavy.ndim or heavy.shape[-1] < length:
        return np.zeros(heavy.shape, dtype=np.bool_)
    full = np.lib.stride_tricks.sliding_window_view(heavy, length, axis=-1).all(axis=-1)
    inside = np.zeros(heavy.shape, dtype=np.bool_)
    for shift in range(length):
        inside[..., shift : shift + full.shape[-1]] |= full
    return inside


def water_body_level(levels: ArrayLike, standard: BlackOdorousWater) -> WaterBodyLevel:
    """Level of a whole water body from the levels of its points.

    Parameters
    ----------
    levels : array_like of uint8, shape (..., points)
        0 where a point has none: it does not count among the points.
    standard : BlackOdorousWater
        The edition of the guide.

    Returns
    -------
    WaterBodyLevel
        Light is a water body of which any point is black and odorous, and too few are heavy.

    References
    ----------
    .. [1] 城市黑臭水体整治工作指南, 级别判定: 60 % of the points or more.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> guide = standards.load("black_odorous_2015", standards.BlackOdorousWater)
    >>> water_body_level([[3, 3, 3, 1, 1], [3, 3, 1, 1, 1], [1, 1, 1, 0, 0]], guide).level
    array([3, 2, 1], dtype=uint8)
    """
    levels = np.atleast_1d(np.asarray(levels, dtype=np.uint8))
    heavy, valid = (levels == HEAVY).sum(axis=-1), (levels > NO_LEVEL).sum(axis=-1)
    level = np.where((levels > NOT_BLACK).any(axis=-1), LIGHT, NOT_BLACK)
    level = np.where(100 * heavy >= standard.water_body.share * np.maximum(valid, 1), HEAVY, level)
    level = np.where(valid > 0, level, NO_LEVEL).astype(np.uint8)
    return WaterBodyLevel(level, np.asarray(heavy), np.asarray(valid), np.asarray(valid >= standard.water_body.points))


def _levels(values: NDArray[np.float64], row: BlackOdorousItem) -> NDArray[np.uint8]:
    fails = np.less if row.compare == "at_least" else np.greater
    level = NOT_BLACK + fails(values, row.light) + fails(values, row.heavy)
    return np.where(np.isnan(values), NO_LEVEL, level).astype(np.uint8)


def _shallow_levels(
    values: NDArray[np.float64], depth: NDArray[np.float64], shallow: ShallowWater
) -> NDArray[np.uint8]:
    with np.errstate(over="ignore"):
        bound = round_half_even(np.where(np.isnan(depth), 0.0, depth) * shallow.share, _DIGITS)
        level = np.where(round_half_even(values * 100, _DIGITS) < bound, HEAVY, LIGHT)
    level = np.where(values >= depth, NOT_BLACK, level)
    return np.where(np.isnan(values), NO_LEVEL, level).astype(np.uint8)
