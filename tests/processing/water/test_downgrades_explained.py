"""Changes of a section's class explained."""

from __future__ import annotations

import pytest

from qingchuan.processing import standards
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.water.downgrades import class_change, target_change
from qingchuan.processing.water.downgrades_explained import explain_class_change, explain_target_change

MEASURES = standards.load("hb2011_22", standards.WaterStatus)
LAST_YEAR = Text("上年同期", "the same period last year")


@pytest.mark.parametrize(
    ("earlier", "later", "value", "words"),
    [
        ([3, 3], [5, 4], 2, "较上年同期由Ⅲ类降为Ⅴ类，下降2个类别；影响项目：氨氮（Ⅲ→Ⅴ）、总磷（Ⅲ→Ⅳ）"),
        ([5, 3], [3, 3], -2, "较上年同期由Ⅴ类升为Ⅲ类，上升2个类别；影响项目：氨氮（Ⅴ→Ⅲ）"),
        ([5, 3], [2, 0], -2, "由Ⅴ类升为Ⅱ类，上升2个类别（缺测项目按原类别计）；影响项目：氨氮（Ⅴ→Ⅱ）"),
        ([5, 3], [0, 3], 0, "原定类项目本期缺测，不计为好转"),
        ([2, 3], [3, 2], 0, "与上年同期同为Ⅲ类，类别不变"),
        ([2, 0], [2, 6], 4, "影响项目：总磷（无→劣Ⅴ）"),
        ([0, 0], [2, 6], None, "无水质类别，不比较"),
    ],
)
def test_an_explanation_tells_the_same_change(
    earlier: list[int], later: list[int], value: int | None, words: str
) -> None:
    """With the items that caused it."""
    told, found = (
        explain_class_change(earlier, later, ("nh3n", "tp"), LAST_YEAR, MEASURES),
        class_change(earlier, later),
    )
    assert told.value == value == (int(found.classes) if found.compared else None)
    assert words in told.rule.zh
    assert len(told.parts) == 2


@pytest.mark.parametrize(
    ("target", "later", "value", "words"),
    [
        (3, [5, 4], 2, "Ⅴ类，未达到水质目标Ⅲ类，相差2个类别；超标项目：氨氮（Ⅴ）、总磷（Ⅳ）"),
        (3, [3, 1], 0, "Ⅲ类，达到水质目标Ⅲ类"),
        (0, [3, 1], None, "不判定达标"),
    ],
)
def test_an_explanation_tells_how_far_a_target_is(target: int, later: list[int], value: int | None, words: str) -> None:
    """With the items that miss it."""
    told, found = explain_target_change(target, later, ("nh3n", "tp"), MEASURES), target_change(target, later)
    assert told.value == value == (int(found.classes) if found.compared else None)
    assert words in told.rule.zh
