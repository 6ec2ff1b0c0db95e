"""What was officially published of a city: which of its hours and days it is told by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qingchuan.api.parameters import Span
from qingchuan.api.queries.air import AirPeriods
from qingchuan.store.observations import PERIOD_SECONDS, Observations, Period


def with_official(observations: Observations, city: str, periods: AirPeriods, period: Period, at: int) -> AirPeriods:
    """The hours or days of `city` with `official` filled in.

    Parameters
    ----------
    observations : Observations
    city : str
    periods : AirPeriods
        Consecutive ones, as `city_periods` has them.
    period : {"hour", "day"}
    at : int
        As it was after this message.
    """
    if not periods.times.size:
        return periods
    starts = periods.times.astype(np.int64)
    span = Span(int(starts[0]), int(starts[-1]) + PERIOD_SECONDS[period])
    grid = observations.read([city], periods.items, period, *span, at, ("official",))
    return replace(periods, official=np.asarray(~np.isnan(grid.values[..., 0]).all(axis=0)))
