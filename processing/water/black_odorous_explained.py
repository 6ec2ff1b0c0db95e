"""How the black-odorous level of a sampling point came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qingchuan.processing import catalogue
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.water.black_odorous import HEAVY, LIGHT, NO_LEVEL, PointLevel, datum_levels, point_level

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
        value=None if level is None else level.level.zh,
        rule=_rule(found, standard),
        source=Source.of(standard, standard.point),
        valid=int(found.valid.max(initial=0)),
        expected=standard.point.samples,
        parts=parts,
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
    bound = f"{row.heavy:g} {row.unit}"
    return Explanation(
        name=Text(f"{row.zh}重度数据", f"heavy data of {catalogue.item(row.item).name_en}"),
        value=heavy,
        rule=Text(
            f"{valid}个有效数据中{heavy}个{side.zh}{bound}{more.zh}",
            f"{heavy} of {valid} valid data lie {side.en} {bound}{more.en}",
        ),
        source=Source.of(standard, standard.table),
        valid=valid,
        limit=row.heavy,
    )
