"""The index of the US EPA and the NowCast explain themselves, with the value the figure has."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.nowcast import nowcast
from qingchuan.processing.air.nowcast_explained import explain_nowcast
from qingchuan.processing.air.us_epa import evaluate, iaqi
from qingchuan.processing.air.us_epa_explained import explain_evaluate, explain_iaqi
from qingchuan.processing.standards import UsAirQualityIndex

STANDARD = standards.load("epa2024", UsAirQualityIndex)


def test_the_documents_example_is_told_step_by_step() -> None:
    """Truncation, range, equation, exact figure and source."""
    told = explain_iaqi(0.07853333, "o3_8h", STANDARD)
    assert (told.value, told.exact, told.decimals) == (126, Fraction(251, 2), None)
    assert told.rule.zh == ("截断为0.078 ppm；(150 − 101)/(0.085 − 0.071) × (0.078 − 0.071) + 101，四舍五入取整")
    assert told.source is not None
    assert (told.source.document, told.source.clause, told.source.page) == ("EPA-454/B-24-002", "Table 6", 14)
    assert (told.parts[0].value, told.parts[0].unit) == (0.07853333, "ppm")


@pytest.mark.parametrize(
    ("item", "concentration", "value", "words", "clause"),
    [
        ("so2_1h", 305.0, 200, "above 304 it is 200 exactly; 24-hour sulphur dioxide", "Table 6, note 3"),
        ("o3_8h", 0.201, None, "above 0.200: 1-hour ozone defines the index", "Table 6, note 2"),
        ("o3_1h", 0.124, None, "truncated to 0.124 ppm; below 0.125, where the table begins", "Table 6"),
        ("pm25", 0.0, 0, "truncated to 0.0 µg/m³; (50 − 0)", "Table 6"),
        ("pm25", -0.4, 0, "negative, counts as 0.0 µg/m³", "EPA's daily files"),
        ("pm25", np.nan, None, "missing: there is none", "Table 6"),
        ("pm25", np.inf, None, "missing: there is none", "Table 6"),
    ],
)
def test_what_a_note_decides_is_told_with_the_note(
    item: str, concentration: float, value: int | None, words: str, clause: str
) -> None:
    """Beyond a column, below one, negative, missing."""
    told = explain_iaqi(concentration, item, STANDARD)
    assert told.value == value
    assert words in told.rule.en
    assert told.source is not None
    assert told.source.clause.startswith(clause)


def test_a_day_is_told_by_its_items() -> None:
    """The largest, the primary pollutant in both languages, the category; how many of how many items there are."""
    told = explain_evaluate({"o3_8h": 0.078, "pm25": 35.9, "co": 8.4, "no2": np.nan}, STANDARD)
    assert told.value == 126
    assert told.rule.en == "the largest index, 126, of 8-hour ozone; category Unhealthy for Sensitive Groups (101–150)"
    assert [part.value for part in told.parts] == [126, 102, 90, None]
    assert (told.valid, told.expected) == (3, 8)
    assert explain_evaluate({"pm25": 400.0}, STANDARD).rule.zh.endswith("类别为危险（≥ 301）")


def test_a_day_without_an_index_says_so() -> None:
    """Nothing given, all missing, or withheld."""
    for day in ({}, {"pm25": np.nan}, {"o3_8h": 0.3, "pm25": 5.0}):
        told = explain_evaluate(day, STANDARD)
        assert told.value is None
        assert told.rule.zh == "没有可用的分指数，不计算"


@given(st.floats(-10, 3000), st.sampled_from(sorted(STANDARD.items)))
def test_an_explained_index_is_the_index(concentration: float, item: str) -> None:
    """The same value; the exact one, where there is one, rounds up to it from one half on."""
    told = explain_iaqi(concentration, item, STANDARD)
    index = int(iaqi(concentration, item, STANDARD))
    assert told.value == (index if index >= 0 else None)
    if told.exact is not None:
        assert min((told.exact + Fraction(1, 2)).__floor__(), 32767) == index


@given(st.dictionaries(st.sampled_from(sorted(STANDARD.items)), st.floats(0, 700)))
def test_an_explained_day_is_the_day(day: dict[str, float]) -> None:
    """The same AQI."""
    aqi = int(evaluate(day, STANDARD).aqi)
    assert explain_evaluate(day, STANDARD).value == (aqi if aqi >= 0 else None)


def test_a_nowcast_is_told_with_its_hours_the_current_one_first() -> None:
    """Weight factor, mean, truncation; the index and twelve hours as parts."""
    hours = [99, 13, 16, 10, 21, 74, 64, 53, 82, 90, np.nan, 80, 50]
    told = explain_nowcast(hours, "pm25", STANDARD)
    found = nowcast(hours, "pm25", STANDARD)
    assert told.value == found.truncated[-1]
    assert told.parts[0].value == found.aqi[-1]
    assert [part.value for part in told.parts[1:4]] == [50.0, 80.0, None]
    assert (len(told.parts), told.valid, told.expected) == (13, 11, 12)
    assert "weight factor max(10/90, 0.5) = 0.500" in told.rule.en


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ([12, np.nan, np.nan], "fewer than 2 of the last 3 hours are valid"),
        ([0.0, -1.0, 0.0], "all of the last 12 hours are 0"),
    ],
)
def test_a_nowcast_that_is_none_or_zero_says_why(hours: list[float], words: str) -> None:
    """Too few hours; no weight factor."""
    assert words in explain_nowcast(hours, "pm10", STANDARD).rule.en


def test_no_hour_has_no_explanation() -> None:
    """There must be one at least."""
    with pytest.raises(ValueError, match=r"the hours have the shape \(0,\); one at least"):
        explain_nowcast([], "pm25", STANDARD)
