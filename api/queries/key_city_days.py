"""The key cities in a period: who they are, their days that are over, and the rules they are judged by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from qingchuan.api.parameters import Dates
from qingchuan.api.problems import wrong_parameter
from qingchuan.api.queries.calendar import calendar_period
from qingchuan.api.queries.day_values import CityDays, city_day_values
from qingchuan.api.queries.dust import assessed_days
from qingchuan.api.queries.subjects import evaluated_by_city
from qingchuan.api.services import Services
from qingchuan.processing.air import key_cities
from qingchuan.processing.air.daily_air import daily_air
from qingchuan.processing.air.key_cities import KeyCity
from qingchuan.processing.air.period_ranking import PeriodRanking, rank_period
from qingchuan.processing.air.rates import GoodAirRate, good_air_rate
from qingchuan.processing.air.statistics import ItemStatistics, period_statistics
from qingchuan.processing.calendar_periods import CalendarPeriod
from qingchuan.processing.standards import AirAssessment, AirQualityIndex, CityAirRanking, UnknownEdition, in_force
from qingchuan.processing.standards.by_day import EditionsByDay, editions_of
from qingchuan.store.subjects import Subject


@dataclass(frozen=True)
class RankingRules:
    """What a ranking is by.

    Attributes
    ----------
    last : datetime.date
        Last day of the period, whose editions these are.
    cities : tuple of KeyCity
        Of that day.
    ranking : CityAirRanking
    assessment : AirAssessment
    """

    last: dt.date
    cities: tuple[KeyCity, ...]
    ranking: CityAirRanking
    assessment: AirAssessment


@dataclass(frozen=True)
class KeyCityDays:
    """The key cities and their days in a period.

    Attributes
    ----------
    rules : RankingRules
    period : CalendarPeriod
        The days that are over.
    days : CityDays
        Of `rules.cities`, in their order.
    stations : mapping of str to sequence of str
        For each of them the stations that are evaluated for it.
    assessed : CityDays
        `days` without the hours of dust: what statistics, indices and ranks rest on; the rate does not.
    """

    rules: RankingRules
    period: CalendarPeriod
    days: CityDays
    stations: Mapping[str, Sequence[str]]
    assessed: CityDays

    @cached_property
    def editions(self) -> EditionsByDay[AirQualityIndex]:
        """The edition of HJ 633 of each day."""
        return editions_of(self.days.dates, "hj633")

    @cached_property
    def ranked(self) -> PeriodRanking:
        """Statistics, composite indices, and the ranking by them."""
        return rank_period(self.assessed.values, self.days.dates, self.period, self.rules.ranking)

    @cached_property
    def rate(self) -> GoodAirRate:
        """Good-air rates of the cities."""
        air = daily_air(self.days.values, self.editions)
        return good_air_rate(air.aqi, air.complete, air.good_up_to, self.rules.assessment.decimals.rate)

    def statistics_of(self, place: int) -> dict[str, ItemStatistics]:
        """Means and percentiles of each item of the city at a place, as its own statistics have them."""
        days = {item: values[place] for item, values in self.assessed.values.items()}
        return period_statistics(days, self.days.dates, self.period, self.rules.assessment)

    def place(self, code: str) -> int:
        """The place of a city on the axis of cities.

        Raises
        ------
        ValueError
            It is no key city.
        """
        return self.days.cities.index(code)


def ranking_rules(period: Dates) -> RankingRules:
    """The key cities and the rules of the last day of `period`.

    Raises
    ------
    ProblemError
        There was no ranking then, or the cities of that day are not known.
    """
    last = period.end - dt.timedelta(days=1)
    cities = key_cities.on(last)
    try:
        ranking, assessment = in_force("hb2018_19", last), in_force("hj663", last)
    except UnknownEdition as error:
        raise _too_early(period) from error
    if not cities:
        raise _too_early(period)
    return RankingRules(last, cities, ranking, assessment)


def key_city_days(
    services: Services, subjects: Mapping[str, Subject], rules: RankingRules, days: Dates, at: int
) -> KeyCityDays:
    """The days of the key cities, as they were after message `at`.

    Parameters
    ----------
    services : Services
    subjects : mapping of str to Subject
        All, as they were after message `at`.
    rules : RankingRules
    days : Dates
        That are over: `finished`.
    at : int
    """
    stations = evaluated_by_city(subjects)
    groups = {city.code: stations.get(city.code, []) for city in rules.cities}
    values = city_day_values(services.observations, groups, days, at)
    assessed = assessed_days(services, subjects, groups, days, values, at)
    return KeyCityDays(rules, calendar_period(days), values, groups, assessed)


def _too_early(period: Dates) -> Exception:
    return wrong_parameter("end", period.end.isoformat(), "a day after 2018-07-01, since when these cities are ranked,")
