"""Daily means, daily maximum 8-hour means, means over stations: both sides of every rule of validity."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from qingchuan.processing import standards
from qingchuan.processing.air.averaging import area_mean, daily_max_8h, daily_mean
from qingchuan.processing.blocks import BLOCK
from qingchuan.processing.scaled import LARGEST, MISSING, Scaled

RULES = standards.in_force("hj663", date(2025, 1, 1))
LIMIT = 160
VALUES = st.one_of(st.integers(0, 400), st.just(MISSING))
DAYS_OF_A_BLOCK = BLOCK // (24 * 60)
"""Of sixty stations."""


def _day(values: list[int]) -> Scaled:
    return np.array(values, dtype=np.uint16).reshape(24, 1)


def _mean(values: Scaled) -> int:
    """Mean by fractions, rounded half to even by Python."""
    valid = [int(value) for value in values if value != MISSING]
    return round(Fraction(sum(valid), len(valid)))


@pytest.mark.parametrize(("missing", "mean"), [(0, 10), (4, 10), (5, MISSING), (24, MISSING)])
def test_a_day_needs_20_valid_hours(missing: int, mean: int) -> None:
    """Twenty are enough, nineteen are not."""
    assert daily_mean(_day([MISSING] * missing + [10] * (24 - missing)), RULES).tolist() == [[mean]]


@pytest.mark.parametrize(("ones", "mean"), [(11, 0), (12, 0), (13, 1)])
def test_a_daily_mean_is_rounded_half_to_even(ones: int, mean: int) -> None:
    """The tie 0.5 goes to 0."""
    assert daily_mean(_day([1] * ones + [0] * (24 - ones)), RULES).tolist() == [[mean]]


@given(stn.arrays(np.uint16, (3, 48, 2), elements=VALUES))
def test_daily_means_agree_with_fractions(hours: Scaled) -> None:
    """Items and stations keep their places; sums are exact."""
    means = daily_mean(hours, RULES)
    for item, day, station in np.ndindex(means.shape):
        values = hours[item, 24 * day : 24 * day + 24, station]
        enough = (values != MISSING).sum() >= 20
        assert means[item, day, station] == (_mean(values) if enough else MISSING)


@given(stn.arrays(np.uint16, (48, 2), elements=VALUES))
def test_daily_maxima_agree_with_the_rule_read_aloud(hours: Scaled) -> None:
    """Windows ending 8:00 … 24:00, six of eight hours, fourteen of seventeen windows unless the limit is exceeded."""
    largest = daily_max_8h(hours, RULES, LIMIT)
    for day, station in np.ndindex(largest.shape):
        values = hours[24 * day : 24 * day + 24, station]
        windows = [values[label - 8 : label] for label in range(8, 25)]
        means = [_mean(window) for window in windows if (window != MISSING).sum() >= 6]
        counts = bool(means) and (len(means) >= 14 or max(means) > LIMIT)
        assert largest[day, station] == (max(means) if counts else MISSING)


@pytest.mark.parametrize(("valid", "largest"), [(8, 80), (6, 80), (5, MISSING)])
def test_an_8_hour_mean_needs_6_valid_hours(valid: int, largest: int) -> None:
    """With so few windows the day counts only as its limit is exceeded; a limit of 79 shows the difference."""
    hours = [MISSING] * 16 + [80] * valid + [MISSING] * (8 - valid)
    assert daily_max_8h(_day(hours), RULES, 79).tolist() == [[largest]]


@pytest.mark.parametrize(("first", "largest"), [(5, 100), (6, MISSING)])
def test_a_day_needs_14_valid_windows(first: int, largest: int) -> None:
    """Hours missing at the start of the day cost one window each from the third on."""
    assert daily_max_8h(_day([MISSING] * first + [100] * (24 - first)), RULES, LIMIT).tolist() == [[largest]]


@pytest.mark.parametrize(("value", "largest"), [(160, MISSING), (161, 161)])
def test_a_day_of_too_few_windows_counts_when_it_exceeds_the_limit(value: int, largest: int) -> None:
    """The limit itself is not exceeded."""
    assert daily_max_8h(_day([MISSING] * 12 + [value] * 12), RULES, LIMIT).tolist() == [[largest]]


def test_the_rounded_maximum_exceeds_the_limit_or_does_not() -> None:
    """160.375 rounds to 160, which does not exceed 160; 160.625 rounds to 161, which does."""
    below, above = [160] * 5 + [161] * 3, [160] * 3 + [161] * 5
    assert daily_max_8h(_day([MISSING] * 16 + below), RULES, LIMIT).tolist() == [[MISSING]]
    assert daily_max_8h(_day([MISSING] * 16 + above), RULES, LIMIT).tolist() == [[161]]


def test_a_window_never_reaches_into_the_day_before() -> None:
    """High ozone until midnight leaves no trace in the next day."""
    hours = np.array([0] * 16 + [300] * 8 + [10] * 24, dtype=np.uint16).reshape(48, 1)
    assert daily_max_8h(hours, RULES, LIMIT).tolist() == [[300], [10]]


def test_the_first_window_is_that_of_hours_1_to_8() -> None:
    """The hours 1:00 … 8:00 make a window of their own."""
    assert daily_max_8h(_day([90] * 8 + [0] * 16), RULES, LIMIT).tolist() == [[90]]


@pytest.mark.parametrize(
    ("stations", "valid", "counts"),
    [(8, 6, True), (8, 5, False), (4, 3, True), (4, 2, False), (3, 2, True), (3, 1, False), (2, 1, True), (1, 1, True)],
)
def test_a_city_needs_three_quarters_of_its_stations(stations: int, valid: int, counts: bool) -> None:  # noqa: FBT001
    """Half of them where there are fewer than four."""
    values = np.array([20] * valid + [MISSING] * (stations - valid), dtype=np.uint16)
    assert area_mean(values, RULES) == (20 if counts else MISSING)


@given(stn.arrays(np.uint16, (3, 5), elements=VALUES))
def test_city_means_agree_with_fractions(values: Scaled) -> None:
    """Concentrations are averaged, exactly, never indices."""
    for row, mean in zip(values, area_mean(values, RULES), strict=True):
        assert mean == (_mean(row) if (row != MISSING).sum() >= 4 else MISSING)


def test_large_values_do_not_overflow() -> None:
    """Twenty-four times the largest scaled integer is far beyond uint16."""
    hours = np.full((24, 1), 65534, np.uint16)
    assert daily_mean(hours, RULES).tolist() == [[65534]]
    assert daily_max_8h(hours, RULES, LIMIT).tolist() == [[65534]]
    assert area_mean(hours[:, 0], RULES) == 65534


def test_no_days_no_stations_and_nothing_valid_are_no_errors() -> None:
    """Shapes are kept; what is all missing stays missing."""
    assert daily_mean(np.empty((6, 0, 3), np.uint16), RULES).shape == (6, 0, 3)
    assert daily_max_8h(np.empty((0, 3), np.uint16), RULES, LIMIT).shape == (0, 3)
    assert daily_mean(np.empty((24, 0), np.uint16), RULES).shape == (1, 0)
    assert area_mean(np.empty((2, 0), np.uint16), RULES).tolist() == [MISSING, MISSING]
    assert daily_max_8h(np.full((24, 2), MISSING, np.uint16), RULES, LIMIT).tolist() == [[MISSING, MISSING]]
    assert area_mean(np.array(7, np.uint16), RULES) == 7


@pytest.mark.parametrize("shape", [(23, 1), (25, 1), (24,)])
def test_hours_that_are_no_whole_days_are_refused(shape: tuple[int, ...]) -> None:
    """The message shows the shape and what it must be."""
    for average in (daily_mean, lambda hours, rules: daily_max_8h(hours, rules, LIMIT)):
        with pytest.raises(ValueError, match=r"it must be \(…, 24 × days, stations\)"):
            average(np.zeros(shape, np.uint16), RULES)


def test_the_input_is_not_changed() -> None:
    """Missing values are not filled in place."""
    hours = _day([MISSING] * 3 + [50] * 21)
    daily_mean(hours, RULES)
    daily_max_8h(hours, RULES, LIMIT)
    assert hours[:4, 0].tolist() == [MISSING, MISSING, MISSING, 50]


def test_the_rules_that_stand_in_compute_the_same() -> None:
    """HJ 663—2013 is used for 2026, and says so."""
    standing_in = standards.in_force("hj663", date(2026, 3, 1))
    assert standing_in.stands_in_for == "HJ 663—2026"
    hours = _day(list(range(24)))
    assert daily_mean(hours, standing_in) == daily_mean(hours, RULES)


@pytest.mark.parametrize("days", [1, DAYS_OF_A_BLOCK, DAYS_OF_A_BLOCK + 1, 2 * DAYS_OF_A_BLOCK + 3])
def test_days_are_averaged_each_by_itself_across_blocks(days: int) -> None:
    """As many days as a block of 60 stations has, and some more: the last is what it is alone."""
    chance = np.random.default_rng(days)
    hours = chance.integers(0, 400, (24 * days, 60), dtype=np.uint16)
    hours[chance.random(hours.shape) < 0.15] = MISSING
    for average in (daily_mean, lambda hours, rules: daily_max_8h(hours, rules, LIMIT)):
        whole = average(hours, RULES)
        alone = [average(hours[24 * day : 24 * day + 24], RULES)[0] for day in range(days)]
        assert whole.tolist() == [day.tolist() for day in alone]


def test_hours_that_are_not_contiguous_come_to_the_same() -> None:
    """Some stations of a cube, and hours that were the last axis."""
    chance = np.random.default_rng(1)
    cube = chance.integers(0, 400, (3, 96, 12), dtype=np.uint16)
    cube[chance.random(cube.shape) < 0.15] = MISSING
    turned = np.ascontiguousarray(cube.swapaxes(1, 2)).swapaxes(1, 2)
    for average in (daily_mean, lambda hours, rules: daily_max_8h(hours, rules, LIMIT)):
        whole = average(cube, RULES)
        assert np.array_equal(average(cube[::2, 24:72, 1::3], RULES), whole[::2, 1:3, 1::3])
        assert np.array_equal(average(turned, RULES), whole)
    assert np.array_equal(area_mean(cube[:, ::2, ::2], RULES), area_mean(cube[:, ::2, ::2].copy(), RULES))


@given(stn.arrays(np.uint16, (24, 3), elements=st.one_of(VALUES, st.integers(0, LARGEST))), st.integers(2, 12))
def test_windows_of_another_length_follow_the_same_rule(hours: Scaled, window: int) -> None:
    """The length is data: odd ones and those that are no power of two are summed as well."""
    rule = msgspec.structs.replace(RULES.daily_maximum, window=window, at_least=window // 2, first_label=window)
    largest = daily_max_8h(hours, msgspec.structs.replace(RULES, daily_maximum=rule), LIMIT)
    for station in range(3):
        windows = [hours[label - window : label, station] for label in range(window, 25)]
        means = [_mean(some) for some in windows if (some != MISSING).sum() >= window // 2]
        counts = bool(means) and (len(means) >= 14 or max(means) > LIMIT)
        assert largest[0, station] == (max(means) if counts else MISSING)
