"""How the level of warning of heavily polluted weather came about, and why a warning may be lifted or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.air.warnings import (
    NO_WARNING,
    PollutionWarnings,
    days_met,
    ends_of_runs,
    lifting_of,
    may_be_lifted,
    warning_levels,
)
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.wording import many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.calendar_periods import Days
    from qingchuan.processing.standards import HeavyPollutionWarning
    from qingchuan.processing.standards.heavy_pollution import LevelRow, Lifting, Run

_LIFTED = Text("可以解除", "may be lifted")
_KEPT = Text("暂不解除", "stays")


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
        value=row.level if row else None,
        rule=_no_warning(found, aqi, other) if row is None else _reached(counting, dates, row),
        source=Source.of(rule, rule.levels),
        valid=int((counting >= 0).sum()),
        expected=aqi.size,
        parts=tuple(_longest(counting, run) for run in _bounds_of(rule)),
    )


def explain_may_be_lifted(
    aqi: ArrayLike, other_measures: ArrayLike, dates: Days, rule: HeavyPollutionWarning
) -> Explanation:
    """Why a warning of one city may be lifted now, or not.

    Parameters
    ----------
    aqi, other_measures, rule
        As `may_be_lifted` has them, shape (days,).
    dates : ndarray of datetime64[D], shape (days,)
        Of the days, or on which they begin.

    Returns
    -------
    Explanation
        A part for each day that decides: its AQI, and whether it is below the lowest level.

    Raises
    ------
    LookupError
        The edition has no condition for lifting.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("heavy_pollution_2024", standards.HeavyPollutionWarning)
    >>> dates = np.array(["2026-01-23", "2026-01-24"], "datetime64[D]")
    >>> told = explain_may_be_lifted([90, 210], False, dates, rule)
    >>> told.value.zh, told.rule.zh
    ('暂不解除', '须自2026-01-23起预测持续36小时以上（2个整日）低于黄色预警条件：2026-01-24达到黄色预警条件')
    """
    lifting, lowest = lifting_of(rule), max(rule.levels.rows, key=lambda row: row.number)
    lifted = bool(may_be_lifted(aqi, other_measures, rule))
    by_day = warning_levels(aqi, other_measures, rule).by_day[: lifting.days].tolist()
    aqi, other = np.asarray(aqi), np.broadcast_to(np.asarray(other_measures, dtype=np.bool_), np.shape(aqi))
    rows = zip(dates, aqi.tolist(), other.tolist(), by_day, strict=False)  # the days that decide
    days = [_Deciding(f"{date}", index, level, met_otherwise=left) for date, index, left, level in rows]
    return Explanation(
        name=Text("重污染天气预警解除", "lifting of a warning of heavily polluted weather"),
        value=_LIFTED if lifted else _KEPT,
        rule=_lifting_rule(days, lifting, lowest, rule),
        source=Source.of(rule, lifting),
        valid=sum(day.quiet for day in days),
        expected=lifting.days,
        parts=tuple(
            Explanation(
                name=Text(day.date, day.date),
                value=day.aqi if day.aqi >= 0 else None,
                rule=day.told(lowest, rule),
            )
            for day in days
        ),
    )


class _Deciding(NamedTuple):
    """A day of the forecast that decides whether a warning is lifted."""

    date: str
    aqi: int
    level: int
    met_otherwise: bool

    @property
    def quiet(self) -> bool:
        return self.level == NO_WARNING and (self.met_otherwise or self.aqi >= 0)

    def told(self, lowest: LevelRow, rule: HeavyPollutionWarning) -> Text:
        row = rule.level(self.level)
        if row is not None:
            return Text(f"达到{row.level.zh}条件", f"meets the condition of a {row.level.en}")
        if self.met_otherwise:
            return Text("以臭氧或沙尘等为主，另行应对", "met by other measures")
        if self.aqi < 0:
            return Text("无AQI", "has no AQI")
        return Text(f"低于{lowest.level.zh}条件", f"below the conditions of a {lowest.level.en}")


def _lifting_rule(days: Sequence[_Deciding], lifting: Lifting, lowest: LevelRow, rule: HeavyPollutionWarning) -> Text:
    spoilt = [(day.date, day.told(lowest, rule)) for day in days if not day.quiet]
    zh = [f"{date}{told.zh}" for date, told in spoilt]
    en = [f"{date} {told.en}" for date, told in spoilt]
    if len(days) < lifting.days:
        zh.append(f"预测仅有{len(days)}天")
        en.append(f"the forecast has {many(len(days), 'day only')}")
    since = Text(f"自{days[0].date}起", f" from {days[0].date} on") if days else Text("", "")
    return Text(
        f"须{since.zh}预测持续{lifting.hours}小时以上（{lifting.days}个整日）低于{lowest.level.zh}条件："
        + ("，".join(zh) or "已满足"),
        f"the forecast must stay below the conditions of a {lowest.level.en} for more than {lifting.hours} hours"
        f" ({many(lifting.days, 'whole day')}){since.en}: " + (", ".join(en) or "it does"),
    )


def _bounds_of(rule: HeavyPollutionWarning) -> list[Run]:
    """One run of each bound, the lowest bound first."""
    runs = {run.least: run for row in rule.levels.rows for condition in row.any_of for run in condition}
    return [runs[least] for least in sorted(runs)]


def _longest(aqi: NDArray[np.signedinteger], run: Run) -> Explanation:
    over, text = run.met(aqi), _bound(run)
    before, after = ends_of_runs(over)
    return Explanation(
        name=Text(f"{text.zh}的最长持续天数", f"longest run of days with {text.en}"),
        value=int(np.where(over, after - before - 1, 0).max(initial=0)),
        unit="d",
        rule=Text(f"连续{text.zh}的天数", f"successive days with {text.en}"),
        limit=run.aqi,
    )


def _reached(aqi: NDArray[np.signedinteger], dates: Days, row: LevelRow) -> Text:
    """By which condition of a level, on which days."""
    condition, days = next((one, met) for one in row.any_of if (met := days_met(aqi, one)).any())
    first = int(days.argmax())
    _, after = ends_of_runs(days)
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
