"""The live document of the air: the last 24 hours of stations and cities, and how the year of the cities is going."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from qingchuan.api.changes import Changes
from qingchuan.api.parameters import Dates, Span
from qingchuan.api.queries.air import AirPeriods, city_hours, station_hours
from qingchuan.api.queries.air_answers import day_briefs, hour_answers, hour_briefs
from qingchuan.api.queries.days import city_days
from qingchuan.api.queries.items import item_table
from qingchuan.api.queries.rates import rate, to_yesterday
from qingchuan.api.queries.subjects import evaluated_for, is_simulated, of_kind
from qingchuan.api.schemas.air import Air, DayBrief, Hour, LiveCity, LiveStation, Rates
from qingchuan.api.schemas.common import Clock
from qingchuan.api.services import Services
from qingchuan.processing.periods import HOUR, natural_day
from qingchuan.store.subjects import AirStation, City, Subject

_HOURS = 24


class _Year(NamedTuple):
    """How the year of a city is going."""

    days: list[DayBrief]
    rates: Rates


class LiveAir:
    """Builds the live document of the air; what only past days decide is kept until one of them changes.

    Parameters
    ----------
    services : Services
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._years: dict[str, _Year] = {}

    def build(self, changes: Changes) -> Air:
        """The air as it is now."""
        subjects = self._services.state.subjects(as_of=changes.sequence)
        if changes.past:
            self._years = {city: self._year(city, subjects, changes) for city in of_kind(subjects, City)}
        return Air(
            clock=Clock(self._services.clock_speed),
            sequence=changes.sequence,
            items=item_table("air"),
            cities=[self._city(name, city, subjects, changes) for name, city in of_kind(subjects, City).items()],
            stations=self._stations(of_kind(subjects, AirStation), changes),
        )

    def _stations(self, stations: Mapping[str, AirStation], changes: Changes) -> list[LiveStation]:
        found = station_hours(self._services.observations, list(stations), _last_day(changes), changes.sequence)
        return [
            LiveStation(
                subject=name,
                name=station.name,
                city=station.city,
                longitude=station.longitude,
                latitude=station.latitude,
                simulated=station.simulated,
                hour=latest(hours),
                hours=hour_briefs(hours),
            )
            for (name, station), hours in zip(stations.items(), found, strict=True)
        ]

    def _city(self, name: str, city: City, subjects: Mapping[str, Subject], changes: Changes) -> LiveCity:
        stations = evaluated_for(subjects, name)
        hours = city_hours(self._services.observations, name, stations, _last_day(changes), changes.sequence)
        return LiveCity(
            subject=name,
            name=city.name,
            simulated=is_simulated(subjects, name),
            hour=latest(hours),
            hours=hour_briefs(hours),
            rates=self._years[name].rates,
            days=self._years[name].days,
            stations=stations,
        )

    def _year(self, city: str, subjects: Mapping[str, Subject], changes: Changes) -> _Year:
        month, year, last_year = to_yesterday(natural_day(changes.now))
        stations = evaluated_for(subjects, city)
        now, then = (self._days(city, stations, period, changes) for period in (year, last_year))
        rates = Rates(month=rate(now, month), year=rate(now, year), last_year=rate(then, last_year))
        return _Year(day_briefs(now), rates)

    def _days(self, city: str, stations: list[str], period: Dates, changes: Changes) -> AirPeriods:
        return city_days(self._services.observations, city, stations, period, changes.sequence)


def latest(hours: AirPeriods) -> Hour | None:
    """The last of `hours` with a value that counts, or else the last about which anything was told."""
    counting = hours.take(np.asarray(hours.valid.any(axis=0)))
    chosen = counting if len(counting.times) else hours.known()
    answers = hour_answers(chosen.take(slice(-1, None)))
    return answers[0] if answers else None


def _last_day(changes: Changes) -> Span:
    end = changes.now // HOUR * HOUR
    return Span(end - _HOURS * HOUR, end)
