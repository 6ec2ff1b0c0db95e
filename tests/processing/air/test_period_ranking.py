"""The ranking of months and years to date, on made-up days and on the days of the key cities."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qingchuan.processing import catalogue, standards
from qingchuan.processing.air import key_cities
from qingchuan.processing.air.composite_index_explained import explain_composite_index
from qingchuan.processing.air.period_ranking import PeriodRanking, rank_period
from qingchuan.processing.air.ranking_explained import Figure, explain_rank
from qingchuan.processing.calendar_periods import CalendarPeriod, month_of, span, year_to_date
from qingchuan.processing.scaled import MISSING, to_scaled
from qingchuan.processing.standards import AirAssessment, CityAirRanking, Text
from tests.support import ranking_oracle as oracle

RULE = standards.load("hb2018_19", CityAirRanking)
ASSESSMENT = standards.load("hj663_2013", AirAssessment)
COLUMNS = {"so2": "so2", "no2": "no2", "pm10": "pm10", "pm25": "pm25", "co": "co", "o3_8h": "o3"}
AUTUMN = span(date(2016, 8, 1), date(2016, 11, 1))
# Published for October 2016 by the ministry, of the 74 cities ranked then (reported at ixian.cn): from the first on,
# and from the last on.
BEST = ("舟山", "福州", "海口", "惠州", "台州", "厦门", "盐城", "丽水", "南通", "深圳")
WORST = ("石家庄", "邢台", "唐山", "保定", "太原", "邯郸", "衡水", "沧州", "济南", "北京")
INDEX = Figure(Text("综合指数", "composite index"), "", 2)

Days = dict[str, NDArray[np.uint16]]


@pytest.fixture(scope="module")
def autumn(reference_data: Path) -> tuple[list[str], Days]:
    """Days of August to October 2016 of the 169 key cities, in their order; what is not there is missing."""
    names = [city.name.zh for city in key_cities.on(date(2018, 7, 1))]
    cities, values = {name: at for at, name in enumerate(names)}, {}
    path = reference_data / "air-daily-366-cities" / "cities_daily_mean_2013-12_2017-01.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [
            row for row in csv.DictReader(file) if "2016-08" <= row["date"][:7] <= "2016-10" and row["city"] in cities
        ]
    for item, column in COLUMNS.items():
        days = np.full((len(names), AUTUMN.days), np.nan)
        for row in rows:
            day = (date.fromisoformat(row["date"]) - AUTUMN.start).days
            days[cities[row["city"]], day] = float(row[column]) if row[column] and float(row[column]) else np.nan
        values[item] = to_scaled(days, catalogue.item(item).decimals)
    return names, values


def _by_hand(days: Days, city: int, period: CalendarPeriod) -> int | None:
    held = period.holds(AUTUMN.dates)
    return oracle.total({item: values[city, held].tolist() for item, values in days.items()})


@pytest.mark.parametrize("period", [month_of(date(2016, 8, 1)), month_of(date(2016, 10, 1)), AUTUMN])
def test_the_key_cities_have_the_ranks_of_another_hand(autumn: tuple[list[str], Days], period: CalendarPeriod) -> None:
    """All 169 in the autumn of 2016: index and rank, counted one by one from the days."""
    names, days = autumn
    found = rank_period(days, AUTUMN.dates, period, RULE)
    totals = [_by_hand(days, city, period) for city in range(len(names))]
    there = [total for total in totals if total is not None]
    assert len(there) > 160
    assert found.ranking.number == len(there)
    for city, total in enumerate(totals):
        assert found.index.total[city] == (-1 if total is None else total), names[city]
        assert found.ranking.ranks[city] == (0 if total is None else oracle.rank(total, there)), names[city]


def test_the_published_lists_of_october_2016_come_out_nearly(autumn: tuple[list[str], Days]) -> None:
    """The order of both lists of ten, but for neighbours: the days are of another source than the ministry's."""
    names, days = autumn
    totals = rank_period(days, AUTUMN.dates, month_of(date(2016, 10, 1)), RULE).index.total
    for published, sign in ((BEST, 1), (WORST, -1)):
        ours = [sign * int(totals[names.index(name)]) for name in published]
        order = sorted(range(len(ours)), key=ours.__getitem__)
        assert max(abs(place - at) for place, at in enumerate(order)) <= 1, (published, ours)
    assert max(totals[names.index(name)] for name in BEST) < min(totals[names.index(name)] for name in WORST)


