"""The budget of a section: by brute force against the mean of the year and its class, edges, what is missing."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qingchuan.processing import catalogue, standards
from qingchuan.processing.standards.water_limits import WaterBody, WaterLimit
from qingchuan.processing.water.budget import (
    NOT_ASKED,
    OPEN,
    OUT_OF_REACH,
    SAFE,
    bound_decimals,
    edge,
    section_budget,
    year_so_far,
)
from qingchuan.processing.water.budget_explained import explain_section_budget
from qingchuan.processing.water.classes import item_classes
from qingchuan.processing.water.means import mean_of_means
from tests.support.explained import zh

LIMITS = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
RULES = standards.load("cnemc2020_90", standards.WaterRounding)
JUDGED = ("do", "codmn", "nh3n", "tp", "cod", "bod5", "copper", "cadmium", "mercury", "petroleum", "volatile_phenol")


def _row(item: str, body: WaterBody = "river") -> WaterLimit:
    row = LIMITS.limit(item, body)
    assert row is not None
    return row


def _budget(item: str, months: list[float], remaining: int, target: int) -> tuple[float, int]:
    samples = np.reshape(months, (1, len(months), 1))
    found = section_budget(samples, remaining, target, (item,), "river", LIMITS, RULES)
    return float(found.bound[0]), int(found.state[0])


def _meets(item: str, months: list[float], target: int) -> bool:
    """Whether a year reaches its target, by the functions that publish it."""
    year = mean_of_means(np.reshape(months, (1, len(months), 1)), (item,), RULES, 1)
    return bool(item_classes(year.values, (item,), "river", LIMITS)[0] <= target)


@given(
    st.sampled_from(JUDGED),
    st.integers(1, 5),
    st.integers(0, 11),
    st.integers(1, 4),
    st.data(),
)
def test_the_bound_meets_the_target_and_one_unit_beyond_it_does_not(
    item: str, target: int, known: int, remaining: int, data: st.DataObject
) -> None:
    """The year is completed with the bound, and judged as it will be."""
    decimals, limit = bound_decimals(item, RULES), _row(item).limits[target - 1]
    around = st.integers(0, int(3 * limit * 10**decimals)).map(lambda number: number / 10**decimals)
    months = data.draw(st.lists(around, min_size=known, max_size=known))
    bound, state = _budget(item, months, remaining, target)
    better = -1 if _row(item).compare == "at_most" else 1
    if state == OPEN:
        unit = round(bound * 10**decimals)
        assert _meets(item, [*months, *[unit / 10**decimals] * remaining], target)
        beyond = (unit - better) / 10**decimals
        assert beyond < 0 or not _meets(item, [*months, *[beyond] * remaining], target)
    elif state == OUT_OF_REACH:
        best = 0.0 if better < 0 else catalogue.item(item).plausible[1]
        assert not _meets(item, [*months, *[best] * remaining], target)
    else:
        assert (item, state) == ("do", SAFE)
        assert _meets(item, [*months, *[0.0] * remaining], target)


@given(st.lists(st.integers(0, 300), min_size=3, max_size=5), st.integers(1, 3), st.integers(2, 5))
def test_no_bound_is_missed_by_trying_every_value(units: list[int], remaining: int, target: int) -> None:
    """Ammonia nitrogen in steps of 0.001 mg/L, from 0 up to where it fails."""
    months = [unit / 100 for unit in units]
    bound, state = _budget("nh3n", months, remaining, target)
    goal = edge(_row("nh3n"), target, RULES)
    total = sum(Fraction(unit, 100) for unit in units)
    fitting = []
    for tried in range(12000):
        mean = (total + remaining * Fraction(tried, 1000)) / (len(months) + remaining)
        if mean > goal.mean or (mean == goal.mean and not goal.meets):
            break
        fitting.append(tried)
    assert (state, bound) == (OPEN, fitting[-1] / 1000) if fitting else (state == OUT_OF_REACH)


@pytest.mark.parametrize(
    ("item", "number", "mean", "meets"),
    [
        ("nh3n", 3, "1.005", True),  # 1.00 is even
        ("nh3n", 1, "0.155", False),  # 0.15 is odd: a tie goes to 0.16
        ("codmn", 3, "6.05", True),
        ("bod5", 1, "3.05", True),
        ("tp", 3, "0.2005", True),
        ("cadmium", 1, "0.001005", True),
        ("mercury", 1, "0.000055", False),
        ("do", 3, "4.95", True),  # a tie goes to 5.0
        ("do", 1, "7.45", False),  # a tie goes to 7.4
        ("cod", 1, "15.05", True),
    ],
)
def test_the_edge_of_a_limit_is_a_tie_of_the_rounding(item: str, number: int, mean: str, meets: bool) -> None:  # noqa: FBT001 - expected value
    """And meets it where the limit ends with an even digit."""
    found = edge(_row(item), number, RULES)
    assert (found.mean, found.meets) == (Fraction(mean), meets)
    assert _meets(item, [float(mean)], number) is meets


@pytest.mark.parametrize(
    ("item", "months", "remaining", "target", "bound", "state"),
    [
        ("nh3n", [1.02] * 10, 2, 3, 0.93, OPEN),
        ("nh3n", [0.16] * 10, 2, 1, 0.129, OPEN),  # 0.13 would end on the tie 0.155, which is 0.16
        ("nh3n", [1.0] * 11, 1, 3, 1.06, OPEN),
        ("nh3n", [1.1] * 11, 1, 3, np.nan, OUT_OF_REACH),
        ("nh3n", [12.06], 11, 3, 0.0, OPEN),
        ("nh3n", [12.07], 11, 3, np.nan, OUT_OF_REACH),
        ("nh3n", [1.005] * 12, 0, 3, np.nan, SAFE),
        ("nh3n", [1.006] * 12, 0, 3, np.nan, OUT_OF_REACH),
        ("nh3n", [], 12, 3, 1.005, OPEN),
        ("nh3n", [], 0, 3, np.nan, NOT_ASKED),
        ("nh3n", [1.0], 11, 0, np.nan, NOT_ASKED),
        ("do", [5.0] * 11, 1, 3, 4.4, OPEN),
        ("do", [9.0] * 11, 1, 3, np.nan, SAFE),
        ("do", [5.4] * 11, 1, 3, np.nan, SAFE),
        ("do", [5.3] * 11, 1, 3, 1.1, OPEN),
        ("do", [0.5] * 11, 1, 3, np.nan, OUT_OF_REACH),
        ("do", [0.9] * 11, 1, 3, 49.5, OPEN),
        ("ph", [10.0] * 11, 1, 3, np.nan, NOT_ASKED),
        ("temperature", [10.0] * 11, 1, 3, np.nan, NOT_ASKED),
    ],
)
def test_budgets_and_their_states(
    item: str, months: list[float], remaining: int, target: int, bound: float, state: int
) -> None:
    """Within reach, met whatever comes, out of reach, nothing to say."""
    found = _budget(item, months, remaining, target)
    assert found[1] == state
    assert found[0] == pytest.approx(bound, nan_ok=True)


def test_a_month_without_a_value_is_lost() -> None:
    """It neither counts nor remains."""
    samples = [[[1.0], [np.nan], [np.inf], [-1.0], [1.0]]]
    found = section_budget(samples, 1, 3, ("nh3n",), "river", LIMITS, RULES)
    assert found.months.tolist() == [2]
    assert found.bound.tolist() == [_budget("nh3n", [1.0, 1.0], 1, 3)[0]]


def test_months_weigh_the_same_however_many_samples_they_have() -> None:
    """Their means go in unrounded: thirds are thirds."""
    samples = np.array([[[1.0, 1.0, 1.01], [0.9, np.nan, np.nan]]])
    (total, months), *_ = year_so_far(samples[0])
    assert (total, months) == (Fraction(301, 300) + Fraction(9, 10), 2)
    found = section_budget(samples, 1, 3, ("nh3n",), "river", LIMITS, RULES)
    assert found.bound.tolist() == [1.111]  # 3.015 − 1.9033…, cut


@given(st.lists(st.lists(st.floats(0, 5), min_size=3, max_size=3), min_size=2, max_size=4), st.integers(1, 3))
def test_values_of_any_number_of_decimals(samples: list[list[float]], remaining: int) -> None:
    """Floats of seventeen digits are taken as they print."""
    (total, _), *_ = year_so_far(np.array([samples]))
    assert total == sum(sum(Fraction(repr(value)) for value in month) / 3 for month in samples)
    found = section_budget([samples], remaining, 4, ("nh3n",), "river", LIMITS, RULES)
    limit = edge(_row("nh3n"), 4, RULES).mean * (len(samples) + remaining)
    assert int(found.state[0]) == (OUT_OF_REACH if total > limit else OPEN)


def test_sections_at_once_with_targets_of_their_own() -> None:
    """Each cell is as it is alone, in lakes with the lake's limits."""
    generator = np.random.default_rng(13)
    items, targets = ("do", "nh3n", "tp", "ph"), np.array([1, 2, 3, 0, 5])
    samples: NDArray[np.float64] = generator.integers(1, 900, (4, 5, 7, 2)) / 100
    samples[generator.random(samples.shape) < 0.3] = np.nan
    remaining = np.array([5, 0, 1, 2, 3])
    found = section_budget(np.asfortranarray(samples), remaining, targets, items, "lake", LIMITS, RULES)
    for section in range(5):
        alone = section_budget(samples[:, section], remaining[section], targets[section], items, "lake", LIMITS, RULES)
        assert np.array_equal(found.bound[:, section], alone.bound, equal_nan=True)
        assert np.array_equal(found.state[:, section], alone.state)
        assert np.array_equal(found.months[:, section], alone.months)


