"""Explanations of rates: the value is that of the figure, the parts add up."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.rates import assessed_good_air_rate, comprehensive_attainment_rate, good_air_rate
from qingchuan.processing.air.rates_explained import (
    explain_assessed_good_air_rate,
    explain_attainment_rate,
    explain_comprehensive_attainment_rate,
    explain_good_air_rate,
)

RULES = standards.load("hj663_2013", standards.AirAssessment)
DUST = standards.load("hb2016_120", standards.DustRules)
DAYS = st.lists(st.tuples(st.integers(-1, 300), st.integers(-1, 300), st.booleans()), min_size=1, max_size=50)


@given(DAYS)
def test_the_value_is_that_of_the_rate(days: list[tuple[int, int, bool]]) -> None:
    """Published and assessed; the parts are the numbers that were divided."""
    aqi, without, complete = (np.array(column) for column in zip(*days, strict=True))
    published = good_air_rate(aqi, complete, 100, 1)
    assessed = assessed_good_air_rate(aqi, complete, without, 100, 1)
    pairs = [
        (explain_good_air_rate(aqi, complete, 100, RULES), published),
        (explain_assessed_good_air_rate(aqi, complete, without, 100, RULES, DUST), assessed),
    ]
    for told, found in pairs:
        assert told.value == (float(found.percent) if found.valid else None)
        assert (told.valid, told.expected) == (int(found.valid), len(days))
        assert told.exact == (Fraction(100 * int(found.good), int(found.valid)) if found.valid else None)
        assert told.parts[0].value == found.good
    deducted = pairs[1][0].parts[2].value
    assert deducted == int(published.valid) - int(assessed.valid)


def test_days_that_do_not_count_are_told_with_the_reason() -> None:
    """Without an AQI; incomplete and good so far; incomplete and bad already."""
    told = explain_good_air_rate([40, 101, 60, 130, -1, -1], [True, True, False, False, False, True], 100, RULES)
    assert told.rule.zh == "优良天数1天÷有效天数3天×100%=33.3%"
    assert told.parts[1].rule.zh == (
        "共6天，其中无AQI 2天、项目不全且AQI不大于100的1天不计入；项目不全但AQI已大于100的1天计入"
    )
    assert told.parts[1].value == 3


def test_limits_of_two_editions_are_both_named() -> None:
    """Each day has its own; a day without an edition has none."""
    told = explain_good_air_rate([90, 90, -1], [True] * 3, [100, 80, -1], RULES)
    assert told.parts[0].rule.zh == "AQI不大于80或100的有效天数"


def test_the_definition_of_the_deduction_is_stated() -> None:
    """Its official formula was not seen, and that is said."""
    told = explain_assessed_good_air_rate([210, 50], [True] * 2, [90, 50], 100, RULES, DUST)
    assert told.rule.zh == "优良天数1天÷有效天数1天×100%=100.0%（已扣除沙尘影响超标1天）"
    assert "官方计算公式未见" in told.parts[2].rule.zh
    assert told.source is not None
    assert told.source.document == "环办监测〔2016〕120号"


def test_no_day_is_told_as_that() -> None:
    """Never a rate of zero."""
    told = explain_good_air_rate([-1], [True], 100, RULES)
    assert (told.value, told.exact, told.rule.zh) == (None, None, "时段内无有效天数")


def test_the_rate_of_all_items_is_told_with_that_of_each() -> None:
    """Days with something missing are counted apart."""
    attained = np.array([[True, True, True, False], [True, False, True, False]])
    valid = np.array([[True, True, True, False], [True, True, False, False]])
    told = explain_comprehensive_attainment_rate(["pm25", "o3_8h"], attained, valid, RULES)
    assert told.value == float(comprehensive_attainment_rate(attained, valid, 1).percent)
    assert told.rule.zh == "达标1天÷有效监测3天×100%=33.3%"
    assert [part.value for part in told.parts] == [1, 100.0, 50.0]
    none = explain_attainment_rate("co", [False], [False], RULES)
    assert (none.value, none.rule.zh) == (None, "时段内无有效天数")
