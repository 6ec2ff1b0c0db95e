"""The day in progress: every answer against trying all numbers on the whole day, by the functions that judge it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.processing import standards
from qingchuan.processing.air.aqi import evaluate
from qingchuan.processing.air.averaging import daily_max_8h, daily_mean
from qingchuan.processing.air.budget import NONE, OPEN, OUT_OF_REACH, SAFE
from qingchuan.processing.air.today import NO_VALUE, DayInProgress, ItemSoFar, day_in_progress
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import AirAssessment, AirQualityIndex

_T = TypeVar("_T")

OLD, NEW = (standards.load(f"hj633_{year}", AirQualityIndex) for year in (2012, 2026))
RULES = standards.load("hj663_2013", AirAssessment)
LIMIT = 160
HOURLY = ("so2", "no2", "pm10", "pm25", "co", "o3")
# Largest good concentration of a day [scaled]: 2012, 2026, as air.md §1.1 and §2.3 print them.
LARGEST_GOOD = {
    "so2": (150, 150),
    "no2": (80, 80),
    "pm10": (150, 120),
    "pm25": (75, 60),
    "co": (40, 40),
    "o3_8h": (160, 160),
}
PASSED = st.integers(0, 24)
MANY = np.arange(3000)
"""Levels that are tried: one hour may have 1452 at most for a day of 60, 1284 for eight hours of 160."""


def _values(most: int) -> st.SearchStrategy[int]:
    """Every ninth hour or so is missing: with many more no day would be valid."""
    return st.integers(0, most + most // 8).map(lambda value: value if value <= most else MISSING)


VALUES, NEAR_60 = _values(240), _values(110)


def _hours(values: st.SearchStrategy[_T]) -> st.SearchStrategy[list[_T]]:
    """As many hours as have passed, each number of them as often."""
    return PASSED.flatmap(lambda passed: st.lists(values, min_size=passed, max_size=passed))


def _column(hours: list[int]) -> Scaled:
    return np.array(hours, np.uint16).reshape(-1, 1)


def _so_far(item: str, hours: list[int], standard: AirQualityIndex = NEW) -> ItemSoFar:
    found = day_in_progress({RULES.daily_maximum.items.get(item, item): _column(hours)}, standard, RULES, LIMIT)
    return found.items[item]


def _completed(hours: list[int]) -> Scaled:
    """The whole day with each level in all remaining hours, shape (24, levels)."""
    whole = np.empty((24, MANY.size), np.uint16)
    whole[: len(hours)], whole[len(hours) :] = np.array(hours, np.uint16)[:, np.newaxis], MANY
    return whole


def _clean(passed: int) -> dict[str, Scaled]:
    return {item: np.full((passed, 1), 5, np.uint16) for item in HOURLY}


def _one(found: DayInProgress) -> int:
    return int(found.state[0])


def _tried(state: int, level: int, days: Scaled, good: int, left: int) -> None:
    """Compare an answer with the values of the day for each level."""
    valid, fine = days != MISSING, (days != MISSING) & (days <= good)
    if state == NO_VALUE:
        assert not fine.any()
        assert not valid[0]
    elif state == OUT_OF_REACH:
        assert valid[0]
        assert not fine.any()
    elif state == SAFE:
        assert fine.all()
    else:
        assert left
        assert fine[: level + 1].all()
        assert not fine[level + 1 :].any()
    assert (level == NONE) == (state != OPEN)


@given(_hours(NEAR_60))
def test_a_mean_stays_good_up_to_the_level_that_is_told_and_no_further(hours: list[int]) -> None:
    """Every level is tried, by the daily mean itself."""
    found = _so_far("pm25", hours)
    days = daily_mean(_completed(hours), RULES)[0]
    _tried(int(found.state[0]), int(found.largest_level[0]), days, LARGEST_GOOD["pm25"][1], 24 - len(hours))


@given(_hours(VALUES))
def test_a_maximum_stays_good_up_to_the_level_that_is_told_and_no_further(hours: list[int]) -> None:
    """Every level is tried, by the daily maximum 8-hour mean itself."""
    found = _so_far("o3_8h", hours)
    days = daily_max_8h(_completed(hours), RULES, LIMIT)[0]
    _tried(int(found.state[0]), int(found.largest_level[0]), days, LARGEST_GOOD["o3_8h"][1], 24 - len(hours))
    assert found.largest_total[0] == NONE


@given(_hours(NEAR_60).filter(lambda hours: len(hours) < 24))
def test_the_largest_sum_of_the_remaining_hours_is_the_last_good_one(hours: list[int]) -> None:
    """However it lies on them; one unit more, and the rounded mean is above the limit. By fractions."""
    found, left = _so_far("pm25", hours), 24 - len(hours)
    known = [hour for hour in hours if hour != MISSING]
    if len(known) + left < 20:
        assert (found.state[0], found.largest_total[0]) == (NO_VALUE, NONE)
        return
    good = [total for total in range(1600) if round(Fraction(sum(known) + total, len(known) + left)) <= 60]
    assert found.largest_total[0] == (good[-1] if good else NONE)
    assert found.state[0] == (OPEN if good else OUT_OF_REACH)


@given(_hours(VALUES))
def test_what_is_told_so_far_is_the_mean_and_the_largest_window_that_has_ended(hours: list[int]) -> None:
    """Means by fractions; windows one by one, those labelled 8:00 to the last hour."""
    mean, maximum = _so_far("pm10", hours), _so_far("o3_8h", hours)
    known = [hour for hour in hours if hour != MISSING]
    assert mean.valid[0] == len(known)
    assert mean.so_far[0] == (round(Fraction(sum(known), len(known))) if known else MISSING)
    windows = [[hour for hour in hours[end - 8 : end] if hour != MISSING] for end in range(8, len(hours) + 1)]
    valid = [round(Fraction(sum(window), len(window))) for window in windows if len(window) >= 6]
    assert maximum.valid[0] == len(valid)
    assert maximum.so_far[0] == (max(valid) if valid else MISSING)


@given(_hours(VALUES))
def test_the_earliest_hour_is_the_first_at_which_the_day_is_valid(hours: list[int]) -> None:
    """With clean air in the remaining hours, which cannot make a maximum valid by itself."""
    whole = [*hours, *[0] * (24 - len(hours))]
    counts = [sum(value != MISSING for value in whole[:hour]) for hour in range(25)]
    means = next((hour for hour in range(25) if counts[hour] >= 20), NONE)
    ends = [end for end in range(8, 25) if counts[end] - counts[end - 8] >= 6]
    assert _so_far("so2", hours).earliest[0] == means
    assert _so_far("o3_8h", hours).earliest[0] == (ends[13] if len(ends) >= 14 else NONE)


@pytest.mark.parametrize("item", LARGEST_GOOD)
@pytest.mark.parametrize(("place", "standard"), [(0, OLD), (1, NEW)])
def test_before_the_first_hour_a_day_may_be_as_high_as_its_limit(
    item: str, place: int, standard: AirQualityIndex
) -> None:
    """24 hours remain, of each item by each edition; the tie of the mean goes to the even side."""
    found, good = _so_far(item, [], standard), LARGEST_GOOD[item][place]
    assert (found.good_up_to, found.largest_level[0], found.state[0]) == (good, good, OPEN)
    assert found.so_far[0] == MISSING
    if item != "o3_8h":
        assert found.largest_total[0] == 24 * good + (12 if good % 2 == 0 else 11)


@pytest.mark.parametrize(
    ("standard", "last", "state"),
    [
        (NEW, 72, SAFE),  # 60.5 is a tie, rounded to 60
        (NEW, 73, OUT_OF_REACH),
        (OLD, 73, SAFE),
    ],
)
def test_a_day_that_is_over_is_good_or_it_is_not(standard: AirQualityIndex, last: int, state: int) -> None:
    """Twenty-three hours of 60, and one that makes a tie of the mean, or one unit more; 75 is good by 2012."""
    assert _so_far("pm25", [*[60] * 23, last], standard).state[0] == state


@pytest.mark.parametrize(("missing", "state"), [(4, OPEN), (5, NO_VALUE)])
def test_a_mean_needs_20_hours_that_can_still_come(missing: int, state: int) -> None:
    """Four missing hours are not too many, five are."""
    found = _so_far("no2", [MISSING] * missing)
    assert found.state[0] == state
    assert found.earliest[0] == (24 if state == OPEN else NONE)
    assert found.largest_level[0] == (80 if state == OPEN else NONE)
    assert found.largest_total[0] == (80 * 20 + 10 if state == OPEN else NONE)


def test_the_day_is_valid_at_20_and_at_21_at_the_earliest() -> None:
    """Without a gap: 20 hours, and 14 windows from 8:00 on."""
    assert (_so_far("co", [3] * 5).earliest[0], _so_far("o3_8h", [3] * 5).earliest[0]) == (20, 21)
    assert (_so_far("co", [3] * 22).earliest[0], _so_far("o3_8h", [3] * 22).earliest[0]) == (20, 21)


@pytest.mark.parametrize(("high", "state"), [(160, OPEN), (161, OUT_OF_REACH)])
def test_a_window_above_the_limit_spoils_the_day_whatever_comes(high: int, state: int) -> None:
    """Ozone of eight hours; it counts even where there are too few windows."""
    assert _so_far("o3_8h", [0] * 8 + [high] * 8).state[0] == state
    few = [MISSING] * 8 + [high] * 8 + [MISSING] * 8
    assert _so_far("o3_8h", few).state[0] == (OUT_OF_REACH if high > 160 else NO_VALUE)


@pytest.mark.parametrize(("total", "level"), [(1284 - 3, 3), (1284, 0), (1284 + 1, NONE)])
def test_a_window_to_come_leaves_what_its_hours_had_not(total: int, level: int) -> None:
    """Seven hours of the last window: 160.5 in the mean is a tie, rounded to 160."""
    hours = [0] * 16 + [total // 7 + 1] * (total % 7) + [total // 7] * (7 - total % 7)
    found = _so_far("o3_8h", hours)
    ended = max(sum(hours[end - 8 : end]) for end in range(8, 24))
    assert ended == total
    assert found.largest_level[0] == level
    assert found.state[0] == (OUT_OF_REACH if level == NONE else OPEN)


def test_a_maximum_is_settled_when_no_window_can_be_valid_any_more() -> None:
    """Of the last eight hours three are missing: the one that remains makes five, six are needed."""
    hours = [*[50] * 20, *[MISSING] * 3]
    assert _so_far("o3_8h", hours).state[0] == SAFE
    assert _so_far("o3_8h", hours[:22]).state[0] == OPEN
    assert _so_far("pm25", hours).state[0] == OPEN


def test_the_day_has_the_worst_state_of_its_items() -> None:
    """Spoilt before without a value before open before safe."""
    assert _one(day_in_progress(_clean(23), NEW, RULES, LIMIT)) == OPEN
    assert _one(day_in_progress(_clean(24), NEW, RULES, LIMIT)) == SAFE
    gaps = _clean(23)
    gaps["so2"] = _column([MISSING] * 5 + [5] * 18)
    assert _one(day_in_progress(gaps, NEW, RULES, LIMIT)) == NO_VALUE
    gaps["pm25"] = _column([200] * 23)
    assert _one(day_in_progress(gaps, NEW, RULES, LIMIT)) == OUT_OF_REACH
    assert _one(day_in_progress({"so2": _column([5] * 4)}, NEW, RULES, LIMIT)) == OPEN
    assert _one(day_in_progress({"so2": _column([5] * 5)}, NEW, RULES, LIMIT)) == NO_VALUE


@given(st.lists(st.tuples(*[VALUES] * 6), min_size=24, max_size=24))
def test_a_day_that_is_over_has_the_air_of_the_day(rows: list[tuple[int, ...]]) -> None:
    """Where all is valid: AQI, primary pollutants, level, and whether it is good."""
    table = np.array(rows, np.uint16)
    hours = {item: table[:, place : place + 1] for place, item in enumerate(HOURLY)}
    found = day_in_progress(hours, OLD, RULES, LIMIT)
    days = {item: daily_mean(hours[item], RULES)[0] for item in HOURLY[:-1]}
    days["o3_8h"] = daily_max_8h(hours["o3"], RULES, LIMIT)[0]
    air = evaluate(days, "day", OLD)
    if not air.complete[0]:
        assert _one(found) in {NO_VALUE, OUT_OF_REACH}
        return
    assert (found.left, found.air.aqi[0], found.air.primary[0]) == (0, air.aqi[0], air.primary[0])
    assert _one(found) == (SAFE if air.aqi[0] <= 100 else OUT_OF_REACH)


def test_many_stations_are_told_at_once() -> None:
    """Leading axes, memory in any order, no hour, no station; the input stays as it was."""
    generator = np.random.default_rng(7)
    hours = {item: generator.integers(0, 200, (2, 13, 3), dtype=np.uint16) for item in HOURLY}
    for values in hours.values():
        values[generator.random(values.shape) < 0.15] = MISSING
    kept = {item: values.copy() for item, values in hours.items()}
    found = day_in_progress({item: np.asfortranarray(values) for item, values in hours.items()}, NEW, RULES, LIMIT)
    assert found.state.shape == found.air.aqi.shape == (2, 3)
    for place in np.ndindex(2, 3):
        one = day_in_progress(
            {item: values[place[0], :, place[1], np.newaxis] for item, values in hours.items()}, NEW, RULES, LIMIT
        )
        assert found.state[place] == one.state[0]
        assert found.air.aqi[place] == one.air.aqi[0]
        for item, of_item in found.items.items():
            whole = [getattr(of_item, field)[place] for field in ItemSoFar._fields if field != "good_up_to"]
            part = [getattr(one.items[item], field)[0] for field in ItemSoFar._fields if field != "good_up_to"]
            assert whole == part
    assert all(np.array_equal(hours[item], kept[item]) for item in HOURLY)
    none = day_in_progress({item: np.zeros((0, 2), np.uint16) for item in HOURLY}, NEW, RULES, LIMIT)
    assert (none.passed, none.left, none.air.aqi.tolist()) == (0, 24, [-1, -1])
    assert day_in_progress({"so2": np.zeros((3, 0), np.uint16)}, NEW, RULES, LIMIT).state.shape == (0,)


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        ({"o3_8h": np.zeros((2, 1), np.uint16)}, "the hours have the item 'o3_8h'; a day is judged by those of so2"),
        ({"so2": np.zeros((25, 1), np.uint16)}, r"the hours of 'so2' have the shape \(25, 1\)"),
        ({"so2": np.zeros(3, np.uint16)}, r"the hours of 'so2' have the shape \(3,\)"),
        ({"so2": np.zeros((2, 1), np.uint16), "co": np.zeros((3, 1), np.uint16)}, "as many of each, would do"),
        ({}, "one item, and as many of each, would do"),
    ],
)
def test_hours_of_no_day_are_refused(hours: dict[str, Scaled], message: str) -> None:
    """The message says what would do."""
    with pytest.raises(ValueError, match=message):
        day_in_progress(hours, NEW, RULES, LIMIT)


def test_the_edition_is_that_of_the_day() -> None:
    """PM2.5 of 70 so far is good on the last day of February 2026, and spoils the next one at 23:00."""
    states = []
    for day in (date(2026, 2, 28), date(2026, 3, 1)):
        hours = {**_clean(23), "pm25": _column([70] * 23)}
        found = day_in_progress(hours, standards.in_force("hj633", day), standards.in_force("hj663", day), LIMIT)
        states.append(_one(found))
    assert states == [OPEN, OUT_OF_REACH]
