"""Exceedance multiples explained."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.water.pollutants import told_multiples
from qingchuan.processing.water.pollutants_explained import explain_multiple
from tests.support.explained import figure

GB3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
MEASURES = standards.load("hb2011_22", standards.WaterStatus)
NAN = float("nan")


@given(
    st.integers(-10, 3000).map(lambda number: number / 100) | st.just(NAN),
    st.sampled_from(["codmn", "nh3n", "tp", "do", "ph", "turbidity", "tn"]),
    st.integers(0, 5),
)
def test_a_multiple_is_told_as_it_is_computed(value: float, item: str, target: int) -> None:
    """Whatever is missing, without limit or without target; the exact one rounds to it."""
    told = explain_multiple(value, item, "river", target, GB3838, MEASURES)
    found = float(told_multiples([value], (item,), "river", target, GB3838, MEASURES)[0])
    assert np.array_equal(figure(told), found, equal_nan=True)
    assert (told.exact is None) is (told.limit is None) is (told.value is None)
    assert all((told.rule.zh, told.rule.en))


def test_a_multiple_is_told_with_its_limit() -> None:
    """Mercury has a limit with four noughts."""
    told = explain_multiple(0.00025, "mercury", "river", 3, GB3838, MEASURES)
    assert (told.value, told.exact, told.decimals, told.limit) == (1.5, Fraction(3, 2), 1, 0.0001)
    assert told.rule.zh == ("超过Ⅲ类限值 0.0001 mg/L，超标倍数为 (0.00025−0.0001)/0.0001，按四舍六入五成双修约，为 1.5")


@pytest.mark.parametrize(
    ("item", "value", "target", "rule"),
    [
        ("turbidity", 9.0, 3, "GB 3838—2002 未规定限值"),
        ("ph", 10.0, 3, "pH值不计算超标倍数"),
        ("do", 1.0, 3, "溶解氧不计算超标倍数"),
        ("codmn", 9.0, 0, "无目标类别，不计算"),
        ("codmn", NAN, 3, "缺测，不计算"),
        ("codmn", -1.0, 3, "缺测，不计算"),
        ("codmn", 6.0, 3, "不超过Ⅲ类限值 6 mg/L"),
        ("codmn", 4.0, 2, "不超过Ⅱ类限值 4 mg/L"),
    ],
)
def test_where_there_is_no_multiple_the_reason_is_told(item: str, value: float, target: int, rule: str) -> None:
    """One sentence each."""
    told = explain_multiple(value, item, "river", target, GB3838, MEASURES)
    assert (told.value, told.rule.zh) == (None, rule)
