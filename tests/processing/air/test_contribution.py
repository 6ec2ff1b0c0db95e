"""What a station, a pollutant and a day cost: against leaving each out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qingchuan.processing import standards
from qingchuan.processing.air.composite_index import composite_index, ranking_concentrations
from qingchuan.processing.air.contribution import (
    Contribution,
    Cost,
    day_contribution,
    pollutant_contribution,
    station_contribution,
)
from qingchuan.processing.air.contribution_explained import explain_contribution
from qingchuan.processing.air.standing import CityRules
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards import AirAssessment, CityAirRanking, Text
from qingchuan.processing.standards.by_day import editions_of
from tests.support import ranking_oracle as oracle

RULE = standards.load("hb2018_19", CityAirRanking)
ASSESSMENT = standards.load("hj663_2013", AirAssessment)
ITEMS = RULE.index.items
OTHERS = [300, 340, 340, 400, 500, -1]
# Grade II of a day, GB 3095—2012, scaled: a day is good where nothing is above it.
DAILY = {"so2": 150, "no2": 80, "pm10": 150, "pm25": 75, "co": 40, "o3_8h": 160}

Days = dict[str, list[int]]
Figures = tuple[int, int, int]


def _rules(count: int) -> CityRules:
    dates = np.datetime64(date(2025, 6, 1), "D") + np.arange(count)
    return CityRules(index=editions_of(dates, "hj633"), assessment=ASSESSMENT, ranking=RULE)


def _arrays(days: Mapping[str, Sequence[int] | Sequence[Sequence[int]]]) -> dict[str, NDArray[np.uint16]]:
    return {item: np.array(rows, np.uint16) for item, rows in days.items()}


def _rate(days: Days) -> int:
    good = counted = 0
    for values in zip(*days.values(), strict=True):
        bad = any(value != MISSING and value > DAILY[item] for item, value in zip(days, values, strict=True))
        whole = MISSING not in values
        counted += bad or whole
        good += whole and not bad
    return round(Fraction(1000 * good, counted)) if counted else -1


def _figures(days: Days) -> Figures:
    total = oracle.total(days)
    there = [other for other in OTHERS if other >= 0]
    return (_rate(days), -1, 0) if total is None else (_rate(days), total, oracle.rank(total, there))


def _found(contribution: Contribution) -> tuple[Figures, list[Figures]]:
    whole, without = contribution.whole, contribution.without
    parts = zip(without.rate.tolist(), without.total.tolist(), without.rank.tolist(), strict=True)
    return (int(whole.rate), int(whole.total), int(whole.rank)), list(parts)


def _city(stations: list[list[int]]) -> list[int]:
    """Mean over the stations of each day where 75 % are valid, or 50 % of fewer than four."""
    days = []
    for values in zip(*stations, strict=True):
        valid = [value for value in values if value != MISSING]
        enough = valid and len(valid) * 100 >= len(values) * (50 if len(values) < 4 else 75)
        days.append(round(Fraction(sum(valid), len(valid))) if enough else MISSING)
    return days


values = st.one_of(st.integers(0, 190), st.just(MISSING))
periods = st.integers(1, 6).flatmap(
    lambda count: st.fixed_dictionaries({item: st.lists(values, min_size=count, max_size=count) for item in ITEMS})
)


@given(periods)
def test_a_day_is_left_out_as_if_it_had_not_been(days: Days) -> None:
    """Rate, index and rank of the days without it, taken out of the lists."""
    count = len(days["co"])
    whole, without = _found(day_contribution(_arrays(days), OTHERS, _rules(count)))
    assert whole == _figures(days)
    left = [{item: row[:day] + row[day + 1 :] for item, row in days.items()} for day in range(count)]
    assert without == [_figures(rest) for rest in left]


@settings(max_examples=60)
@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_a_station_is_left_out_as_if_it_had_not_been(stations: int, count: int, seed: int) -> None:
    """The city from the others, with the share that must be valid of the others: 3 of 4, and of 3 two."""
    generator = np.random.default_rng(seed)
    arrays = {item: generator.integers(0, 190, (stations, count)).astype(np.uint16) for item in ITEMS}
    for rows in arrays.values():
        rows[generator.random(rows.shape) < 0.2] = MISSING
    whole, without = _found(station_contribution(arrays, OTHERS, _rules(count)))
    lists = {item: rows.tolist() for item, rows in arrays.items()}
    assert whole == _figures({item: _city(rows) for item, rows in lists.items()})
    for station in range(stations):
        rest = {item: rows[:station] + rows[station + 1 :] for item, rows in lists.items()}
        days = {item: _city(rows) if rows else [MISSING] * count for item, rows in rest.items()}
        assert without[station] == _figures(days)


@given(periods, st.integers(0, 2**32 - 1))
def test_a_pollutant_is_left_out_of_the_index_of_all_cities(days: Days, seed: int) -> None:
    """Days that it alone spoils are good then; the ranks are by the sums of the five other single indices."""
    generator = np.random.default_rng(seed)
    others = {item: generator.integers(0, 60, 5).astype(np.uint16) for item in ITEMS}
    others["co"][0] = MISSING
    found = pollutant_contribution(_arrays(days), composite_index(others, RULE), _rules(len(days["co"])))
    concentrations = {item: oracle.concentration(item, row) for item, row in days.items()}
    singles = {item: oracle.single(item, value) for item, value in concentrations.items() if value is not None}
    assert found.single.tolist() == [singles.get(item, -1) for item in ITEMS]
    for place, item in enumerate(ITEMS):
        rest = sum(value for key, value in singles.items() if key != item) if len(singles) == len(ITEMS) else -1
        rival = [
            sum(oracle.single(key, int(others[key][city])) for key in ITEMS if key != item) for city in range(1, 5)
        ]
        assert found.contribution.without.total[place] == rest
        assert found.contribution.without.rank[place] == (oracle.rank(rest, rival) if rest >= 0 else 0)
        bad = [{key for key in ITEMS if MISSING != row[key] > DAILY[key]} for row in _by_day(days)]
        assert found.bad_days[place] == sum(item in spoilt for spoilt in bad)
        assert found.alone[place] == sum(spoilt == {item} for spoilt in bad)
        spared = days | {
            item: [DAILY[item] if spoilt == {item} else value for value, spoilt in zip(days[item], bad, strict=True)]
        }
        assert found.contribution.without.rate[place] == _rate(spared)


def _by_day(days: Days) -> list[dict[str, int]]:
    return [dict(zip(days, row, strict=True)) for row in zip(*days.values(), strict=True)]


def test_the_costs_are_told_so_that_above_zero_is_bad() -> None:
    """A dirty station lowers the rate, raises the index, and pushes the rank back."""
    dirty, clean = [100, 100, 100], [20, 20, 20]
    stations = _arrays({item: [clean, clean, dirty] for item in ITEMS})
    found = station_contribution(stations, OTHERS, _rules(3))
    for cost in (found.index_cost, found.rank_cost):
        assert cost.known.all()
        assert cost.values[2] > 0 >= cost.values[0] == cost.values[1]
        assert cost.dearest.tolist() == [2]
    assert found.rate_cost.values.tolist() == [0, 0, 1000]  # CO of 4.7 with it, of 2.0 without


def test_stations_that_cost_the_same_are_all_named_and_none_where_nothing_costs() -> None:
    """Ties stay ties."""
    assert Cost(np.array([5, 5, -2]), np.array([True, True, True])).dearest.tolist() == [0, 1]
    assert Cost(np.array([0, -1]), np.array([True, True])).dearest.tolist() == []
    assert Cost(np.array([0, 0]), np.array([False, False])).dearest.tolist() == []
    assert Cost(np.array([], np.int64), np.array([], np.bool_)).dearest.tolist() == []


def test_without_its_only_station_a_city_has_no_figures_and_no_cost() -> None:
    """The cost is not known, and not zero."""
    found = station_contribution(_arrays({item: [[30, 30]] for item in ITEMS}), OTHERS, _rules(2))
    assert _found(found)[1] == [(-1, -1, 0)]
    for cost in (found.rate_cost, found.index_cost, found.rank_cost):
        assert not cost.known.any()


def test_a_city_without_stations_or_days_has_no_parts() -> None:
    """Nothing in, nothing out."""
    none = {item: np.zeros((0, 2), np.uint16) for item in ITEMS}
    assert station_contribution(none, OTHERS, _rules(2)).without.total.shape == (0,)
    empty = {item: np.zeros(0, np.uint16) for item in ITEMS}
    found = day_contribution(empty, OTHERS, _rules(0))
    assert (found.without.total.shape, int(found.whole.total), int(found.whole.rate)) == ((0,), -1, -1)


def test_an_item_that_is_left_out_is_missing_for_every_part() -> None:
    """There is no index, and only days that are bad count."""
    days = {item: np.array([30, 170], np.uint16) for item in ITEMS if item != "co"}
    found = pollutant_contribution(days, composite_index({}, RULE), _rules(2))
    assert (int(found.contribution.whole.total), int(found.contribution.whole.rate)) == (-1, 0)
    assert found.bad_days.tolist() == [1, 1, 1, 1, 0, 1]


def test_a_year_of_days_is_left_out_one_by_one_as_by_hand() -> None:
    """366 days with gaps: three of them checked by taking them out of the array."""
    generator = np.random.default_rng(7)
    days = {item: generator.integers(0, 190, 366).astype(np.uint16) for item in ITEMS}
    for row in days.values():
        row[generator.random(366) < 0.05] = MISSING
    found = day_contribution(days, OTHERS, _rules(366))
    for day in (0, 100, 365):
        rest = {item: np.delete(row, day) for item, row in days.items()}
        assert found.without.total[day] == composite_index(ranking_concentrations(rest, RULE), RULE).total


@pytest.mark.parametrize("part", [0, 1])
def test_an_explanation_tells_the_figures_with_and_without(part: int) -> None:
    """The values are the costs; what is not known is None."""
    found = day_contribution(_arrays({item: [40, 80] for item in ITEMS}), OTHERS, _rules(2))
    told = explain_contribution(found, part, Text("该日", "the day"), _rules(2))
    assert told.value == int(found.index_cost.values[part]) / 100
    assert [p.value for p in told.parts] == [
        int(found.rate_cost.values[part]) / 10,
        int(found.rank_cost.values[part]),
    ]
    alone = station_contribution(_arrays({item: [[30, 30]] for item in ITEMS}), OTHERS, _rules(2))
    unknown = explain_contribution(alone, 0, Text("该站", "the station"), _rules(2))
    assert [unknown.value, *(p.value for p in unknown.parts)] == [None] * 3
    assert unknown.rule.zh.endswith("不含为—")
