"""How the AQI of each hour or day came about: its concentrations, those of the stations, the limits, what decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from qingchuan.api.parameters import Dates, Span
from qingchuan.api.queries.air import AirPeriods, city_periods, told_hours_of_city
from qingchuan.api.queries.city_values import CityValues, city_values
from qingchuan.api.queries.day_values import told_days
from qingchuan.api.queries.days import validity_rules
from qingchuan.api.queries.explanations import explanation_answer, text
from qingchuan.api.queries.subjects import evaluated_for
from qingchuan.api.queries.told import ToldCity
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.air.aqi_explained import explain_evaluate
from qingchuan.processing.air.areas import explain_area_mean_of
from qingchuan.processing.explanation import Explanation as Tree
from qingchuan.processing.periods import DAY, HOUR
from qingchuan.processing.scaled import Scaled, to_scaled
from qingchuan.processing.standards import AirAssessment, Text
from qingchuan.processing.standards.air_index import Averaging
from qingchuan.store.subjects import Subject


class _Stations(NamedTuple):
    """What the values of a city are the means of."""

    told: ToldCity
    values: CityValues
    names: Sequence[Text]

    def below(self, tree: Tree, items: Collection[str], place: int, rules: AirAssessment | None) -> Tree:
        """The tree of the period at `place`, with the stations below each of its `items` that was not sent."""
        if rules is None or not self.names:
            return tree
        sent = self.values.sent[[self.told.own.items.index(item) for item in items], place]
        parts = [
            part if own else replace(part, parts=(self._mean(item, place, rules),))
            for part, item, own in zip(tree.parts, items, sent.tolist(), strict=True)
        ]
        return replace(tree, parts=tuple(parts))

    def _mean(self, item: str, place: int, rules: AirAssessment) -> Tree:
        of_stations = self.told.of_stations.scaled[self.told.own.items.index(item), place]
        return explain_area_mean_of(item, of_stations, self.values.counts[place], self.names, rules)


def aqi_explained(periods: AirPeriods, averaging: Averaging) -> list[Explanation | None]:
    """How the AQI of each of `periods` came about; None where no edition covers it.

    Parameters
    ----------
    periods : AirPeriods
    averaging : {"hour", "day"}
    """
    return [None if tree is None else explanation_answer(tree) for tree in _trees(periods, averaging)]


def city_aqi_explained(
    periods: AirPeriods, averaging: Averaging, told: ToldCity, names: Sequence[Text]
) -> list[Explanation | None]:
    """How the AQI of each of `periods` of a city came about, down to its stations where an item was not sent for it.

    Parameters
    ----------
    periods : AirPeriods
        Some of those that `told` was judged to.
    averaging : {"hour", "day"}
    told : ToldCity
    names : sequence of Text
        Names of its stations.
    """
    stations, places = _Stations(told, city_values(*told), names), np.searchsorted(told.own.times, periods.times)
    rows = zip(
        _trees(periods, averaging), periods.edition.tolist(), places.tolist(), validity_rules(periods), strict=True
    )
    return [
        None
        if tree is None
        else explanation_answer(stations.below(tree, periods.editions[edition].report(averaging), place, rules))
        for tree, edition, place, rules in rows
    ]


def station_names(subjects: Mapping[str, Subject], stations: Sequence[str]) -> list[Text]:
    """Names of `stations`, as explanations tell them."""
    return [text(subjects[station].name) for station in stations]


def day_explained(services: Services, code: str, day: dt.date, at: int) -> Explanation | None:
    """How the AQI of a natural day of the city `code` came about; None where nothing is known of it."""
    subjects = services.state.subjects(as_of=at)
    stations = evaluated_for(subjects, code)
    only = Dates(day, day + dt.timedelta(days=1))
    told = told_days(services.observations, {code: stations}, only, at)[code]
    days = city_periods(*told, "day").known()
    return next(iter(city_aqi_explained(days, "day", told, station_names(subjects, stations))), None)


def hour_explained(services: Services, code: str, at: int) -> tuple[int, Explanation | None]:
    """The latest hour of the city `code` with data, or else the last that is over, and how its AQI came about.

    Returns
    -------
    tuple of int and Explanation
        Its start [s since 1970-01-01 UTC]; None where nothing is known of the last 24 hours.
    """
    now = services.now() // 1_000_000 // HOUR * HOUR
    subjects = services.state.subjects(as_of=at)
    stations = evaluated_for(subjects, code)
    told = told_hours_of_city(services.observations, code, stations, Span(now - DAY, now), at)
    hours = city_periods(*told, "hour").known()
    if not hours.times.size:
        return now - HOUR, None
    last = hours.take(slice(-1, None))
    [explanation] = city_aqi_explained(last, "hour", told, station_names(subjects, stations))
    return int(last.times[0].astype(np.int64)), explanation


def _trees(periods: AirPeriods, averaging: Averaging) -> list[Tree | None]:
    scaled = _scaled(periods)
    editions = [None if edition < 0 else periods.editions[edition] for edition in periods.edition.tolist()]
    return [
        None
        if edition is None
        else explain_evaluate(dict(zip(periods.items, scaled[:, place].tolist(), strict=True)), averaging, edition)
        for place, edition in enumerate(editions)
    ]


def _scaled(periods: AirPeriods) -> Scaled:
    """What counts of the concentrations, shape (items, periods)."""
    counts = np.where(periods.valid, periods.values, np.nan)
    decimals = [catalogue.item(item).decimals for item in periods.items]
    return np.array([to_scaled(row, places) for row, places in zip(counts, decimals, strict=True)], np.uint16)
