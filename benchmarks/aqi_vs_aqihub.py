"""How many station-hours a second come to their indices and AQI, against aqi-hub, which takes one hour at a time.

aqi-hub is called as its README says; ours also tells primary pollutants, level, and what may be published. The hours
have no gaps: aqi-hub would warn at each.
"""

from __future__ import annotations

from pathlib import Path

from aqi_hub.aqi_cn.aqi import cal_aqi_cn

from benchmarks.air_hours import HOURS_OF_A_YEAR, ITEMS, cube
from benchmarks.benchmark import Benchmark, Run
from benchmarks.timing import shortest
from qingchuan.processing import catalogue, standards
from qingchuan.processing.air.aqi import evaluate
from qingchuan.processing.scaled import Scaled, from_scaled

_STANDARD = "hj633_2026"
_STATIONS = 169
_SAMPLE = 5000
_REPEATED = 5


def measure(_folder: Path) -> Run:
    """Rate of both [station-hours/s]; aqi-hub on a sample of the same hours."""
    standard = standards.load(_STANDARD, standards.AirQualityIndex)
    hours = cube(HOURS_OF_A_YEAR, _STATIONS, missing=0)
    of_items = dict(zip(ITEMS, hours, strict=True))
    sample = _sample(hours)
    theirs = shortest(lambda: [cal_aqi_cn(**hour, data_type="hourly") for hour in sample], _REPEATED)
    ours = shortest(lambda: evaluate(of_items, "hour", standard), _REPEATED)
    return Run(HOURS_OF_A_YEAR * _STATIONS / ours, _SAMPLE / theirs)


def _sample(hours: Scaled) -> list[dict[str, float]]:
    """Hours as aqi-hub wants them: Python's floats, by name."""
    columns = [
        from_scaled(values.reshape(-1)[:_SAMPLE], catalogue.item(item).decimals).tolist()
        for item, values in zip(ITEMS, hours, strict=True)
    ]
    return [dict(zip(ITEMS, hour, strict=True)) for hour in zip(*columns, strict=True)]


BENCHMARK = Benchmark(
    "aqi_vs_aqihub",
    "ratio",
    "×",
    "higher",
    200,
    measure,
    runs=5,
    against=f"aqi_hub.cal_aqi_cn, six items an hour (a sample of {_SAMPLE:,})",
    measured_in="station-hours/s",
)
