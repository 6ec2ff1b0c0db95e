"""Warnings of heavily polluted weather: both sides of every condition of 2018 and of 2024."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.warnings import may_be_lifted, warning_levels
from qingchuan.processing.standards import HeavyPollutionWarning

OLD, NEW = (standards.load(f"heavy_pollution_{year}", HeavyPollutionWarning) for year in (2018, 2024))
NONE, RED, ORANGE, YELLOW = 0, 1, 2, 3
DAYS = st.lists(st.sampled_from([-1, 100, 150, 151, 200, 201, 300, 301, 499, 500]), max_size=12)


def _runs(aqi: list[int], least: int) -> list[range]:
    """Runs of days with at least this AQI, one day after the other."""
    runs, start = [], None
    for day, value in enumerate([*aqi, -1]):
        if value >= least and start is None:
            start = day
        if value < least and start is not None:
            runs.append(range(start, day))
            start = None
    return runs


def _plain(aqi: list[int], *, year: int) -> list[int]:
    """Level of each day, as the texts say it."""
    levels = [NONE] * len(aqi)
    wanted = {
        2018: [(YELLOW, 201, 2, None), (ORANGE, 201, 3, None), (RED, 201, 4, (301, 2)), (RED, 500, 1, None)],
        2024: [
            (YELLOW, 201, 1, None),
            (YELLOW, 151, 2, None),
            (ORANGE, 201, 2, None),
            (ORANGE, 151, 3, None),
            (RED, 201, 3, (301, 1)),
        ],
    }[year]
    for level, least, days, also in wanted:
        for run in _runs(aqi, least):
            inner = also is None or any(len(one) >= also[1] and set(one) <= set(run) for one in _runs(aqi, also[0]))
            if len(run) >= days and inner:
                for day in run:
                    levels[day] = level
    return levels


@pytest.mark.parametrize(
    ("aqi", "level"),
    [
        ([200, 200, 200], NONE),
        ([201], NONE),
        ([201, 200, 201], NONE),
        ([201, 201], YELLOW),
        ([400, 400], YELLOW),
        ([201, 201, 200, 201], YELLOW),
        ([201, 201, 201], ORANGE),
        ([301, 301, 301], ORANGE),
        ([201, 201, 201, 201], ORANGE),
        ([201, 301, 201, 201], ORANGE),
        ([201, 301, 201, 301], ORANGE),
        ([201, 300, 301, 201], ORANGE),
        ([201, 301, 301, 201], RED),
        ([301, 301, 200, 201, 201, 201, 201], ORANGE),
        ([499], NONE),
        ([499, 499], YELLOW),
        ([500], RED),
    ],
)
def test_the_conditions_of_2018(aqi: list[int], level: int) -> None:
    """环办大气函〔2018〕875号: above 200 for 2, 3, 4 days, above 300 for 2 of these, or 500 reached."""
    assert warning_levels(aqi, False, OLD).level == level  # noqa: FBT003 - no day is met by other measures


@pytest.mark.parametrize(
    ("aqi", "level"),
    [
        ([150, 150, 150], NONE),
        ([151], NONE),
        ([200], NONE),
        ([201], YELLOW),
        ([500], YELLOW),
        ([151, 151], YELLOW),
        ([151, 150, 151], NONE),
        ([200, 201], YELLOW),
        ([201, 201], ORANGE),
        ([201, 150, 201], YELLOW),
        ([500, 500], ORANGE),
        ([151, 151, 151], ORANGE),
        ([201, 201, 201], ORANGE),
        ([201, 201, 300], ORANGE),
        ([201, 201, 301], RED),
        ([201, 301, 200, 201], ORANGE),
    ],
)
def test_the_conditions_of_2024(aqi: list[int], level: int) -> None:
    """环大气〔2024〕6号: above 200 or above 150 for long, above 300 for a day among three above 200."""
    assert warning_levels(aqi, False, NEW).level == level  # noqa: FBT003 - no day is met by other measures


@given(DAYS)
def test_each_day_has_the_level_of_the_condition_that_it_helps_to_meet(aqi: list[int]) -> None:
    """Counted day by day, by both editions; the level of the whole is the highest."""
    for year, rule in ((2018, OLD), (2024, NEW)):
        found = warning_levels(np.array(aqi, np.int16), np.zeros(len(aqi), np.bool_), rule)
        plain = _plain(aqi, year=year)
        assert found.by_day.tolist() == plain
        assert found.level == min((level for level in plain if level), default=NONE)
        assert found.judged == (-1 not in aqi)


@given(st.lists(st.tuples(st.integers(-1, 500), st.booleans()), min_size=1, max_size=12))
def test_worse_air_never_lowers_a_level(days: list[tuple[int, bool]]) -> None:
    """One day at its worst: every level stays or rises."""
    aqi, other = np.array([day[0] for day in days]), np.array([day[1] for day in days])
    for rule in (OLD, NEW):
        before = warning_levels(aqi, other, rule).by_day.astype(int)
        for day in range(aqi.size):
            worse = aqi.copy()
            worse[day] = 500
            after = warning_levels(worse, other, rule).by_day.astype(int)
            assert (np.where(after == NONE, 9, after) <= np.where(before == NONE, 9, before)).all()


def test_a_day_met_by_other_measures_ends_a_run() -> None:
    """Ozone or dust dominates the second day; it is judged all the same."""
    found = warning_levels([210, 210, 210], [False, True, False], NEW)
    assert (found.by_day.tolist(), bool(found.judged)) == ([YELLOW, NONE, YELLOW], True)


def test_a_day_without_an_aqi_ends_a_run_and_is_no_all_clear() -> None:
    """Unless it is met by other measures anyway."""
    assert not warning_levels([210, -1, 210], [False] * 3, OLD).judged
    assert warning_levels([210, -1, 210], [False] * 3, OLD).level == NONE
    assert warning_levels([210, -1, 210], [False, True, False], OLD).judged


def test_many_cities_have_their_levels_at_once() -> None:
    """Leading axes, memory in any order, one day, no day; the input stays as it was."""
    generator = np.random.default_rng(6)
    aqi = generator.integers(100, 400, (3, 4, 9)).astype(np.int16)
    kept = aqi.copy()
    found = warning_levels(aqi, np.zeros(9, np.bool_), NEW)
    assert found.by_day.shape == aqi.shape
    for place in np.ndindex(3, 4):
        assert found.by_day[place].tolist() == _plain(aqi[place].tolist(), year=2024)
    turned = np.asfortranarray(aqi)[:, ::-1]
    assert np.array_equal(warning_levels(turned, np.zeros(9, np.bool_), NEW).level, found.level[:, ::-1])
    assert np.array_equal(aqi, kept)
    assert warning_levels(np.zeros((2, 0)), np.zeros(0, np.bool_), NEW).level.tolist() == [NONE, NONE]
    assert warning_levels(250, np.False_, NEW).level == YELLOW


@pytest.mark.parametrize(
    ("aqi", "lifted"),
    [
        ([150, 150], True),
        ([200, 150, 300], True),
        ([151, 151], False),
        ([150, 151, 151], False),
        ([201, 90], False),
        ([90, 201], False),
        ([90], False),
        ([90, -1], False),
    ],
)
def test_a_warning_is_lifted_when_36_hours_stay_below_yellow(aqi: list[int], *, lifted: bool) -> None:
    """Two whole days; one alone is not enough, and a day without an AQI shows nothing."""
    assert may_be_lifted(aqi, np.zeros(len(aqi), np.bool_), NEW) == lifted


def test_the_condition_for_lifting_of_2018_is_not_at_hand() -> None:
    """It is refused rather than guessed."""
    with pytest.raises(LookupError, match="the edition heavy_pollution_2018 has no condition for lifting"):
        may_be_lifted([90, 90], [False] * 2, OLD)
