"""The change between two periods: by status, by shares of classes, by concentration."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.water.change import (
    BETTER,
    MUCH_BETTER,
    MUCH_WORSE,
    NOT_COMPARED,
    UNCHANGED,
    WORSE,
    change_by_concentration,
    change_by_shares,
    change_by_status,
    change_words,
    status_levels,
)

MEASURES = standards.load("hb2011_22", standards.WaterStatus)
LIMITS = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
SHARE = st.integers(0, 1000).map(lambda tenths: tenths / 10)


def test_each_change_of_status() -> None:
    """The same level, one level, two or more; in both directions."""
    by_steps = {0: UNCHANGED, 1: WORSE, -1: BETTER}
    for earlier, later in product(range(1, 6), repeat=2):
        steps = later - earlier
        expected = by_steps.get(steps, MUCH_WORSE if steps > 0 else MUCH_BETTER)
        assert int(change_by_status(earlier, later, MEASURES)) == expected


@pytest.mark.parametrize(("earlier", "later"), [(0, 3), (3, 0), (0, 0)])
def test_without_a_status_nothing_is_compared(earlier: int, later: int) -> None:
    """Neither better nor worse."""
    assert int(change_by_status(earlier, later, MEASURES)) == NOT_COMPARED


def test_classes_1_and_2_have_one_status() -> None:
    """From Ⅰ to Ⅱ nothing changed, from Ⅱ to Ⅲ it did."""
    levels = status_levels([[0, 1, 2], [3, 4, 5], [6, 6, 6]], MEASURES)
    assert levels.tolist() == [[0, 1, 1], [2, 3, 4], [5, 5, 5]]


@pytest.mark.parametrize(
    ("good", "worst", "change"),
    [
        ((90.0, 78.9), (5.0, 5.0), WORSE),  # a published river at a provincial border: Ⅰ–Ⅲ down 11.1 points, 劣Ⅴ level
        ((80.0, 80.0), (5.0, 5.0), UNCHANGED),
        ((80.0, 90.0), (5.0, 5.0), UNCHANGED),
        ((80.0, 90.1), (5.0, 5.0), BETTER),
        ((80.0, 85.0), (5.0, 0.0), UNCHANGED),
        ((80.0, 85.1), (5.0, 0.0), BETTER),
        ((70.0, 90.0), (5.0, 5.0), BETTER),
        ((70.0, 90.1), (5.0, 5.0), MUCH_BETTER),
        ((80.0, 70.0), (5.0, 5.0), UNCHANGED),
        ((80.0, 69.9), (5.0, 5.0), WORSE),
        ((80.0, 70.0), (5.0, 15.0), WORSE),
        ((80.0, 70.0), (5.0, 15.1), MUCH_WORSE),
        ((np.nan, 70.0), (5.0, 15.1), NOT_COMPARED),
        ((80.0, 70.0), (5.0, np.nan), NOT_COMPARED),
    ],
)
def test_both_sides_of_each_bound_of_the_shares(
    good: tuple[float, float], worst: tuple[float, float], change: int
) -> None:
    """10 and 20 points belong to the smaller change."""
    assert int(change_by_shares(good, worst, MEASURES).change) == change


@given(SHARE, SHARE, SHARE, SHARE)
def test_shares_are_compared_exactly(good0: float, good1: float, worst0: float, worst1: float) -> None:
    """Of the decimals as published, never of floats."""
    exact = [Fraction(str(share)) for share in (good0, good1, worst0, worst1)]
    balance = exact[1] - exact[0] - exact[3] + exact[2]
    steps = (abs(balance) > 10) + (abs(balance) > 20)
    found = change_by_shares((good0, good1), (worst0, worst1), MEASURES)
    assert int(found.change) == (UNCHANGED - steps if balance > 0 else UNCHANGED + steps)
    assert float(found.balance) == float(balance)


def test_rivers_at_once_with_one_earlier_period() -> None:
    """The earlier period spreads over the later ones."""
    found = change_by_shares((50.0, [[50.0, 61.0], [np.nan, 30.0]]), (10.0, 10.0), MEASURES)
    assert found.change.tolist() == [[UNCHANGED, BETTER], [NOT_COMPARED, WORSE]]
    assert np.isnan(found.good).tolist() == [[False, False], [True, False]]


@pytest.mark.parametrize(
    ("item", "earlier", "later", "percent", "better"),
    [
        ("nh3n", 0.50, 0.55, 100, -1),
        ("nh3n", 0.50, 0.45, -100, 1),
        ("nh3n", 0.50, 0.50, 0, 0),
        ("do", 5.0, 6.0, 200, 1),
        ("do", 6.0, 5.0, -167, -1),
        ("temperature", 10.0, 11.0, 100, 0),
    ],
)
def test_a_rise_is_worse_but_of_dissolved_oxygen(
    item: str, earlier: float, later: float, percent: int, better: int
) -> None:
    """An item without a limit only changes."""
    found = change_by_concentration([earlier], [later], (item,), "river", LIMITS, MEASURES)
    assert (found.percent.tolist(), found.known.tolist(), found.better.tolist()) == ([percent], [True], [better])


@pytest.mark.parametrize(
    ("item", "earlier", "later"), [("ph", 7.0, 8.0), ("tp", np.nan, 0.1), ("tp", 0.1, -1.0), ("tp", 0.0, 0.1)]
)
def test_what_has_no_change_in_percent(item: str, earlier: float, later: float) -> None:
    """pH, what is missing, and what was nothing before."""
    found = change_by_concentration([earlier], [later], (item,), "river", LIMITS, MEASURES)
    assert (found.percent.tolist(), found.known.tolist(), found.better.tolist()) == ([0], [False], [0])


def test_total_nitrogen_is_judged_in_lakes_only() -> None:
    """In rivers nothing says which way is better."""
    better = [
        change_by_concentration([[1.0]], [[0.5]], ("tn",), body, LIMITS, MEASURES).better.tolist()
        for body in ("river", "lake")
    ]
    assert better == [[[0]], [[1]]]


@pytest.mark.parametrize(
    ("change", "zh"),
    [(1, "明显好转"), (2, "有所好转"), (3, "无明显变化"), (4, "有所变差"), (5, "明显变差")],
)
def test_each_change_has_a_name(change: int, zh: str) -> None:
    """From much better to much worse."""
    words = change_words(change, MEASURES)
    assert words is not None
    assert words.zh == zh
    assert change_words(NOT_COMPARED, MEASURES) is None


@pytest.mark.parametrize("number", [-1, 6])
def test_a_change_that_does_not_exist_has_no_name(number: int) -> None:
    """Nor does one count from the end."""
    with pytest.raises(LookupError, match="it is 1 … 5, or 0 for none"):
        change_words(number, MEASURES)


@pytest.mark.parametrize("number", [-1, 7])
def test_a_class_that_does_not_exist_has_no_status(number: int) -> None:
    """The message says which there are."""
    with pytest.raises(ValueError, match="it is 1 … 6, or 0 for none"):
        status_levels([number], MEASURES)