def test_ties_among_the_key_cities_share_their_rank(autumn: tuple[list[str], Days]) -> None:
    """169 indices of two decimals are never all different; whoever ties with the 20th is listed."""
    names, days = autumn
    ranking = rank_period(days, AUTUMN.dates, month_of(date(2016, 8, 1)), RULE).ranking
    ranks = ranking.ranks[ranking.ranks > 0].tolist()
    assert len(set(ranks)) < len(ranks)
    assert len(set(zip(ranking.figures.tolist(), ranking.ranks.tolist(), strict=True))) == len(
        set(ranking.ranks.tolist())
    )
    listed = ranking.best(RULE.order.listed)
    assert sorted(ranks)[: listed.sum()] == sorted(ranking.ranks[listed].tolist())
    assert names[int(ranking.ranks.argmax())] not in {names[at] for at in np.flatnonzero(listed)}


def test_an_explanation_of_a_real_city_ends_in_its_figures(autumn: tuple[list[str], Days]) -> None:
    """Ningbo in August 2016: index, single indices, concentrations and rank are those of the functions."""
    names, days = autumn
    month, city = month_of(date(2016, 8, 1)), names.index("宁波")
    found = rank_period(days, AUTUMN.dates, month, RULE)
    own = {item: values[city] for item, values in days.items()}
    told = explain_composite_index(own, AUTUMN.dates, month, RULE, ASSESSMENT)
    assert told.value == int(found.index.total[city]) / 100
    for place, item in enumerate(found.index.items):
        part, row = told.parts[place], RULE.index.row(item)
        assert part.value == int(found.index.single[place, city]) / 100
        assert part.parts[0].value == int(found.concentrations[item][city]) / 10**row.decimals
        assert part.parts[0].valid == found.valid_days[item][city]
    assert explain_rank(found.ranking, city, INDEX, RULE).value == found.ranking.ranks[city]


def _made(period: CalendarPeriod, values: list[int]) -> PeriodRanking:
    """Ranking of cities that have one value on every day of 2025 in every item."""
    dates = year_to_date(date(2025, 12, 31)).dates
    days = {
        item: np.repeat(np.array(values, np.uint16)[:, np.newaxis], dates.size, axis=1) for item in RULE.index.items
    }
    return rank_period(days, dates, period, RULE)


@pytest.mark.parametrize(("period", "days"), [(month_of(date(2025, 2, 3)), 28), (year_to_date(date(2025, 8, 31)), 243)])
def test_a_month_and_a_year_to_date_are_periods_like_others(period: CalendarPeriod, days: int) -> None:
    """Their days count, and only those."""
    found = _made(period, [40, 30, MISSING])
    assert found.valid_days["co"].tolist() == [days, days, 0]
    assert found.ranking.ranks.tolist() == [2, 1, 0]
    assert found.period == period


def test_days_outside_the_period_do_not_count() -> None:
    """The last of January and the first of March, in an order that is not that of the calendar."""
    dates = np.array(["2025-03-01", "2025-02-28", "2025-01-31", "2025-02-01"], "datetime64[D]")
    days = {item: np.array([[900, 30, 900, 30]], np.uint16) for item in RULE.index.items}
    inside = rank_period(days, dates, month_of(date(2025, 2, 1)), RULE)
    assert {item: int(value[0]) for item, value in inside.concentrations.items()} == dict.fromkeys(days, 30)


def test_a_city_that_lacks_an_item_has_no_rank_and_says_which() -> None:
    """One valid day is enough for an index, none is not."""
    dates = np.array(["2025-02-01", "2025-02-02"], "datetime64[D]")
    days = {item: np.array([[30, MISSING], [30, 30]], np.uint16) for item in RULE.index.items}
    days["co"] = np.array([[30, MISSING], [MISSING, MISSING]], np.uint16)
    found = rank_period(days, dates, month_of(date(2025, 2, 1)), RULE)
    assert found.ranking.ranks.tolist() == [1, 0]
    assert found.valid_days["co"].tolist() == [1, 0]
