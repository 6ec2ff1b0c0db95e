"""Explanations of indices and AQI: the way of formula (1), notes, gaps; and the value is that of the arrays."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import catalogue, standards
from qingchuan.processing.air.aqi import evaluate
from qingchuan.processing.air.aqi_explained import explain_evaluate, explain_exceedance_pollutants, explain_iaqi
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards import AirQualityIndex
from tests.support.explained import zh

OLD, NEW = (standards.load(name, AirQualityIndex) for name in ("hj633_2012", "hj633_2026"))
DAY = {"so2": 8, "no2": 30, "pm10": 60, "pm25": 35, "co": 7, "o3_8h": 80}
HOURS = tuple(NEW.report("hour"))


@given(
    st.dictionaries(st.sampled_from(HOURS), st.one_of(st.integers(0, 900), st.integers(0, MISSING))),
    st.sampled_from([OLD, NEW]),
)
def test_an_explanation_tells_the_value_of_the_arrays(values: dict[str, int], standard: AirQualityIndex) -> None:
    """AQI and all indices; each index is its exact one rounded up."""
    air = evaluate({item: np.array(value, np.uint16) for item, value in values.items()}, "hour", standard)
    told = explain_evaluate(values, "hour", standard)
    assert told.value == (int(air.aqi) if air.published else None)
    assert [part.value for part in told.parts] == [index if index >= 0 else None for index in air.iaqi.tolist()]
    assert (told.valid, told.expected) == (sum(value != MISSING for value in values.values()), 6)
    for part in told.parts:
        assert part.exact is None or part.value == math.ceil(part.exact)


def test_an_index_shows_the_two_limits_the_formula_and_rounding_up() -> None:
    """PM2.5 of 36 µg/m³ comes to 51.25 under 2012."""
    told = explain_iaqi("pm25", 36, "day", OLD)
    assert (told.value, told.exact, told.decimals) == (52, Fraction(205, 4), None)
    assert told.rule.zh == "(100−50)÷(75−35)×(36−35)+50=51.25，进位取整为52"
    assert told.rule.en == "(100−50)÷(75−35)×(36−35)+50=51.25, rounded up to 52"
    assert told.source is not None
    assert (told.source.document, told.source.clause) == ("HJ 633—2012", "Table 1")
    assert [(part.value, part.unit) for part in told.parts] == [(36, "µg/m³")]


def test_a_limit_belongs_to_the_segment_below_it() -> None:
    """The limit of index 100 is shown with those of 50 and 100."""
    assert explain_iaqi("co", 40, "day", NEW).rule.zh.startswith("(100−50)÷(4−2)×(4.0−2)+50=100，")


@pytest.mark.parametrize(
    ("item", "value", "standard", "index", "rule"),
    [
        ("so2", 801, OLD, None, "表注(2)：二氧化硫（SO2）1小时平均浓度值高于800"),
        ("so2", 801, NEW, 200, "表注b："),
        ("no2", 3841, OLD, 500, "浓度高于3840，分指数取500"),
        ("no2", MISSING, OLD, None, "缺测，无分指数"),
    ],
)
def test_beyond_the_table_the_note_or_its_end_is_told(
    item: str, value: int, standard: AirQualityIndex, index: int | None, rule: str
) -> None:
    """In the words that are printed where there is a note."""
    told = explain_iaqi(item, value, "hour", standard)
    assert (told.value, told.exact) == (index, None)
    assert told.rule.zh.startswith(rule)


def test_a_complete_day_names_primary_pollutant_and_level() -> None:
    """Rule in both languages, source the clause of the primary pollutant."""
    told = explain_evaluate(DAY, "day", OLD)
    assert told.value == 55
    assert told.rule.zh == "AQI取各分指数的最大值55，首要污染物为可吸入颗粒物，级别为Ⅱ级（良）"
    assert told.rule.en.startswith("the largest index, 55; primary pollutant: ")
    assert told.source is not None
    assert told.source.clause == "4.4.2"


def test_pollutants_that_tie_are_named_together() -> None:
    """PM2.5 60 and PM10 120 both come to 100 under 2026."""
    assert (
        "首要污染物为可吸入颗粒物、细颗粒物" in explain_evaluate({**DAY, "pm10": 120, "pm25": 60}, "day", NEW).rule.zh
    )


@pytest.mark.parametrize(("pm25", "value"), [(60, None), (61, 101)])
def test_an_incomplete_day_of_2026_is_published_above_100_only(pm25: int, value: int | None) -> None:
    """What is not published is told as such, with what is missing."""
    told = explain_evaluate({"pm25": pm25}, "day", NEW)
    assert told.value == value
    assert ("不发布" in told.rule.zh) is (value is None)
    assert "缺二氧化硫、" in told.rule.zh
    assert told.source is not None
    assert told.source.clause == ("5.3.1" if value is None else "4.3.1")


@pytest.mark.parametrize(
    ("values", "standard", "rule"),
    [
        (dict.fromkeys(DAY, 0), NEW, "各分指数均为0，AQI取1；级别为Ⅰ级（优）"),
        (dict.fromkeys(DAY, MISSING), NEW, "各项均无分指数，无AQI；缺"),
        ({**DAY, "o3_8h": 801}, OLD, "有一项浓度按表注不计算分指数，无AQI"),
    ],
)
def test_air_without_an_index_says_why(values: dict[str, int], standard: AirQualityIndex, rule: str) -> None:
    """All zero, all missing, beyond a note."""
    assert explain_evaluate(values, "day", standard).rule.zh.startswith(rule)


def test_pollutants_above_their_limits_are_named() -> None:
    """2012 only; none is told as none."""
    told = explain_exceedance_pollutants({**DAY, "pm25": 76, "pm10": 151}, "day", OLD)
    assert (zh(told), told.limit) == ("可吸入颗粒物、细颗粒物", 100)
    assert len(told.parts) == 6
    assert zh(explain_exceedance_pollutants(DAY, "day", OLD)) == "无"
    new = explain_exceedance_pollutants({**DAY, "pm25": 300}, "day", NEW)
    assert (new.value, new.source, new.rule.zh) == (None, None, "HJ 633—2026未规定超标污染物")


def test_an_item_of_another_report_is_refused() -> None:
    """As by the function itself."""
    with pytest.raises(ValueError, match="the day has the item 'o3'"):
        explain_iaqi("o3", 100, "day", NEW)


def test_names_and_units_are_those_of_the_catalogue() -> None:
    """CO in mg/m³ with one decimal."""
    told = explain_iaqi("co", 12, "hour", NEW)
    assert told.name.zh == f"{catalogue.item('co').name_zh}空气质量分指数"
    assert (told.parts[0].value, told.parts[0].unit) == (1.2, "mg/m³")
