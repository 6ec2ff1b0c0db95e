"""Explanations of percentiles: the place, the two values about it, rounding."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from qingchuan.processing import standards
from qingchuan.processing.air.percentiles import ordered, percentile
from qingchuan.processing.air.percentiles_explained import explain_percentile
from qingchuan.processing.scaled import MISSING, Scaled

RULES = standards.load("hj663_2013", standards.AirAssessment)


@given(
    stn.arrays(np.uint16, st.integers(0, 12), elements=st.one_of(st.integers(0, 300), st.just(MISSING))),
    st.integers(0, 100),
    st.integers(0, 1),
)
def test_an_explanation_tells_the_value_of_the_arrays(values: Scaled, percent: int, decimals: int) -> None:
    """Whatever is missing; and the exact value rounds to it."""
    told = explain_percentile("co", values, percent, RULES, decimals=decimals)
    found = int(percentile(ordered(values), percent, decimals=decimals))
    assert told.value == (None if found == MISSING else found / 10 ** (1 + decimals))
    assert (told.exact is None) is (found == MISSING)
    assert told.exact is None or round(told.exact * 10 ** (1 + decimals)) == found
    assert (told.valid, told.expected) == ((values != MISSING).sum(), values.size)


def test_the_way_is_told_with_its_numbers() -> None:
    """Of 31 values percentile 90 is one of them; of six it is halfway between two."""
    whole = explain_percentile("o3_8h", np.arange(1, 32, dtype=np.uint16), 90, RULES)
    assert whole.rule.zh == "31个值升序排列，序数k=1+(31−1)×90%=28，m=28，修约为28"
    assert [part.value for part in whole.parts] == [28]
    between = explain_percentile("co", np.array([3, 4, 8, 2, 5, 4], np.uint16), 90, RULES, decimals=1)
    assert between.rule.en == (
        "6 values in order, k = 1 + (6 − 1) × 90 % = 5.5, m = 0.5+(0.8−0.5)×0.5=0.65, rounded to 0.65"
    )
    assert (between.exact, between.decimals) == (Fraction(13, 20), 2)
    assert [part.name.zh for part in between.parts] == ["升序第5个值X(5)", "升序第6个值X(6)"]
    assert between.source is not None
    assert "A.6" in between.source.clause


def test_nothing_valid_is_told_as_such() -> None:
    """No value, no way, no parts."""
    told = explain_percentile("pm25", np.full(3, MISSING, np.uint16), 95, RULES)
    assert (told.value, told.exact, told.parts, told.rule.zh) == (None, None, (), "无有效值")


def test_a_percent_outside_0_to_100_is_refused() -> None:
    """As by the function itself."""
    with pytest.raises(ValueError, match="the percent has the value 101"):
        explain_percentile("pm25", np.array([1], np.uint16), 101, RULES)
