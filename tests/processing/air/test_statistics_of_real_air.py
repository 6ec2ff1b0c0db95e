"""Rates, statistics and attainment of real air: published levels of Zhejiang, hours of Beijing, days of 366 cities.

Real data that are not shipped; the folder's own README says what its blanks mean.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from qingchuan.processing import catalogue, standards
from qingchuan.processing.air.aqi import evaluate
from qingchuan.processing.air.areas import area_mean_of
from qingchuan.processing.air.attainment import period_attainment
from qingchuan.processing.air.averaging import area_mean, daily_max_8h, daily_mean
from qingchuan.processing.air.combined_attainment import combined_attainment
from qingchuan.processing.air.level_days import heavy_pollution_days, level_counts
from qingchuan.processing.air.rates import counted_days, good_air_rate
from qingchuan.processing.air.rates_explained import explain_good_air_rate
from qingchuan.processing.air.statistics import monthly_means, period_statistics
from qingchuan.processing.calendar_periods import CalendarPeriod, Days, year_of
from qingchuan.processing.scaled import MISSING, Scaled, to_scaled
from qingchuan.processing.standards.by_day import editions_of

Rows = list[dict[str, str]]

INDEX = standards.load("hj633_2012", standards.AirQualityIndex)
RULES = standards.load("hj663_2013", standards.AirAssessment)
LIMITS = standards.load("gb3095_2012", standards.AmbientAirLimits)
ITEMS = RULES.basic.day
LEVELS = [level.zh for level in INDEX.levels]
STATIONS = ("Aotizhongxin", "Dongsi", "Huairou", "Shunyi")
BEIJING = {"so2": "SO2", "no2": "NO2", "pm10": "PM10", "pm25": "PM2.5", "co": "CO", "o3": "O3"}


def _rows(path: Path) -> Rows:
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    return list(csv.DictReader(text.decode("utf-8").splitlines()))


def _scaled(texts: list[str], item: str, per: float = 1) -> Scaled:
    values = [float(text) / per if text not in {"", "NA"} else np.nan for text in texts]
    return to_scaled(values, catalogue.item(item).decimals)


@pytest.fixture(scope="module")
def zhejiang(reference_data: Path) -> dict[tuple[str, int], Rows]:
    """Days of five cities, by city and year."""
    grouped: dict[tuple[str, int], Rows] = defaultdict(list)
    for row in _rows(reference_data / "air-daily-zhejiang" / "zhejiang_daily_2016_2019.csv"):
        grouped[row["city"], int(row["date"][:4])].append(row)
    assert len(grouped) == 10
    return grouped


def _days(rows: Rows) -> tuple[Days, dict[str, Scaled]]:
    dates = np.array([row["date"] for row in rows], "datetime64[D]")
    return dates, {item: _scaled([row[item] for row in rows], item) for item in ITEMS}


def test_rates_and_levels_of_zhejiang_are_those_of_the_published_levels(zhejiang: dict[tuple[str, int], Rows]) -> None:
    """2016 and 2019, five cities: counted by the level that was published, rounded by fractions."""
    for rows in zhejiang.values():
        dates, days = _days(rows)
        air, published = evaluate(days, "day", INDEX), Counter(row["level"] for row in rows)
        good_up_to = editions_of(dates, "hj633").numbers(lambda edition: edition.good_up_to, -1)
        found = good_air_rate(air.aqi, air.complete, good_up_to, RULES.decimals.rate)
        good = published["优"] + published["良"]
        assert (int(found.good), int(found.valid)) == (good, len(rows))
        assert found.rate == round(Fraction(1000 * good, len(rows)))
        counted = counted_days(air.aqi, air.complete, good_up_to)
        assert level_counts(air.level, counted, len(LEVELS)).tolist() == [published[level] for level in LEVELS]
        assert heavy_pollution_days(air.aqi, INDEX.heavy_above) == published["重度污染"] + published["严重污染"]
        assert explain_good_air_rate(air.aqi, air.complete, good_up_to, RULES).value == float(found.percent)


def test_the_year_2016_of_hangzhou(zhejiang: dict[tuple[str, int], Rows]) -> None:
    """259 good days of 366, three of heavy pollution; nitrogen dioxide and both particles exceed."""
    dates, days = _days(zhejiang["杭州", 2016])
    air, year = evaluate(days, "day", INDEX), year_of(date(2016, 1, 1))
    assert good_air_rate(air.aqi, air.complete, 100, 1).percent == 70.8
    judged = {
        item: period_attainment(statistics, LIMITS, RULES, grade=2, on=year.last)
        for item, statistics in period_statistics(days, dates, year, RULES).items()
    }
    combined = combined_attainment(judged, RULES)
    exceeding = {item for item, exceeds in zip(combined.items, combined.exceeding, strict=True) if exceeds}
    expected = {item for item in ITEMS if not _attained_by_hand(item, days[item])}
    assert exceeding == expected
    assert {"no2", "pm10", "pm25"} <= exceeding
    assert not combined.attained
    assert not combined.missing.any()


def _attained_by_hand(item: str, days: Scaled) -> bool:
    """Mean and percentile of a whole year by fractions."""
    row, scale = RULES.year_statistics(item), 10 ** catalogue.item(item).decimals
    series = sorted(days.tolist())
    within = True
    if row.mean:
        within = (
            round(Fraction(sum(series), len(series)))
            <= LIMITS.limit(item, "year", grade=2, on=date(2016, 1, 1)) * scale
        )
    k = (len(series) - 1) * Fraction(row.percent or 0, 100)
    below, above = series[int(k)], series[min(int(k) + 1, len(series) - 1)]
    percentile = round(below + (above - below) * (k - int(k)))
    return within and percentile <= LIMITS.limit(item, "day", grade=2, on=date(2016, 1, 1)) * scale


@pytest.fixture(scope="module")
def beijing(reference_data: Path) -> dict[str, Scaled]:
    """Hours of four stations from March 2013 on, shape (hours, stations); CO was told in µg/m³."""
    folder = reference_data / "air-hourly-beijing"
    stations = [_rows(folder / f"PRSA_Data_{name}_20130301-20170228.csv.gz") for name in STATIONS]
    assert {len(rows) for rows in stations} == {1461 * 24}
    return {
        item: np.stack(
            [_scaled([row[column] for row in rows], item, 1000 if item == "co" else 1) for rows in stations], axis=-1
        )
        for item, column in BEIJING.items()
    }


def test_gaps_of_beijing_decide_which_days_months_and_years_are_valid(beijing: dict[str, Scaled]) -> None:
    """Days of 20 hours, months of 27 days, years of 324: counted one by one."""
    dates = np.datetime64("2013-03-01") + np.arange(1461)
    hours = beijing["pm25"]
    days = daily_mean(hours, RULES).T
    told = (hours != MISSING).reshape(1461, 24, 4).sum(axis=1).T
    assert np.array_equal(days != MISSING, told >= 20)
    for year in (2014, 2015, 2016):
        period = year_of(date(year, 1, 1))
        found = period_statistics({"pm25": days}, dates, period, RULES)["pm25"]
        for station in range(4):
            assert (int(found.count[station]), bool(found.valid[station])) == _valid_by_hand(days[station], dates, year)
    assert not period_statistics({"pm25": days}, dates, year_of(date(2013, 1, 1)), RULES)["pm25"].valid.any()


def _valid_by_hand(days: Scaled, dates: Days, year: int) -> tuple[int, bool]:
    told = [
        day for day, value in zip(dates.tolist(), days.tolist(), strict=True) if day.year == year and value != MISSING
    ]
    months = Counter(day.month for day in told)
    return len(told), len(told) >= 324 and all(months[month] >= (25 if month == 2 else 27) for month in range(1, 13))


def test_the_mean_of_an_area_is_the_plain_one_while_its_stations_are_the_same(beijing: dict[str, Scaled]) -> None:
    """Four stations, three of which are enough; without one of them two of three are."""
    ozone = daily_max_8h(beijing["o3"], RULES, 160)
    assert np.array_equal(area_mean_of(ozone, [True] * 4, RULES).mean, area_mean(ozone, RULES))
    joined = np.ones((1461, 4), np.bool_)
    joined[:700, 3] = False
    found = area_mean_of(ozone, joined, RULES)
    assert np.array_equal(found.mean[:700], area_mean(ozone[:700, :3], RULES))
    assert np.array_equal(found.mean[700:], area_mean(ozone[700:], RULES))
    assert (found.mean[:700] != area_mean(ozone[:700], RULES)).any()


@pytest.fixture(scope="module")
def cities(reference_data: Path) -> tuple[Days, list[str], NDArray[np.uint16]]:
    """PM2.5 of 366 cities, shape (cities, days), 2014-12 to 2017-01, with the gaps they have."""
    rows = _rows(reference_data / "air-daily-366-cities" / "cities_daily_mean_2013-12_2017-01.csv.gz")
    dates = np.arange("2014-12-01", "2017-02-01", dtype="datetime64[D]")
    names = sorted({row["city"] for row in rows})
    grid = np.full((len(names), dates.size), MISSING, np.uint16)
    place = {name: at for at, name in enumerate(names)}
    kept = [row for row in rows if row["date"] >= "2014-12-01"]
    day = (np.array([row["date"] for row in kept], "datetime64[D]") - dates[0]).astype(np.int64)
    grid[[place[row["city"]] for row in kept], day] = _scaled([row["pm25"] for row in kept], "pm25")
    assert len(names) == 366
    return dates, names, grid


@pytest.mark.parametrize("year", [2015, 2016])
def test_years_of_366_cities_agree_with_fractions(cities: tuple[Days, list[str], Scaled], year: int) -> None:
    """Means, valid days and validity of each, with the gaps they have."""
    dates, _, days = cities
    period: CalendarPeriod = year_of(date(year, 1, 1))
    found = period_statistics({"pm25": days}, dates, period, RULES, decimals=1)["pm25"]
    within = days[:, period.holds(dates)]
    for city, row in enumerate(within):
        valid = [int(value) for value in row if value != MISSING]
        assert found.count[city] == len(valid)
        assert found.mean[city] == (round(Fraction(10 * sum(valid), len(valid))) if valid else MISSING)
        assert bool(found.valid[city]) == _valid_by_hand(days[city], dates, year)[1]
    assert 0 < found.valid.sum() < 366


def test_months_of_366_cities_are_those_of_their_days(cities: tuple[Days, list[str], Scaled]) -> None:
    """26 months, all cities at once."""
    dates, _, days = cities
    found = monthly_means(days, dates)
    assert found.mean.shape == found.counts.shape == (366, 26)
    for place, month in enumerate(found.months):
        of_month = days[:, dates.astype("datetime64[M]") == month].astype(np.float64)
        of_month[of_month == MISSING] = np.nan
        told = found.counts[:, place] > 0
        assert np.array_equal(found.counts[:, place], (~np.isnan(of_month)).sum(axis=1))
        assert np.abs(found.mean[told, place] - np.nanmean(of_month[told], axis=1)).max() <= 0.5 + 1e-9
