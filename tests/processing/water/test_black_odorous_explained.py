"""Levels of points and of water bodies explained."""

from __future__ import annotations

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.water.black_odorous import datum_levels, heavy_reaches, point_level, water_body_level
from qingchuan.processing.water.black_odorous_explained import explain_point_level, explain_water_body_level
from tests.support.explained import chinese, named, zh

GUIDE = standards.load("black_odorous_2015", standards.BlackOdorousWater)
DEEP = 100.0


@pytest.mark.parametrize(
    ("values", "value", "words"),
    [
        ([[0.1, 0.1, 0.1, 3, 3], [1, 1, 1, 1, 1]], "重度黑臭", "溶解氧重度数据占3/5，达到60%"),
        ([[0.1, 3, 3], [16, 1, 1]], "重度黑臭", "溶解氧重度数据占1/3、氨氮重度数据占1/3，达到30%"),
        ([[1.0, 3, 3], [1, 1, 1]], "轻度黑臭", "不足2项达到30%"),
        ([[3, 3, 3], [1, 1, 1]], "非黑臭", "均未达到黑臭"),
        ([[np.nan] * 3, [np.nan] * 3], None, "均无数据"),
    ],
)
def test_an_explanation_tells_the_same_level(values: list[list[float]], value: str | None, words: str) -> None:
    """With the shares that decided it."""
    told = explain_point_level(values, ("do", "nh3n"), DEEP, GUIDE)
    level = point_level(datum_levels(values, ("do", "nh3n"), DEEP, GUIDE), GUIDE).level
    row = GUIDE.level(int(level))
    assert zh(told) == value
    assert told.value == (None if row is None else row.level)
    assert words in told.rule.zh
    assert len(told.parts) == 4


@pytest.mark.parametrize(
    ("levels", "rule"),
    [
        (
            [3, 3, 3, 1, 1],
            "5个检测点中3个为重度黑臭，达到60%，整个水体为重度黑臭；甲至丙连续3个检测点重度黑臭，其间区域为重度黑臭",
        ),
        ([3, 3, 2, 0, 1], "4个检测点中2个为重度黑臭，不足60%，水体为轻度黑臭"),
        ([1, 1, 0], "2个检测点均为非黑臭，水体为非黑臭"),
        ([0, 0], "没有检测点有级别，不判定"),
    ],
)
def test_a_water_body_is_told_as_it_is_judged(levels: list[int], rule: str) -> None:
    """With its reaches, and each point."""
    told = explain_water_body_level(levels, named("甲乙丙丁戊"[: len(levels)]), GUIDE)
    row = GUIDE.level(int(water_body_level(levels, GUIDE).level))
    assert (told.value, told.rule.zh) == (None if row is None else row.level, rule)
    assert [(part.name.zh, part.name.en) for part in told.parts[:2]] == [("甲", "no. 1"), ("乙", "no. 2")]
    assert chinese(told.rule.en) == []
    inside = [part.rule.zh.startswith("位于") for part in told.parts]
    assert inside == heavy_reaches(levels, GUIDE).tolist()


@pytest.mark.parametrize(
    ("oxygen", "ammonia", "potential", "words"),
    [
        (3, 3, 2, "溶解氧重度数据占3/10、氨氮重度数据占3/10，达到30%，该检测点为重度黑臭"),
        (3, 3, 3, "溶解氧重度数据占3/10、氧化还原电位重度数据占3/10、氨氮重度数据占3/10，达到30%，该检测点为重度黑臭"),
        (6, 3, 3, "溶解氧重度数据占6/10，达到60%，该检测点为重度黑臭"),
    ],
)
def test_only_items_that_reach_the_share_are_named(oxygen: int, ammonia: int, potential: int, words: str) -> None:
    """The share itself reaches it; of one item that is enough alone the others are not told."""
    heavy = {"do": (oxygen, 0.1, 3.0), "nh3n": (ammonia, 16.0, 1.0), "orp": (potential, -300.0, 100.0)}
    values = [[bad] * count + [good] * (10 - count) for count, bad, good in heavy.values()]
    assert explain_point_level(values, tuple(heavy), DEEP, GUIDE).rule.zh == words


def test_each_item_is_told_with_its_bound_and_its_side() -> None:
    """Ammonia lies above, the others below; transparency has a bound of its own in shallow water."""
    told = explain_point_level([[16.0, 1.0, np.nan], [9.0, 11.0, 12.0]], ("nh3n", "transparency"), DEEP, GUIDE)
    assert [(zh(part), part.valid, part.rule.zh) for part in told.parts] == [
        (1, 3, "3个有效数据中1个小于10 cm（浅水按水深折算）"),
        (0, 0, "无有效数据"),
        (0, 0, "无有效数据"),
        (1, 2, "2个有效数据中1个大于15 mg/L"),
    ]
