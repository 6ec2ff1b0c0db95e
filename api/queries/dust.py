"""Figures without dust (扣除沙尘): days of cities of which the particles of the hours of dust are left out.

Means, percentiles, the composite index and the rank leave them out; the published good-air rate does not. A day that
was sent for a city as a whole cannot be taken apart: it stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Dates, Span
from qingchuan.api.queries.day_values import CityDays, city_day_values
from qingchuan.api.queries.editions import runs
from qingchuan.api.queries.subjects import of_kind
from qingchuan.api.queries.told import Told
from qingchuan.api.services import Services
from qingchuan.processing.air.dust import without_dust
from qingchuan.processing.periods import natural_days
from qingchuan.processing.standards import in_force
from qingchuan.store import audit
from qingchuan.store.dust_messages import dust_messages
from qingchuan.store.subjects import AirStation, Subject


def assessed_days(
    services: Services,
    subjects: Mapping[str, Subject],
    cities: Mapping[str, Sequence[str]],
    days: Dates,
    told: CityDays,
    at: int,
) -> CityDays:
    """The days of cities without dust; `told` itself where no hour was ever declared.

    The newest message behind a day is that which declared hours of it, or took them back, where none came later.

    Parameters
    ----------
    services : Services
    subjects : mapping of str to Subject
        All, as they were after message `at`.
    cities : mapping of str to sequence of str
        For each city the stations that are evaluated for it.
    days : Dates
    told : CityDays
        The same with dust.
    at : int
        As it was after this message.
    """
    if not audit.has_dust(services.state.engine, at):
        return told
    told = replace(told, sequence=np.maximum(told.sequence, _declared(services, subjects, cities, days.span, at)))
    affected = _affected(services, subjects, cities, days.span, at)
    if not affected:
        return told
    leave_out = partial(_without, services, _cities(subjects), at)
    found = city_day_values(services.observations, affected, days, at, leave_out)
    places = [told.cities.index(city) for city in affected]
    values = {item: of_cities.copy() for item, of_cities in told.values.items()}
    for item, of_cities in values.items():
        of_cities[places] = found.values[item]
    return replace(told, values=values)


def _affected(
    services: Services, subjects: Mapping[str, Subject], cities: Mapping[str, Sequence[str]], span: Span, at: int
) -> dict[str, Sequence[str]]:
    """Those of the cities that have a station with an hour of dust."""
    engine = services.state.engine
    stations = [station for group in cities.values() for station in group]
    hours = audit.dust_hours(engine, stations, *span, cities=_cities(subjects), as_of=at)
    dusty = {stations[place] for marked in hours.values() for place in np.flatnonzero(marked.any(axis=0)).tolist()}
    return {city: group for city, group in cities.items() if not dusty.isdisjoint(group)}


def _declared(
    services: Services, subjects: Mapping[str, Subject], cities: Mapping[str, Sequence[str]], span: Span, at: int
) -> NDArray[np.int64]:
    """The newest message about dust of each day of each city, shape (cities, days); 0 where there is none."""
    stations = [station for group in cities.values() for station in group]
    messages = dust_messages(services.state.engine, stations, *span, cities=_cities(subjects), as_of=at)
    ends = list(accumulate(len(group) for group in cities.values()))
    groups = (messages[:, begin:end] for begin, end in pairwise([0, *ends]))
    return np.array([group.max(axis=1, initial=0) for group in groups], np.int64).reshape(len(cities), -1)


def _without(services: Services, cities: Mapping[str, str], at: int, hours: Told, stations: Sequence[str]) -> Told:
    """Hours of stations without those of dust, by the rule in force on each day."""
    times = hours.times.astype(np.int64)
    span = int(times[0]), int(times[-1]) + 1
    affected = audit.dust_hours(services.state.engine, stations, *span, cities=cities, as_of=at)
    scaled = hours.scaled.copy()
    for part, rules in runs(natural_days(hours.times), lambda day: in_force("hb2016_120", day)):
        if rules is None:
            continue
        for item, marked in affected.items():
            place = hours.items.index(item)
            scaled[place, part] = without_dust({item: scaled[place, part]}, marked[part], rules)[item]
    return replace(hours, scaled=scaled)


def _cities(subjects: Mapping[str, Subject]) -> dict[str, str]:
    return {name: station.city for name, station in of_kind(subjects, AirStation).items()}
