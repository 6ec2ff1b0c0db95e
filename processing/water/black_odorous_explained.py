"""How the black-odorous level of a sampling point, and that of a water body, came about."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.decimals import written
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.water.black_odorous import (
    HEAVY,
    LIGHT,
    NO_LEVEL,
    NOT_BLACK,
    PointLevel,
    WaterBodyLevel,
    datum_levels,
    heavy_reaches,
    point_level,
    water_body_level,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from qingchuan.processing.standards import BlackOdorousWater
    from qingchuan.processing.standards.black_odorous import BlackOdorousItem


def explain_point_level(
    values: ArrayLike, items: Sequence[str], depth: ArrayLike, standard: BlackOdorousWater
) -> Explanation:
    """How the level of one sampling point came about.

    Parameters
    ----------
    values : array_like of float, shape (items, samples)
        [unit of the catalogue] NaN where missing.
    items : sequence of str
        Keys of the first axis, in any order.
    depth : array_like of float, shape (samples,) or ()
        Depth of the water. [cm] NaN where it was not measured.
    standard : BlackOdorousWater
        The edition of the guide.

    Returns
    -------
    Explanation
        A part an item: how many of its data are of the heavy level.

    Raises
    ------
    ValueError
        `values` does not have a row an item, or lacks the axis of samples.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> guide = standards.load("black_odorous_2015", standards.BlackOdorousWater)
    >>> explain_point_level([[0.1, 0.1, 0.3]], ("do",), 100, guide).rule.zh
    '溶解氧重度数据占2/3，达到60%，该检测点为重度黑臭'
    """
    found = point_level(datum_levels(values, items, depth, standard), standard)
    level = standard.level(int(found.level))
    parts = tuple(
        _item(row, int(found.heavy[place]), int(found.valid[place]), standard)
        for place, row in enumerate(standard.table.rows)
    )
    return Explanation(
        name=Text("检测点黑臭级别", "black-odorous level of the sampling point"),
        value=None if level is None else level.level,
        rule=_rule(found, standard),
        source=Source.of(standard, standard.point),
        valid=int(found.valid.max(initial=0)),
        expected=standard.point.samples,
        parts=parts,
    )


def explain_water_body_level(levels: ArrayLike, names: Sequence[Text], standard: BlackOdorousWater) -> Explanation:
    """How the level of one water body came about, and which of its reaches are heavy.

    Parameters
    ----------
    levels : array_like of uint8, shape (points,)
        As `water_body_level` has them, in their order along the water.
    names : sequence of Text
        Names of the points.
    standard : BlackOdorousWater
        The edition of the guide.

    Returns
    -------
    Explanation
        A part a point: its level, and whether it lies in a heavy reach.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> guide = standards.load("black_odorous_2015", standards.BlackOdorousWater)
    >>> names = [Text(f"{number}号点", f"point {number}") for number in range(1, 7)]
    >>> explain_water_body_level([3, 3, 3, 1, 1, 2], names, guide).rule.zh
    '6个检测点中3个为重度黑臭，不足60%，水体为轻度黑臭；1号点至3号点连续3个检测点重度黑臭，其间区域为重度黑臭'
    """
    found, inside = water_body_level(levels, standard), heavy_reaches(levels, standard).tolist()
    level = standard.level(int(found.level))
    numbers = np.asarray(levels, dtype=np.uint8).tolist()
    return Explanation(
        name=Text("水体黑臭级别", "black-odorous level of the water body"),
        value=None if level is None else level.level,
        rule=_water_body_rule(found, _reaches(inside, names), standard),
        source=Source.of(standard, standard.water_body),
        valid=int(found.valid),
        expected=standard.water_body.points,
        parts=tuple(_point(*point, standard) for point in zip(names, numbers, inside, strict=True)),
    )


def _water_body_rule(found: WaterBodyLevel, reaches: Text, standard: BlackOdorousWater) -> Text:
    level, share = standard.level(int(found.level)), standard.water_body.share
    if level is None:
        return Text("没有检测点有级别，不判定", "no point has a level, so there is none")
    if found.level == NOT_BLACK:
        good = f"{found.valid}个检测点均为非黑臭，水体为{level.level.zh}"
        return Text(good, f"none of {found.valid} points is black and odorous: the water is {level.level.en}")
    zh, en = f"{found.valid}个检测点中{found.heavy}个为重度黑臭", f"{found.heavy} of {found.valid} points are heavy"
    if found.level == HEAVY:
        side = Text(f"达到{share}%，整个", f"{share} % or more: all of the water is")
    else:
        side = Text(f"不足{share}%，", f"less than {share} %: the water is")
    return Text(f"{zh}，{side.zh}水体为{level.level.zh}{reaches.zh}", f"{en}, {side.en} {level.level.en}{reaches.en}")


def _reaches(inside: Sequence[bool], names: Sequence[Text]) -> Text:
    """Rows of heavy points that are long enough, each by its first and its last."""
    zh, en = "", ""
    for heavy, group in groupby(zip(inside, names, strict=True), key=lambda point: point[0]):
        row = [name for _, name in group]
        if heavy:
            first, last, points = row[0], row[-1], len(row)
            zh += f"；{first.zh}至{last.zh}连续{points}个检测点重度黑臭，其间区域为重度黑臭"
            en += f"; from {first.en} to {last.en} {points} points in a row are heavy, and so is the reach between them"
    return Text(zh, en)


def _point(name: Text, number: int, inside: bool, standard: BlackOdorousWater) -> Explanation:  # noqa: FBT001 - told
    level = standard.level(number)
    reach = Text("位于连续重度黑臭的区域内", "lies in a heavy reach")
    alone = Text("不在连续重度黑臭的区域内", "lies in no heavy reach")
    none = Text("无级别，不计入检测点数", "has no level: it does not count")
    return Explanation(
        name=name,
        value=None if level is None else level.level,
        rule=none if level is None else reach if inside else alone,
        source=Source.of(standard, standard.water_body),
    )


def _rule(found: PointLevel, standard: BlackOdorousWater) -> Text:
    if found.level == NO_LEVEL:
        return Text("四项指标均无数据，不判定", "no item was measured, so there is no level")
    if found.level == HEAVY:
        return _heavy(found, standard)
    if found.level == LIGHT:
        return Text(
            f"有数据达到黑臭，但无1项指标重度数据达到{standard.point.one_item}%，"
            f"也不足{standard.point.several}项达到{standard.point.several_items}%，该检测点为轻度黑臭",
            f"some data are black and odorous; no item has {standard.point.one_item} % heavy data, and fewer than "
            f"{standard.point.several} have {standard.point.several_items} %: lightly black and odorous",
        )
    return Text("各项指标数据均未达到黑臭，该检测点为非黑臭", "no datum lies in the ranges: not black and odorous")


def _heavy(found: PointLevel, standard: BlackOdorousWater) -> Text:
    counts = [
        (row, int(heavy), int(valid))
        for row, heavy, valid in zip(standard.table.rows, found.heavy, found.valid, strict=True)
        if valid
    ]
    alone = [entry for entry in counts if 100 * entry[1] >= standard.point.one_item * entry[2]]
    share = standard.point.one_item if alone else standard.point.several_items
    named = alone or [entry for entry in counts if 100 * entry[1] >= share * entry[2]]
    zh = "、".join(f"{row.zh}重度数据占{heavy}/{valid}" for row, heavy, valid in named)
    en = ", ".join(f"{catalogue.item(row.item).name_en} {heavy} of {valid}" for row, heavy, valid in named)
    return Text(
        f"{zh}，达到{share}%，该检测点为重度黑臭",
        f"heavy data: {en}, which is {share} % or more: heavily black and odorous",
    )


def _item(row: BlackOdorousItem, heavy: int, valid: int, standard: BlackOdorousWater) -> Explanation:
    side = Text("小于", "below") if row.compare == "at_least" else Text("大于", "above")
    by_depth = Text("（浅水按水深折算）", ", or below its share of a small depth")
    more = by_depth if row.item == standard.shallow.item else Text("", "")
    bound = f"{written(row.heavy)} {row.unit}"
    told = Text(
        f"{valid}个有效数据中{heavy}个{side.zh}{bound}{more.zh}",
        f"{heavy} of {valid} valid data lie {side.en} {bound}{more.en}",
    )
    return Explanation(
        name=Text(f"{row.zh}重度数据", f"heavy data of {catalogue.item(row.item).name_en}"),
        value=heavy,
        rule=told if valid else Text("无有效数据", "there is no valid datum"),
        source=Source.of(standard, standard.table),
        valid=valid,
        limit=row.heavy,
    )
