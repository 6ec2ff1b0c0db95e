"""The figures of the air that differ between two messages: of days, months and years, and the ranks of key cities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, SupportsInt

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.answering import figure
from qingchuan.api.parameters import Dates
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.air import AirPeriods
from qingchuan.api.queries.between import Between
from qingchuan.api.queries.calendar import calendar_period, month_of, year_of
from qingchuan.api.queries.day_values import city_day_values
from qingchuan.api.queries.days import days_of_cities
from qingchuan.api.queries.dust import assessed_days
from qingchuan.api.queries.key_city_days import KeyCityDays, RankingRules, ranking_rules
from qingchuan.api.queries.revised_readings import Reading
from qingchuan.api.queries.subjects import evaluated_by_city
from qingchuan.api.schemas.revisions import FigureKind, Unit
from qingchuan.processing import catalogue
from qingchuan.processing.air.ranking import rank_by_index
from qingchuan.processing.dirty import dirty
from qingchuan.processing.ranks import UNRANKED
from qingchuan.processing.standards import Text
from qingchuan.store.subjects import Subject

_AQI = Text("空气质量指数", "AQI")
_RATE = Text("优良天数比例", "good-air rate")
_INDEX = Text("综合指数", "composite index")
_RANK = Text("综合指数排名", "rank by the composite index")


class Figure(NamedTuple):
    """A figure that differs.

    Attributes
    ----------
    kind : {"aqi", "mean", "percentile", "rate", "index", "rank", "class"}
    name : Text
    item : str or None
    subject : str
    unit : {"day", "month", "year"}
    days : Dates
        That it is told of.
    measure : str
        Its unit of measurement.
    old, new : float, str or None
    rests_on : frozenset of str
        The subjects whose readings it rests on.
    """

    kind: FigureKind
    name: Text
    item: str | None
    subject: str
    unit: Unit
    days: Dates
    measure: str
    old: float | str | None
    new: float | str | None
    rests_on: frozenset[str]

    def scaled(self, old: SupportsInt, new: SupportsInt, decimals: int) -> Figure:
        """The same with both values, given in units of their last decimal; below 0 or 65535 where there is none."""
        return self._replace(old=figure(int(old), decimals), new=figure(int(new), decimals))


def revised_air(of: Between, readings: Sequence[Reading]) -> list[Figure]:
    """The figures of cities that differ; only those are computed that a reading touches, or an announcement."""
    touched = [(city, one) for one in readings for city in of.cities_of(one.subject) if _asked_about(of, city, one)]
    cities = sorted({city for city, _ in touched})
    if not cities:
        return []
    timed = [(cities.index(city), one.start) for city, one in touched if one.start is not None]
    places, starts = [place for place, _ in timed], [start for _, start in timed]
    moved = {cities.index(city) for city, one in touched if one.start is None and of.asked.named}
    found: list[Figure] = []
    for unit in of.asked.units:
        told = dirty(places, starts, "month" if unit == "day" else unit)
        days = dirty(places, starts, "day")
        for whole in _periods(of, told.period, unit, anew=bool(moved)):
            begin, end = (np.datetime64(day, "D") for day in whole)
            inside = (days.period >= begin) & (days.period < end)
            chosen = sorted({*days.subject[inside].tolist(), *moved})
            period = _Period(of, whole, [cities[place] for place in chosen])
            found += period.days() if unit == "day" else period.figures(unit)
    return found


def _asked_about(of: Between, city: str, one: Reading) -> bool:
    """Whether a city is asked about: itself, or the station that a reading is of."""
    return city in of.known and of.subject in {None, city, one.subject}


def _periods(of: Between, touched: NDArray[np.datetime64], unit: Unit, *, anew: bool) -> list[Dates]:
    """The months or years that are looked into: those that are touched, and where all is anew those asked about."""
    whole = year_of if unit == "year" else month_of
    begins = {whole(day) for day in np.unique(touched).astype("datetime64[D]").tolist()}
    if anew:
        day = of.clipped(of.asked.days).start
        while day < of.clipped(of.asked.days).end:
            begins.add(whole(day))
            day = whole(day).end
    return [days for days in map(of.whole, sorted(begins)) if days.days]


@dataclass(frozen=True)
class _Period:
    """A month or a year of the cities that are touched, after both messages.

    Attributes
    ----------
    of : Between
    over : Dates
        Its days that were over at the first message.
    cities : list of str
    """

    of: Between
    over: Dates
    cities: list[str]

    def days(self) -> Iterator[Figure]:
        """The days whose AQI differs."""
        chosen = self.of.clipped(self.over)
        old, new = (
            days_of_cities(self.of.services.observations, self._groups(known, self.cities), chosen, at)
            for at, known in self.of.sides
        )
        for city in self.cities:
            before, after = _aqi(old[city]), _aqi(new[city])
            for place in np.flatnonzero(before != after).tolist():
                day = chosen.start + dt.timedelta(days=place)
                days = Dates(day, day + dt.timedelta(days=1))
                yield self._figure(city, "day")._replace(days=days).scaled(before[place], after[place], 0)

    def figures(self, unit: Unit) -> Iterator[Figure]:
        """The figures of the whole period that differ."""
        rules = self._rules
        if rules is None:
            return
        before, after = (self._side(rules, at, known) for at, known in self.of.sides)
        for city in self.cities:
            place, made = before.place(city), self._figure(city, unit)
            means = self._statistics(place, before, after, made)
            rate = made._replace(kind="rate", name=_RATE, measure="%")
            rate = rate.scaled(before.rate.rate[place], after.rate.rate[place], before.rate.decimals)
            totals = before.ranked.index.total[place], after.ranked.index.total[place]
            index = made._replace(kind="index", name=_INDEX).scaled(*totals, rules.ranking.index.decimals)
            yield from (one for one in (*means, rate, index) if one.old != one.new)
        yield from self._ranks(unit, before, after)

    @staticmethod
    def _statistics(place: int, before: KeyCityDays, after: KeyCityDays, made: Figure) -> Iterator[Figure]:
        """Mean and percentile of each item, as the statistics of a city have them, which `made` tells of."""
        old, new = (one.statistics_of(place) for one in (before, after))
        for item, found in new.items():
            entry, decimals = catalogue.item(item), before.rules.assessment.decimals.items[item]
            told = made._replace(kind="mean", item=item, measure=entry.unit)
            told = told._replace(name=Text(f"{entry.symbol}平均浓度", f"mean of {entry.symbol}"))
            yield told.scaled(old[item].mean, found.mean, decimals)
            if found.percent is not None:
                zh, en = f"{entry.symbol}第{found.percent}百分位数浓度", f"percentile {found.percent} of {entry.symbol}"
                percentile = told._replace(kind="percentile", name=Text(zh, en))
                yield percentile.scaled(old[item].percentile, found.percentile, decimals)

    def _ranks(self, unit: Unit, before: KeyCityDays, after: KeyCityDays) -> Iterator[Figure]:
        """The ranks of all key cities that differ: that of one moves others."""
        keys = [city.code for city in before.rules.cities]
        places = [before.place(code) for code in keys]
        totals = [one.ranked.index.total[places] for one in (before, after)]
        old, new = (rank_by_index(total).ranks for total in totals)
        causes = self._rests_on([keys[place] for place in np.flatnonzero(totals[0] != totals[1]).tolist()])
        for place in np.flatnonzero(old != new).tolist():
            if self.of.subject is None or keys[place] in self.cities:
                ranks = [None if rank == UNRANKED else rank for rank in (int(old[place]), int(new[place]))]
                made = self._figure(keys[place], unit)
                yield made._replace(kind="rank", name=_RANK, old=ranks[0], new=ranks[1], rests_on=causes)

    def _side(self, rules: RankingRules, at: int, known: Mapping[str, Subject]) -> KeyCityDays:
        """The key cities, and the others that are touched, as they were after a message."""
        keys = [city.code for city in rules.cities]
        groups = self._groups(known, [*keys, *(city for city in self.cities if city not in keys)])
        values = city_day_values(self.of.services.observations, groups, self.over, at)
        assessed = assessed_days(self.of.services, known, groups, self.over, values, at)
        return KeyCityDays(rules, calendar_period(self.over), values, groups, assessed)

    @cached_property
    def _rules(self) -> RankingRules | None:
        """What ranks the key cities; None before there was a ranking."""
        try:
            return ranking_rules(self.over)
        except ProblemError:
            return None

    @staticmethod
    def _groups(known: Mapping[str, Subject], codes: Iterable[str]) -> dict[str, list[str]]:
        stations = evaluated_by_city(known)
        return {code: stations.get(code, []) for code in codes}

    def _rests_on(self, cities: Iterable[str]) -> frozenset[str]:
        return frozenset(
            name for _, known in self.of.sides for city in cities for name in (city, *self.of.stations(known, city))
        )

    def _figure(self, city: str, unit: Unit) -> Figure:
        """What the figures of a city in the period have in common."""
        return Figure("aqi", _AQI, None, city, unit, self.over, "", None, None, self._rests_on([city]))


def _aqi(days: AirPeriods) -> NDArray[np.int16]:
    """The AQI of each day as it is published, -1 where none is."""
    return np.where(days.published, days.aqi, -1).astype(np.int16)
