"""States of the air: exact factors, the date of the change, parts per billion."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.reference_state import (
    at_state,
    converted,
    from_ppb,
    ppb_factor,
    state_factor,
)
from qingchuan.processing.air.reference_state_explained import explain_converted, explain_from_ppb
from qingchuan.processing.catalogue import UnknownItem
from qingchuan.processing.scaled import LARGEST, MISSING
from qingchuan.processing.standards import AmbientAirLimits

LIMITS = standards.load("gb3095_2012", AmbientAirLimits)
OLD, NEW = LIMITS.states
DAYS = np.array(["2012-02-28", "2012-02-29", "2018-08-31", "2018-09-01", "2026-03-01"], "datetime64[D]")


def test_old_gas_data_are_9_per_cent_higher_than_new_ones() -> None:
    """273 / 298.15 = 0.9156, and back."""
    factor = state_factor(OLD, NEW)
    assert factor == Fraction(27300, 29815)
    assert round(float(factor), 4) == 0.9156
    assert state_factor(NEW, OLD) == 1 / factor
    assert state_factor(NEW, LIMITS.state(date(2020, 1, 1))) == 1


@given(st.lists(st.one_of(st.integers(0, LARGEST), st.just(MISSING)), max_size=50), st.booleans())
def test_a_conversion_is_rounded_once_from_the_exact_product(values: list[int], back: bool) -> None:  # noqa: FBT001
    """By fractions; missing stays missing, the range ends where uint16 does."""
    factor = state_factor(NEW, OLD) if back else state_factor(OLD, NEW)
    expected = [MISSING if value == MISSING else min(round(value * factor), LARGEST) for value in values]
    array = np.array(values, np.uint16)
    assert converted(array, factor).tolist() == expected
    assert array.tolist() == values


@pytest.mark.parametrize(
    ("item", "days"), [("o3_8h", [MISSING, 92, 92, 100, 100]), ("so2", [MISSING, 92, 92, 100, 100])]
)
def test_each_day_of_a_gas_is_converted_from_the_state_of_its_date(item: str, days: list[int]) -> None:
    """The last day before the amendment and its first; the days before the first edition are not known."""
    found = at_state(np.full((2, 5), 100, np.uint16), item, DAYS, NEW)
    assert found.tolist() == [days] * 2
    assert at_state(np.full(5, 100, np.uint16), item, DAYS[::-1], NEW).tolist() == days[::-1]


def test_the_way_back_is_a_state_like_any_other() -> None:
    """New data at 273 K."""
    assert at_state(np.full(5, 100, np.uint16), "no2", DAYS, OLD).tolist() == [MISSING, 100, 100, 109, 109]


def test_particles_are_not_converted_without_temperature_and_pressure() -> None:
    """Days of one kind stay as they are; days of both are refused."""
    days = np.full(2, 50, np.uint16)
    assert at_state(days, "pm25", DAYS[3:], NEW).tolist() == [50, 50]
    assert at_state(days, "pm25", DAYS[1:3], OLD).tolist() == [50, 50]
    for dates, wanted in ((DAYS[2:4], NEW), (DAYS[2:4], OLD), (DAYS[3:], OLD)):
        with pytest.raises(
            ValueError, match=r"pm25 is told for the air as it is, or for the .*; a gas of both would do"
        ):
            at_state(days, "pm25", dates, wanted)


def test_no_days_are_no_error() -> None:
    """Shapes are kept."""
    assert at_state(np.zeros((3, 0), np.uint16), "co", DAYS[:0], NEW).shape == (3, 0)


@pytest.mark.parametrize(("item", "factor"), [("so2", 2.619), ("no2", 1.880), ("o3", 1.962), ("co", 1.145e-3)])
def test_parts_per_billion_have_the_factors_in_use(item: str, factor: float) -> None:
    """M / 24.465 with the molar volume at 298.15 K; sulphur has since become a little lighter."""
    assert float(ppb_factor(item, NEW)) == pytest.approx(factor, rel=5e-4)
    assert float(ppb_factor(item, OLD) / ppb_factor(item, NEW)) == pytest.approx(298.15 / 273)


@given(st.lists(st.floats(-100, 30_000).map(lambda value: round(value, 3)), max_size=30))
def test_parts_per_billion_agree_with_fractions(values: list[float]) -> None:
    """Rounded once, half to even, from the decimals as they were sent."""
    factor = ppb_factor("o3", NEW)
    exact = [round(Fraction(repr(value)) * factor) for value in values]
    expected = [MISSING if value < 0 else min(value, LARGEST) for value in exact]
    assert from_ppb(values, "o3", NEW).tolist() == expected


def test_a_tie_is_rounded_to_even() -> None:
    """A part per billion that comes to n + ½ to the last of its digits."""
    factor = Fraction(1, 2) / ppb_factor("no2", NEW)
    below, above = (float(factor) * (1 + shift) for shift in (-1e-12, 1e-12))
    assert from_ppb([below, above], "no2", NEW).tolist() == [0, 1]


def test_missing_and_endless_values_are_defined() -> None:
    """NaN and what rounds to less than zero are missing; endless is the largest value."""
    assert from_ppb([np.nan, -500.0, -np.inf, np.inf, 1e300], "co", NEW).tolist() == [MISSING] * 3 + [LARGEST] * 2
    assert from_ppb(np.zeros((2, 0)), "so2", NEW).shape == (2, 0)
    assert from_ppb(10, "so2", NEW).shape == ()


def test_what_is_no_gas_is_refused() -> None:
    """Particles have no molar mass; what the catalogue lacks is refused by it."""
    with pytest.raises(LookupError, match=r"the item has the key 'pm25'; weights are known of so2, .*gases\.toml"):
        from_ppb([1.0], "pm25", NEW)
    with pytest.raises(UnknownItem):
        from_ppb([1.0], "radon", NEW)


def test_a_conversion_is_told_with_both_temperatures() -> None:
    """And with both pressures where they differ; missing stays missing."""
    rules = standards.load("hj663_2013", standards.AirAssessment)
    told = explain_converted("co", 12, OLD, NEW, rules)
    assert (told.value, told.exact) == (1.1, Fraction(12, 10) * Fraction(5460, 5963))
    assert told.rule.zh == "1.2×273÷298.15=1.10，按GB/T 8170修约为1.1"
    high = msgspec.structs.replace(NEW, pressure=1000.0)
    assert explain_converted("so2", 100, NEW, high, rules).rule.zh.startswith("100×298.15÷298.15×1000÷1013.25=98.7，")
    assert explain_converted("so2", MISSING, OLD, NEW, rules).value is None


@given(st.floats(0, 500), st.sampled_from(["so2", "no2", "co", "o3"]))
def test_parts_per_billion_are_told_with_their_factor(value: float, item: str) -> None:
    """The exact product, rounded half to even, is the figure."""
    told = explain_from_ppb(value, item, NEW)
    assert told.exact == Fraction(repr(value)) * ppb_factor(item, NEW)
    assert told.value is not None
    assert told.decimals is not None
    assert Fraction(str(told.value)) == round(told.exact, told.decimals)


def test_what_is_missing_is_not_converted() -> None:
    """No value, and no way to it."""
    told = explain_from_ppb(np.nan, "co", NEW)
    assert (told.value, told.exact, told.rule.zh, told.parts[0].value) == (None, None, "缺测，不换算", None)
