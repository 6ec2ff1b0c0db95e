"""Explanations of warnings: the level and the lifting are those of the functions, and the days are named."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.warnings import may_be_lifted, warning_levels
from qingchuan.processing.air.warnings_explained import explain_may_be_lifted, explain_warning_level
from qingchuan.processing.standards import HeavyPollutionWarning, Text
from tests.support.explained import zh

OLD, NEW = (standards.load(f"heavy_pollution_{year}", HeavyPollutionWarning) for year in (2018, 2024))
DAYS = st.lists(st.sampled_from([-1, 100, 150, 151, 200, 201, 300, 301, 499, 500]), max_size=12)
DATES = np.arange("2026-01-01", "2026-02-01", dtype="datetime64[D]")


def _longest(aqi: list[int], least: int) -> int:
    """Most days in a row with at least this AQI."""
    return max((len(list(row)) for over, row in groupby(aqi, key=lambda one: one >= least) if over), default=0)


@given(DAYS)
def test_the_explanation_has_the_level_of_the_function(aqi: list[int]) -> None:
    """And the longest run of each bound, none without a warning."""
    dates = np.arange("2026-01-01", "2026-02-01", dtype="datetime64[D]")[: len(aqi)]
    for rule in (OLD, NEW):
        found = warning_levels(np.array(aqi, np.int16), np.zeros(len(aqi), np.bool_), rule)
        told = explain_warning_level(np.array(aqi, np.int16), np.zeros(len(aqi), np.bool_), dates, rule)
        row = rule.level(int(found.level))
        assert told.value == (row.level if row else None)
        assert (told.valid, told.expected) == (sum(value >= 0 for value in aqi), len(aqi))
        for part in told.parts:
            assert part.limit is not None
            least = int(part.limit) + (0 if part.name.zh.startswith("AQI达到") else 1)
            assert part.value == _longest(aqi, least)


def test_the_explanation_names_the_days_and_the_condition() -> None:
    """Of several conditions the one that is met; without a warning, why not."""
    dates = np.arange("2026-01-01", "2026-01-05", dtype="datetime64[D]")
    told = explain_warning_level([151, 152, 153, 90], np.zeros(4, np.bool_), dates, NEW)
    assert told.rule.zh == "2026-01-01至2026-01-03共3天：AQI大于150持续72小时及以上，达到橙色预警条件"
    assert told.rule.en == "2026-01-01 to 2026-01-03, 3 days: an AQI above 150 for 72 hours or more: orange warning"
    told = explain_warning_level([90, 500, 90, 90], np.zeros(4, np.bool_), dates, OLD)
    assert told.rule.zh == "2026-01-02：AQI达到500，达到红色预警条件"
    told = explain_warning_level([90, 210, 90, 90], [False, True, False, False], dates, NEW)
    assert told.rule.zh == "4天均未达到预警条件（其中1天以臭氧或沙尘等为主，另行应对）"
    told = explain_warning_level([90, -1, 90, 90], [False] * 4, dates, NEW)
    assert told.rule.zh == "1天无AQI，其余各日未达到任何预警条件，不能排除预警"


def test_an_all_clear_names_other_measures_only_where_there_are_any() -> None:
    """Not "0 days of them"."""
    dates = np.arange("2026-01-01", "2026-01-03", dtype="datetime64[D]")
    told = explain_warning_level([90, 80], np.zeros(2, np.bool_), dates, NEW)
    assert told.rule.zh == "2天均未达到预警条件"
    assert told.rule.en == "2 days meet no condition of a warning"
    assert explain_warning_level([90, 201], [False, False], dates, NEW).rule.zh == (
        "2026-01-02：AQI大于200，达到黄色预警条件"
    )


@given(st.lists(st.tuples(st.sampled_from([-1, 100, 150, 151, 201]), st.booleans()), max_size=4))
def test_lifting_is_told_as_it_is_judged(days: list[tuple[int, bool]]) -> None:
    """A part for each of the two days that decide; as many are quiet as the verdict needs, or fewer."""
    aqi, other = np.array([day[0] for day in days], np.int16), np.array([day[1] for day in days], np.bool_)
    told = explain_may_be_lifted(aqi, other, DATES[: len(days)], NEW)
    lifted = bool(may_be_lifted(aqi, other, NEW))
    assert told.value == (Text("可以解除", "may be lifted") if lifted else Text("暂不解除", "stays"))
    assert (told.valid == told.expected) is lifted
    assert [part.value for part in told.parts] == [one if one >= 0 else None for one, _ in days[:2]]
    assert told.rule.zh.endswith("已满足") is lifted


@pytest.mark.parametrize(
    ("aqi", "other", "rule"),
    [
        ([90, 80, 300], [False] * 3, Text("已满足", "it does")),
        (
            [90, 210],
            [False] * 2,
            Text("2026-01-02达到黄色预警条件", "2026-01-02 meets the condition of a yellow warning"),
        ),
        ([90, -1], [False] * 2, Text("2026-01-02无AQI", "2026-01-02 has no AQI")),
        ([90], [False], Text("预测仅有1天", "the forecast has 1 day only")),
        ([90, 210], [False, True], Text("已满足", "it does")),
    ],
)
def test_what_keeps_a_warning_is_named(aqi: list[int], other: list[bool], rule: Text) -> None:
    """The day that is too bad, the one without an AQI, a forecast that is too short; ozone and dust keep none."""
    told = explain_may_be_lifted(aqi, other, DATES[: len(aqi)], NEW)
    zh_, en = "须自2026-01-01起预测持续36小时以上（2个整日）低于黄色预警条件：", " (2 whole days) from 2026-01-01 on: "
    assert told.rule.zh == zh_ + rule.zh
    assert told.rule.en.endswith(en + rule.en)


def test_a_day_is_bad_by_the_run_that_it_begins() -> None:
    """151 on the second day and on the third are a yellow warning, so that the second is not below it."""
    told = explain_may_be_lifted([150, 151, 151], np.zeros(3, np.bool_), DATES[:3], NEW)
    assert (zh(told), told.parts[1].rule.zh) == ("暂不解除", "达到黄色预警条件")
    assert told.parts[0].rule == Text("低于黄色预警条件", "below the conditions of a yellow warning")


def test_an_edition_without_a_condition_for_lifting_is_refused() -> None:
    """As the function refuses it; and no forecast lifts nothing."""
    with pytest.raises(LookupError, match="the edition heavy_pollution_2018 has no condition for lifting"):
        explain_may_be_lifted([90, 90], [False] * 2, DATES[:2], OLD)
    none = explain_may_be_lifted([], [], DATES[:0], NEW)
    assert none.rule.zh == "须预测持续36小时以上（2个整日）低于黄色预警条件：预测仅有0天"
