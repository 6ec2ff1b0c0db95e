"""The last 24 hours of stations and cities, kept until an hour of theirs changes or another hour begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from qingchuan.api.changes import Changes
from qingchuan.api.parameters import Span
from qingchuan.api.queries.air import AirPeriods, beginnings, city_periods, periods_of_stations
from qingchuan.api.queries.air_answers import hour_answers, hour_briefs
from qingchuan.api.queries.told import read_told
from qingchuan.api.schemas.air import Hour, HourBrief
from qingchuan.processing import catalogue
from qingchuan.processing.periods import HOUR
from qingchuan.store.observations import Observations

_HOURS = 24


class LastDay(NamedTuple):
    """The last 24 hours of a station or a city.

    Attributes
    ----------
    hour : Hour or None
        The latest with data.
    hours : list of HourBrief
        All of them.
    """

    hour: Hour | None
    hours: list[HourBrief]


class KeptHours:
    """The last 24 hours of everybody; built again for the cities of which an hour has changed, and their stations.

    Parameters
    ----------
    observations : Observations
    """

    def __init__(self, observations: Observations) -> None:
        self._observations = observations
        self._kept_of: tuple[Span, dict[str, tuple[str, ...]]] | None = None
        self._kept: dict[str, LastDay] = {}

    def of(self, groups: Mapping[str, Sequence[str]], others: Sequence[str], changes: Changes) -> Mapping[str, LastDay]:
        """The last 24 hours of cities and their stations (`groups`), and of `others`, which count for no city."""
        span = _last_day(changes)
        kept_of = span, {**{city: tuple(stations) for city, stations in groups.items()}, "": tuple(others)}
        if changes.anew or kept_of != self._kept_of:
            self._kept = self._read(groups, others, span, changes.sequence)
        elif changes.subjects:
            touched = {
                city: stations
                for city, stations in groups.items()
                if not changes.subjects.isdisjoint((city, *stations))
            }
            alone = [station for station in others if station in changes.subjects]
            self._kept = {**self._kept, **self._read(touched, alone, span, changes.sequence)}
        self._kept_of = kept_of
        return self._kept

    def _read(
        self, groups: Mapping[str, Sequence[str]], others: Sequence[str], span: Span, at: int
    ) -> dict[str, LastDay]:
        """All of them with one read."""
        stations = [*(station for group in groups.values() for station in group), *others]
        grid = self._observations.read([*groups, *stations], catalogue.told("hour"), "hour", *span, at)
        told, began = read_told(grid), beginnings(self._observations, stations, at)
        of_stations, first = told.subjects(slice(len(groups), None)), 0
        found = dict(zip(stations, periods_of_stations(of_stations), strict=True))
        for place, (city, group) in enumerate(groups.items()):
            here = slice(first, first + len(group))
            found[city] = city_periods(told.subjects(place), of_stations.subjects(here), began[here], "hour")
            first = here.stop
        return {subject: LastDay(latest(hours), hour_briefs(hours)) for subject, hours in found.items()}


def latest(hours: AirPeriods) -> Hour | None:
    """The last of `hours` with a value that counts, or else the last about which anything was told."""
    counting = hours.take(np.asarray(hours.valid.any(axis=0)))
    chosen = counting if len(counting.times) else hours.known()
    answers = hour_answers(chosen.take(slice(-1, None)))
    return answers[0] if answers else None


def _last_day(changes: Changes) -> Span:
    end = changes.now // HOUR * HOUR
    return Span(end - _HOURS * HOUR, end)
