"""The class of water (水质类别): of each item, and of a section by its worst item."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.periods import whole_seconds
from qingchuan.processing.water.rows import item_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import SurfaceWaterClasses, Text, WaterStatus
    from qingchuan.processing.standards.water_limits import WaterBody, WaterLimit

NO_CLASS = 0
"""The class where there is none: the value is missing, or the item is not judged."""

_BLOCK = 32_768
"""Values that are compared at a time: what is made of them stays in the cache."""

_NEVER = 255
"""No class."""


def item_classes(
    values: ArrayLike,
    items: Sequence[str],
    water_body: WaterBody,
    standard: SurfaceWaterClasses,
    saturated: ArrayLike | None = None,
) -> NDArray[np.uint8]:
    """Class of each value.

    Parameters
    ----------
    values : array_like of float, shape (items, ...)
        [unit of the item] NaN where missing. In real time the exact values, not those rounded for display; over a
        period the means, rounded to the decimals of evaluation.
    items : sequence of str
        Keys of the first axis. In real time only `standard.real_time.items` judge a section, over a period
        `WaterStatus.indicators.items` do.
    water_body : {"river", "lake"}
        Decides the column of total phosphorus; total nitrogen has limits in lakes only.
    standard : SurfaceWaterClasses
        The edition of GB 3838.
    saturated : array_like of bool, broadcastable to shape (...), optional
        Where the water holds so much oxygen that this alone is class Ⅰ, as `oxygen.saturated` has it. Not given, the
        concentration alone decides.

    Returns
    -------
    ndarray of uint8, shape of `values`
        1 … 5 for Ⅰ … Ⅴ, 6 for 劣Ⅴ; 0 where the value is missing or the item is not judged.

    Raises
    ------
    ValueError
        `values` does not have a row an item.

    Notes
    -----
    A value that equals a limit meets it. Where classes share a limit the best of them is given. A pH outside 6 … 9 is
    劣Ⅴ. What is judged is never negative (temperature is not judged): a negative value, such as the −1 that some
    stations send for nothing, is missing. Give `counting` values to `carried`, so that it hides no earlier one. What is
    infinite lies beyond every limit: 劣Ⅴ, or Ⅰ of dissolved oxygen.

    References
    ----------
    .. [1] GB 3838—2002, table 1.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> values = [[5.0, 4.99], [0.2, 0.201], [9.0, 9.01], [np.nan, 1.0]]
    >>> item_classes(values, ("do", "tp", "ph", "turbidity"), "river", standard)
    array([[3, 4],
           [3, 4],
           [1, 6],
           [0, 0]], dtype=uint8)
    """
    values = item_rows(values, items)
    classes = np.full(values.shape, NO_CLASS, dtype=np.uint8)
    for place, item in enumerate(items):
        limit = standard.limit(item, water_body)
        if limit is not None:
            _classify(values[place, ...].reshape(-1), _steps(limit, standard.worst), classes[place, ...].reshape(-1))
        if saturated is not None and item == standard.saturation.item:
            reached = np.asarray(saturated, dtype=np.bool_) & (classes[place] > standard.saturation.number)
            classes[place] = np.where(reached, standard.saturation.number, classes[place])
    return classes


def counting(values: ArrayLike, items: Sequence[str]) -> NDArray[np.float64]:
    """Values without the negative ones of items that are never negative: these are missing, as in the air.

    Parameters
    ----------
    values : array_like of float, shape (items, ...)
        [unit of the item] NaN where missing.
    items : sequence of str
        Keys of the catalogue, which says of each whether it is `signed`.

    Returns
    -------
    ndarray of float64, shape of `values`

    Raises
    ------
    ValueError
        `values` does not have a row an item.

    Examples
    --------
    >>> counting([[-0.1, 20.0], [-1.0, 0.0]], ("temperature", "tp"))
    array([[-0.1, 20. ],
           [ nan,  0. ]])
    """
    values = item_rows(values, items)
    signed = np.array([catalogue.item(item).signed for item in items], dtype=np.bool_)
    return np.where(signed.reshape(-1, *[1] * (values.ndim - 1)) | ~(values < 0), values, np.nan)


def section_class(classes: ArrayLike) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Class of a section, and the items that decide it.

    Parameters
    ----------
    classes : array_like of uint8, shape (items, ...)
        Classes of the items that judge, and of no others. 0 where missing.

    Returns
    -------
    section : ndarray of uint8, shape (...)
        The worst class among the items; 0 where none has a class.
    deciding : ndarray of bool, shape (items, ...)
        Items of that class, where it is worse than Ⅰ: in class Ⅰ nothing holds the section down.

    References
    ----------
    .. [1] 环办〔2011〕22号: single-factor evaluation (单因子评价).

    Examples
    --------
    >>> section, deciding = section_class([[1, 1, 0], [4, 1, 0], [4, 0, 0]])
    >>> section, deciding[:, 0], deciding[:, 1]
    (array([4, 1, 0], dtype=uint8), array([False,  True,  True]), array([False, False, False]))
    """
    classes = np.asarray(classes, dtype=np.uint8)
    section = np.asarray(classes.max(axis=0, initial=NO_CLASS))
    return section, np.asarray(classes == np.where(section > 1, section, np.uint8(_NEVER)))


