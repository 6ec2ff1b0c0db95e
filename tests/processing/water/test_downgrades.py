"""Water that got worse or better: by brute force, what is missing, what it is compared with, real sections."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from qingchuan.processing import standards
from qingchuan.processing.decimals import comparable
from qingchuan.processing.water.classes import item_classes, section_class
from qingchuan.processing.water.downgrades import (
    ClassChange,
    class_change,
    classes_at,
    common_class_change,
    previous_reading,
    target_change,
    year_before,
)

MEASURES = standards.load("hb2011_22", standards.WaterStatus)
LIMITS = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
CLASS = st.integers(0, 6)
PAIR = st.integers(1, 4).flatmap(
    lambda items: st.tuples(*[st.lists(CLASS, min_size=items, max_size=items) for _ in range(2)])
)
RAW = {"ph": "raw_pH", "do": "raw_DO", "codmn": "raw_CODMn", "nh3n": "raw_NH3N", "tp": "raw_TP"}


def _by_hand(earlier: list[int], later: list[int]) -> tuple[int, list[bool]]:
    """By how many classes, and by which items: what is missing now is taken as it was."""
    before, after = max(earlier), max(later)
    if not before or not after:
        return 0, [False] * len(earlier)
    if after > before:
        return after - before, [new > before for new in later]
    proven = after
    for old, new in zip(earlier, later, strict=True):
        if new == 0 and old > proven:
            proven = old
    return proven - before, [proven < before and old > proven for old in earlier]


def test_every_change_of_two_items_by_brute_force() -> None:
    """All 2,401 pairs of classes of two items."""
    pairs = list(product(range(7), repeat=4))
    earlier, later = np.array(pairs, dtype=np.uint8).T[:2], np.array(pairs, dtype=np.uint8).T[2:]
    found = class_change(earlier, later)
    for place, (old1, old2, new1, new2) in enumerate(pairs):
        steps, causes = _by_hand([old1, old2], [new1, new2])
        assert (int(found.classes[place]), found.causes[:, place].tolist()) == (steps, causes)


@given(PAIR)
def test_any_number_of_items(pair: tuple[list[int], list[int]]) -> None:
    """One after another."""
    found = class_change(*pair)
    assert (int(found.classes), found.causes.tolist()) == _by_hand(*pair)


@given(PAIR)
def test_without_what_caused_it_a_section_would_not_have_got_worse(pair: tuple[list[int], list[int]]) -> None:
    """The causes are enough, and each of them got worse itself or is new."""
    earlier, later = pair
    found = class_change(earlier, later)
    if found.classes > 0:
        others = [new for new, cause in zip(later, found.causes.tolist(), strict=True) if not cause]
        assert max(others, default=0) <= max(earlier)
        assert found.causes.any()
        for old, new, cause in zip(earlier, later, found.causes.tolist(), strict=True):
            assert not cause or new > old


@given(PAIR, st.integers(0, 3))
def test_a_value_that_goes_missing_never_makes_a_section_better(pair: tuple[list[int], list[int]], place: int) -> None:
    """Unless the missing item itself had got worse since, which nobody can know."""
    earlier, later = pair
    fewer = [0 if place % len(later) == k else number for k, number in enumerate(later)]
    with_all, without = class_change(earlier, later), class_change(earlier, fewer)
    if without.classes < 0:
        assert with_all.classes <= without.classes or later[place % len(later)] > earlier[place % len(later)]


@pytest.mark.parametrize(
    ("earlier", "later", "steps"),
    [
        ([5, 2], [0, 2], 0),
        ([5, 3], [0, 2], 0),
        ([5, 3], [2, 0], -2),
        ([5, 3], [2, 2], -3),
        ([2, 2], [0, 4], 2),
        ([2, 0], [2, 5], 3),
        ([0, 0], [2, 5], 0),
        ([2, 5], [0, 0], 0),
    ],
)
def test_a_missing_item_stands_with_its_earlier_class(earlier: list[int], later: list[int], steps: int) -> None:
    """A section is better only as far as it was measured again; a new bad item makes it worse."""
    assert int(class_change(earlier, later).classes) == steps


@given(PAIR)
def test_common_items_are_those_valid_both_times(pair: tuple[list[int], list[int]]) -> None:
    """As if the others had never been measured."""
    earlier, later = pair
    both = [(old, new) for old, new in zip(earlier, later, strict=True) if old and new]
    expected = max((new for _, new in both), default=0) - max((old for old, _ in both), default=0)
    found = common_class_change(earlier, later)
    assert int(found.classes) == expected
    assert bool(found.compared) is bool(both)
    assert not found.causes[[not (old and new) for old, new in zip(earlier, later, strict=True)]].any()


@pytest.mark.parametrize(
    ("target", "later", "steps", "causes"),
    [
        (3, [4, 2], 1, [True, False]),
        (3, [3, 2], 0, [False, False]),
        (3, [2, 2], -1, [False, False]),
        (2, [6, 3], 4, [True, True]),
        (0, [6, 3], 0, [False, False]),
        (3, [0, 0], 0, [False, False]),
        (3, [0, 4], 1, [False, True]),
    ],
)
def test_a_target_is_missed_by_the_items_that_are_worse(
    target: int, later: list[int], steps: int, causes: list[bool]
) -> None:
    """The target itself is met."""
    found = target_change(target, later)
    assert (int(found.classes), found.causes.tolist()) == (steps, causes)


def test_sections_and_times_at_once() -> None:
    """Targets of sections spread over the times; each cell is as it is alone."""
    generator = np.random.default_rng(5)
    earlier = generator.integers(0, 7, (3, 4, 6), dtype=np.uint8)
    later = np.asfortranarray(generator.integers(0, 7, (3, 4, 6), dtype=np.uint8))
    targets = np.array([[0], [2], [3], [4]])
    found, against = class_change(earlier, later), target_change(targets, later)
    assert found.classes.shape == against.classes.shape == (4, 6)
    for section, time in product(range(4), range(6)):
        alone = class_change(earlier[:, section, time], later[:, section, time])
        goal = target_change(targets[section, 0], later[:, section, time])
        for whole, cell in ((found, alone), (against, goal)):
            assert int(whole.classes[section, time]) == int(cell.classes)
            assert np.array_equal(whole.causes[:, section, time], cell.causes)


@pytest.mark.parametrize("shape", [(2, 0), (0, 3), (2, 3, 0)])
def test_nothing_to_compare(shape: tuple[int, ...]) -> None:
    """Empty axes stay; without items no section has a class."""
    found = class_change(np.zeros(shape), np.zeros(shape))
    assert found.classes.shape == found.compared.shape == shape[1:]
    assert not found.compared.any()


def test_the_classes_are_those_of_the_sections() -> None:
    """As `section_class` gives them."""
    generator = np.random.default_rng(11)
    earlier, later = generator.integers(0, 7, (2, 3, 50), dtype=np.uint8)
    found = class_change(earlier, later)
    assert np.array_equal(found.earlier, section_class(earlier)[0])
    assert np.array_equal(found.later, section_class(later)[0])


@given(arrays.arrays(np.uint8, st.tuples(st.just(2), st.just(2), st.integers(0, 8)), elements=CLASS))
def test_the_previous_reading_is_the_last_one_with_a_class(classes: NDArray[np.uint8]) -> None:
    """However long ago it was."""
    found = previous_reading(classes)
    for section, time in product(range(2), range(classes.shape[2])):
        before = [classes[:, section, k] for k in range(time) if classes[:, section, k].any()]
        expected = before[-1] if before else np.zeros(2, dtype=np.uint8)
        assert np.array_equal(found[:, section, time], expected)


def test_the_previous_day_month_and_the_same_one_last_year() -> None:
    """By the calendar: a day that is not there is not replaced by the one before it."""
    days = np.array(["2026-03-01", "2026-03-02", "2026-03-04"], dtype="datetime64[D]")
    assert classes_at(days, [[2, 3, 4]], days - 1).tolist() == [[0, 2, 0]]
    months = np.array(["2025-01", "2025-12", "2026-01"], dtype="datetime64[M]")
    assert classes_at(months, [[2, 3, 4]], months - 1).tolist() == [[0, 0, 3]]
    assert classes_at(months, [[[2, 3, 4]]], year_before(months)).tolist() == [[[0, 0, 2]]]
    assert classes_at(days[:0], np.empty((1, 0)), days).tolist() == [[0, 0, 0]]


def test_the_same_day_a_year_before() -> None:
    """29 February has none; the years around it are not shifted by it."""
    days = np.array(["2024-02-28", "2024-02-29", "2024-03-01", "2025-03-01", "NaT"], dtype="datetime64[D]")
    told = ["2023-02-28", "NaT", "2023-03-01", "2024-03-01", "NaT"]
    assert np.array_equal(year_before(days), np.array(told, dtype="datetime64[D]"), equal_nan=True)
    years = np.array(["2026"], dtype="datetime64[Y]")
    assert (year_before(years) == np.datetime64("2025", "Y")).all()
    assert classes_at(days[:1] - 366, [[3]], year_before(days[1:2])).tolist() == [[0]]


def test_every_day_of_eight_years_has_the_same_month_and_day_a_year_before() -> None:
    """Against Python's calendar."""
    days = np.arange("2019-01-01", "2027-01-01", dtype="datetime64[D]")
    for day, before in zip(days.tolist(), year_before(days).tolist(), strict=True):
        leap_day = (day.month, day.day) == (2, 29)
        assert before == (None if leap_day else day.replace(year=day.year - 1))


