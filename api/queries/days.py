"""The days of a city: what was sent for it, or else derived from the hours of its stations; the good-air rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Dates
from qingchuan.api.queries.air import AirPeriods, city_periods
from qingchuan.api.queries.day_values import told_days
from qingchuan.api.queries.editions import runs
from qingchuan.api.services import Services
from qingchuan.processing.air.rates import counted_days
from qingchuan.processing.periods import natural_day, natural_days
from qingchuan.processing.standards import AirAssessment, in_force
from qingchuan.store.observations import Observations


def city_days(observations: Observations, city: str, stations: Sequence[str], days: Dates, at: int) -> AirPeriods:
    """The natural days of `city`: what was sent for it, or else derived from the hours of its `stations`, item by item.

    Parameters
    ----------
    observations : Observations
    city : str
    stations : sequence of str
        Those that are evaluated for the city.
    days : Dates
    at : int
        As it was after this message.

    References
    ----------
    .. [1] HJ 663—2013, 6.1: daily means and maximum 8-hour means of each station, then their mean over the stations.
    """
    return days_of_cities(observations, {city: stations}, days, at)[city]


def days_of_cities(
    observations: Observations, cities: Mapping[str, Sequence[str]], days: Dates, at: int
) -> dict[str, AirPeriods]:
    """The natural days of several cities, each as `city_days` has them, read together.

    Parameters
    ----------
    observations : Observations
    cities : mapping of str to sequence of str
        For each city the stations that are evaluated for it.
    days : Dates
    at : int
        As it was after this message.
    """
    return {
        city: city_periods(told.own, told.of_stations, told.began, "day")
        for city, told in told_days(observations, cities, days, at).items()
    }


def finished(services: Services, days: Dates, as_of: int | None) -> Dates:
    """Those of `days` that are over: a day in progress has no result yet.

    Parameters
    ----------
    services : Services
    days : Dates
    as_of : int or None
        None: that are over now; else those that were over when this message was received.
    """
    end = min(days.end, natural_day(time_of(services, as_of) // 1_000_000))
    return Dates(min(days.start, end), end)


def time_of(services: Services, as_of: int | None) -> int:
    """Now, or when message `as_of` was received [µs since 1970-01-01 UTC]."""
    then = None if as_of is None else services.received(as_of)
    return services.now() if then is None else min(then, services.now())


def counted(days: AirPeriods) -> NDArray[np.bool_]:
    """Which of the days count in a good-air rate."""
    return counted_days(days.aqi, days.complete, days.good_up_to)


def validity_rules(periods: AirPeriods) -> list[AirAssessment | None]:
    """The edition of HJ 663 of each of the hours or days; None where none covers it."""
    stretches = runs(natural_days(periods.times), lambda day: in_force("hj663", day))
    return [rules for part, rules in stretches for _ in range(part.start, part.stop)]
