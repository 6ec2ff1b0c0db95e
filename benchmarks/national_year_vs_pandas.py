"""How many station-years a second come from their hours to their ranks, against pandas and aqi-hub.

The other side is what somebody would write with both: a frame of one station, aqi-hub called as its README says for
each hour and day that has all items, resampling, rolling, quantiles. It is measured on a few station-years; ours on
1,700.
"""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pandas as pd
from aqi_hub.aqi_cn.aqi import cal_aqi_cn, cal_primary_pollutant, get_aqi_level

from benchmarks.air_hours import ITEMS, STATIONS
from benchmarks.benchmark import Benchmark, Run
from benchmarks.mda8_vs_pandas import rolling_maximum
from benchmarks.national_year import PERIOD, editions, national_year
from benchmarks.timing import shortest
from qingchuan.processing import catalogue
from qingchuan.processing.air.assessment import Editions, assess
from qingchuan.processing.scaled import Scaled, from_scaled
from qingchuan.processing.standards import AirAssessment

_SAMPLE = 5
_LIMIT = 160
_REPEATED = 3


def measure(_folder: Path) -> Run:
    """Rate of both [station-years/s]."""
    hours, judged_by = national_year(), editions()
    frames = [_frame(hours[..., station]) for station in range(_SAMPLE)]
    theirs = shortest(lambda: [station_year(frame, judged_by) for frame in frames], _REPEATED)
    ours = shortest(lambda: assess(hours, PERIOD, judged_by), _REPEATED)
    return Run(STATIONS / ours, _SAMPLE / theirs)


def _frame(hours: Scaled) -> pd.DataFrame:
    """Hours of one station as pandas likes them: floats with NaN, by the start of the hour."""
    columns = {
        item: from_scaled(values, catalogue.item(item).decimals) for item, values in zip(ITEMS, hours, strict=True)
    }
    return pd.DataFrame(columns, index=pd.date_range(PERIOD.start, periods=hours.shape[1], freq="h"))


def station_year(hours: pd.DataFrame, judged_by: Editions) -> dict[str, Any]:
    """AQI of hours and days, counts of levels, means, percentiles and the composite index of one station."""
    days = _days(hours, judged_by.rules)
    daily = _aqi(days.rename(columns={"o3_8h": "o3"}), "daily")
    levels = pd.Series([get_aqi_level(aqi) for aqi, _ in daily]).value_counts()
    statistics = {
        row.item: days[row.item].mean() if row.percent is None else days[row.item].quantile(row.percent / 100)
        for row in judged_by.ranking.index.rows
    }
    single = [round(round(statistics[row.item], row.decimals) / row.limit, 2) for row in judged_by.ranking.index.rows]
    return {
        "hourly": _aqi(hours, "hourly"),
        "days": days,
        "daily": daily,
        "levels": levels,
        "means": days.mean(),
        "percentiles": {
            row.item: days[row.item].quantile(row.percent / 100) for row in judged_by.rules.basic.year if row.percent
        },
        "index": sum(single),
    }


def _days(hours: pd.DataFrame, rules: AirAssessment) -> pd.DataFrame:
    by_day = hours.resample("D")
    days = by_day.mean().where(by_day.count() >= rules.daily_mean.at_least)
    ozone = rolling_maximum(hours[["o3"]].reset_index(drop=True), rules, _LIMIT)
    days = days.drop(columns="o3").round({item: catalogue.item(item).decimals for item in days.columns})
    return days.assign(o3_8h=ozone["o3"].to_numpy())


def _aqi(rows: pd.DataFrame, averaging: str) -> list[tuple[int, list[str]]]:
    """AQI and primary pollutants of the rows without a gap."""
    judged = (cal_aqi_cn(**_named(row), data_type=averaging) for row in rows.dropna().to_dict("records"))
    return [(aqi, cal_primary_pollutant(iaqi)) for aqi, iaqi in judged]


def _named(row: dict[Hashable, Any]) -> dict[str, float]:
    return {str(item): value for item, value in row.items()}


BENCHMARK = Benchmark(
    "national_year_vs_pandas",
    "ratio",
    "×",
    "higher",
    300,
    measure,
    runs=3,
    against=f"pandas with aqi-hub ({_SAMPLE} station-years)",
    measured_in="station-years/s",
)
