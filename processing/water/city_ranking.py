"""The ranking of cities by the index of their water (城市水质指数, CWQI) and by its change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.ranks import competition_ranks_ascending
from qingchuan.processing.rounding import divide_half_even
from qingchuan.processing.water.classes import NO_CLASS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import CityWaterRanking

NO_CHANGE = int(np.iinfo(np.int64).min)
"""The change of an index where there is none."""


def index_change(index: ArrayLike, base: ArrayLike, rule: CityWaterRanking) -> NDArray[np.int64]:
    """Change of the index against its base year, in percent (ΔCWQI).

    Parameters
    ----------
    index, base : array_like of int, broadcastable
        `CityIndex.total` of the period, and of the same period of the base year: as published, so that a reader comes
        to the same change. -1 where there is none.
    rule : CityWaterRanking
        The edition.

    Returns
    -------
    ndarray of int64, the broadcast shape
        In units of the last decimal: −51.16 % is −5116. `NO_CHANGE` where an index is missing or the base is 0.

    References
    ----------
    .. [1] 环办监测〔2017〕51号.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("hb2017_51", standards.CityWaterRanking)
    >>> index_change([48840, 50000, -1], [100000, 40000, 40000], rule)
    array([               -5116,                 2500, -9223372036854775808])
    """
    now, before = np.broadcast_arrays(np.asarray(index, dtype=np.int64), np.asarray(base, dtype=np.int64))
    known = (now >= 0) & (before > 0)
    percent = 100 * 10**rule.change.decimals * np.where(known, now - before, 0)
    return np.where(known, divide_half_even(percent, np.where(known, before, 1)), NO_CHANGE)


def left_out(now: ArrayLike, base: ArrayLike, targets: ArrayLike, rule: CityWaterRanking) -> NDArray[np.bool_]:
    """Which cities the ranking by change leaves out: all their water is clean enough already.

    Parameters
    ----------
    now, base : array_like of uint8, shape (..., sections)
        Classes of the sections in the period, and in the same period of the base year. 0 where there is none.
    targets : array_like of uint8, shape (..., sections)
        Target classes; 0 fills up the axis of a city that has fewer sections.
    rule : CityWaterRanking
        The edition.

    Returns
    -------
    ndarray of bool, shape (...)

    Notes
    -----
    A section without a class has not shown that it is clean: its city is ranked. The target must be met now.

    References
    ----------
    .. [1] 环办监测〔2017〕51号: 基准年和现状均满足或优于Ⅱ类水质且考核达标.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("hb2017_51", standards.CityWaterRanking)
    >>> left_out([[2, 1], [2, 3], [2, 0]], [[2, 2], [2, 2], [2, 2]], [[2, 2], [2, 3], [2, 2]], rule)
    array([ True, False, False])
    """
    now, base, targets = (np.asarray(classes, dtype=np.uint8) for classes in (now, base, targets))
    clean = [(classes > NO_CLASS) & (classes <= rule.change.left_out_up_to) for classes in (now, base)]
    section = targets > NO_CLASS
    return np.asarray((~section | (clean[0] & clean[1] & (now <= targets))).all(axis=-1) & section.any(axis=-1))


def index_ranks(index: ArrayLike) -> NDArray[np.int32]:
    """Ranks of cities by their index, the smallest first.

    Parameters
    ----------
    index : array_like of int, shape (..., cities)
        `CityIndex.total`. -1 where there is none.

    Returns
    -------
    ndarray of int32, shape (..., cities)
        Who shares an index shares a rank (1, 1, 3); 0 where there is none.

    Examples
    --------
    >>> index_ranks([34643, 30229, -1, 34643])
    array([2, 1, 0, 2], dtype=int32)
    """
    index = np.asarray(index, dtype=np.int64)
    return competition_ranks_ascending(index, index >= 0)


def change_ranks(change: ArrayLike, out: ArrayLike) -> NDArray[np.int32]:
    """Ranks of cities by the change of their index, the greatest improvement first.

    Parameters
    ----------
    change : array_like of int, shape (..., cities)
        `index_change`.
    out : array_like of bool, shape (..., cities)
        `left_out`.

    Returns
    -------
    ndarray of int32, shape (..., cities)
        0 where there is no change, or the city is left out.

    Examples
    --------
    >>> change_ranks([1250, -5116, NO_CHANGE, -300], [False, False, False, True])
    array([2, 1, 0, 0], dtype=int32)
    """
    change = np.asarray(change, dtype=np.int64)
    return competition_ranks_ascending(change, (change != NO_CHANGE) & ~np.asarray(out, dtype=np.bool_))
