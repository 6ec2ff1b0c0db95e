"""Explanations of attainment: of an hour, a day, a year, and of all items together."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from qingchuan.processing import standards
from qingchuan.processing.air.attainment_explained import (
    Judging,
    explain_exceedance_multiple,
    explain_period_attainment,
    explain_short_term_attainment,
)
from qingchuan.processing.air.combined_attainment_explained import explain_combined_attainment
from qingchuan.processing.calendar_periods import quarter_of, year_of
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards.air_limits import LimitAveraging
from tests.support.explained import zh

RULES = standards.load("hj663_2013", standards.AirAssessment)
LIMITS = standards.load("gb3095_2012", standards.AmbientAirLimits)
YEAR = year_of(date(2025, 1, 1))
JUDGING = Judging(LIMITS, RULES, 2, YEAR.last)


def _year(value: int) -> Scaled:
    return np.full(365, value, np.uint16)


@pytest.mark.parametrize(
    ("item", "value", "averaging", "verdict", "rule"),
    [
        ("co", 40, "day", "达标", "4.0 mg/m³不大于二级日浓度限值4.0 mg/m³，达标"),
        ("co", 41, "day", "不达标", "4.1 mg/m³大于二级日浓度限值4.0 mg/m³，不达标"),
        ("o3", 201, "hour", "不达标", "201 µg/m³大于二级1小时平均浓度限值200 µg/m³，不达标"),
        ("no2", MISSING, "day", "不评价", "缺测，不评价"),
    ],
)
def test_an_hour_or_a_day_is_told_with_its_limit(
    item: str, value: int, averaging: LimitAveraging, verdict: str, rule: str
) -> None:
    """Both sides of it, and what is missing; an exceedance comes with its multiple."""
    told = explain_short_term_attainment(item, value, averaging, JUDGING)
    assert (zh(told), told.rule.zh) == (verdict, rule)
    assert len(told.parts) == (verdict == "不达标")


def test_a_multiple_is_told_as_a_division() -> None:
    """And as nothing where nothing is exceeded."""
    told = explain_exceedance_multiple("co", 50, 40, RULES)
    assert (told.value, told.exact, told.rule.zh) == (0.25, Fraction(1, 4), "(5.0−4.0)÷4.0=0.25")
    none = explain_exceedance_multiple("co", 40, 40, RULES)
    assert (none.value, none.exact, none.rule.zh) == (None, None, "未超标，无超标倍数")


def test_a_year_is_told_with_mean_percentile_and_multiples() -> None:
    """PM2.5 of 2012 at 80 µg/m³: both exceed."""
    told = explain_period_attainment("pm25", _year(80), YEAR.dates, YEAR, JUDGING)
    assert zh(told) == "不达标"
    assert told.rule.zh == (
        "80 µg/m³大于二级年平均浓度限值35 µg/m³，不达标；80 µg/m³大于二级日浓度限值75 µg/m³，不达标"
    )
    assert told.rule.en.startswith("80 µg/m³ is above the annual limit of grade II, 35 µg/m³: not attained; ")
    assert [part.value for part in told.parts] == [80.0, 80.0, 1.29, 0.07]


def test_carbon_monoxide_is_told_by_its_percentile_alone_and_lead_by_its_quarter() -> None:
    """No annual mean of the one, no percentile of the other."""
    told = explain_period_attainment("co", _year(10), YEAR.dates, YEAR, JUDGING)
    assert (zh(told), told.rule.zh) == ("达标", "1.0 mg/m³不大于二级日浓度限值4.0 mg/m³，达标")
    quarter = quarter_of(date(2025, 1, 1))
    lead = explain_period_attainment("pb", np.full(90, 80, np.uint16), quarter.dates, quarter, JUDGING)
    assert (zh(lead), lead.rule.zh) == ("达标", "0.80 µg/m³不大于二级季平均浓度限值1.00 µg/m³，达标")


def test_a_year_that_is_not_valid_is_not_judged() -> None:
    """Six months of values are not a year."""
    days = _year(80)
    days[180:] = MISSING
    told = explain_period_attainment("pm25", days, YEAR.dates, YEAR, JUDGING)
    assert (zh(told), told.valid, told.expected) == ("不评价", 180, 365)
    assert told.rule.zh == "不满足数据统计有效性要求，统计结果无效，不评价"
    assert [part.value for part in told.parts] == [80.0, 80.0]


@pytest.mark.parametrize(
    ("changed", "gone", "verdict", "rule"),
    [
        ({}, [], "达标", "所有基本评价项目均达标"),
        ({}, ["no2"], "不达标", "已测项目均达标；二氧化氮缺测或不满足有效性要求，综合评价按不达标处理"),
        (
            {"pm25": 40, "o3_8h": 200},
            [],
            "不达标",
            "超标项目及超标倍数：臭氧日最大8小时平均（0.25）、细颗粒物（0.14）",
        ),
        (
            {"pm10": 77},
            ["co", "so2"],
            "不达标",
            "超标项目及超标倍数：可吸入颗粒物（0.10）；二氧化硫、一氧化碳缺测或不满足有效性要求，综合评价按不达标处理",
        ),
    ],
)
def test_all_items_together_are_told_with_what_exceeds_and_what_is_missing(
    changed: dict[str, int], gone: list[str], verdict: str, rule: str
) -> None:
    """The largest multiple first; the missing by name."""
    days = {item: _year(changed.get(item, 10)) for item in RULES.basic.day if item not in gone}
    told = explain_combined_attainment(days, YEAR.dates, YEAR, JUDGING)
    assert (zh(told), told.rule.zh) == (verdict, rule)
    assert (told.valid, told.expected, len(told.parts)) == (6 - len(gone), 6, 6 - len(gone))
    assert told.rule.en
