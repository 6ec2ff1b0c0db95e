"""Mann–Kendall, seasonal and plain, and the slope of Sen, against pymannkendall."""

from __future__ import annotations

from itertools import combinations
from statistics import median
from typing import Any

import numpy as np
import pymannkendall
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qingchuan.processing.trend.direction import FALLING, NOT_JUDGED, RISING, UNCHANGED
from qingchuan.processing.trend.mann_kendall import MannKendall, mann_kendall, seasonal_mann_kendall, sen_slope
from qingchuan.processing.trend.mann_kendall_explained import (
    explain_mann_kendall,
    explain_seasonal_mann_kendall,
    explain_sen_slope,
)
from tests.support.explained import figure

NAN = np.nan
WORDS = {"increasing": RISING, "decreasing": FALLING, "no trend": UNCHANGED}
FIGURES = {"p": "p", "z": "z", "tau": "Tau", "s": "s", "var_s": "var_s", "slope": "slope", "intercept": "intercept"}

STEPS = st.lists(st.integers(0, 30).map(lambda tenths: tenths / 10) | st.just(NAN), min_size=2, max_size=60)


def _agrees(found: MannKendall, place: int | tuple[()], oracle: object) -> None:
    for ours, theirs in FIGURES.items():
        assert getattr(found, ours)[place] == pytest.approx(getattr(oracle, theirs), abs=1e-9), ours
    assert found.h[place] == getattr(oracle, "h")  # noqa: B009 - of a namedtuple without types
    assert found.trend[place] == WORDS[str(getattr(oracle, "trend"))]  # noqa: B009 - the same


def _sections(number: int, years: int, drift: float) -> NDArray[np.float64]:
    """Monthly values as of water: a season, a drift, noise, one decimal, so that there are ties; 5 % missing."""
    chance = np.random.default_rng(number)
    months = np.arange(years * 12)
    season = 3 + np.sin(months / 6 * np.pi)
    values = np.round(season + drift * months / 12 + chance.lognormal(0, 0.5, (number, months.size)), 1)
    values[chance.random(values.shape) < 0.05] = NAN
    return values


@pytest.mark.parametrize("drift", [-0.2, 0.0, 0.2])
def test_sections_are_those_of_pymannkendall(drift: float) -> None:
    """Ten years of months of 40 sections, with ties and missing months."""
    values = _sections(40, 10, drift)
    found = seasonal_mann_kendall(values, 12, 0.05)
    for place, section in enumerate(values):
        _agrees(found, place, pymannkendall.seasonal_test(section, 12, 0.05))
    assert (found.trend == {-0.2: FALLING, 0.2: RISING}.get(drift, UNCHANGED)).mean() > 0.8


def _parts(found: MannKendall) -> list[NDArray[Any]]:
    """What was found, array by array."""
    return [np.asarray(part) for part in found]


@pytest.mark.parametrize("number", [1, 127, 128, 129, 257])
def test_blocks_do_not_matter(number: int) -> None:
    """Around the length of a block each section is what it is alone."""
    values = _sections(number, 4, 0.1)
    found = seasonal_mann_kendall(values, 12, 0.1)
    for place in {0, number // 2, number - 1}:
        alone = seasonal_mann_kendall(values[place], 12, 0.1)
        assert all(np.array_equal(part[place], one) for part, one in zip(_parts(found), _parts(alone), strict=True))


@pytest.mark.parametrize("steps", [13, 23, 24, 25, 119])
def test_a_last_year_that_is_not_whole_counts_as_far_as_it_goes(steps: int) -> None:
    """As pymannkendall fills it up."""
    values = _sections(3, 10, 0.1)[:, :steps]
    found = seasonal_mann_kendall(values, 12, 0.05)
    for place, section in enumerate(values):
        _agrees(found, place, pymannkendall.seasonal_test(section, 12, 0.05))


@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.2])
def test_the_significance_is_an_argument(alpha: float) -> None:
    """The same series at three of them."""
    values = np.round(np.random.default_rng(8).normal(0, 1, (30, 25)) + np.arange(25) / 25, 1)
    found = mann_kendall(values, alpha)
    for place, row in enumerate(values):
        _agrees(found, place, pymannkendall.original_test(row, alpha))
    assert found.h.any()
    assert not found.h.all()


def test_a_section_without_a_value_has_nothing() -> None:
    """All missing, and one value a season: NaN, False, 0; the section beside it is not touched."""
    values = _sections(3, 5, 0.5)
    values[0] = NAN
    values[1, 12:] = NAN
    found = seasonal_mann_kendall(values, 12, 0.05)
    assert found.trend.tolist() == [NOT_JUDGED, NOT_JUDGED, RISING]
    assert found.h.tolist() == [False, False, True]
    for part in found[2:]:
        assert np.isnan(part[:2]).all()
        assert not np.isnan(part[2])


def test_a_series_all_alike_has_no_trend() -> None:
    """S and its variance are 0; p is 1 and the slope 0."""
    found = mann_kendall([5.0] * 10, 0.05)
    assert [float(part) for part in found] == [UNCHANGED, 0, 1, 0, 0, 0, 0, 0, 5]


def test_an_infinite_value_is_missing() -> None:
    """It has no difference to another."""
    given_values = [1.0, np.inf, 3.0, 2.0, -np.inf, 5.0]
    missing = [1.0, NAN, 3.0, 2.0, NAN, 5.0]
    for part, same in zip(_parts(mann_kendall(given_values, 0.05)), _parts(mann_kendall(missing, 0.05)), strict=True):
        assert np.array_equal(part, same)


