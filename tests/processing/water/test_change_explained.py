"""Explanations of changes of the water: the value is that of the figure, and the way is told."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.standards import Text
from qingchuan.processing.water.change import change_by_concentration, change_by_status, change_words
from qingchuan.processing.water.change_explained import (
    explain_change_by_concentration,
    explain_change_by_shares,
    explain_change_by_status,
)
from tests.support.explained import zh

MEASURES = standards.load("hb2011_22", standards.WaterStatus)
LIMITS = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
NAN = float("nan")


def test_shares_tell_the_same_change() -> None:
    """With both differences; and say when there is nothing to compare."""
    told = explain_change_by_shares((90.0, 78.9), (5.3, 5.3), MEASURES)
    assert zh(told) == "有所变差"
    assert told.rule.en == "ΔG of classes Ⅰ–Ⅲ −11.1, ΔD of worse than Ⅴ +0.0 points: ΔG − ΔD = −11.1, somewhat worse"
    assert explain_change_by_shares((np.nan, 78.9), (5.3, 5.3), MEASURES).value is None


def test_every_change_of_status_is_told_as_it_is_judged() -> None:
    """All pairs, none among them; the parts are the two statuses."""
    names = [None, "优", "良好", "轻度污染", "中度污染", "重度污染"]
    for earlier, later in product(range(6), repeat=2):
        told = explain_change_by_status(earlier, later, MEASURES)
        assert told.value == change_words(int(change_by_status(earlier, later, MEASURES)), MEASURES)
        assert [zh(part) for part in told.parts] == [names[earlier], names[later]]


@pytest.mark.parametrize(
    ("earlier", "later", "rule"),
    [
        (
            3,
            3,
            Text("水质状况同为轻度污染，无明显变化", "the status is Lightly polluted both times: not markedly changed"),
        ),
        (
            3,
            2,
            Text(
                "水质状况由轻度污染变为良好，好转1个等级，有所好转",
                "from Lightly polluted to Good, better by 1 level: somewhat better",
            ),
        ),
        (
            1,
            3,
            Text(
                "水质状况由优变为轻度污染，变差2个等级，明显变差",
                "from Excellent to Lightly polluted, worse by 2 levels: markedly worse",
            ),
        ),
        (0, 3, Text("缺少水质状况，不评价", "a status is missing, so nothing is compared")),
    ],
)
def test_a_change_of_status_is_told_with_its_levels(earlier: int, later: int, rule: Text) -> None:
    """The same, one level, two; in both directions."""
    assert explain_change_by_status(earlier, later, MEASURES).rule == rule


@given(
    st.one_of(st.just(NAN), st.integers(-2, 400).map(lambda hundredths: hundredths / 100)),
    st.one_of(st.just(NAN), st.integers(-2, 400).map(lambda hundredths: hundredths / 100)),
    st.sampled_from(["do", "tp", "ph", "codmn"]),
)
def test_a_concentration_tells_the_change_of_the_function(earlier: float, later: float, item: str) -> None:
    """Value and exact value; none where there is none."""
    found = change_by_concentration([earlier], [later], (item,), "river", LIMITS, MEASURES)
    told = explain_change_by_concentration(earlier, later, item, "river", LIMITS, MEASURES)
    assert told.value == (int(found.percent[0]) / 10 if found.known[0] else None)
    assert (told.exact is not None) == bool(found.known[0])
    if told.exact is not None:
        assert round(told.exact * 10) == found.percent[0]


@pytest.mark.parametrize(
    ("item", "earlier", "later", "rule"),
    [
        ("do", 5.0, 6.0, "(6−5)÷5×100%，按GB/T 8170修约为+20.0%，浓度升高，好转"),
        ("tp", 0.2, 0.25, "(0.25−0.2)÷0.2×100%，按GB/T 8170修约为+25.0%，浓度升高，变差"),
        ("tp", 0.2, 0.2, "(0.2−0.2)÷0.2×100%，按GB/T 8170修约为+0.0%，浓度不变"),
        ("ph", 7.0, 8.0, "pH值限值为上下两限，不计算变化率"),
        ("tp", 0.0, 0.2, "缺少浓度或前一时段浓度为零，不计算"),
        ("tp", NAN, 0.2, "缺少浓度或前一时段浓度为零，不计算"),
    ],
)
def test_a_change_of_concentration_says_which_way_is_better(item: str, earlier: float, later: float, rule: str) -> None:
    """Oxygen the more, phosphorus the less; neither of pH, and nothing out of nothing."""
    told = explain_change_by_concentration(earlier, later, item, "river", LIMITS, MEASURES)
    assert told.rule.zh == rule
    assert [part.value for part in told.parts] == [None if np.isnan(one) else one for one in (earlier, later)]