def carried(
    times: ArrayLike, values: ArrayLike, cycles_seconds: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Latest valid value of each item at each reading of one subject, with its age.

    Parameters
    ----------
    times : array_like of int64 or datetime64, shape (n,)
        Times of the readings, ascending. [s since 1970-01-01 UTC]
    values : array_like of float, shape (items, n)
        NaN where missing or not valid.
    cycles_seconds : array_like of int, shape (items,)
        How old a value of the item may be; so old exactly is not too old. [s]

    Returns
    -------
    values : ndarray of float64, shape (items, n)
        NaN where no value is young enough.
    age_seconds : ndarray of int64, shape (items, n)
        [s] -1 where there is no value.

    Raises
    ------
    ValueError
        The times are not ascending, or one of them is not known (NaT).

    Examples
    --------
    >>> values, age = carried([0, 3600, 18000], [[0.1, np.nan, np.nan]], [14400])
    >>> values, age
    (array([[0.1, 0.1, nan]]), array([[   0, 3600,   -1]]))
    """
    seconds = whole_seconds(times)
    values = np.asarray(values, dtype=np.float64)
    if (np.diff(seconds) < 0).any():
        msg = "the times of the readings are not ascending; sort the readings of the subject by time"
        raise ValueError(msg)
    latest = np.maximum.accumulate(np.where(np.isfinite(values), np.arange(seconds.size), -1), axis=-1)
    age = seconds - seconds.take(latest, mode="wrap") if seconds.size else latest.astype(np.int64)
    young = (latest >= 0) & (age <= np.asarray(cycles_seconds)[:, np.newaxis])
    held = np.take_along_axis(values, np.maximum(latest, 0), axis=-1)
    return np.where(young, held, np.nan), np.where(young, age, -1)


def class_name(number: int, standard: WaterStatus) -> Text | None:
    """Name of a class; None for 0.

    Parameters
    ----------
    number : int
        0 … 6
    standard : WaterStatus
        The edition of 环办〔2011〕22号; its `water_class` also has status and colour.

    Raises
    ------
    LookupError
        There is no class of this number.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> class_name(6, standards.load("hb2011_22", standards.WaterStatus))
    Text(zh='劣Ⅴ', en='worse than Ⅴ')
    """
    found = standard.water_class(number)
    return None if found is None else found.label


class _Step(NamedTuple):
    """A bound, how a value lies beyond it, and by how many classes that makes it worse."""

    beyond: np.ufunc
    bound: float
    classes: int


def _steps(limit: WaterLimit, worst: int) -> list[_Step]:
    """The bounds of an item; one that several classes share is compared with once."""
    if limit.compare == "within":
        least, most = limit.limits
        return [_Step(np.less, least, worst - 1), _Step(np.greater, most, worst - 1)]
    beyond = np.less if limit.compare == "at_least" else np.greater
    return [_Step(beyond, bound, classes) for bound, classes in Counter(limit.limits).items()]


def _classify(values: NDArray[np.float64], steps: list[_Step], classes: NDArray[np.uint8]) -> None:
    """Write the class of each value: the number of bounds it lies beyond, and one."""
    compared = np.empty(min(_BLOCK, values.size), dtype=np.bool_)
    for start in range(0, values.size, _BLOCK):
        block, found = values[start : start + _BLOCK], classes[start : start + _BLOCK]
        beyond = compared[: block.size]
        counted = beyond.view(np.uint8)
        found[...] = 1
        for step in steps:
            step.beyond(block, step.bound, out=beyond)
            if step.classes > 1:
                np.multiply(counted, step.classes, out=counted)
            np.add(found, counted, out=found)
        np.greater_equal(block, 0, out=beyond)  # neither a missing value nor a negative one has a class
        np.multiply(found, counted, out=found)