@pytest.mark.parametrize("unit", ["h", "W", "s"])
def test_other_units_have_no_same_period_a_year_before(unit: str) -> None:
    """A week of one year is none of another."""
    with pytest.raises(ValueError, match=f"the periods are in {unit}; days, months and years"):
        year_before(np.array(["2026-01-01"], dtype=f"datetime64[{unit}]"))


def test_shapes_that_do_not_fit_are_refused() -> None:
    """With what they are."""
    with pytest.raises(ValueError, match="earlier has 1 items and later 2"):
        class_change([[1]], [[1], [2]])
    with pytest.raises(ValueError, match=r"the classes have the shape \(\)"):
        class_change(1, 2)
    with pytest.raises(ValueError, match=r"the classes have the shape \(2,\); they must be \(items, …, time\)"):
        previous_reading([1, 2])
    days = np.array(["2026-03-02", "2026-03-01"], dtype="datetime64[D]")
    with pytest.raises(ValueError, match="give one a class, ascending"):
        classes_at(days, [[1, 2]], days)


def _day_before(values: NDArray[np.float64]) -> ClassChange:
    classes = item_classes(values, LIMITS.real_time.items, "river", LIMITS)
    return class_change(previous_reading(classes), classes)


def test_the_published_week_of_heilongjiang() -> None:
    """Zhaoyuan, 2007 week 2: Ⅲ the week before (its values made up), now Ⅳ by a permanganate index of 6.3 mg/L."""
    items = LIMITS.real_time.items
    before = dict(zip(items, [7.0, 5.85, 5.9, 0.32, np.nan], strict=True))
    values = np.array([[before[item], {**before, "codmn": 6.3}[item]] for item in items])
    found = _day_before(values)
    assert (found.earlier[1], found.later[1], found.classes[1]) == (3, 4, 1)
    assert [item for item, cause in zip(items, found.causes[:, 1], strict=True) if cause] == ["codmn"]


