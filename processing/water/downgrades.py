"""Which water got worse or better (类别变化): by how many classes, and by which items.

The classes of the items are compared, so that what changed a section can be named. What a section is compared with –
the previous reading, the previous day or period, the same period last year – is found by `previous_reading` and
`classes_at`; its target needs no finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.water.classes import NO_CLASS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_MONTHS = {"Y": 1, "M": 12}


class ClassChange(NamedTuple):
    """How the class of a section changed.

    Attributes
    ----------
    earlier, later : ndarray of uint8, shape (...)
        The two classes of the section. 0 where it has none.
    classes : ndarray of int8, shape (...)
        By how many classes it is worse (下降); negative where it is better (上升). [-] 0 where it is the same, where
        one of the two is missing, and where what is missing now hides whether it got better.
    compared : ndarray of bool, shape (...)
        Whether both classes are there.
    causes : ndarray of bool, shape (items, ...)
        Items that made it worse, or, where it is better, those that had held it down.
    """

    earlier: NDArray[np.uint8]
    later: NDArray[np.uint8]
    classes: NDArray[np.int8]
    compared: NDArray[np.bool_]
    causes: NDArray[np.bool_]


def class_change(earlier: ArrayLike, later: ArrayLike) -> ClassChange:
    """Change of the class of a section, each time by all items that it then has.

    Parameters
    ----------
    earlier, later : array_like of uint8, shapes (items, ...) that broadcast
        Classes of the items that judge. 0 where missing.

    Returns
    -------
    ClassChange

    Raises
    ------
    ValueError
        They have other numbers of items.

    Notes
    -----
    A downgrade is caused by the items whose class now is worse than that of the whole section before: without any of
    them the section would not have got worse, or less so, and each of them got worse itself or is newly measured.

    A missing item never counts as an improvement: where it is missing now it stands with its earlier class, so that a
    section is better only as far as the items that had held it down have been measured again. An upgrade is caused by
    the items whose earlier class was worse than that of the section now.

    Examples
    --------
    >>> found = class_change([[2], [3], [2]], [[4], [3], [5]])
    >>> found.classes, found.causes[:, 0]
    (array([2], dtype=int8), array([ True, False,  True]))
    >>> class_change([[5], [2]], [[0], [2]]).classes
    array([0], dtype=int8)
    """
    earlier, later = _pair(earlier, later)
    held = np.where(later == NO_CLASS, earlier, later)
    before, after, proven = (np.asarray(classes.max(axis=0, initial=NO_CLASS)) for classes in (earlier, later, held))
    compared = np.asarray((before > NO_CLASS) & (after > NO_CLASS))
    change = np.where(compared, proven.astype(np.int8) - before.astype(np.int8), 0).astype(np.int8)
    causes = ((change > 0) & (later > before)) | ((change < 0) & (earlier > proven))
    return ClassChange(before, after, change, compared, np.asarray(causes))


def common_class_change(earlier: ArrayLike, later: ArrayLike) -> ClassChange:
    """Change of the class of a section by the items that are valid both times.

    Parameters
    ----------
    earlier, later : array_like of uint8, shapes (items, ...) that broadcast
        Classes of the items that judge. 0 where missing.

    Returns
    -------
    ClassChange
        Its classes are those by the common items, which may be better than the published ones.

    Raises
    ------
    ValueError
        They have other numbers of items.

    Notes
    -----
    As `class_change`, but a newly measured item makes nothing worse either: only what was measured twice is compared.

    Examples
    --------
    >>> class_change([[2], [0]], [[2], [5]]).classes, common_class_change([[2], [0]], [[2], [5]]).classes
    (array([3], dtype=int8), array([0], dtype=int8))
    """
    earlier, later = _pair(earlier, later)
    both = (earlier > NO_CLASS) & (later > NO_CLASS)
    return class_change(np.where(both, earlier, NO_CLASS), np.where(both, later, NO_CLASS))


def target_change(target: ArrayLike, later: ArrayLike) -> ClassChange:
    """How far the class of a section is from its target class.

    Parameters
    ----------
    target : array_like of uint8, broadcastable to shape (...)
        Target class of the section; 0 where it has none.
    later : array_like of uint8, shape (items, ...)
        Classes of the items that judge. 0 where missing.

    Returns
    -------
    ClassChange
        `earlier` is the target; `classes` above 0 says by how many it is missed, and `causes` by which items. Below 0
        it says by how many the items that are there are better.

    Raises
    ------
    ValueError
        `later` lacks the axis of items.

    Examples
    --------
    >>> found = target_change([3, 3, 2], [[4, 2, 2], [3, 2, 3]])
    >>> found.classes, found.causes[0]
    (array([ 1, -1,  1], dtype=int8), array([ True, False, False]))
    """
    later = np.asarray(later, dtype=np.uint8)
    _items(later)
    after = np.asarray(later.max(axis=0, initial=NO_CLASS))
    before, after = np.broadcast_arrays(np.asarray(target, dtype=np.uint8), after)
    compared = (before > NO_CLASS) & (after > NO_CLASS)
    change = np.where(compared, after.astype(np.int8) - before.astype(np.int8), 0).astype(np.int8)
    return ClassChange(before, after, change, compared, np.asarray((later > before) & (change > 0)))


def previous_reading(classes: ArrayLike) -> NDArray[np.uint8]:
    """Classes of the items at the previous reading that had any.

    Parameters
    ----------
    classes : array_like of uint8, shape (items, ..., time)
        Of readings in order of time. 0 where missing.

    Returns
    -------
    ndarray of uint8, shape of `classes`
        0 where no reading before had a class. A reading without a class is passed over, it ends nothing.

    Raises
    ------
    ValueError
        `classes` lacks the axis of items or that of time.

    Examples
    --------
    >>> previous_reading([[2, 0, 4, 3]])
    array([[0, 2, 2, 4]], dtype=uint8)
    """
    classes = np.asarray(classes, dtype=np.uint8)
    _time(classes)
    times = np.arange(classes.shape[-1])
    last = np.maximum.accumulate(np.where((classes > NO_CLASS).any(axis=0), times, -1), axis=-1)
    before = np.full(last.shape, -1)
    before[..., 1:] = last[..., :-1]
    taken = np.take_along_axis(classes, np.broadcast_to(np.maximum(before, 0), classes.shape), axis=-1)
    return np.where(before >= 0, taken, np.uint8(NO_CLASS))


def classes_at(periods: ArrayLike, classes: ArrayLike, wanted: ArrayLike) -> NDArray[np.uint8]:
    """Classes of the items in wanted periods.

    Parameters
    ----------
    periods : array_like of datetime64, shape (time,)
        Days, months or years that the classes are of, ascending.
    classes : array_like of uint8, shape (items, ..., time)
        0 where missing.
    wanted : array_like of datetime64 of the same unit, shape (wanted,)
        Such as ``periods - 1`` for the previous ones, or `year_before`. NaT where none is wanted.

    Returns
    -------
    ndarray of uint8, shape (items, ..., wanted)
        0 where the period is not among `periods`.

    Raises
    ------
    ValueError
        The periods are not ascending, or there is not one a class.

    Examples
    --------
    >>> months = np.array(["2025-03", "2026-02", "2026-03"], dtype="datetime64[M]")
    >>> classes_at(months, [[2, 4, 3]], months - 1), classes_at(months, [[2, 4, 3]], year_before(months))
    (array([[0, 0, 4]], dtype=uint8), array([[0, 0, 2]], dtype=uint8))
    """
    periods, classes, wanted = np.asarray(periods), np.asarray(classes, dtype=np.uint8), np.asarray(wanted)
    _time(classes)
    if periods.shape != classes.shape[-1:] or (np.diff(periods.astype(np.int64)) <= 0).any():
        raise ValueError(
            f"the periods have the shape {periods.shape} for {classes.shape[-1]} classes; give one a class, ascending"
        )
    if not periods.size:
        return np.zeros((*classes.shape[:-1], wanted.size), dtype=np.uint8)
    place = np.minimum(np.searchsorted(periods, wanted), periods.size - 1)
    return np.where(periods[place] == wanted, classes[..., place], np.uint8(NO_CLASS))


def year_before(periods: ArrayLike) -> NDArray[np.datetime64]:
    """The same days, months or years of the year before.

    Parameters
    ----------
    periods : array_like of datetime64[D], [M] or [Y], any shape

    Returns
    -------
    ndarray of datetime64, shape of `periods`
        NaT for 29 February: the year before has none.

    Raises
    ------
    ValueError
        The unit is another one.

    Examples
    --------
    >>> year_before(np.array(["2025-02-28", "2024-02-29"], dtype="datetime64[D]"))
    array(['2024-02-28',        'NaT'], dtype='datetime64[D]')
    """
    periods = np.asarray(periods)
    unit = np.datetime_data(periods.dtype)[0] if periods.dtype.kind == "M" else str(periods.dtype)
    if unit in _MONTHS:
        return np.asarray(periods - _MONTHS[unit])
    if unit != "D":
        raise ValueError(f"the periods are in {unit}; days, months and years have the same one a year before")
    months = periods.astype("datetime64[M]")
    day = (months - _MONTHS["M"]).astype("datetime64[D]") + (periods - months.astype("datetime64[D]"))
    return np.where(day.astype("datetime64[M]") == months - _MONTHS["M"], day, np.datetime64("NaT", "D"))


def _pair(earlier: ArrayLike, later: ArrayLike) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    earlier, later = np.asarray(earlier, dtype=np.uint8), np.asarray(later, dtype=np.uint8)
    _items(earlier)
    _items(later)
    if len(earlier) != len(later):
        raise ValueError(f"earlier has {len(earlier)} items and later {len(later)}; give the same items in one order")
    return earlier, later


def _items(classes: NDArray[np.uint8]) -> None:
    if not classes.ndim:
        raise ValueError("the classes have the shape (); they must be (items, …)")


def _time(classes: NDArray[np.uint8]) -> None:
    if classes.ndim < 2:  # noqa: PLR2004 - the two axes of the message
        raise ValueError(f"the classes have the shape {classes.shape}; they must be (items, …, time)")
