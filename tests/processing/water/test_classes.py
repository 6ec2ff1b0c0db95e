"""Classes of water: both sides of each limit, published rows, values carried along."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from qingchuan.processing import standards
from qingchuan.processing.decimals import comparable
from qingchuan.processing.standards.water_limits import WaterBody, WaterLimit
from qingchuan.processing.water.classes import NO_CLASS, carried, class_name, counting, item_classes, section_class

STANDARD = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
STATUS = standards.load("hb2011_22", standards.WaterStatus)
FIVE = STANDARD.real_time.items
HOUR = 3600

# Class boundaries published as tests of github.com/sm1lewc/SurfaceWater: values of Ⅰ … 劣Ⅴ.
BOUNDARIES = {
    "do": [7.5, 6, 5, 3, 2, 1],
    "codmn": [2, 4, 6, 10, 15, 20],
    "nh3n": [0.15, 0.5, 1, 1.5, 2, 3],
    "tp": [0.02, 0.1, 0.2, 0.3, 0.4, 0.5],
}

# Displayed values of Ningbo's national stations, 2026-02-04 11:00: pH, DO, CODMn, NH3-N, TP, published class.
NINGBO = [
    ("溪口", [7.11, 11.06, 0.56, 0.004, 0.012], "river", 1),
    ("清林渡", [7.72, 9.95, 3.12, 0.333, 0.091], "river", 2),
    ("水车", [8.28, 12.79, 3.66, 0.021, 0.011], "river", 2),
    ("大嵩", [8.41, 13.40, 3.33, 0.012, 0.030], "river", 2),
    ("北湖中心", [6.92, 10.93, 2.87, 0.026, 0.023], "lake", 2),
    ("长汀", [8.61, 12.56, 1.51, 0.006, 0.023], "river", 2),
    ("菁江渡（浦口闸）", [7.80, 11.87, 3.32, 0.111, 0.046], "river", 2),
    ("梁桥", [7.20, 9.92, 1.02, 0.170, 0.094], "river", 2),
    ("四灶浦闸", [8.86, 13.41, 5.65, 0.017, 0.049], "river", 3),
]


def _class(item: str, value: float, body: WaterBody = "river") -> int:
    return int(item_classes([[value]], (item,), body, STANDARD)[0, 0])


@pytest.mark.parametrize(("item", "values"), BOUNDARIES.items())
def test_published_class_boundaries(item: str, values: list[float]) -> None:
    """A value that equals a limit stays in the better class."""
    assert [_class(item, value) for value in values] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("row", "body"),
    [
        pytest.param(row, body, id=f"{row.item}-{body}")
        for row in STANDARD.table.rows
        for body in get_args(WaterBody)
        if row.compare in {"at_most", "at_least"} and row.water_body in {None, body}
    ],
)
def test_each_limit_has_two_sides(row: WaterLimit, body: WaterBody) -> None:
    """The limit belongs to the best class that has it; a hair beyond it belongs to the next other one."""
    beyond = -np.inf if row.compare == "at_least" else np.inf
    for limit in row.limits:
        best = row.limits.index(limit) + 1
        worse = best + row.limits.count(limit)
        assert _class(row.item, limit, body) == best
        assert _class(row.item, float(np.nextafter(limit, beyond)), body) == worse


@pytest.mark.parametrize(
    ("value", "number"), [(6.0, 1), (9.0, 1), (7.3, 1), (5.99, 6), (9.01, 6), (0.0, 6), (91.98, 6)]
)
def test_a_ph_outside_6_to_9_is_worse_than_all_classes(value: float, number: int) -> None:
    """There is nothing between Ⅰ and 劣Ⅴ."""
    assert _class("ph", value) == number


@pytest.mark.parametrize(
    ("item", "value", "number"),
    [("cod", 15.0, 1), ("cod", 15.1, 3), ("copper", 1.0, 2), ("copper", 1.01, 6), ("cyanide", 0.2, 3)],
)
def test_where_classes_share_a_limit_the_best_is_given(item: str, value: float, number: int) -> None:
    """COD 15 is Ⅰ, copper 1.0 is Ⅱ, cyanide 0.2 is Ⅲ."""
    assert _class(item, value) == number


@pytest.mark.parametrize("item", ["do", "codmn", "nh3n", "tp", "cod", "copper"])
def test_a_negative_concentration_is_missing(item: str) -> None:
    """Stations send −1 for nothing; zero is a value."""
    assert [_class(item, value) for value in (-1.0, -0.001)] == [NO_CLASS] * 2
    assert _class(item, 0.0) == (6 if item == "do" else 1)


def test_a_section_of_negative_values_has_no_class() -> None:
    """Never class Ⅰ."""
    section, deciding = section_class(item_classes([-1.0] * 5, FIVE, "river", STANDARD))
    assert (int(section), bool(deciding.any())) == (NO_CLASS, False)


def test_only_temperature_may_be_negative() -> None:
    """What counts does not hide an earlier value; the input stays as it is."""
    values = np.array([[-0.2, 3.0], [0.5, -1.0], [np.nan, 0.0]])
    found = counting(values, ("temperature", "tp", "codmn"))
    assert np.array_equal(found, np.array([[-0.2, 3.0], [0.5, np.nan], [np.nan, 0.0]]), equal_nan=True)
    assert values[1, 1] == -1.0
    assert carried([0, HOUR], found[1:2], [4 * HOUR])[0].tolist() == [[0.5, 0.5]]
    assert counting([-1.0, 2.0], ("tp", "ph")).tolist()[1:] == [2.0]
    assert counting(np.empty((2, 0)), ("tp", "ph")).shape == (2, 0)


@pytest.mark.parametrize(("body", "number"), [("river", 2), ("lake", 4)])
def test_lakes_have_their_own_limits_of_total_phosphorus(body: WaterBody, number: int) -> None:
    """TP 0.1 is Ⅱ in a river and Ⅳ in a lake."""
    assert _class("tp", 0.1, body) == number


def test_total_nitrogen_has_limits_in_lakes_only_and_never_judges_in_real_time() -> None:
    """The real-time class is that of five items, in lakes too."""
    assert _class("tn", 3.0, "river") == NO_CLASS
    assert _class("tn", 3.0, "lake") == 6
    assert FIVE == ("ph", "do", "codmn", "nh3n", "tp")


def test_items_without_limits_have_no_class() -> None:
    """Temperature, conductivity, turbidity, and what no table knows."""
    items = ("temperature", "conductivity", "turbidity", "chla")
    assert item_classes(np.ones((4, 2)), items, "river", STANDARD).tolist() == [[0, 0]] * 4


@pytest.mark.parametrize(("name", "values", "body", "published"), NINGBO, ids=[row[0] for row in NINGBO])
def test_published_classes_of_ningbo(name: str, values: list[float], body: WaterBody, published: int) -> None:
    """Nine rows of the national release platform."""
    section, _ = section_class(item_classes(values, FIVE, body, STANDARD))
    assert section == published, name


def test_exact_values_decide_not_displayed_ones() -> None:
    """TP shown as 0.100 is Ⅱ, or Ⅲ where the exact value lies above the limit."""
    values = [[comparable("0.1"), comparable("0.1004"), comparable("0.10000000000000000001")]]
    assert item_classes(values, ("tp",), "river", STANDARD).tolist() == [[2, 3, 3]]


def test_the_worst_item_decides() -> None:
    """Published as a test of sm1lewc/SurfaceWater: DO 7.5, NH3-N 0.5, CODMn 20 is 劣Ⅴ."""
    section, deciding = section_class(item_classes([7.5, 0.5, 20], ("do", "nh3n", "codmn"), "river", STANDARD))
    assert section == 6
    assert deciding.tolist() == [False, False, True]


def test_all_items_of_the_worst_class_decide() -> None:
    """Two items of class Ⅳ decide together."""
    section, deciding = section_class([4, 1, 4, 0, 2])
    assert section == 4
    assert deciding.tolist() == [True, False, True, False, False]


def test_in_class_one_nothing_decides() -> None:
    """Nothing holds the section down."""
    section, deciding = section_class([1, 1, 0])
    assert section == 1
    assert not deciding.any()


def test_a_missing_item_is_skipped_and_nothing_at_all_has_no_class() -> None:
    """Never class Ⅰ for want of values."""
    values = np.array([[np.nan, np.nan], [4.0, np.nan]])
    section, deciding = section_class(item_classes(values, ("ph", "do"), "river", STANDARD))
    assert section.tolist() == [4, 0]
    assert deciding.tolist() == [[False, False], [True, False]]


@given(st.lists(st.integers(0, 6), min_size=1, max_size=6), st.integers(0, 5))
def test_a_value_that_goes_missing_never_makes_a_class_worse_nor_another_item_better(
    classes: list[int], place: int
) -> None:
    """Worst of fewer items is at most the worst of all."""
    less = list(classes)
    less[place % len(less)] = 0
    assert section_class(less)[0] <= section_class(classes)[0]


def _plainly(item: str, value: float, body: WaterBody) -> int:
    """Class of one value, by walking along the limits."""
    row = STANDARD.limit(item, body)
    if row is None or np.isnan(value) or value < 0:
        return NO_CLASS
    if row.compare == "within":
        return 1 if row.limits[0] <= value <= row.limits[1] else 6
    meets = [value >= limit if row.compare == "at_least" else value <= limit for limit in row.limits]
    return meets.index(True) + 1 if True in meets else 6


@pytest.mark.parametrize("body", ["river", "lake"])
def test_long_arrays_are_judged_value_by_value(body: WaterBody) -> None:
    """Longer than a block, every item, limits among the values, missing and negative and infinite ones too."""
    chance = np.random.default_rng(2)
    items = list(dict.fromkeys(row.item for row in STANDARD.table.rows))
    for item in items:
        row = STANDARD.limit(item, body)
        marks = np.array([*(row.limits if row else [1.0]), np.nan, -1.0, np.inf, -np.inf, 0.0])
        values = np.concatenate([chance.choice(marks, 40_000), chance.uniform(0, 1.3 * marks[0], 1_000)])
        kinds, place = np.unique(values, return_inverse=True)
        expected = np.array([_plainly(item, value, body) for value in kinds.tolist()], np.uint8)[place]
        assert np.array_equal(item_classes([values], (item,), body, STANDARD)[0], expected), item


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=8),
    st.sampled_from(["do", "ph", "codmn", "copper", "cyanide", "tn"]),
)
def test_any_number_has_the_class_of_its_limits(values: list[float], item: str) -> None:
    """Whatever a float may be."""
    found = item_classes([values], (item,), "lake", STANDARD)[0].tolist()
    assert found == [_plainly(item, value, "lake") for value in values]


def test_values_need_not_be_contiguous() -> None:
    """A transposed and a strided array are judged as their copies are; the result stands alone."""
    values = np.random.default_rng(3).uniform(0, 12, (400, 5, 200)).T[:, ::2, 1::3].transpose(1, 0, 2)
    assert not values.flags.c_contiguous
    found = item_classes(values, ("ph",) * len(values), "river", STANDARD)
    assert np.array_equal(found, item_classes(values.copy(), ("ph",) * len(values), "river", STANDARD))
    assert not np.shares_memory(found, values)


def test_shapes_are_kept_and_input_unchanged() -> None:
    """Stacked, empty and single values."""
    values = np.full((5, 2, 3), np.nan)
    assert item_classes(values, FIVE, "lake", STANDARD).shape == (5, 2, 3)
    assert np.isnan(values).all()
    assert item_classes(np.empty((5, 0)), FIVE, "lake", STANDARD).shape == (5, 0)
    assert item_classes(np.empty((0, 4)), (), "lake", STANDARD).shape == (0, 4)
    section, deciding = section_class(np.empty((0, 4), np.uint8))
    assert section.tolist() == [0, 0, 0, 0]
    assert deciding.shape == (0, 4)


@pytest.mark.parametrize("values", [1.0, [[1.0]], np.ones((3, 2))])
def test_values_without_a_row_an_item_are_refused(values: ArrayLike) -> None:
    """The message names the items."""
    with pytest.raises(ValueError, match="the first axis must have one row for each of ph, do"):
        item_classes(values, ("ph", "do"), "river", STANDARD)


def test_every_class_has_a_name_in_both_languages() -> None:
    """From the data file, the sixth being worse than Ⅴ."""
    names = [class_name(number, STATUS) for number in range(1, 7)]
    assert [name.zh for name in names if name] == ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"]
    assert names[5] is not None
    assert names[5].en == "worse than Ⅴ"
    assert class_name(NO_CLASS, STATUS) is None


@pytest.mark.parametrize("number", [-1, 7])
def test_a_class_that_does_not_exist_has_no_name(number: int) -> None:
    """The message says which there are."""
    with pytest.raises(LookupError, match="it is 1 … 6, or 0 for none"):
        class_name(number, STATUS)
