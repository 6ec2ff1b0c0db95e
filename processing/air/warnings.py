"""Warnings of heavily polluted weather (重污染天气预警), from the daily AQI that is forecast or was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import HeavyPollutionWarning
    from qingchuan.processing.standards.heavy_pollution import Lifting, Run

NO_WARNING = 0
"""The level where there is no warning."""


class PollutionWarnings(NamedTuple):
    """Levels of warning.

    Attributes
    ----------
    by_day : ndarray of uint8, shape (..., days)
        Highest level whose condition the day helps to meet: 1 is the highest of all. 0 where there is none.
    level : ndarray of uint8, shape (...)
        Highest of them. 0 where there is none.
    judged : ndarray of bool, shape (...)
        Whether every day has an AQI or is met by other measures: without that no warning is no all-clear, and a higher
        level is not ruled out.
    """

    by_day: NDArray[np.uint8]
    level: NDArray[np.uint8]
    judged: NDArray[np.bool_]


def warning_levels(aqi: ArrayLike, other_measures: ArrayLike, rule: HeavyPollutionWarning) -> PollutionWarnings:
    """Level of warning of successive days.

    Parameters
    ----------
    aqi : array_like of int, shape (..., days)
        Daily AQI of a city on successive days: natural days, or stretches of 24 hours. [-] -1 where there is none.
    other_measures : array_like of bool, broadcastable to (..., days)
        Days that are met by other measures, as ozone or dust dominates them: they count for no warning, and end a run.
    rule : HeavyPollutionWarning
        The edition.

    Returns
    -------
    PollutionWarnings

    Notes
    -----
    "Lasting 48 hours" is two successive days. Where a condition has two runs (above 200 for so long *and* above 300 for
    so long) the second lies within the first: they are one episode. A day without an AQI ends a run.

    References
    ----------
    .. [1] 环大气〔2024〕6号, 优化重污染天气应急响应规则; 环办大气函〔2018〕875号, 预警分级.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("heavy_pollution_2024", standards.HeavyPollutionWarning)
    >>> found = warning_levels([[120, 160, 210, 320, 230], [201, 90, 160, 160, 40]], False, rule)
    >>> found.by_day.tolist(), found.level.tolist()
    ([[0, 2, 1, 1, 1], [3, 0, 3, 3, 0]], [1, 3])
    """
    aqi, other = np.asarray(aqi), np.asarray(other_measures, dtype=np.bool_)
    aqi, other = np.broadcast_arrays(np.atleast_1d(aqi), other)
    counting = np.where(other, -1, aqi)
    by_day = np.full(aqi.shape, NO_WARNING, np.uint8)
    for row in sorted(rule.levels.rows, key=lambda row: -row.number):
        for condition in row.any_of:
            by_day[days_met(counting, condition)] = row.number
    lowest = np.iinfo(np.uint8).max
    highest = np.where(by_day == NO_WARNING, lowest, by_day).min(axis=-1, initial=lowest)
    level = np.where(highest == lowest, NO_WARNING, highest).astype(np.uint8)
    return PollutionWarnings(by_day, level, np.asarray((other | (aqi >= 0)).all(axis=-1)))


def may_be_lifted(aqi: ArrayLike, other_measures: ArrayLike, rule: HeavyPollutionWarning) -> NDArray[np.bool_]:
    """Whether a warning may be lifted now: the forecast stays below the lowest level for long enough.

    Parameters
    ----------
    aqi, other_measures
        As `warning_levels` has them; the first day is the one that begins now.
    rule : HeavyPollutionWarning
        An edition that says when a warning is lifted.

    Returns
    -------
    ndarray of bool, shape (...)
        Never where one of the days that decide has no AQI, or there are too few days.

    Raises
    ------
    LookupError
        The edition has no condition for lifting.

    References
    ----------
    .. [1] 环大气〔2024〕6号, as Yangzhou told it on 2026-01-23: 36 hours.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("heavy_pollution_2024", standards.HeavyPollutionWarning)
    >>> may_be_lifted([[150, 90, 210], [160, 90, 80], [90, 210, 80]], False, rule)
    array([ True,  True, False])
    """
    lifting = lifting_of(rule)
    aqi, other = np.broadcast_arrays(np.atleast_1d(np.asarray(aqi)), np.asarray(other_measures, dtype=np.bool_))
    quiet = (warning_levels(aqi, other, rule).by_day == NO_WARNING) & (other | (aqi >= 0))
    return np.asarray(quiet[..., : lifting.days].sum(axis=-1) == lifting.days)


def lifting_of(rule: HeavyPollutionWarning) -> Lifting:
    """When an edition lifts a warning.

    Raises
    ------
    LookupError
        The edition has no condition for lifting.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> lifting_of(standards.load("heavy_pollution_2024", standards.HeavyPollutionWarning)).hours
    36
    """
    if rule.lifting is None:
        raise LookupError(
            f"the edition {rule.name} has no condition for lifting a warning; one that has it would do "
            "(processing/standards)"
        )
    return rule.lifting


def days_met(aqi: NDArray[np.signedinteger], condition: Sequence[Run]) -> NDArray[np.bool_]:
    """Which days belong to the runs by which a condition is met.

    Parameters
    ----------
    aqi : ndarray of int, shape (..., days)
        Of successive days; below 0 where there is none, or where the day does not count. [-]
    condition : sequence of Run
        The first is the widest, the others lie within it.

    Returns
    -------
    ndarray of bool, shape (..., days)

    Examples
    --------
    >>> from qingchuan.processing.standards.heavy_pollution import Run
    >>> days_met(np.array([201, 200, 250, 210]), [Run("above", 200, 48)])
    array([False, False,  True,  True])
    """
    widest, *others = condition
    over = widest.met(aqi)
    before, after = ends_of_runs(over)
    days = over & (after - before > widest.days)
    for run in others:
        inner = run.met(aqi)
        start, end = ends_of_runs(inner)
        enough = inner & (end - start > run.days)
        sums = np.concatenate([np.zeros_like(before[..., :1]), enough.cumsum(axis=-1)], axis=-1)
        within = np.take_along_axis(sums, after, axis=-1) - np.take_along_axis(sums, before + 1, axis=-1)
        days &= within > 0
    return np.asarray(days)


def ends_of_runs(over: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each day of a run: the last day before the run, and the first one after it.

    Parameters
    ----------
    over : ndarray of bool, shape (..., days)
        Which days belong to a run.

    Returns
    -------
    before, after : ndarray of int, shape (..., days)
        Places of days; the day itself where it belongs to no run.

    Examples
    --------
    >>> ends_of_runs(np.array([True, True, False]))
    (array([-1, -1,  2]), array([2, 2, 2]))
    """
    number = over.shape[-1]
    places = np.broadcast_to(np.arange(number), over.shape)
    before = np.maximum.accumulate(np.where(over, -1, places), axis=-1)
    after = np.minimum.accumulate(np.where(over, number, places)[..., ::-1], axis=-1)[..., ::-1]
    return before, after
