"""Percentiles: the published example, places counted by hand, fractions, and numpy's linear ones."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from qingchuan.processing.air.percentiles import ordered, percentile, percentile_exact
from qingchuan.processing.scaled import LARGEST, MISSING, Scaled

VALUES = st.one_of(st.integers(0, 400), st.integers(0, LARGEST), st.just(MISSING))
SERIES = stn.arrays(np.uint16, st.tuples(st.integers(0, 3), st.integers(0, 40)), elements=VALUES)
PERCENT = st.one_of(st.sampled_from([90, 95, 98]), st.integers(0, 100))


def _by_the_formula(values: list[int], percent: int) -> Fraction | None:
    """(A.3) and (A.4), read aloud."""
    in_order = sorted(value for value in values if value != MISSING)
    if not in_order:
        return None
    k = 1 + (len(in_order) - 1) * Fraction(percent, 100)
    s = k.numerator // k.denominator
    if s == len(in_order):
        return Fraction(in_order[-1])
    return in_order[s - 1] + (in_order[s] - in_order[s - 1]) * (k - s)


def test_the_published_example_of_six_values() -> None:
    """{3, 4, 8, 2, 5, 4}, p = 90: k = 5.5, halfway from 5 to 8 (youkuaiyun.com weixin_44237659/124068041)."""
    series = ordered(np.array([3, 4, 8, 2, 5, 4], np.uint16))
    assert percentile_exact(series, 90) == 6.5
    assert percentile(series, 90, decimals=1) == 65
    assert percentile(series, 90) == 6


@pytest.mark.parametrize(
    ("n", "percent", "place"),
    [
        (365, 98, "357.72"),
        (365, 95, "346.8"),
        (365, 90, "328.6"),
        (366, 98, "358.7"),
        (366, 95, "347.75"),
        (366, 90, "329.5"),
        (31, 90, "28"),
        (30, 95, "28.55"),
    ],
)
def test_places_in_the_order_are_those_counted_by_hand(n: int, percent: int, place: str) -> None:
    """Of the numbers 1 … n in any order the percentile is the place itself."""
    values = np.random.default_rng(1).permutation(np.arange(1, n + 1)).astype(np.uint16)
    series = ordered(values)
    assert percentile(series, percent, decimals=2) == Fraction(place) * 100
    assert percentile(series, percent) == round(Fraction(place))


@given(SERIES, PERCENT, st.integers(0, 2))
def test_percentiles_agree_with_fractions(values: Scaled, percent: int, decimals: int) -> None:
    """Rounded once, half to even, also to more decimals; held at the end of the range."""
    found = percentile(ordered(values), percent, decimals=decimals)
    for row, value in zip(values.tolist(), found.tolist(), strict=True):
        exact = _by_the_formula(row, percent)
        assert value == (MISSING if exact is None else min(round(exact * 10**decimals), LARGEST))


@given(SERIES.filter(lambda values: values.shape[1] > 0), PERCENT)
def test_exact_percentiles_are_those_of_numpy(values: Scaled, percent: int) -> None:
    """Its method is called linear; it has no missing integers, so floats are given to it."""
    found = percentile_exact(ordered(values), percent)
    for row, value in zip(values, found, strict=True):
        valid = row[row != MISSING]
        if valid.size:
            assert value == pytest.approx(np.percentile(valid.astype(np.float64), percent), abs=1e-9)
        else:
            assert np.isnan(value)


@given(SERIES)
def test_what_is_missing_comes_last_and_does_not_count(values: Scaled) -> None:
    """The order of Python, row by row."""
    series = ordered(values)
    assert series.values.tolist() == [sorted(row) for row in values.tolist()]
    assert series.counts.tolist() == [sum(value != MISSING for value in row) for row in values.tolist()]


@pytest.mark.parametrize(("percent", "value"), [(0, 10), (100, 40), (50, 25)])
def test_the_ends_are_the_smallest_and_the_largest_value(percent: int, value: int) -> None:
    """0 and 100 are percents too."""
    assert percentile(ordered(np.array([40, 10, 30, 20], np.uint16)), percent) == value


@pytest.mark.parametrize(("upper", "rounded"), [(11, 10), (13, 12), (15, 12)])
def test_a_tie_goes_to_the_even_number(upper: int, rounded: int) -> None:
    """10.5, 11.5, 12.5."""
    assert percentile(ordered(np.array([10, upper], np.uint16)), 50) == rounded


@pytest.mark.parametrize("percent", [-1, 101])
def test_a_percent_outside_0_to_100_is_refused(percent: int) -> None:
    """By both, with the clause."""
    series = ordered(np.array([1], np.uint16))
    for of in (percentile, percentile_exact):
        with pytest.raises(ValueError, match=rf"the percent has the value {percent}; it must be 0 … 100 \(HJ 663"):
            of(series, percent)


def test_shapes_are_kept_and_nothing_is_missing() -> None:
    """One value, no values, no rows, three axes; what is all missing has no percentile."""
    assert percentile(ordered(np.array(7, np.uint16)), 98).tolist() == 7
    assert percentile(ordered(np.empty((2, 0), np.uint16)), 98).tolist() == [MISSING, MISSING]
    assert np.isnan(percentile_exact(ordered(np.empty((2, 0), np.uint16)), 98)).all()
    assert percentile(ordered(np.empty((0, 5), np.uint16)), 98).shape == (0,)
    assert percentile(ordered(np.full((2, 3, 4), MISSING, np.uint16)), 98).tolist() == [[MISSING] * 3] * 2


def test_rows_that_are_not_contiguous_are_sorted_and_left_alone() -> None:
    """Days are the first axis of what averaging gives."""
    days = np.arange(12, dtype=np.uint16)[::-1].reshape(4, 3)
    before = days.copy()
    assert percentile(ordered(days.T), 100).tolist() == [11, 10, 9]
    assert percentile(ordered(days[::2].T), 0).tolist() == [5, 4, 3]
    assert (days == before).all()