def test_no_sections_have_no_budget() -> None:
    """An empty axis stays."""
    found = section_budget(np.empty((1, 0, 3, 1)), 2, 3, ("nh3n",), "river", LIMITS, RULES)
    assert found.bound.shape == found.state.shape == (1, 0)


@pytest.mark.parametrize(
    ("shape", "remaining", "target", "message"),
    [
        ((1, 3), 2, 3, r"the samples have the shape \(1, 3\); it must be \(items, …, months, samples\)"),
        ((2, 3, 1), 2, 3, "with a row for each of nh3n"),
        ((1, 3, 1), -1, 3, "a number of months has the value -1; it is 0 or more"),
        ((1, 3, 1), 2, 6, "a target class has the value 6; it is 0 … 5"),
    ],
)
def test_what_makes_no_budget_is_refused(shape: tuple[int, ...], remaining: int, target: int, message: str) -> None:
    """With what it should be."""
    with pytest.raises(ValueError, match=message):
        section_budget(np.ones(shape), remaining, target, ("nh3n",), "river", LIMITS, RULES)


def test_a_limit_finer_than_the_rounding_is_refused() -> None:
    """Then no tie decides, because small means keep one digit more."""
    row = WaterLimit(number=15, item="mercury", zh="汞", unit="mg/L", compare="at_most", limits=(0.000005,) * 5)
    with pytest.raises(ValueError, match="the limit of mercury has 5e-06; it must have no more than the 5 decimals"):
        edge(row, 1, RULES)


