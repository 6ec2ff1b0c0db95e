"""Warnings of heavily polluted weather (重污染天气预警), from the daily AQI that is forecast or was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.calendar_periods import Days
    from qingchuan.processing.standards import HeavyPollutionWarning
    from qingchuan.processing.standards.heavy_pollution import LevelRow, Run

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
            by_day[_met(counting, condition)] = row.number
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
    if rule.lifting is None:
        raise LookupError(
            f"the edition {rule.name} has no condition for lifting a warning; one that has it would do "
            "(processing/standards)"
        )
    aqi, other = np.broadcast_arrays(np.atleast_1d(np.asarray(aqi)), np.asarray(other_measures, dtype=np.bool_))
    quiet = (warning_levels(aqi, other, rule).by_day == NO_WARNING) & (other | (aqi >= 0))
    return np.asarray(quiet[..., : rule.lifting.days].sum(axis=-1) == rule.lifting.days)


def explain_warning_level(
    aqi: ArrayLike, other_measures: ArrayLike, dates: Days, rule: HeavyPollutionWarning
) -> Explanation:
    """How the level of warning of one city came about.

    Parameters
    ----------
    aqi, other_measures, rule
        As `warning_levels` has them, shape (days,).
    dates : ndarray of datetime64[D], shape (days,)
        Of the days, or on which they begin.

    Returns
    -------
    Explanation
        A part for each bound of the AQI: the longest run of days beyond it.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("heavy_pollution_2024", standards.HeavyPollutionWarning)
    >>> dates = np.arange("2026-01-20", "2026-01-25", dtype="datetime64[D]")
    >>> told = explain_warning_level([120, 160, 210, 320, 230], False, dates, rule)
    >>> told.rule.zh
    '2026-01-22至2026-01-24共3天：AQI大于200持续72小时及以上，且AQI大于300持续24小时及以上，达到红色预警条件'
    """
    found = warning_levels(aqi, other_measures, rule)
    aqi, other = np.asarray(aqi), np.broadcast_to(np.asarray(other_measures, dtype=np.bool_), np.shape(aqi))
    counting = np.where(other, -1, aqi)
    row = rule.level(int(found.level))
    return Explanation(
        name=Text("重污染天气预警等级", "level of warning of heavily polluted weather"),
        value=row.level.zh if row else None,
        rule=_no_warning(found, aqi, other) if row is None else _reached(counting, dates, row),
        source=Source.of(rule, rule.levels),
        valid=int((counting >= 0).sum()),
        expected=aqi.size,
        parts=tuple(_longest(counting, run) for run in _bounds_of(rule)),
    )


def _met(aqi: NDArray[np.signedinteger], condition: Sequence[Run]) -> NDArray[np.bool_]:
    """Days of the runs by which a condition is met."""
    widest, *others = condition
    over = widest.met(aqi)
    before, after = _ends(over)
    days = over & (after - before > widest.days)
    for run in others:
        inner = run.met(aqi)
        start, end = _ends(inner)
        enough = inner & (end - start > run.days)
        sums = np.concatenate([np.zeros_like(before[..., :1]), enough.cumsum(axis=-1)], axis=-1)
        within = np.take_along_axis(sums, after, axis=-1) - np.take_along_axis(sums, before + 1, axis=-1)
        days &= within > 0
    return np.asarray(days)


def _ends(over: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each day of a run: the last day before the run, and the first one after it."""
    number = over.shape[-1]
    places = np.broadcast_to(np.arange(number), over.shape)
    before = np.maximum.accumulate(np.where(over, -1, places), axis=-1)
    after = np.minimum.accumulate(np.where(over, number, places)[..., ::-1], axis=-1)[..., ::-1]
    return before, after


def _bounds_of(rule: HeavyPollutionWarning) -> list[Run]:
    """One run of each bound, the lowest bound first."""
    runs = {run.least: run for row in rule.levels.rows for condition in row.any_of for run in condition}
    return [runs[least] for least in sorted(runs)]


def _longest(aqi: NDArray[np.signedinteger], run: Run) -> Explanation:
    over, text = run.met(aqi), _bound(run)
    before, after = _ends(over)
    return Explanation(
        name=Text(f"{text.zh}的最长持续天数", f"longest run of days with {text.en}"),
        value=int(np.where(over, after - before - 1, 0).max(initial=0)),
        unit="d",
        rule=Text(f"连续{text.zh}的天数", f"successive days with {text.en}"),
        limit=run.aqi,
    )


def _reached(aqi: NDArray[np.signedinteger], dates: Days, row: LevelRow) -> Text:
    """By which condition of a level, on which days."""
    condition, days = next((one, met) for one in row.any_of if (met := _met(aqi, one)).any())
    first = int(days.argmax())
    _, after = _ends(days)
    number = int(after[first]) - first
    start, last = dates[first], dates[int(after[first]) - 1]
    lasting = [_lasting(run, condition) for run in condition]
    zh, en = "，且".join(text.zh for text in lasting), ", and ".join(text.en for text in lasting)
    days_zh = f"{start}至{last}共{number}天" if number > 1 else f"{start}"
    days_en = f"{start} to {last}, {number} days" if number > 1 else f"{start}"
    return Text(f"{days_zh}：{zh}，达到{row.level.zh}条件", f"{days_en}: {en}: {row.level.en}")


def _lasting(run: Run, condition: Sequence[Run]) -> Text:
    """A bound and how long it lasts; a condition of one day alone asks for no duration."""
    bound = _bound(run)
    if len(condition) == run.days == 1:
        return bound
    return Text(f"{bound.zh}持续{run.hours}小时及以上", f"{bound.en} for {run.hours} hours or more")


def _no_warning(found: PollutionWarnings, aqi: NDArray[np.signedinteger], other: NDArray[np.bool_]) -> Text:
    if not found.judged:
        missing = int(((aqi < 0) & ~other).sum())
        return Text(
            f"{missing}天无AQI，其余各日未达到任何预警条件，不能排除预警",
            f"{missing} days have no AQI; the others meet no condition, but a warning is not ruled out",
        )
    left_out = int(other.sum())
    zh = f"（其中{left_out}天以臭氧或沙尘等为主，另行应对）" if left_out else ""
    en = f" ({left_out} of them are met by other measures)" if left_out else ""
    return Text(f"{aqi.size}天均未达到预警条件{zh}", f"{aqi.size} days meet no condition of a warning{en}")


def _bound(run: Run) -> Text:
    if run.compare == "above":
        return Text(f"AQI大于{run.aqi}", f"an AQI above {run.aqi}")
    return Text(f"AQI达到{run.aqi}", f"an AQI of {run.aqi}")