@pytest.mark.parametrize("shape", [(0,), (24,), (2, 24), (2, 3, 24), (0, 24), (3, 0), (2, 1)])
def test_any_leading_shape_comes_back(shape: tuple[int, ...]) -> None:
    """Without the axis of steps; nothing to compare is not judged."""
    values = np.random.default_rng(2).random(shape)
    found = seasonal_mann_kendall(values, 12, 0.05)
    assert all(part.shape == shape[:-1] for part in _parts(found))
    assert all(part.shape == shape[:-1] for part in sen_slope(values, 12))
    assert ((found.trend == NOT_JUDGED) == (shape[-1] < 13)).all()


def test_input_that_is_not_contiguous_stays_as_it_was() -> None:
    """Every other section of a transposed array."""
    values = np.asfortranarray(_sections(6, 3, 0.0))
    before = values.copy()
    found, same = (seasonal_mann_kendall(part, 12, 0.05) for part in (values[::2], values[::2].copy()))
    assert all(np.array_equal(part, one) for part, one in zip(_parts(found), _parts(same), strict=True))
    assert np.array_equal(values, before, equal_nan=True)


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, NAN])
def test_a_significance_outside_0_and_1_is_refused(alpha: float) -> None:
    """The message has it."""
    with pytest.raises(ValueError, match=rf"alpha has {alpha}; a significance between 0 and 1"):
        mann_kendall([1, 2, 3], alpha)


def test_a_period_below_1_and_a_single_value_are_refused() -> None:
    """Both name what would do."""
    with pytest.raises(ValueError, match="the period has 0 steps; 1 or more would do"):
        seasonal_mann_kendall([1, 2, 3], 0, 0.05)
    with pytest.raises(ValueError, match=r"the series has the shape \(\)"):
        mann_kendall(1.0, 0.05)


@given(STEPS, st.integers(1, 6))
def test_any_series_is_that_of_pymannkendall(values: list[float], period: int) -> None:
    """Ties and missing values everywhere; where no season has two values it divides by zero, and ours has nothing."""
    seasons = [[value for value in values[season::period] if not np.isnan(value)] for season in range(period)]
    found = seasonal_mann_kendall(values, period, 0.05)
    if all(len(season) < 2 for season in seasons):
        assert found.trend == NOT_JUDGED
        assert np.isnan(found.slope)
    elif period == 1:
        _agrees(found, (), pymannkendall.original_test(values, 0.05))
    else:
        _agrees(found, (), pymannkendall.seasonal_test(np.array(values), period, 0.05))


@given(st.lists(st.integers(-20, 20), min_size=2, max_size=12))
def test_s_and_slope_are_those_of_all_pairs(values: list[int]) -> None:
    """Counted pair by pair in plain Python; turning time turns the sign."""
    pairs = list(combinations(enumerate(values), 2))
    found = mann_kendall(values, 0.05)
    assert found.s == sum((late > early) - (late < early) for (_, early), (_, late) in pairs)
    assert found.slope == pytest.approx(median((late - early) / (j - i) for (i, early), (j, late) in pairs), abs=1e-12)
    assert mann_kendall(values[::-1], 0.05).s == -found.s
    assert sen_slope(values, 1) == (found.slope, found.intercept)


def test_a_long_series_is_cut_into_smaller_blocks() -> None:
    """Three thousand days of two stations come out as one by one."""
    values = np.round(np.random.default_rng(4).normal(10, 2, (2, 3000)), 0)
    found = mann_kendall(values, 0.05)
    assert all(
        np.array_equal(part[1], one)
        for part, one in zip(_parts(found), _parts(mann_kendall(values[1], 0.05)), strict=True)
    )
    assert found.s[0] == np.sign(values[0][None] - values[0][:, None])[np.triu_indices(3000)].sum()


def test_a_seasonal_trend_is_told_with_its_seasons() -> None:
    """S of each season adds up to S; variance, probability, tau and slope follow."""
    values = _sections(1, 6, -0.5)[0]
    found = seasonal_mann_kendall(values, 12, 0.05)
    told = explain_seasonal_mann_kendall(values, 12, 0.05)
    assert told.value == found.z
    assert told.limit == pytest.approx(1.959964, abs=1e-6)
    assert np.nansum([figure(part) for part in told.parts[:12]]) == found.s
    assert [part.value for part in told.parts[12:]] == [found.var_s, found.p, found.tau, found.slope]
    assert told.rule.zh.endswith("判定为下降趋势")
    assert (told.valid, told.expected) == (np.isfinite(values).sum(), 72)
    assert told.source is not None
    assert told.source.document == "Hirsch, Slack and Smith (1982)"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([NAN, 1.0], "there is nothing to compare: not judged"),
        ([1.0, 1.0], "S = 0, Var(S) = 0, Z = 0, |Z| ≤ 1.960 (two-sided alpha 0.05): no significant trend"),
        ([3.0, 2.0, 1.0], "Z = (S + 1)/√Var(S) = -1.044, |Z| ≤ 1.960 (two-sided alpha 0.05): no significant trend"),
    ],
)
def test_a_plain_trend_says_what_was_found(values: list[float], words: str) -> None:
    """Nothing to compare, all alike, too few."""
    told = explain_mann_kendall(values, 0.05)
    assert told.rule.en.endswith(words)
    assert (told.value is None) == (NAN in values)


def test_a_slope_is_told_or_why_there_is_none() -> None:
    """Median of the slopes, and the missing one."""
    assert explain_sen_slope([1.0, 3.0, 5.0], 1).value == 2.0
    assert explain_sen_slope([1.0, NAN], 1).rule.en == "fewer than two valid values of a season: there is none"
