"""Early warning in the Yangtze basin: every combination of classes, cities, explanations."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.water.early_warning import (
    NO_WARNING,
    city_warning,
    explain_city_warning,
    explain_warning_level,
    warning_levels,
)
from tests.support.explained import chinese, named, zh

RULE = standards.load("yangtze2018", standards.WaterWarning)
MEASURES = standards.load("hb2011_22", standards.WaterStatus)
LEVEL_1, LEVEL_2 = 1, 2


def _by_hand(now: int, before: int, total: int, total_before: int, target: int) -> int:
    """The document's conditions, one after another."""
    if 0 in {now, before, total, total_before, target}:
        return NO_WARNING
    for level, classes in ((LEVEL_1, 2), (LEVEL_2, 1)):
        both_fell = now - before >= classes and total - total_before >= classes
        if both_fell and now > 3 and total > 3 and total > target:
            return level
    return NO_WARNING


def test_every_combination_of_classes() -> None:
    """All 16,807 of them at once."""
    cells = np.array(list(product(range(7), repeat=5))).T
    found = warning_levels((cells[0], cells[1]), (cells[2], cells[3]), cells[4], RULE)
    assert found.level.tolist() == [_by_hand(*cell) for cell in cells.T.tolist()]
    assert np.array_equal(found.judged, (cells > 0).all(axis=0))


@pytest.mark.parametrize(
    ("month", "cumulative", "target", "level"),
    [
        ((4, 3), (4, 3), 3, LEVEL_2),  # the document's example: Ⅲ to Ⅳ
        ((5, 3), (5, 3), 3, LEVEL_1),  # the document's example: Ⅲ to Ⅴ
        ((5, 3), (4, 3), 3, LEVEL_2),
        ((4, 3), (5, 3), 3, LEVEL_2),
        ((4, 3), (3, 3), 3, NO_WARNING),
        ((4, 4), (5, 3), 3, NO_WARNING),
        ((3, 2), (3, 2), 2, NO_WARNING),
        ((3, 1), (3, 1), 2, NO_WARNING),
        ((4, 2), (3, 2), 2, NO_WARNING),
        ((4, 2), (4, 2), 4, NO_WARNING),
        ((6, 4), (6, 4), 5, LEVEL_1),
        ((0, 3), (5, 3), 3, NO_WARNING),
    ],
)
def test_both_sides_of_each_condition(
    month: tuple[int, int], cumulative: tuple[int, int], target: int, level: int
) -> None:
    """How far both fell, worse than Ⅲ, the target."""
    assert int(warning_levels(month, cumulative, target, RULE).level) == level


@pytest.mark.parametrize(
    ("sections", "city"), [([0, 2, 1], 1), ([2, 0, 2], 2), ([0, 0], 0), ([], 0), ([[2, 1], [0, 2]], [1, 2])]
)
def test_a_city_has_the_highest_level_of_its_sections(sections: list[int], city: int | list[int]) -> None:
    """1 is higher than 2, and 0 is none."""
    assert city_warning(sections).tolist() == city


def test_targets_of_sections_spread_over_the_months() -> None:
    """Shapes broadcast; a missing target is not judged."""
    found = warning_levels((np.full((2, 3), 5), 3), (np.full((2, 3), 5), 3), [[3], [0]], RULE)
    assert found.level.tolist() == [[1, 1, 1], [0, 0, 0]]
    assert found.judged.tolist() == [[True] * 3, [False] * 3]


@pytest.mark.parametrize(
    ("month", "cumulative", "target", "value", "words"),
    [
        ((5, 3), (5, 3), 3, "一级预警", "均下降2个类别及以上"),
        ((5, 3), (4, 3), 3, "二级预警", "当月由Ⅲ类变为Ⅴ类，累计由Ⅲ类变为Ⅳ类，均下降1个类别及以上"),
        ((3, 3), (4, 3), 3, None, "不预警"),
        ((0, 3), (4, 3), 3, None, "不判定"),
    ],
)
def test_an_explanation_tells_the_same_level(
    month: tuple[int, int], cumulative: tuple[int, int], target: int, value: str | None, words: str
) -> None:
    """With the classes of this year and last."""
    told = explain_warning_level(month, cumulative, target, RULE, MEASURES)
    assert zh(told) == value
    assert words in told.rule.zh
    assert len(told.parts) == 3


@pytest.mark.parametrize("number", [-1, 3])
def test_a_level_that_does_not_exist_is_refused(number: int) -> None:
    """0 is no warning."""
    assert RULE.level(0) is None
    with pytest.raises(LookupError, match=f"the level of warning has the number {number}; it is 1 … 2"):
        RULE.level(number)


def test_zhejiang_is_among_the_provinces() -> None:
    """Eleven of them."""
    assert len(RULE.publication.provinces) == 11
    assert "浙江" in RULE.publication.provinces


@pytest.mark.parametrize(
    ("levels", "value", "rule"),
    [
        ([0, 2, 1], "一级预警", "3个断面中2个预警，按其中最高等级确定：一级预警（丙）"),
        ([2, 0, 2], "二级预警", "3个断面中2个预警，按其中最高等级确定：二级预警（甲、丙）"),
        ([0, 0, 0], None, "3个断面均不预警"),
    ],
)
def test_the_warning_of_a_city_is_told_with_its_sections(levels: list[int], value: str | None, rule: str) -> None:
    """The highest one counts."""
    told = explain_city_warning(levels, named("甲乙丙"), RULE)
    row = RULE.level(int(city_warning(levels)))
    assert (zh(told), told.rule.zh) == (value, rule)
    assert told.value == (row.level if row else None)
    assert [(part.name.zh, part.name.en) for part in told.parts] == [("甲", "no. 1"), ("乙", "no. 2"), ("丙", "no. 3")]
    assert chinese(told.rule.en) == []


def test_a_section_without_a_class_last_year_is_told_so() -> None:
    """None is no name of a class."""
    told = explain_warning_level((5, 0), (4, 3), 3, RULE, MEASURES)
    assert [part.rule.zh for part in told.parts[:2]] == ["上年同期无类别", "上年同期为Ⅲ类"]