def test_no_limit_of_the_standard_is_finer_than_the_rounding() -> None:
    """Of any class and kind of water."""
    for row in LIMITS.table.rows:
        if row.compare in {"at_most", "at_least"}:
            assert all(edge(row, number, RULES).mean > 0 for number in range(1, 6))


@pytest.mark.parametrize(
    ("months", "remaining", "value", "words"),
    [
        ([1.02] * 10, 2, "可以达标", "余2个月均值不得高于0.93 mg/L"),
        ([2.0] * 10, 2, "无法达标", "氨氮全年均值已无法达到目标"),
        ([0.9] * 12, 0, "确定达标", "必达目标"),
    ],
)
def test_an_explanation_tells_the_same_budget(months: list[float], remaining: int, value: str, words: str) -> None:
    """Of the section, and of each item."""
    samples = np.reshape(months, (1, len(months), 1))
    told = explain_section_budget(samples, remaining, 3, ("nh3n",), "river", LIMITS, RULES)
    assert zh(told) == value
    assert words in told.rule.zh + told.parts[0].rule.zh
    assert told.parts[0].limit == 1.0
    assert (told.parts[0].valid, told.parts[0].expected) == (len(months), len(months) + remaining)


def test_an_explanation_of_dissolved_oxygen_and_of_ph() -> None:
    """The one must keep above its bound, the other is not computed."""
    samples = np.array([[[5.0]] * 11, [[7.0]] * 11])
    told = explain_section_budget(samples, 1, 3, ("do", "ph"), "river", LIMITS, RULES)
    assert told.parts[0].rule.zh.endswith("全年12个月均值不低于4.95即修约达标，余1个月均值不得低于4.4 mg/L")
    assert (told.parts[1].value, told.parts[1].rule.zh) == (None, "不测算")
    assert zh(explain_section_budget(samples, 1, 0, ("do", "ph"), "river", LIMITS, RULES)) == "无需测算"
