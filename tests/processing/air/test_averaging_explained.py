"""Explanations of daily means and maxima: sums, counts and rules; and the value is that of the arrays."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from qingchuan.processing import standards
from qingchuan.processing.air.averaging import daily_max_8h, daily_mean
from qingchuan.processing.air.averaging_explained import explain_daily_max_8h, explain_daily_mean
from qingchuan.processing.scaled import MISSING, Scaled

RULES = standards.load("hj663_2013", standards.AirAssessment)
DAY = stn.arrays(np.uint16, 24, elements=st.one_of(st.integers(0, 300), st.just(MISSING)))
LIMIT = 160


@given(DAY)
def test_an_explained_mean_is_that_of_the_arrays(hours: Scaled) -> None:
    """And its exact value rounds to it."""
    told, mean = explain_daily_mean("co", hours, RULES), int(daily_mean(hours.reshape(24, 1), RULES)[0, 0])
    assert told.value == (None if mean == MISSING else mean / 10)
    assert told.exact is None or round(told.exact * 10) == mean
    assert (told.valid, told.expected, len(told.parts)) == ((hours != MISSING).sum(), 24, 24)


@given(DAY)
def test_an_explained_maximum_is_that_of_the_arrays(hours: Scaled) -> None:
    """The largest of its parts is the value, unless too few of them are valid."""
    told = explain_daily_max_8h("o3_8h", hours, RULES, LIMIT)
    largest = int(daily_max_8h(hours.reshape(24, 1), RULES, LIMIT)[0, 0])
    assert told.value == (None if largest == MISSING else largest)
    means = [part.value for part in told.parts if isinstance(part.value, float)]
    assert (told.valid, told.expected) == (len(means), 17)
    assert told.value is None or told.value == max(means)
    assert told.exact is None or round(told.exact) == largest


@pytest.mark.parametrize(
    ("missing", "value", "rule"),
    [
        (4, 1.0, "20个有效小时浓度之和20.0÷20=1，修约为1.0"),
        (5, None, "有效小时19个，少于20个，日均值无效"),
    ],
)
def test_a_mean_tells_its_sum_or_why_there_is_none(missing: int, value: float | None, rule: str) -> None:
    """Both sides of 20 hours; CO has one decimal."""
    told = explain_daily_mean("co", np.array([MISSING] * missing + [10] * (24 - missing), np.uint16), RULES)
    assert (told.value, told.rule.zh) == (value, rule)
    assert [part.rule.zh for part in told.parts[:1]] == ["缺测"]


def test_a_tie_is_shown_before_it_is_rounded() -> None:
    """276 over 24 is 11.5, which goes to 12."""
    told = explain_daily_mean("pm25", np.arange(24, dtype=np.uint16), RULES)
    assert (told.exact, told.value) == (Fraction(23, 2), 12)
    assert told.rule.en == "the sum of 24 valid hours, 276÷24=11.5, rounded to 12"
    assert told.source is not None
    assert told.source.document == "HJ 663—2013"


@pytest.mark.parametrize(
    ("hour", "rule"),
    [
        (160, "17个8小时平均中3个有效，少于14个，且最大值未超过160，无效"),
        (
            161,
            "17个8小时平均中3个有效，虽少于14个，但最大值超过160，仍有效；最大者为22时的8小时平均：6个有效小时浓度之和966÷6=161，修约为161",
        ),
    ],
)
def test_too_few_windows_count_only_above_the_limit(hour: int, rule: str) -> None:
    """Both sides of the limit; the first of the largest is named."""
    hours = np.array([MISSING] * 16 + [hour] * 8, np.uint16)
    assert explain_daily_max_8h("o3_8h", hours, RULES, LIMIT).rule.zh == rule


def test_a_window_with_too_few_hours_says_so() -> None:
    """Five of eight."""
    hours = np.array([MISSING] * 3 + [50] * 21, np.uint16)
    first = explain_daily_max_8h("o3_8h", hours, RULES, LIMIT).parts[0]
    assert (first.value, first.rule.zh, first.valid, first.expected) == (None, "有效小时5个，少于6个", 5, 8)


@pytest.mark.parametrize("shape", [(23,), (24, 1), (48,)])
def test_hours_that_are_not_one_day_are_refused(shape: tuple[int, ...]) -> None:
    """The message shows the shape and what it must be."""
    hours = np.zeros(shape, np.uint16)
    with pytest.raises(ValueError, match=r"one day has \(24,\)"):
        explain_daily_mean("pm25", hours, RULES)
    with pytest.raises(ValueError, match=r"one day has \(24,\)"):
        explain_daily_max_8h("o3_8h", hours, RULES, LIMIT)


@pytest.mark.parametrize(
    ("hours", "rule"), [(19, "17个8小时平均中14个有效；最大者为"), (18, "17个8小时平均中13个有效，少于14个，")]
)
def test_fourteen_windows_are_enough_and_thirteen_are_told_to_be_too_few(hours: int, rule: str) -> None:
    """Both sides of 6.1.2, below the limit."""
    day = np.array([MISSING] * (24 - hours) + [50] * hours, np.uint16)
    assert explain_daily_max_8h("o3_8h", day, RULES, LIMIT).rule.zh.startswith(rule)
