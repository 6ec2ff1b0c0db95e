"""The rank correlation of HJ 663 and of 环办〔2011〕22号: critical values, ties, missing periods, scipy."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from qingchuan.processing import standards
from qingchuan.processing.explanation import Source
from qingchuan.processing.standards.air_assessment import Trend
from qingchuan.processing.trend.direction import FALLING, NOT_JUDGED, RISING, UNCHANGED, direction, series
from qingchuan.processing.trend.spearman import explain_spearman, spearman

AIR = standards.load("hj663_2013", standards.AirAssessment)
WATER = standards.load("hb2011_22", standards.WaterStatus)
RULE = AIR.trend
NAN = np.nan


def _squares(ranks: Sequence[int]) -> int:
    """Σd² of formula (B.1): of ranks without ties against their order."""
    return sum((place - rank) ** 2 for place, rank in enumerate(ranks, 1))


@pytest.mark.parametrize(
    ("values", "coefficient", "trend"),
    [
        ((5, 4, 3, 2, 1), -1.0, FALLING),
        ((1, 2, 4, 3, 5), 0.9, UNCHANGED),
        ((3, 1, 2, 5, 4), 0.6, UNCHANGED),
        ((1, 2, 3, 4, 5), 1.0, RISING),
        ((2, 1, 3, 4, 5), 0.9, UNCHANGED),
        ((5, 4, 3, 1, 2), -0.9, UNCHANGED),
    ],
)
def test_worked_examples_have_their_coefficient(values: tuple[int, ...], coefficient: float, trend: int) -> None:
    """Five years; 0.9 equals the critical value and is not larger."""
    found = spearman(values, RULE)
    assert found.coefficient == pytest.approx(coefficient, abs=1e-15)
    assert found.trend == trend


@pytest.mark.parametrize(
    ("periods", "squares", "trend"),
    [
        (5, 2, UNCHANGED),  # 0.9, which is printed
        (5, 0, RISING),
        (6, 6, UNCHANGED),  # 0.82857, and 0.829 is printed
        (6, 4, RISING),
        (7, 18, UNCHANGED),
        (7, 16, RISING),  # 0.71429, and 0.714 is printed
        (8, 30, UNCHANGED),  # 0.64286, and 0.643 is printed
        (8, 28, RISING),
        (9, 48, UNCHANGED),  # 0.6, which is printed
        (9, 46, RISING),
        (10, 72, UNCHANGED),
        (10, 70, RISING),
    ],
)
def test_both_sides_of_critical_values(periods: int, squares: int, trend: int) -> None:
    """The coefficient must be larger than the printed value, to the last digit; falling as rising."""
    orders = permutations(range(1, periods + 1))
    values = next(order for order in orders if _squares(order) == squares)
    found = spearman(values, RULE)
    assert found.coefficient == pytest.approx(1 - 6 * squares / (periods**3 - periods), abs=1e-14)
    assert found.trend == trend
    assert spearman(values[::-1], RULE).trend == {RISING: FALLING}.get(trend, trend)


@pytest.mark.parametrize("periods", [5, 6, 7])
def test_every_order_of_few_periods_is_judged_by_fractions(periods: int) -> None:
    """All permutations, by formula (B.1) and the printed value as fractions."""
    orders = np.array(list(permutations(range(1, periods + 1))))
    found = spearman(orders, RULE)
    critical = Fraction(str(dict(RULE.critical)[periods]))
    for order, trend in zip(orders.tolist(), found.trend.tolist(), strict=True):
        exact = 1 - Fraction(6 * _squares(order), periods**3 - periods)
        wanted = UNCHANGED if abs(exact) <= critical else RISING if exact > 0 else FALLING
        assert trend == wanted


@pytest.mark.parametrize("ulps", range(-3, 4))
def test_a_tied_coefficient_is_compared_in_whole_numbers_too(ulps: int) -> None:
    """Two alike of five: √0.95, compared with decimals on either side of it that floats can hardly tell apart."""
    values = (1, 1, 2, 3, 4)
    assert spearman(values, RULE).coefficient == pytest.approx(spearmanr(range(5), values).statistic, abs=1e-15)
    critical = float(np.sqrt(0.95) + ulps * np.spacing(0.95))
    rule = Trend(clause="", at_least=5, significance=0.05, critical=((5, critical),))
    larger = Fraction(95, 100) > Fraction(repr(critical)) ** 2
    assert spearman(values, rule).trend == (RISING if larger else UNCHANGED)


@pytest.mark.parametrize(
    ("periods", "critical"),
    [(4, NAN), (5, 0.9), (10, 0.564), (11, 0.564), (12, 0.506), (13, 0.506), (29, 0.317), (30, 0.306), (31, 0.306)],
)
def test_a_number_of_periods_that_is_not_printed_takes_the_next_smaller(periods: int, critical: float) -> None:
    """Whose value is larger; fewer than five are not judged; more than thirty take the last."""
    found = spearman(np.arange(periods), RULE)
    assert np.array_equal(found.critical, critical, equal_nan=True)
    assert found.trend == (NOT_JUDGED if periods < 5 else RISING)
    assert found.coefficient == 1.0


def test_missing_periods_are_dropped_and_the_others_count() -> None:
    """Five of seven; four of six are not judged; an infinite one is missing."""
    found = spearman([[1, NAN, 2, 3, NAN, 4, 5], [1, NAN, 2, 3, NAN, 4, np.inf]], RULE)
    assert found.valid.tolist() == [5, 4]
    assert found.trend.tolist() == [RISING, NOT_JUDGED]
    assert found.coefficient.tolist() == [1.0, 1.0]


def test_periods_all_alike_have_no_coefficient_and_are_unchanged() -> None:
    """Nothing rises or falls; that is no missing trend."""
    found = spearman([6.0] * 5, RULE)
    assert np.isnan(found.coefficient)
    assert found.trend == UNCHANGED


@pytest.mark.parametrize("shape", [(0,), (5,), (2, 5), (2, 3, 5), (0, 5), (3, 0), (2, 1)])
def test_any_leading_shape_comes_back(shape: tuple[int, ...]) -> None:
    """Without the axis of periods; empty and short series are not judged."""
    found = spearman(np.random.default_rng(5).random(shape), RULE)
    assert all(part.shape == shape[:-1] for part in found)
    assert ((found.trend == NOT_JUDGED) == (shape[-1] < 5)).all()


def test_all_missing_and_a_single_value() -> None:
    """Not judged; refused, as it has no axis of periods."""
    found = spearman([NAN] * 6, RULE)
    assert (int(found.valid), int(found.trend), bool(np.isnan(found.coefficient))) == (0, NOT_JUDGED, True)
    with pytest.raises(ValueError, match=r"the series has the shape \(\); it must be"):
        spearman(3.0, RULE)


def test_input_that_is_not_contiguous_stays_as_it_was() -> None:
    """Years of a transposed array, backwards."""
    values = np.arange(30, dtype=np.float64).reshape(6, 5)
    before = values.copy()
    assert (spearman(values.T[::-1, ::-1], RULE).trend == FALLING).all()
    assert np.array_equal(values, before)


@given(st.lists(st.integers(0, 12) | st.just(NAN), min_size=2, max_size=40))
def test_it_is_the_correlation_of_scipy(values: list[float]) -> None:
    """Ties and missing values, to 1e-9; NaN where scipy has none."""
    there = np.array([value for value in values if not np.isnan(value)])
    found = spearman(values, RULE)
    assert found.valid == len(there)
    if len(set(there.tolist())) < 2:
        assert np.isnan(found.coefficient)
    else:
        assert found.coefficient == pytest.approx(spearmanr(np.arange(len(there)), there).statistic, abs=1e-9)


@given(st.lists(st.integers(-50, 50), min_size=5, max_size=30), st.integers(1, 9))
def test_turning_time_or_sign_turns_the_trend_and_scale_does_not_matter(values: list[int], factor: int) -> None:
    """Only ranks count."""
    turned = {RISING: FALLING, FALLING: RISING, UNCHANGED: UNCHANGED}
    trend = int(spearman(values, RULE).trend)
    assert spearman(values[::-1], RULE).trend == turned[trend]
    assert spearman([-value for value in values], RULE).trend == turned[trend]
    assert spearman([value * factor + 7 for value in values], RULE).trend == trend


def test_the_table_of_water_is_that_of_the_air_at_005_and_stricter_at_001() -> None:
    """Two documents, one table; a smaller significance asks for more."""
    lax, strict = WATER.trend.at(0.05), WATER.trend.at(0.01)
    assert lax.critical == RULE.critical
    assert all(more > less for (_, more), (_, less) in zip(strict.critical, lax.critical, strict=True))
    assert spearman(range(5), lax).trend == RISING
    assert spearman(range(5), strict).trend == UNCHANGED
    with pytest.raises(LookupError, match=r"the significance is 0\.1; 0\.05 and 0\.01 are printed"):
        WATER.trend.at(0.1)


def test_an_explanation_tells_ranks_exact_coefficient_and_limit() -> None:
    """Equal and missing periods too; the words of the standard in both languages."""
    told = explain_spearman([60, 55, 48, NAN, 41, 38], RULE, Source.of(AIR, RULE))
    assert (told.value, told.exact, told.limit, told.valid, told.expected) == (-1.0, Fraction(-1), 0.9, 5, 6)
    assert told.rule.en == (
        "5 valid periods ranked by value, correlated with their order in time: |-1| > the critical value 0.900, falling"
    )
    assert told.source is not None
    assert (told.source.document, told.source.page) == ("HJ 663—2013", 9)
    assert [part.rule.en for part in told.parts[3:5]] == ["missing, not ranked", "rank 4 in time, 2 by value"]


@pytest.mark.parametrize(
    ("values", "words", "exact"),
    [
        ([1, 2, 4, 3, 5], "|0.9| ≤ 临界值 0.900，判定为基本无变化", Fraction(9, 10)),
        ([1, 1, 2, 3, 4], "|0.974679| > 临界值 0.900，判定为上升趋势", None),
        ([3, 2, 1, 6, 5, 4, 7], "|0.714286| > 临界值 0.714，判定为上升趋势", Fraction(5, 7)),
        ([1, 2, 3, 4], "有效周期 4 个，不足 5 个，不作判定", Fraction(1)),
        ([2, 2, 2, 2, 2], "5 个有效周期的数值全部相同，基本无变化", None),
    ],
)
def test_an_explanation_says_what_was_found(values: list[float], words: str, exact: Fraction | None) -> None:
    """On a critical value, with ties, too few, all alike."""
    told = explain_spearman(values, RULE, Source.of(AIR, RULE))
    assert told.rule.zh.endswith(words)
    assert told.exact == exact


def test_directions_follow_sign_and_significance() -> None:
    """Both signs, not significant, not judged; and NaN wherever there is no number."""
    assert direction([1, -1, 1, 1], [True, True, False, True], [True, True, True, False]).tolist() == [1, 2, 3, 0]
    assert series([1.0, np.inf, -np.inf, NAN])[0] == 1.0
    assert np.isnan(series([np.inf, -np.inf, NAN])).all()


@pytest.mark.parametrize("periods", [5, 6, 7, 8])
@pytest.mark.parametrize("significance", [0.05, 0.01])
def test_critical_values_are_those_of_the_exact_distribution(periods: int, significance: float) -> None:
    """Of all orders of few periods no larger share than the significance reaches the printed coefficient."""
    orders = np.array(list(permutations(range(1, periods + 1))))
    squares, counts = np.unique(((orders - np.arange(1, periods + 1)) ** 2).sum(axis=1), return_counts=True)
    reached = squares[np.cumsum(counts) <= significance * len(orders)].max()
    coefficient = 1 - Fraction(6 * int(reached), periods**3 - periods)
    printed = dict(WATER.trend.at(significance).critical)[periods]
    assert float(round(coefficient, 3)) == pytest.approx(printed, abs=1e-12)
