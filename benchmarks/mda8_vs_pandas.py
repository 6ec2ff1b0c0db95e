"""How fast daily maximum 8-hour means of a year of ozone at 1,700 stations are, against pandas by the same rule."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.air_hours import HOURS_OF_A_YEAR, STATIONS, cube
from benchmarks.benchmark import Benchmark, Run
from benchmarks.timing import shortest
from qingchuan.processing import standards
from qingchuan.processing.air.averaging import daily_max_8h
from qingchuan.processing.scaled import from_scaled

_RULES = "hj663_2013"
_LIMIT = 160
_REPEATED = 3


def measure(_folder: Path) -> Run:
    """Rate of both [values/s]; each has its hours as it likes them: uint16 here, a frame of floats there."""
    rules = standards.load(_RULES, standards.AirAssessment)
    hours = cube(HOURS_OF_A_YEAR, STATIONS)[-1]
    frame = pd.DataFrame(from_scaled(hours, 0))
    theirs = shortest(lambda: rolling_maximum(frame, rules, _LIMIT), _REPEATED)
    ours = shortest(lambda: daily_max_8h(hours, rules, _LIMIT), _REPEATED)
    return Run(hours.size / ours, hours.size / theirs)


def rolling_maximum(hours: pd.DataFrame, rules: standards.AirAssessment, limit: float) -> pd.DataFrame:
    """Daily maxima by pandas: a row a day, a column a station, NaN where there is none."""
    rule, length = rules.daily_maximum, rules.daily_mean.hours
    means = hours.rolling(rule.window, min_periods=rule.at_least).mean()
    label = np.arange(len(hours)) % length + 1
    within = means[(label >= rule.first_label) & (label <= rule.last_label)].round()
    by_day = within.groupby(within.index // length)
    largest = by_day.max()
    return largest.where((by_day.count() >= rule.windows_at_least) | (largest > limit))


BENCHMARK = Benchmark(
    "mda8_vs_pandas",
    "ratio",
    "×",
    "higher",
    10,
    measure,
    runs=5,
    against=f"pandas, rolling means and groupby by the same rule, {HOURS_OF_A_YEAR:,} h × {STATIONS:,} stations",
    measured_in="values/s",
)
