"""Early warning of water that got worse (水质预警), of a section and of its city."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.water.classes import NO_CLASS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import WaterStatus, WaterWarning

NO_WARNING = 0
"""The level where there is no warning."""


class WarningLevels(NamedTuple):
    """Levels of warning.

    Attributes
    ----------
    level : ndarray of uint8, shape (...)
        1 is the highest; 0 where there is no warning.
    judged : ndarray of bool, shape (...)
        Whether all classes and the target are there: without them no warning is no all-clear.
    """

    level: NDArray[np.uint8]
    judged: NDArray[np.bool_]


def warning_levels(
    month: tuple[ArrayLike, ArrayLike],
    cumulative: tuple[ArrayLike, ArrayLike],
    target: ArrayLike,
    rule: WaterWarning,
) -> WarningLevels:
    """Level of warning of sections.

    Parameters
    ----------
    month : (array_like of uint8, array_like of uint8), broadcastable
        Class of the month, and of the same month last year. 0 where there is none.
    cumulative : (array_like of uint8, array_like of uint8), broadcastable
        Class from January to the month, and of the same months last year. 0 where there is none.
    target : array_like of uint8, broadcastable
        Target class of the year. 0 where there is none.
    rule : WaterWarning
        The edition.

    Returns
    -------
    WarningLevels

    Notes
    -----
    All conditions hold together: both classes are worse than last year's by so many classes as the level says, both are
    worse than Ⅲ, and the cumulative one misses the target.

    References
    ----------
    .. [1] 长江流域水环境质量监测预警办法（试行）.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("yangtze2018", standards.WaterWarning)
    >>> warning_levels(([5, 4, 4, 4], [3, 3, 2, 3]), ([5, 4, 4, 3], [3, 3, 3, 3]), 3, rule).level
    array([1, 2, 2, 0], dtype=uint8)
    """
    given = (*month, *cumulative, target)
    now, before, total, total_before, goal = np.broadcast_arrays(*(np.asarray(one, dtype=np.int64) for one in given))
    judged = np.min([now, before, total, total_before, goal], axis=0) > NO_CLASS
    bad = judged & (np.minimum(now, total) > rule.levels.worse_than) & (total > goal)
    worse_by = np.minimum(now - before, total - total_before)
    level = np.full(now.shape, NO_WARNING, dtype=np.uint8)
    for row in sorted(rule.levels.rows, key=lambda row: row.classes):
        level[bad & (worse_by >= row.classes)] = row.number
    return WarningLevels(level, np.asarray(judged))


def city_warning(levels: ArrayLike) -> NDArray[np.uint8]:
    """Level of warning of a city: the highest of its sections.

    Parameters
    ----------
    levels : array_like of uint8, shape (..., sections)
        0 where there is no warning.

    Returns
    -------
    ndarray of uint8, shape (...)
        0 where no section has a warning, or there is none.

    References
    ----------
    .. [1] 长江流域水环境质量监测预警办法（试行）: 按照最高等级确定.

    Examples
    --------
    >>> city_warning([[0, 2, 1], [0, 2, 2], [0, 0, 0]])
    array([1, 2, 0], dtype=uint8)
    """
    levels = np.atleast_1d(np.asarray(levels, dtype=np.uint8))
    lowest = np.iinfo(np.uint8).max
    highest = np.where(levels == NO_WARNING, lowest, levels).min(axis=-1, initial=lowest)
    return np.where(highest == lowest, np.uint8(NO_WARNING), highest)


def explain_warning_level(
    month: tuple[int, int], cumulative: tuple[int, int], target: int, rule: WaterWarning, words: WaterStatus
) -> Explanation:
    """How the level of warning of one section came about.

    Parameters
    ----------
    month, cumulative, target, rule
        As `warning_levels` has them, of one section.
    words : WaterStatus
        The edition of 环办〔2011〕22号, for the names of the classes.

    Returns
    -------
    Explanation
        A part for the month, the months so far, and the target.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("yangtze2018", standards.WaterWarning)
    >>> words = standards.load("hb2011_22", standards.WaterStatus)
    >>> explain_warning_level((5, 3), (4, 3), 3, rule, words).rule.zh
    '当月由Ⅲ类变为Ⅴ类，累计由Ⅲ类变为Ⅳ类，均下降1个类别及以上且劣于Ⅲ类，累计未达到目标Ⅲ类：二级预警'
    """
    found = warning_levels(month, cumulative, target, rule)
    row = rule.level(int(found.level))
    parts = (
        _compared(Text("当月水质类别", "class of the month"), month, words),
        _compared(Text("累计水质类别", "cumulative class"), cumulative, words),
        Explanation(
            name=Text("当年水质目标", "target of the year"),
            value=_name(target, words) if target else None,
            rule=Text("达到或优于即为达标", "met by this class or a better one"),
        ),
    )
    return Explanation(
        name=Text("水质预警等级", "level of warning"),
        value=row.level if row else None,
        rule=_rule(found, month, cumulative, target, rule, words),
        source=Source.of(rule, rule.levels),
        limit=rule.levels.worse_than,
        parts=parts,
    )


def explain_city_warning(levels: ArrayLike, names: Sequence[Text], rule: WaterWarning) -> Explanation:
    """How the level of warning of one city came about.

    Parameters
    ----------
    levels : array_like of uint8, shape (sections,)
        As `city_warning` has them.
    names : sequence of Text
        Names of the sections.
    rule : WaterWarning
        The edition.

    Returns
    -------
    Explanation
        A part a section.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("yangtze2018", standards.WaterWarning)
    >>> names = Text("三江口", "Sanjiangkou"), Text("岑港河", "Cengang River"), Text("芦东水库", "Ludong Reservoir")
    >>> explain_city_warning([0, 2, 1], names, rule).rule.zh
    '3个断面中2个预警，按其中最高等级确定：一级预警（芦东水库）'
    """
    found, numbers = int(city_warning(levels)), np.asarray(levels, dtype=np.uint8).tolist()
    row, warned = rule.level(found), sum(number != NO_WARNING for number in numbers)
    highest = [name for name, number in zip(names, numbers, strict=True) if number == found]
    told = Text(f"{len(numbers)}个断面均不预警", f"none of {len(numbers)} sections has a warning")
    if row is not None:
        zh, en = "、".join(name.zh for name in highest), ", ".join(name.en for name in highest)
        told = Text(
            f"{len(numbers)}个断面中{warned}个预警，按其中最高等级确定：{row.level.zh}（{zh}）",
            f"{warned} of {len(numbers)} sections have a warning, the highest counts: {row.level.en} ({en})",
        )
    return Explanation(
        name=Text("城市水质预警等级", "level of warning of the city"),
        value=row.level if row else None,
        rule=told,
        source=Source.of(rule, rule.levels),
        valid=len(numbers),
        parts=tuple(_section(name, number, rule) for name, number in zip(names, numbers, strict=True)),
    )


def _section(name: Text, number: int, rule: WaterWarning) -> Explanation:
    row = rule.level(number)
    return Explanation(
        name=name,
        value=row.level if row else None,
        rule=row.level if row else Text("不预警", "no warning"),
        source=Source.of(rule, rule.levels),
    )


def _rule(
    found: WarningLevels,
    month: tuple[int, int],
    cumulative: tuple[int, int],
    target: int,
    rule: WaterWarning,
    words: WaterStatus,
) -> Text:
    if not found.judged:
        return Text("缺少类别或目标，不判定", "a class or the target is missing, so nothing is judged")
    bound, goal = _name(rule.levels.worse_than, words), _name(target, words)
    months = [_name(number, words) for number in (*month, *cumulative)]
    zh = f"当月由{months[1].zh}类变为{months[0].zh}类，累计由{months[3].zh}类变为{months[2].zh}类"
    en = f"month {months[1].en} to {months[0].en}, cumulative {months[3].en} to {months[2].en}"
    row = rule.level(int(found.level))
    if row is None:
        return Text(
            f"{zh}，目标{goal.zh}类；未同时满足两者均下降、均劣于{bound.zh}类且累计未达标：不预警",
            f"{en}, target {goal.en}; not all of these hold: both worse than last year, both worse than {bound.en}, "
            "target missed: no warning",
        )
    return Text(
        f"{zh}，均下降{row.classes}个类别及以上且劣于{bound.zh}类，累计未达到目标{goal.zh}类：{row.level.zh}",
        f"{en}: both worse by {row.classes} or more and worse than {bound.en}, target {goal.en} missed: {row.level.en}",
    )


def _compared(name: Text, classes: tuple[int, int], words: WaterStatus) -> Explanation:
    now, before = (_name(number, words) for number in classes)
    last_year = f"为{before.zh}类" if classes[1] else "无类别"
    return Explanation(
        name=name,
        value=now if classes[0] else None,
        rule=Text(f"上年同期{last_year}", f"{before.en} in the same period last year"),
    )


def _name(number: int, words: WaterStatus) -> Text:
    found = words.water_class(number)
    return Text("无", "none") if found is None else found.label
