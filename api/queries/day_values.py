"""The days of cities before they are judged: what was sent, or else derived from the hours of their stations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Dates, Span
from qingchuan.api.queries.air import beginnings
from qingchuan.api.queries.city_values import GRADE, city_values, newest_behind
from qingchuan.api.queries.editions import runs
from qingchuan.api.queries.told import Told, ToldCity, read_told
from qingchuan.processing import catalogue
from qingchuan.processing.air.averaging import daily_max_8h, daily_mean
from qingchuan.processing.flags import MISSING as MISSING_FLAG
from qingchuan.processing.periods import DAY, natural_days
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import AirAssessment, in_force
from qingchuan.store.observations import WITH_OFFICIAL, Observations

_MAXIMUM_OF = {"o3_8h": "o3"}
"""Items of a day that are the largest 8-hour mean of an item of the hours; the others are daily means of their own."""

_MOST_DAYS = 10_000
"""So many days of hours, those of each station counted, are read at once, so that memory stays bounded. [d]"""

LeaveOut = Callable[[Told, Sequence[str]], Told]
"""The hours of some stations without those that are not to count."""


def _nothing(hours: Told, _stations: Sequence[str]) -> Told:
    return hours


@dataclass(frozen=True, eq=False)
class CityDays:
    """Daily values of cities, and nothing else of their days.

    Attributes
    ----------
    cities : tuple of str
    dates : ndarray of datetime64[D], shape (days,)
    values : dict of str to ndarray of uint16, shape (cities, days)
        24-hour means, and the daily maximum 8-hour means of ozone. [scaled]
    sequence : ndarray of int64, shape (cities, days)
        The newest message behind each day; 0 where nothing was told.
    """

    cities: tuple[str, ...]
    dates: NDArray[np.datetime64]
    values: dict[str, Scaled]
    sequence: NDArray[np.int64]

    def of(self, city: str) -> dict[str, Scaled]:
        """The days of one city, shape (days,)."""
        place = self.cities.index(city)
        return {item: values[place] for item, values in self.values.items()}


def city_day_values(
    observations: Observations,
    cities: Mapping[str, Sequence[str]],
    days: Dates,
    at: int,
    leave_out: LeaveOut = _nothing,
) -> CityDays:
    """The daily values of many cities, the same that `days_of_cities` judges.

    Parameters
    ----------
    observations : Observations
    cities : mapping of str to sequence of str
        For each city the stations that are evaluated for it.
    days : Dates
    at : int
        As it was after this message.
    leave_out : callable
        What takes hours of stations out before their days are derived; nothing if not given.
    """
    own, told = _own_and_told(observations, cities, days, at, leave_out)
    scaled, sequence = own.scaled.copy(), own.sequence.copy()
    for place, (_, of_city) in enumerate(told):
        if of_city.began.size:
            found = city_values(*of_city)
            scaled[..., place] = found.scaled
            sequence[:, place] = newest_behind(found.sent, sequence[:, place], of_city.of_stations.sequence)
    values = {item: np.ascontiguousarray(rows.T) for item, rows in zip(own.items, scaled, strict=True)}
    return CityDays(tuple(cities), natural_days(own.times), values, np.ascontiguousarray(sequence.T))


def told_days(
    observations: Observations, cities: Mapping[str, Sequence[str]], days: Dates, at: int
) -> dict[str, ToldCity]:
    """The natural days of several cities, read together.

    Parameters
    ----------
    observations, cities, days, at
        As `city_day_values` has them.
    """
    return dict(_own_and_told(observations, cities, days, at)[1])


def _own_and_told(
    observations: Observations,
    cities: Mapping[str, Sequence[str]],
    days: Dates,
    at: int,
    leave_out: LeaveOut = _nothing,
) -> tuple[Told, list[tuple[str, ToldCity]]]:
    """What was sent for all cities, and the days of each."""
    own = read_told(observations.read(list(cities), catalogue.told("day"), "day", *days.span, at, WITH_OFFICIAL))
    stations = [station for group in cities.values() for station in group]
    having = [place for place, group in enumerate(cities.values()) if group]
    derived = _derived(observations, own.subjects(having), stations, at, leave_out)
    began = beginnings(observations, stations, at)
    ends = accumulate(len(group) for group in cities.values())
    groups = [slice(end - len(group), end) for group, end in zip(cities.values(), ends, strict=True)]
    told = [
        (city, ToldCity(own.subjects(place), derived.subjects(group), began[group]))
        for place, (city, group) in enumerate(zip(cities, groups, strict=True))
    ]
    return own, told


def _derived(
    observations: Observations, own: Told, stations: Sequence[str], at: int, leave_out: LeaveOut = _nothing
) -> Told:
    """Daily values of `stations` for the days on which something was not sent for a city itself."""
    shape = (len(own.items), len(own.times), len(stations))
    scaled = np.full(shape, MISSING, np.uint16)
    sequence = np.zeros(shape[1:], np.int64)
    for part in _stretches((own.scaled == MISSING).any(axis=(0, 2)), len(stations)) if stations else ():
        start = int(own.times[part.start].astype(np.int64))
        span = Span(start, start + (part.stop - part.start) * DAY)
        hours = read_told(observations.read(stations, catalogue.told("hour"), "hour", *span, at))
        scaled[:, part] = daily_values(leave_out(hours, stations), own.items, own.times[part])
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


def daily_values(hours: Told, items: Sequence[str], days: NDArray[np.datetime64]) -> Scaled:
    """Daily values of stations from their hours, by the rules and limits in force on each day.

    Parameters
    ----------
    hours : Told
        Of whole natural days, with a last axis of stations.
    items : sequence of str
        Those of the days.
    days : ndarray of datetime64[s], shape (days,)
        Their starts, UTC.

    Returns
    -------
    ndarray of uint16, shape (items, days, stations)
        [scaled]
    """
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
        item.key: limits.scaled_limit(item.key, "day", item.decimals, grade=GRADE, on=day) for item in maxima
    }
