"""Means of the water, against plain fractions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.rounding import round_water
from qingchuan.processing.water.exact import official
from qingchuan.processing.water.means import exact_mean, mean_of_means, means_within_and_over, period_means

RULES = standards.load("cnemc2020_90", standards.WaterRounding)
HUNDREDTHS = st.integers(0, 3000).map(lambda number: number / 100)
VALUES = st.one_of(HUNDREDTHS, st.floats(0, 50), st.just(math.nan))
NAN = math.nan


def _plain(samples: Sequence[float]) -> Fraction | None:
    known = [Fraction(Decimal(repr(value))) for value in samples if not math.isnan(value)]
    return sum(known, Fraction(0)) / len(known) if known else None


def _one(samples: Sequence[float], item: str, at_least: int = 1) -> float:
    return float(period_means([samples], (item,), RULES, at_least).values[0])


@given(st.lists(VALUES, min_size=1, max_size=15), st.sampled_from(["codmn", "nh3n", "tp", "mercury", "do"]))
def test_a_mean_is_the_fraction_rounded_once(samples: list[float], item: str) -> None:
    """Half to even, to the decimals of evaluation, one significant digit where that is zero."""
    exact = _plain(samples)
    found = _one(samples, item)
    if exact is None:
        assert math.isnan(found)
    else:
        assert found == float(official(exact, RULES.evaluation(item)))


@pytest.mark.parametrize(
    ("item", "samples", "mean"),
    [
        ("codmn", [6.0, 6.1], 6.0),  # 6.05
        ("codmn", [6.1, 6.2], 6.2),  # 6.15
        ("nh3n", [1.00, 1.01], 1.0),  # 1.005
        ("tp", [0.2, 0.201], 0.2),  # 0.2005
        ("tp", [0.2, 0.203], 0.202),  # 0.2015
        ("do", [5.0, 4.9], 5.0),  # 4.95
        ("mercury", [0.00004, 0.00005], 0.00004),  # 0.000045
        ("temperature", [-0.1, -0.2], -0.2),  # -0.15
        ("temperature", [-0.1, 0.1], 0.0),
    ],
)
def test_ties_go_to_the_even_digit(item: str, samples: list[float], mean: float) -> None:
    """Floats get some of these wrong."""
    assert _one(samples, item) == mean


def test_a_mean_is_never_rounded_away_to_zero() -> None:
    """0.0002 mg/L of total phosphorus stays, zero is zero."""
    assert _one([0.0001, 0.0003], "tp") == 0.0002
    assert _one([0.0, 0.0], "tp") == 0.0


def test_the_published_mean_of_ph() -> None:
    """7.08 to two decimals (sm1lewc/SurfaceWater), 7 to the decimals of evaluation."""
    samples = [6.5, 7.9, 8.8, 9, 6.78, 8.87]
    assert _one(samples, "ph") == 7.0
    plain = -math.log10(sum(10**-value for value in samples) / len(samples))
    assert round(plain, 2) == 7.08
    rules = _with_decimals_of_ph(2)
    assert period_means([samples], ("ph",), rules, 1).values.tolist() == [7.08]


@pytest.mark.parametrize("ph", [6.5, 7.5, 8.5, 5.5, 9.5])
def test_equal_values_of_ph_have_that_mean_exactly(ph: float) -> None:
    """A tie of pH goes to the even digit, though it went through powers and a logarithm."""
    assert _one([ph] * 7, "ph") == float(round_water(str(ph), 0))


@pytest.mark.parametrize(("sour", "mean"), [(4.5, 6.0), (5.5, 6.0), (6.5, 8.0), (7.5, 8.0), (8.5, 10.0)])
def test_a_mean_of_ph_may_be_a_tie_without_equal_values(sour: float, mean: float) -> None:
    """One 5.5 and ten 7.5 hold as many ions as eleven 6.5, which is rounded to the even 6."""
    assert _one([sour, *[sour + 2] * 10], "ph") == mean


@given(st.lists(st.integers(300, 1100).map(lambda number: number / 100), min_size=1, max_size=9))
def test_a_mean_of_ph_lies_within_its_values(samples: list[float]) -> None:
    """And never above the arithmetic mean: the sour sample weighs more."""
    rules = _with_decimals_of_ph(9)
    mean = float(period_means([samples], ("ph",), rules, 1).values[0])
    assert min(samples) - 1e-9 <= mean <= sum(samples) / len(samples) + 1e-9


def test_negative_and_infinite_values_are_missing_but_temperature_may_freeze() -> None:
    """The counts say so."""
    samples = [[-1.0, 0.2, math.inf, NAN], [-1.0, 1.0, 2.0, -math.inf]]
    found = period_means(samples, ("tp", "temperature"), RULES, 1)
    assert found.values.tolist() == [0.2, 0.7]
    assert found.counts.tolist() == [1, 3]


@pytest.mark.parametrize(("at_least", "there"), [(0, True), (3, True), (4, False)])
def test_too_few_samples_give_no_mean(at_least: int, there: bool) -> None:  # noqa: FBT001
    """As many as asked for are enough; the count is told either way."""
    found = period_means([[1.0, 2.0, 3.0, NAN]], ("codmn",), RULES, at_least)
    assert (not np.isnan(found.values[0])) is there
    assert found.counts.tolist() == [3]


def test_nothing_valid_gives_no_mean_even_if_none_is_asked_for() -> None:
    """Missing never becomes a number."""
    found = period_means([[NAN, NAN]], ("ph",), RULES, 0)
    assert np.isnan(found.values).all()
    assert found.counts.tolist() == [0]


def test_each_item_may_need_its_own_number_of_samples() -> None:
    """Hourly ones more than analysers."""
    at_least = [RULES.day_at_least(1), RULES.day_at_least(4)]
    found = period_means([[7.0] * 15, [3.0] * 4 + [NAN] * 11], ("ph", "codmn"), RULES, at_least)
    assert np.array_equal(found.values, [np.nan, 3.0], equal_nan=True)


def test_shapes_are_kept_and_the_input_is_unchanged() -> None:
    """Many sections and periods at once, not contiguous, and none at all."""
    samples = np.arange(2 * 3 * 4 * 5, dtype=np.float64).reshape(5, 4, 3, 2).T
    before = samples.copy()
    found = period_means(samples, ("codmn", "ph"), RULES, 1)
    assert found.values.shape == found.counts.shape == (2, 3, 4)
    assert np.array_equal(samples, before)
    assert found.values[0, 2, 1] == float(official(_plain(samples[0, 2, 1].tolist()) or Fraction(0), 1))
    assert period_means(np.empty((2, 0, 4)), ("codmn", "ph"), RULES, 1).values.shape == (2, 0)
    assert np.isnan(period_means(np.empty((2, 3, 0)), ("codmn", "ph"), RULES, 1).values).all()
    assert period_means(np.empty((0, 3, 2)), (), RULES, 1).values.shape == (0, 3)


@pytest.mark.parametrize("samples", [[1.0], [[1.0]], np.ones((3, 2))])
def test_samples_without_a_row_an_item_are_refused(samples: object) -> None:
    """The message names the items."""
    with pytest.raises(ValueError, match="the first with a row for each of ph, do"):
        period_means(samples, ("ph", "do"), RULES, 1)  # type: ignore[arg-type]  # any array will do


def test_an_item_without_official_decimals_is_refused() -> None:
    """The message says which have them."""
    with pytest.raises(LookupError, match="总站水字〔2020〕90号 has no decimals for 'orp'; it has temperature, ph"):
        period_means([[1.0]], ("orp",), RULES, 1)


@given(
    st.lists(st.lists(VALUES, min_size=3, max_size=3), min_size=1, max_size=5),
    st.sampled_from(["codmn", "tp"]),
)
def test_a_mean_of_means_weighs_groups_alike(groups: list[list[float]], item: str) -> None:
    """The means of the groups go in as fractions; only the last is rounded."""
    means = [mean for group in groups if (mean := _plain(group)) is not None]
    found = mean_of_means([groups], (item,), RULES, 1)
    assert found.counts.tolist() == [len(means)]
    if means:
        exact = sum(means, Fraction(0)) / len(means)
        assert float(found.values[0]) == float(official(exact, RULES.evaluation(item)))
    else:
        assert np.isnan(found.values[0])


def test_a_year_is_the_mean_of_its_months_not_of_its_samples() -> None:
    """A month of many values weighs as a month of one; eleven months are too few for a year."""
    months = [[2.0] * 6] + [[4.0] + [NAN] * 5] * 11
    assert mean_of_means([months], ("codmn",), RULES, 12).values.tolist() == [3.8]  # 46/12; of samples 56/17 = 3.3
    assert np.isnan(mean_of_means([months[:11]], ("codmn",), RULES, 12).values[0])


def test_means_of_months_go_into_the_year_unrounded() -> None:
    """6.14 and 5.98 come to 6.06; rounded before, 6.1 and 6.0 would come to 6.05."""
    assert mean_of_means([[[6.14], [5.98]]], ("codmn",), RULES, 1).values.tolist() == [6.1]
    assert mean_of_means([[[6.1], [6.0]]], ("codmn",), RULES, 1).values.tolist() == [6.0]


def test_a_group_with_too_few_samples_counts_for_nothing() -> None:
    """Neither by itself nor in the mean over the groups."""
    within, over = means_within_and_over([[[3.0, 4.0], [8.0, NAN]]], ("codmn",), RULES, 2)
    assert np.array_equal(within.values, [[3.5, np.nan]], equal_nan=True)
    assert over.values.tolist() == [3.5]


def test_a_group_without_a_sample_counts_for_nothing_in_a_tie_of_ph_either() -> None:
    """Months of 6.5 and one of nothing come to 6.5, the even 6."""
    found = mean_of_means([[[6.5, 6.5], [NAN, NAN], [6.5, NAN]]], ("ph",), RULES, 2)
    assert (found.values.tolist(), found.counts.tolist()) == ([6.0], [2])


def test_no_group_at_all_gives_no_mean() -> None:
    """Empty in either of the two axes."""
    assert np.isnan(mean_of_means(np.empty((1, 0, 3)), ("tp",), RULES, 1).values).all()
    assert np.isnan(mean_of_means(np.empty((1, 3, 0)), ("ph",), RULES, 1).values).all()
    assert mean_of_means(np.empty((1, 0, 2, 3)), ("tp",), RULES, 1).values.shape == (1, 0)


def test_values_with_many_digits_are_summed_exactly_too() -> None:
    """The way of one by one agrees with the fractions."""
    samples = [0.20049999999999999, 0.2005, 0.2015000000000001]
    assert _one(samples, "tp") == float(official(_plain(samples) or Fraction(0), 3))


def test_an_exact_mean_is_a_fraction_and_of_nothing_it_is_none() -> None:
    """For explanations."""
    assert exact_mean([0.1, 0.2, 0.4, NAN]) == Fraction(7, 30)
    assert exact_mean([]) is None


def _with_decimals_of_ph(places: int) -> standards.WaterRounding:
    """The edition, but for the decimals of pH."""
    rows = [msgspec.structs.replace(row, evaluation=places) if row.item == "ph" else row for row in RULES.table.rows]
    table = msgspec.structs.replace(RULES.table, rows=tuple(rows))
    return msgspec.structs.replace(RULES, table=table)


@pytest.mark.parametrize("ph", [600.5, 1e9, 1e308])
def test_a_ph_that_cannot_be_has_itself_as_its_mean(ph: float) -> None:
    """It is flagged elsewhere; a power of it is beyond every number, and must not stop the others."""
    assert _one([ph, ph], "ph") == float(round_water(repr(ph), 0))
    assert _one([7.5, ph], "ph") == 8.0  # 7.5 + lg 2 = 7.80