@pytest.fixture(scope="module")
def national(reference_data: Path) -> list[tuple[list[int], NDArray[np.uint8]]]:
    """Published classes of each national section in order of time (0 for none), and our classes of its items."""
    path = reference_data / "water-daily-national" / "sections_2020-05_2021-04.csv.gz"
    names = {row.name: row.number for row in MEASURES.classes.rows}
    series: dict[tuple[str, str], list[tuple[int, list[float]]]] = defaultdict(list)
    for row in csv.DictReader(gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()):
        values = [comparable(row[column]) if row[column] else np.nan for column in RAW.values()]
        series[row["省份"], row["断面名称"]].append((names.get(row["水质类别"], 0), values))
    return [
        (
            [published for published, _ in readings],
            item_classes(np.array([values for _, values in readings]).T, tuple(RAW), "river", LIMITS),
        )
        for readings in series.values()
    ]


def test_downgrades_of_national_sections_are_those_of_the_published_classes(
    national: list[tuple[list[int], NDArray[np.uint8]]],
) -> None:
    """2020-05 to 2021-04, each reading against the one before, where the river column gives both classes."""
    downgrades = upgrades = 0
    for published, classes in national:
        found = class_change(previous_reading(classes), classes)
        ours = section_class(classes)[0].tolist()
        for time in range(1, len(published)):
            if published[time - 1 : time + 1] == ours[time - 1 : time + 1] and min(ours[time - 1 : time + 1]) > 0:
                steps = published[time] - published[time - 1]
                assert int(found.classes[time]) == steps
                assert found.causes[:, time].any() == (steps != 0)
                downgrades, upgrades = downgrades + (steps > 0), upgrades + (steps < 0)
    assert downgrades > 1000
    assert upgrades > 1000


def test_national_sections_with_a_tenth_of_their_values_taken_away(
    national: list[tuple[list[int], NDArray[np.uint8]]],
) -> None:
    """Every reading against the one before by another hand, gaps and all."""
    generator = np.random.default_rng(2021)
    hidden = 0
    for _, whole in national:
        classes = np.where(generator.random(whole.shape) < 0.1, 0, whole)
        found = class_change(previous_reading(classes), classes)
        before = [0] * len(RAW)
        for time, now in enumerate(classes.T.tolist()):
            steps, causes = _by_hand(before, now)
            assert (int(found.classes[time]), found.causes[:, time].tolist()) == (steps, causes)
            hidden += 0 < max(now) < max(before) and steps == 0
            before = now if any(now) else before
    assert hidden > 100
