"""Black and odorous water: both sides of each bound, shallow water, points, reaches, water bodies."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from qingchuan.processing import catalogue, standards
from qingchuan.processing.standards.black_odorous import BlackOdorousItem
from qingchuan.processing.water.black_odorous import (
    HEAVY,
    LIGHT,
    NO_LEVEL,
    NOT_BLACK,
    datum_levels,
    heavy_reaches,
    point_level,
    water_body_level,
)

GUIDE = standards.load("black_odorous_2015", standards.BlackOdorousWater)
DEEP = 100.0
LEVELS = st.integers(NO_LEVEL, HEAVY)


def _level(item: str, value: float, depth: float = DEEP) -> int:
    return int(datum_levels([value], (item,), depth, GUIDE)[GUIDE.items.index(item)])


@pytest.mark.parametrize(
    ("item", "value", "level"),
    [
        ("transparency", 25, NOT_BLACK),
        ("transparency", 24.9, LIGHT),
        ("transparency", 10, LIGHT),
        ("transparency", 9.9, HEAVY),
        ("do", 2.0, NOT_BLACK),
        ("do", 1.99, LIGHT),
        ("do", 0.2, LIGHT),
        ("do", 0.19, HEAVY),
        ("nh3n", 8.0, NOT_BLACK),
        ("nh3n", 8.1, LIGHT),
        ("nh3n", 15.0, LIGHT),
        ("nh3n", 15.1, HEAVY),
        ("orp", 50, NOT_BLACK),
        ("orp", 49, LIGHT),
        ("orp", -200, LIGHT),
        ("orp", -201, HEAVY),
    ],
)
def test_both_sides_of_each_bound(item: str, value: float, level: int) -> None:
    """As github.com/sm1lewc/Silence.Water tests them; the redox potential by analogy."""
    assert _level(item, value) == level


@pytest.mark.parametrize(
    ("value", "depth", "level"),
    [
        (8.0, 20, LIGHT),
        (7.9, 20, HEAVY),
        (19.9, 20, LIGHT),
        (20.0, 20, NOT_BLACK),
        (6.84, 17.1, LIGHT),
        (6.83, 17.1, HEAVY),
        (9.96, 24.9, LIGHT),
        (9.95, 24.9, HEAVY),
        (24.0, 24.9, LIGHT),
        (24.9, 25.0, LIGHT),
        (10.0, 25.0, LIGHT),
        (9.9, 25.0, HEAVY),
        (9.9, np.nan, HEAVY),
        (25.0, np.nan, NOT_BLACK),
        (30.0, 0.0, NOT_BLACK),
        (5.0, 0.0, HEAVY),
        (np.nan, 20, NO_LEVEL),
        (-1.0, 20, NO_LEVEL),
    ],
)
def test_shallow_water_is_judged_by_its_depth(value: float, depth: float, level: int) -> None:
    """40 % of the depth below 25 cm; clear to the bottom is not black; from 25 cm on the table holds."""
    assert _level("transparency", value, depth) == level


@given(st.integers(1, 249), st.integers(0, 2490))
def test_the_share_of_the_depth_is_exact(depth: int, transparency: int) -> None:
    """Depths in mm, transparencies in tenths of a mm: against fractions."""
    exact_depth, exact = Fraction(depth, 10), Fraction(transparency, 100)
    expected = NOT_BLACK if exact >= exact_depth else HEAVY if exact < exact_depth * Fraction(40, 100) else LIGHT
    assert _level("transparency", transparency / 100, depth / 10) == expected


def test_of_several_items_the_worst_is_the_level() -> None:
    """One sample: light transparency, heavy oxygen, ammonia that is neither."""
    levels = datum_levels([[20.0], [0.1], [1.0]], ("transparency", "do", "nh3n"), DEEP, GUIDE)
    assert levels[:, 0].tolist() == [LIGHT, HEAVY, NO_LEVEL, NOT_BLACK]
    assert int(point_level(levels, GUIDE).level) == HEAVY


def test_depth_judges_transparency_alone() -> None:
    """Ammonia is ammonia in a puddle."""
    assert _level("nh3n", 8.1, 5.0) == LIGHT


def test_missing_data_have_no_level() -> None:
    """NaN, infinite, and negative where that cannot be; a negative redox potential can."""
    assert _level("do", np.nan) == _level("do", np.inf) == _level("nh3n", -1.0) == NO_LEVEL
    assert _level("orp", -1.0) == LIGHT
    assert datum_levels([[1.0]], ("do",), DEEP, GUIDE)[:, 0].tolist() == [NO_LEVEL, LIGHT, NO_LEVEL, NO_LEVEL]


def _point(levels: NDArray[np.uint8]) -> int:
    """The rule, one datum after another."""
    shares = []
    for row in levels.tolist():
        valid = [level for level in row if level != NO_LEVEL]
        if valid:
            shares.append(Fraction(valid.count(HEAVY), len(valid)))
    if not shares:
        return NO_LEVEL
    if any(share >= Fraction(6, 10) for share in shares) or sum(share >= Fraction(3, 10) for share in shares) >= 2:
        return HEAVY
    return LIGHT if (levels > NOT_BLACK).any() else NOT_BLACK


@given(arrays.arrays(np.uint8, st.tuples(st.just(4), st.integers(0, 11)), elements=LEVELS))
def test_a_point_is_judged_as_by_another_hand(levels: NDArray[np.uint8]) -> None:
    """With as many data as one likes, and gaps."""
    found = point_level(levels, GUIDE)
    assert int(found.level) == _point(levels)
    assert found.valid.tolist() == (levels > 0).sum(axis=1).tolist()


@pytest.mark.parametrize(
    ("counts", "level"),
    [
        ([(6, 10), (0, 10)], HEAVY),
        ([(5, 10), (0, 10)], LIGHT),
        ([(3, 10), (3, 10)], HEAVY),
        ([(3, 10), (2, 10)], LIGHT),
        ([(3, 5), (0, 5)], HEAVY),
        ([(1, 3), (1, 3)], HEAVY),
        ([(2, 7), (2, 7)], LIGHT),
        ([(0, 3), (0, 3)], NOT_BLACK),
    ],
)
def test_both_sides_of_the_shares_of_a_point(counts: list[tuple[int, int]], level: int) -> None:
    """60 % of one item, 30 % of two: the share itself is enough."""
    rows = [[HEAVY] * heavy + [NOT_BLACK] * (valid - heavy) for heavy, valid in counts]
    assert int(point_level(rows, GUIDE).level) == level


def test_a_gap_is_no_datum() -> None:
    """Three heavy ones of five measured are 60 %, however often the sampler came."""
    levels = np.array([[HEAVY] * 3 + [NOT_BLACK] * 2 + [NO_LEVEL] * 5])
    found = point_level(levels, GUIDE)
    assert (int(found.level), int(found.heavy[0]), int(found.valid[0])) == (HEAVY, 3, 5)


@pytest.mark.parametrize(("samples", "enough"), [(2, False), (3, True)])
def test_a_point_says_whether_it_was_sampled_often_enough(
    samples: int,
    enough: bool,  # noqa: FBT001 - expected value
) -> None:
    """The guide asks for three."""
    assert bool(point_level([[LIGHT] * samples], GUIDE).enough) is enough


@given(st.lists(LEVELS, max_size=14))
def test_reaches_are_rows_of_three_heavy_points(levels: list[int]) -> None:
    """Against groups of neighbours; a point without a level ends one."""
    expected: list[bool] = []
    for heavy, group in groupby(level == HEAVY for level in levels):
        row = list(group)
        expected += [heavy and len(row) >= 3] * len(row)
    assert heavy_reaches(levels, GUIDE).tolist() == expected


def test_reaches_of_many_water_bodies_at_once() -> None:
    """Along the last axis only."""
    levels = np.array([[[3, 3, 3, 1], [3, 3, 0, 3]]], dtype=np.uint8)
    assert heavy_reaches(levels, GUIDE).tolist() == [[[True, True, True, False], [False] * 4]]
    assert heavy_reaches(3, GUIDE).shape == ()


@pytest.mark.parametrize(
    ("levels", "level"),
    [
        ([3, 3, 3, 1, 1], HEAVY),
        ([3, 3, 3, 1, 1, 1], LIGHT),
        ([3, 3, 3, 1, 1, 0, 0], HEAVY),
        ([2, 1, 1], LIGHT),
        ([1, 1, 1, 0], NOT_BLACK),
        ([0, 0], NO_LEVEL),
        ([], NO_LEVEL),
    ],
)
def test_both_sides_of_the_share_of_a_water_body(levels: list[int], level: int) -> None:
    """60 % of the points that have a level."""
    assert int(water_body_level(levels, GUIDE).level) == level


@pytest.mark.parametrize(("points", "enough"), [(2, False), (3, True)])
def test_a_water_body_says_whether_it_has_points_enough(
    points: int,
    enough: bool,  # noqa: FBT001 - expected value
) -> None:
    """The guide asks for three."""
    assert bool(water_body_level([LIGHT] * points, GUIDE).enough) is enough


def test_water_bodies_points_and_samples_at_once() -> None:
    """From values of the shape (items, water bodies, points, samples) to a level a water body."""
    generator = np.random.default_rng(3)
    values = generator.integers(0, 4, (4, 2, 5, 6)).astype(np.float64) * 8
    values[generator.random(values.shape) < 0.2] = np.nan
    levels = datum_levels(values, GUIDE.items, np.full((5, 6), DEEP), GUIDE)
    points = point_level(levels, GUIDE)
    assert points.level.shape == (2, 5)
    assert [[_point(levels[:, body, point]) for point in range(5)] for body in range(2)] == points.level.tolist()
    assert water_body_level(points.level, GUIDE).level.shape == (2,)


def test_levels_without_samples_are_refused() -> None:
    """A point is judged over its data."""
    with pytest.raises(ValueError, match=r"the levels have the shape \(4,\); they must be \(items, …, samples\)"):
        point_level([1, 1, 1, 1], GUIDE)


def test_the_units_are_those_of_the_catalogue() -> None:
    """Transparency and depth in cm, as printed."""
    assert all(catalogue.item(row.item).unit == row.unit for row in GUIDE.table.rows)
    assert catalogue.item("water_depth").unit == "cm"


def test_a_heavy_bound_before_the_light_one_is_refused() -> None:
    """A row that is typed the wrong way round."""
    row = {"item": "do", "zh": "溶解氧", "unit": "mg/L", "compare": "at_least", "light": 0.2, "heavy": 2.0}
    with pytest.raises(msgspec.ValidationError, match=r"'do' has light 0.2, heavy 2.0; heavy lies beyond light"):
        msgspec.convert(row, BlackOdorousItem)


@pytest.mark.parametrize("number", [-1, 4])
def test_a_level_that_does_not_exist_is_refused(number: int) -> None:
    """0 is none."""
    assert GUIDE.level(0) is None
    with pytest.raises(LookupError, match=f"the level has the number {number}; it is 1 … 3"):
        GUIDE.level(number)
