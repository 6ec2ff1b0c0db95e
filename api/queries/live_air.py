"""The live document of the air: the last 24 hours of stations and cities, and how the year of the cities is going."""

from __future__ import annotations

from collections.abc import Mapping

from qingchuan.api.changes import Changes
from qingchuan.api.queries.faults import open_faults
from qingchuan.api.queries.items import item_table
from qingchuan.api.queries.live_days import KeptYears, Year
from qingchuan.api.queries.live_hours import KeptHours, LastDay
from qingchuan.api.queries.scales import level_scale
from qingchuan.api.queries.subjects import evaluated_for, is_simulated, of_kind
from qingchuan.api.schemas.air import Air, LiveCity, LiveStation
from qingchuan.api.schemas.common import Clock
from qingchuan.api.schemas.faults import OpenFault
from qingchuan.api.services import Services
from qingchuan.processing.periods import natural_day
from qingchuan.store.subjects import AirStation, City, Subject


class LiveAir:
    """Builds the live document of the air; what has not changed is kept from one time to the next.

    Parameters
    ----------
    services : Services
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._hours = KeptHours(services.observations)
        self._years = KeptYears(services.observations)

    def build(self, changes: Changes) -> Air:
        """The air as it is now."""
        subjects = self._services.state.subjects(as_of=changes.sequence)
        groups, stations = watched(subjects), of_kind(subjects, AirStation)
        counted = {station for group in groups.values() for station in group}
        hours = self._hours.of(groups, [station for station in stations if station not in counted], changes)
        years = self._years.of(groups, changes)
        faults = open_faults(self._services, changes.sequence)
        return Air(
            clock=Clock(self._services.clock_speed),
            sequence=changes.sequence,
            items=item_table("air"),
            scale=level_scale(natural_day(changes.now)),
            cities=[_city(name, subjects, groups[name], hours[name], years[name]) for name in groups],
            stations=[_station(name, station, hours[name], faults.get(name, [])) for name, station in stations.items()],
        )


def watched(subjects: Mapping[str, Subject]) -> dict[str, list[str]]:
    """The cities that are watched live, each with its stations.

    Cities that only tell their days are there to be compared with: they are left out, unless no city has stations.
    """
    groups = {city: evaluated_for(subjects, city) for city in of_kind(subjects, City)}
    return {city: stations for city, stations in groups.items() if stations} or groups


def _station(name: str, station: AirStation, day: LastDay, faults: list[OpenFault]) -> LiveStation:
    return LiveStation(
        subject=name,
        name=station.name,
        city=station.city,
        longitude=station.longitude,
        latitude=station.latitude,
        simulated=station.simulated,
        hour=day.hour,
        hours=day.hours,
        faults=faults,
    )


def _city(name: str, subjects: Mapping[str, Subject], stations: list[str], day: LastDay, year: Year) -> LiveCity:
    return LiveCity(
        subject=name,
        name=subjects[name].name,
        simulated=is_simulated(subjects, name),
        hour=day.hour,
        hours=day.hours,
        rates=year.rates,
        days=year.days,
        stations=stations,
    )
