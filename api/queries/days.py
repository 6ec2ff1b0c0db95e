"""The days of a city: what was sent for it, or else derived from the hours of its stations; the good-air rate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Dates, Span
from qingchuan.api.queries.air import AirPeriods, beginnings, city_periods
from qingchuan.api.queries.editions import runs
from qingchuan.api.queries.told import Told, read_told
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.air.averaging import daily_max_8h, daily_mean
from qingchuan.processing.air.rates import counted_days
from qingchuan.processing.flags import MISSING as MISSING_FLAG
from qingchuan.processing.periods import DAY, natural_day, natural_days
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import AirAssessment, in_force
from qingchuan.store.observations import Observations

_MAXIMUM_OF = {"o3_8h": "o3"}
"""Items of a day that are the largest 8-hour mean of an item of the hours; the others are daily means of their own."""

_MOST_DAYS = 10_000
"""So many days of hours, those of each station counted, are read at once, so that memory stays bounded. [d]"""

_GRADE: Literal[1, 2] = 2


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
    own = read_told(observations.read(list(cities), catalogue.told("day"), "day", *days.span, at))
    stations = [station for group in cities.values() for station in group]
    derived, began = _derived(observations, own, stations, at), beginnings(observations, stations, at)
    ends = accumulate(len(group) for group in cities.values())
    groups = [slice(end - len(group), end) for group, end in zip(cities.values(), ends, strict=True)]
    return {
        city: city_periods(own.subjects(place), derived.subjects(group), began[group], "day")
        for place, (city, group) in enumerate(zip(cities, groups, strict=True))
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
    then = None if as_of is None else services.received(as_of)
    now = services.now() if then is None else min(then, services.now())
    end = min(days.end, natural_day(now // 1_000_000))
    return Dates(min(days.start, end), end)


def counted(days: AirPeriods) -> NDArray[np.bool_]:
    """Which of the days count in a good-air rate."""
    return counted_days(days.aqi, days.complete, days.good_up_to)


def validity_rules(periods: AirPeriods) -> list[AirAssessment | None]:
    """The edition of HJ 663 of each of the hours or days; None where none covers it."""
    stretches = runs(natural_days(periods.times), lambda day: in_force("hj663", day))
    return [rules for part, rules in stretches for _ in range(part.start, part.stop)]


def _derived(observations: Observations, own: Told, stations: Sequence[str], at: int) -> Told:
    """Daily values of `stations` for the days on which something was not sent for a city itself."""
    shape = (len(own.items), len(own.times), len(stations))
    scaled = np.full(shape, MISSING, np.uint16)
    sequence = np.zeros(shape[1:], np.int64)
    for part in _stretches((own.scaled == MISSING).any(axis=(0, 2)), len(stations)) if stations else ():
        start = int(own.times[part.start].astype(np.int64))
        span = Span(start, start + (part.stop - part.start) * DAY)
        hours = read_told(observations.read(stations, catalogue.told("hour"), "hour", *span, at))
        scaled[:, part] = _daily(hours, own.items, own.times[part])
        sequence[part] = hours.sequence.reshape(-1, 24, len(stations)).max(axis=1)
    nothing = np.full(shape, np.nan)
    return Told(own.items, own.times, nothing, np.full(shape, MISSING_FLAG, np.uint8), scaled, sequence)


def _stretches(wanted: NDArray[np.bool_], stations: int) -> Iterator[slice]:
    """Stretches of days that are all wanted, none longer than `_MOST_DAYS` allows for so many `stations`."""
    longest = max(1, _MOST_DAYS // stations)
    edges = np.flatnonzero(np.diff(wanted.astype(np.int8), prepend=0, append=0)).tolist()
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        for begin in range(start, stop, longest):
            yield slice(begin, min(begin + longest, stop))


def _daily(hours: Told, items: Sequence[str], days: NDArray[np.datetime64]) -> Scaled:
    """Daily values of stations from their hours, by the rules and limits in force on each day."""
    daily = np.full((len(items), len(days), hours.scaled.shape[-1]), MISSING, np.uint16)
    for part, found in runs(natural_days(days), partial(_rules, tuple(items))):
        if found is None:
            continue
        rules, limits = found
        of_part = hours.scaled[:, part.start * 24 : part.stop * 24]
        for place, item in enumerate(items):
            source = of_part[hours.items.index(_MAXIMUM_OF.get(item, item))]
            limit = limits.get(item)
            daily[place, part] = daily_mean(source, rules) if limit is None else daily_max_8h(source, rules, limit)
    return daily


def _rules(items: tuple[str, ...], day: dt.date) -> tuple[AirAssessment, dict[str, int]]:
    """The edition of HJ 663 of a day, and the daily limits of those `items` that are maximum 8-hour means [scaled]."""
    limits = in_force("gb3095", day)
    maxima = [catalogue.item(item) for item in items if item in _MAXIMUM_OF]
    return in_force("hj663", day), {
        item.key: limits.limit(item.key, "day", grade=_GRADE, on=day) * 10**item.decimals for item in maxima
    }
