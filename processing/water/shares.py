"""Shares of sections by class: of good ones (优良率), of Ⅴ and of 劣Ⅴ."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.rounding import divide_half_even

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import WaterStatus


class ClassShares(NamedTuple):
    """Sections by class.

    Attributes
    ----------
    counts : ndarray of int64, shape (..., classes)
        How many sections are of each class, from Ⅰ to 劣Ⅴ. [-]
    evaluated : ndarray of int64, shape (...)
        How many have a class. [-]
    shares : ndarray of float64, shape (..., classes)
        Of the evaluated ones, rounded each by itself, so that they need not sum to 100. [%] NaN where none is.
    good : ndarray of float64, shape (...)
        Share of Ⅰ … Ⅲ (优良率). [%]
    worst : ndarray of float64, shape (...)
        Share of 劣Ⅴ. [%]
    """

    counts: NDArray[np.int64]
    evaluated: NDArray[np.int64]
    shares: NDArray[np.float64]
    good: NDArray[np.float64]
    worst: NDArray[np.float64]


def class_shares(section: ArrayLike, measures: WaterStatus) -> ClassShares:
    """Shares of the classes among the sections that have one.

    Parameters
    ----------
    section : array_like of int, shape (..., sections)
        Classes of sections, 1 … 6; 0 where there is none, as of one that is stopped or dry: it is left out.
    measures : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    ClassShares

    Raises
    ------
    ValueError
        A class that does not exist.

    Examples
    --------
    Twenty sections of Zhoushan, November 2024:

    >>> from qingchuan.processing import standards
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> zhoushan = class_shares([2] * 10 + [3] * 9 + [5], measures)
    >>> zhoushan.counts, float(zhoushan.good), float(zhoushan.worst)
    (array([ 0, 10,  9,  0,  1,  0]), 95.0, 0.0)
    """
    numbers = [row.number for row in measures.classes.rows]
    section = np.atleast_1d(known_classes(section, measures))
    counts = np.stack([(section == number).sum(axis=-1) for number in numbers], axis=-1).astype(np.int64)
    evaluated = np.asarray(counts.sum(axis=-1))
    good = np.asarray(counts[..., : measures.river.good_up_to].sum(axis=-1))
    worst = counts[..., measures.river.worst - 1]
    decimals = measures.shares.decimals
    return ClassShares(
        counts,
        evaluated,
        percent(counts, evaluated[..., np.newaxis], decimals),
        percent(good, evaluated, decimals),
        percent(worst, evaluated, decimals),
    )


def known_classes(classes: ArrayLike, measures: WaterStatus) -> NDArray[np.int64]:
    """Classes as whole numbers, each of which there is.

    Parameters
    ----------
    classes : array_like of int, any shape
        1 … 6; 0 where there is none.
    measures : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    ndarray of int64, shape of `classes`

    Raises
    ------
    ValueError
        A class that does not exist.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> known_classes([3, 0], standards.load("hb2011_22", standards.WaterStatus))
    array([3, 0])
    """
    classes, worst = np.asarray(classes, dtype=np.int64), len(measures.classes.rows)
    if classes.size and (classes.min() < 0 or classes.max() > worst):
        msg = f"a section has the class {classes.min()} or {classes.max()}; it is 1 … {worst}, or 0 for none"
        raise ValueError(msg)
    return classes


def percent(part: ArrayLike, whole: ArrayLike, decimals: int) -> NDArray[np.float64]:
    """Shares of wholes in percent, rounded half to even.

    Parameters
    ----------
    part, whole : array_like of int, broadcastable
    decimals : int
        [-]

    Returns
    -------
    ndarray of float64, the broadcast shape
        [%] NaN where the whole is 0.

    Examples
    --------
    >>> percent([2, 1, 0], [3, 16, 0], 1)
    array([66.7,  6.2,  nan])
    """
    part, whole = np.broadcast_arrays(np.asarray(part, dtype=np.int64), np.asarray(whole, dtype=np.int64))
    scale: int = 10**decimals
    quotient = divide_half_even(100 * scale * part, np.maximum(whole, 1)) / scale
    return np.where(whole > 0, quotient, np.nan)
