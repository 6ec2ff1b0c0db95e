"""Explanations of statistics: the value is that of the figure, and the way is the one that was gone."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.statistics import monthly_means, period_statistics
from qingchuan.processing.air.statistics_explained import (
    explain_enough_days,
    explain_monthly_means,
    explain_period_mean,
    explain_period_percentile,
)
from qingchuan.processing.calendar_periods import month_of, year_of
from qingchuan.processing.scaled import MISSING
from tests.support.explained import zh

RULES = standards.load("hj663_2013", standards.AirAssessment)
MONTH, YEAR = month_of(date(2025, 4, 1)), year_of(date(2025, 1, 1))
DAYS = st.lists(st.one_of(st.integers(0, 300), st.just(MISSING)), min_size=30, max_size=30)


@given(DAYS, st.sampled_from(["co", "o3_8h", "pm25"]), st.integers(0, 1))
def test_the_value_is_that_of_the_figure_and_the_exact_one_rounds_to_it(days: list[int], item: str, more: int) -> None:
    """Mean and percentile, of one and of no more decimals."""
    values, scale = np.array(days, np.uint16), 10 ** (RULES.decimals.items[item] + more)
    found = period_statistics({item: values}, MONTH.dates, MONTH, RULES, decimals=more)[item]
    mean = explain_period_mean(item, values, MONTH.dates, MONTH, RULES, decimals=more)
    percentile = explain_period_percentile(item, values, MONTH.dates, MONTH, RULES, decimals=more)
    for told, scaled in ((mean, int(found.mean)), (percentile, int(found.percentile))):
        assert told.value == (None if scaled == MISSING else scaled / scale)
        assert (told.valid, told.expected) == (int(found.count), 30)
        assert (told.exact is None) == (scaled == MISSING)
        if told.exact is not None:
            assert round(told.exact * scale) == scaled
            assert told.decimals == RULES.decimals.items[item] + more


def test_a_mean_is_told_with_its_sum_and_its_days() -> None:
    """Both languages, the source, and whether it is valid."""
    values = np.array([6, 7, MISSING] * 10, np.uint16)
    told = explain_period_mean("co", values, MONTH.dates, MONTH, RULES)
    assert told.name == standards.Text("一氧化碳2025年4月平均浓度", "mean of Carbon monoxide, 2025-04")
    assert told.rule.zh == "20个有效日均值之和13.0除以20，按GB/T 8170修约为0.6"
    assert told.rule.en == "the sum 13.0 of 20 valid days, divided by 20, rounded half to even to 0.6"
    assert (told.value, told.unit, told.exact) == (0.6, "mg/m³", Fraction(13, 20))
    assert told.source is not None
    assert (told.source.document, told.source.clause, told.source.page) == ("HJ 663—2013", "A.1, A.2; 6.3", 6)
    assert [zh(part) for part in told.parts] == ["有效"]


@pytest.mark.parametrize(
    ("days", "places", "rule"),
    [
        ([2, 3, 4, 4, 5, 8], [5, 6], "6个值升序排列，序数k=1+(6−1)×90%=5.5，m=5+(8−5)×0.5=6.5，修约为6"),
        ([7], [1], "1个值升序排列，序数k=1+(1−1)×90%=1，m=7，修约为7"),
        (list(range(11)), [10], "11个值升序排列，序数k=1+(11−1)×90%=10，m=9，修约为9"),
    ],
)
def test_a_percentile_is_told_with_its_place_and_its_neighbours(days: list[int], places: list[int], rule: str) -> None:
    """Between two values, on one, of one alone."""
    values = np.array(days + [MISSING] * (30 - len(days)), np.uint16)
    told = explain_period_percentile("o3_8h", values, MONTH.dates, MONTH, RULES)
    assert told.rule.zh == rule
    assert [part.value for part in told.parts[:-1]] == [float(sorted(days)[place - 1]) for place in places]


def test_nothing_valid_is_told_as_that() -> None:
    """No value, no exact one, no neighbours."""
    values = np.full(30, MISSING, np.uint16)
    for explain in (explain_period_mean, explain_period_percentile):
        told = explain("so2", values, MONTH.dates, MONTH, RULES)
        assert (told.value, told.exact, told.valid, len(told.parts)) == (None, None, 0, 1)
        assert told.rule.zh in {"时段内无有效日值", "无有效值"}
        assert zh(told.parts[0]) == "无效"


def test_an_item_without_a_percentile_is_refused() -> None:
    """Lead is judged by its mean only."""
    with pytest.raises(LookupError, match="the item has the key 'pb'; no percentile of it is judged"):
        explain_period_percentile("pb", np.zeros(30, np.uint16), MONTH.dates, MONTH, RULES)


def test_validity_names_the_months_that_are_short() -> None:
    """How many there are and how many there should be."""
    values = np.full(365, 20, np.uint16)
    values[31 : 31 + 4] = MISSING
    values[-5:] = MISSING
    found = period_statistics({"pm25": values}, YEAR.dates, YEAR, RULES)["pm25"]
    told = explain_enough_days(found, RULES)
    assert (zh(told), told.valid, told.expected, told.limit) == ("无效", 356, 365, 324)
    assert told.rule.zh == "有效日356天，应不少于324天；不足的月份：2月24天（应不少于25天），12月26天（应不少于27天）"
    assert told.rule.en == "356 valid days, at least 324 needed; too few: month 2 has 24 of 25, month 12 has 26 of 27"


def test_validity_says_where_the_text_asks_for_nothing() -> None:
    """A month has no minimum."""
    found = period_statistics({"pm25": np.full(30, 20, np.uint16)}, MONTH.dates, MONTH, RULES)["pm25"]
    told = explain_enough_days(found, RULES)
    assert (zh(told), told.limit) == ("有效", None)
    assert told.rule.zh == "有效日30天（共30天）；标准对该时段未规定最少有效天数"


def test_months_that_have_just_enough_are_not_named() -> None:
    """27 days, and 25 in February."""
    values = np.full(365, 20, np.uint16)
    values[31 : 31 + 3] = MISSING
    values[-4:] = MISSING
    found = period_statistics({"pm25": values}, YEAR.dates, YEAR, RULES)["pm25"]
    told = explain_enough_days(found, RULES)
    assert (zh(told), told.rule.zh) == ("有效", "有效日358天，应不少于324天；各月有效天数均满足要求")


@given(DAYS, st.sampled_from(["co", "pm25"]), st.integers(0, 1))
def test_months_are_told_as_they_are_computed(days: list[int], item: str, more: int) -> None:
    """Thirty days over the turn of a month, in any order: value, exact value and days of both."""
    dates = np.arange("2025-01-20", "2025-02-19", dtype="datetime64[D]")[::-1]
    values, scale = np.array(days, np.uint16), 10 ** (RULES.decimals.items[item] + more)
    found = monthly_means(values, dates, decimals=more)
    told = explain_monthly_means(item, values, dates, RULES, decimals=more)
    assert [part.name.zh for part in told.parts] == ["2025年1月", "2025年2月"]
    for part, mean, count in zip(told.parts, found.mean.tolist(), found.counts.tolist(), strict=True):
        assert part.value == (None if mean == MISSING else mean / scale)
        assert part.exact is None if mean == MISSING else round(part.exact * scale) == mean
        assert part.valid == count
    assert [part.expected for part in told.parts] == [31, 28]
