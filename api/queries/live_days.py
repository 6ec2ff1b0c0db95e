"""How the year of each city is going: its days and rates up to yesterday, kept until a day of the city changes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, NamedTuple

import numpy as np

from qingchuan.api.changes import Changes
from qingchuan.api.parameters import Dates, Span
from qingchuan.api.queries.air import AirPeriods, beginnings
from qingchuan.api.queries.air_answers import day_briefs
from qingchuan.api.queries.calendar import to_yesterday
from qingchuan.api.queries.days import days_of_cities
from qingchuan.api.queries.rates import rate
from qingchuan.api.schemas.air import DayBrief, Rates
from qingchuan.processing.periods import natural_day
from qingchuan.store.observations import Observations


class Year(NamedTuple):
    """How the year of a city is going.

    Attributes
    ----------
    days : list of DayBrief
        From 1 January to yesterday.
    rates : Rates
    """

    days: list[DayBrief]
    rates: Rates


class KeptYears:
    """The year of each city; built again for the cities of which a day has changed.

    Parameters
    ----------
    observations : Observations
    """

    def __init__(self, observations: Observations) -> None:
        self._this, self._last = KeptDays(observations), KeptDays(observations)
        self._years: dict[str, tuple[AirPeriods, AirPeriods, Year]] = {}

    def of(self, groups: Mapping[str, Sequence[str]], changes: Changes) -> dict[str, Year]:
        """The year of each city of `groups`, which has the stations that are evaluated for it."""
        month, year, last_year = to_yesterday(natural_day(changes.now))
        this, last = self._this.of(groups, year, changes), self._last.of(groups, last_year, changes)
        before, self._years = self._years, {}
        for city in groups:
            kept = before.get(city)
            if kept is None or kept[0] is not this[city] or kept[1] is not last[city]:
                rates = Rates(
                    month=rate(this[city], month), year=rate(this[city], year), last_year=rate(last[city], last_year)
                )
                kept = this[city], last[city], Year(day_briefs(this[city]), rates)
            self._years[city] = kept
        return {city: told for city, (_, _, told) in self._years.items()}


class _Kept(NamedTuple):
    """Days of a city, and what they are of: its stations, each with the start of its first hour."""

    stations: Mapping[str, int]
    period: Dates
    days: AirPeriods


class KeptDays:
    """Days of cities; only those that changed or are new are read again, equal stretches of several cities together.

    Parameters
    ----------
    observations : Observations
    """

    def __init__(self, observations: Observations) -> None:
        self._observations = observations
        self._kept: dict[str, _Kept] = {}

    def of(self, groups: Mapping[str, Sequence[str]], period: Dates, changes: Changes) -> dict[str, AirPeriods]:
        """The days of `period` of each city of `groups`; those of a city are the same object until one changes."""
        usable = {} if changes.anew else self._usable(groups, period)
        everyone = [station for stations in groups.values() for station in stations]
        first_hours = beginnings(self._observations, everyone, changes.sequence).tolist()
        began = dict(zip(everyone, first_hours, strict=True))
        wanted: defaultdict[Dates, dict[str, Sequence[str]]] = defaultdict(dict)
        for city, stations in groups.items():
            stretch = _to_read(usable[city], city, period, began, changes) if city in usable else period
            if stretch is not None:
                wanted[stretch][city] = stations
        days = {city: kept.days for city, kept in usable.items()}
        for stretch, cities in wanted.items():
            for city, read in days_of_cities(self._observations, cities, stretch, changes.sequence).items():
                days[city] = _spliced(days[city], stretch, read) if city in days else read
        self._kept = {
            city: _Kept({station: began[station] for station in stations}, period, days[city])
            for city, stations in groups.items()
        }
        return days

    def _usable(self, groups: Mapping[str, Sequence[str]], period: Dates) -> dict[str, _Kept]:
        """What is kept of cities that have the same stations still, from the same day on."""
        return {
            city: kept
            for city, kept in self._kept.items()
            if list(kept.stations) == list(groups.get(city, ()))
            and kept.period.start == period.start
            and kept.period.end <= period.end
        }


def _to_read(kept: _Kept, city: str, period: Dates, began: Mapping[str, int], changes: Changes) -> Dates | None:
    """The days of `period` that are not in `kept` or have changed since, as one stretch; None for none."""
    # Where a station turns out to have begun earlier, it counts on days of which nothing has come.
    stretches = [Span(began[name], before) for name, before in kept.stations.items() if began[name] < before]
    stretches += [changes.past[subject] for subject in (city, *kept.stations) if subject in changes.past]
    stretches += [Dates(kept.period.end, period.end).span] if kept.period.end < period.end else []
    start = max(period.span.start, min((stretch.start for stretch in stretches), default=period.span.end))
    end = min(period.span.end, max((stretch.end for stretch in stretches), default=0))
    return Dates(natural_day(start), natural_day(end - 1) + dt.timedelta(days=1)) if start < end else None


def _spliced(kept: AirPeriods, stretch: Dates, read: AirPeriods) -> AirPeriods:
    """The `kept` days, with those that were `read` of a `stretch` in their place."""
    start, end = (np.datetime64(seconds, "s") for seconds in stretch.span)
    return _joined([kept.take(kept.times < start), read, kept.take(kept.times >= end)])


def _joined(parts: Sequence[AirPeriods]) -> AirPeriods:
    """The periods of `parts`, one after the other."""
    editions = {edition.name: edition for part in parts for edition in part.editions}
    places = {name: place for place, name in enumerate(editions)}
    # The last place, -1, is for what no edition covers.
    index = [np.array([*(places[edition.name] for edition in part.editions), -1])[part.edition] for part in parts]
    arrays: dict[str, Any] = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts], axis=-1)
        for field in fields(AirPeriods)
        if isinstance(getattr(parts[0], field.name), np.ndarray)
    }
    return replace(parts[0], **{**arrays, "editions": tuple(editions.values()), "edition": np.concatenate(index)})
