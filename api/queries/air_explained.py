"""How the AQI of each hour or day came about: its concentrations, the two limits about each, and which item decides."""

from __future__ import annotations

import datetime as dt

import numpy as np

from qingchuan.api.parameters import Dates, Span
from qingchuan.api.queries.air import AirPeriods, city_hours
from qingchuan.api.queries.days import city_days
from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.queries.subjects import evaluated_for
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.air.aqi_explained import explain_evaluate
from qingchuan.processing.periods import DAY, HOUR
from qingchuan.processing.scaled import Scaled, to_scaled
from qingchuan.processing.standards.air_index import Averaging


def aqi_explained(periods: AirPeriods, averaging: Averaging) -> list[Explanation | None]:
    """How the AQI of each of `periods` came about; None where no edition covers it.

    Parameters
    ----------
    periods : AirPeriods
    averaging : {"hour", "day"}
    """
    scaled = _scaled(periods)
    return [
        None if edition < 0 else _explained(periods, scaled[:, place], averaging, edition)
        for place, edition in enumerate(periods.edition.tolist())
    ]


def day_explained(services: Services, code: str, day: dt.date, at: int) -> Explanation | None:
    """How the AQI of a natural day of the city `code` came about; None where nothing is known of it."""
    stations = evaluated_for(services.state.subjects(as_of=at), code)
    days = city_days(services.observations, code, stations, Dates(day, day + dt.timedelta(days=1)), at).known()
    return next(iter(aqi_explained(days, "day")), None)


def hour_explained(services: Services, code: str, at: int) -> tuple[int, Explanation | None]:
    """The latest hour of the city `code` with data, or else the last that is over, and how its AQI came about.

    Returns
    -------
    tuple of int and Explanation
        Its start [s since 1970-01-01 UTC]; None where nothing is known of the last 24 hours.
    """
    now = services.now() // 1_000_000 // HOUR * HOUR
    stations = evaluated_for(services.state.subjects(as_of=at), code)
    hours = city_hours(services.observations, code, stations, Span(now - DAY, now), at).known()
    if not hours.times.size:
        return now - HOUR, None
    last = hours.take(slice(-1, None))
    return int(last.times[0].astype(np.int64)), aqi_explained(last, "hour")[0]


def _explained(periods: AirPeriods, scaled: Scaled, averaging: Averaging, edition: int) -> Explanation:
    concentrations = dict(zip(periods.items, scaled.tolist(), strict=True))
    return explanation_answer(explain_evaluate(concentrations, averaging, periods.editions[edition]))


def _scaled(periods: AirPeriods) -> Scaled:
    """What counts of the concentrations, shape (items, periods)."""
    counts = np.where(periods.valid, periods.values, np.nan)
    decimals = [catalogue.item(item).decimals for item in periods.items]
    return np.array([to_scaled(row, places) for row, places in zip(counts, decimals, strict=True)], np.uint16)
