"""Figures of months and years, from the days of all cities: statistics, composite index, rates, ranks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from qingchuan.api.parameters import Dates
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.calendar import calendar_period
from qingchuan.api.queries.day_values import CityDays
from qingchuan.api.queries.key_city_days import KeyCityDays, ranking_rules
from qingchuan.processing.air.composite_index import CompositeIndex, composite_index, ranking_concentrations
from qingchuan.processing.air.daily_air import daily_air
from qingchuan.processing.air.rates import GoodAirRate, good_air_rate
from qingchuan.processing.air.statistics import ItemStatistics, period_statistics
from qingchuan.processing.calendar_periods import CalendarPeriod, month_of, year_of
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import Edition, UnknownEdition, in_force
from qingchuan.processing.standards.by_day import editions_of
from qingchuan.service.recomputing.plan import Plan
from qingchuan.service.recomputing.tables import DAY_ITEMS

_E = TypeVar("_E", bound=Edition)


@dataclass(frozen=True, eq=False)
class PeriodFigures:
    """What a month or a year came to in each city of the plan.

    Attributes
    ----------
    period : CalendarPeriod
        Its days that were computed.
    statistics : dict of str to ItemStatistics
        Shape (cities,).
    index : CompositeIndex or None
        None before the first rule of the ranking.
    rate : GoodAirRate
    """

    period: CalendarPeriod
    statistics: dict[str, ItemStatistics]
    index: CompositeIndex | None
    rate: GoodAirRate


@dataclass(frozen=True, eq=False)
class Days:
    """The days of all cities.

    Attributes
    ----------
    plan : Plan
    told : ndarray of uint16, shape (items, cities, days)
        [scaled]
    assessed : ndarray of uint16, shape (items, cities, days)
        The same without dust: what statistics, indices and ranks rest on. [scaled]
    """

    plan: Plan
    told: Scaled
    assessed: Scaled

    def within(self, period: CalendarPeriod) -> tuple[dict[str, Scaled], dict[str, Scaled]]:
        """Values of the cities on the days of a period, shape (cities, days), with dust and without."""
        first = (period.start - self.plan.start).days
        days = slice(first, first + period.days)
        told, assessed = (dict(zip(DAY_ITEMS, values[..., days], strict=True)) for values in (self.told, self.assessed))
        return told, assessed


def months_of(plan: Plan) -> list[CalendarPeriod]:
    """The months of a plan, as far as their days are in it."""
    return list(_periods(plan, month_of))


def years_of(plan: Plan) -> list[CalendarPeriod]:
    """The years of a plan, as far as their days are in it."""
    return list(_periods(plan, year_of))


def period_figures(days: Days, period: CalendarPeriod) -> PeriodFigures | None:
    """Figures of a period; None where no edition of HJ 663 covers its last day."""
    rules = _covering(lambda: in_force("hj663", period.last))
    ranking = _covering(lambda: in_force("hb2018_19", period.last))
    if rules is None:
        return None
    told, assessed = days.within(period)
    air = daily_air(told, editions_of(period.dates, "hj633"))
    return PeriodFigures(
        period=period,
        statistics=period_statistics(assessed, period.dates, period, rules),
        index=None if ranking is None else composite_index(ranking_concentrations(assessed, ranking), ranking),
        rate=good_air_rate(air.aqi, air.complete, air.good_up_to, rules.decimals.rate),
    )


def key_cities_in(days: Days, period: CalendarPeriod) -> KeyCityDays | None:
    """The key cities in a period, as the interface ranks them; None where none were ranked then."""
    try:
        rules = ranking_rules(Dates(period.start, period.end))
    except ProblemError:
        return None
    codes = tuple(city.code for city in rules.cities)
    told, assessed = (_of_cities(days.plan, codes, period, values) for values in days.within(period))
    stations = {city.code: [each.id for each in city.stations if each.evaluated] for city in days.plan.cities}
    return KeyCityDays(rules, period, told, {code: stations.get(code, []) for code in codes}, assessed)


def _of_cities(plan: Plan, codes: Sequence[str], period: CalendarPeriod, values: dict[str, Scaled]) -> CityDays:
    """The days of other cities than those of the plan, missing where these are not among them."""
    places = {city.code: place for place, city in enumerate(plan.cities)}
    known = [place for place, code in enumerate(codes) if code in places]
    found = {}
    for item, of_plan in values.items():
        found[item] = np.full((len(codes), period.days), MISSING, np.uint16)
        found[item][known] = of_plan[[places[codes[place]] for place in known]]
    return CityDays(tuple(codes), period.dates, found, np.zeros((len(codes), period.days), np.int64))


def _periods(plan: Plan, of: Callable[[dt.date], CalendarPeriod]) -> Iterator[CalendarPeriod]:
    start = plan.start
    while start < plan.end:
        end = min(of(start).end, plan.end)
        yield calendar_period(Dates(start, end))
        start = end


def _covering(edition: Callable[[], _E]) -> _E | None:
    try:
        return edition()
    except UnknownEdition:
        return None
