"""A city in a period: its days that are over, and what they are judged by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Dates, moment
from qingchuan.api.problems import wrong_parameter
from qingchuan.api.queries.calendar import at_least_a_day, calendar_period, name_of
from qingchuan.api.queries.day_values import CityDays, city_day_values
from qingchuan.api.queries.days import finished
from qingchuan.api.queries.dust import assessed_days
from qingchuan.api.queries.revision import air_revision
from qingchuan.api.queries.subjects import evaluated_for, find, is_simulated
from qingchuan.api.schemas.air import Rules
from qingchuan.api.schemas.common import Revision
from qingchuan.api.schemas.questions import Asked
from qingchuan.api.services import Services
from qingchuan.processing.air.daily_air import DailyAir, daily_air
from qingchuan.processing.calendar_periods import CalendarPeriod
from qingchuan.processing.scaled import Scaled
from qingchuan.processing.standards import (
    AirAssessment,
    AirQualityIndex,
    AmbientAirLimits,
    CityAirRanking,
    Edition,
    UnknownEdition,
    in_force,
    load,
)
from qingchuan.processing.standards.by_day import EditionsByDay, editions_of
from qingchuan.store.subjects import City, Subject

_E = TypeVar("_E", bound=Edition)

_FIRST = "hj663_2013"
"""The first edition of HJ 663."""


@dataclass(frozen=True)
class CityPeriod:
    """A city in a period.

    Attributes
    ----------
    services : Services
    code : str
    city : City
    subjects : mapping of str to Subject
        All, as they were after message `at`.
    at : int
    as_of : int or None
        As it was asked for.
    asked, over : Dates
        The period, and its days that are over.
    """

    services: Services
    code: str
    city: City
    subjects: Mapping[str, Subject]
    at: int
    as_of: int | None
    asked: Dates
    over: Dates

    @cached_property
    def stations(self) -> Sequence[str]:
        """Ids of the stations that are evaluated for the city."""
        return evaluated_for(self.subjects, self.code)

    @cached_property
    def told(self) -> CityDays:
        """Its days that are over."""
        return self._told(self.over)

    @property
    def days(self) -> dict[str, Scaled]:
        """The same: for each item the values, shape (days,) [scaled]."""
        return self.told.of(self.code)

    @cached_property
    def _without_dust(self) -> CityDays:
        cities = {self.code: self.stations}
        return assessed_days(self.services, self.subjects, cities, self.over, self.told, self.at)

    @cached_property
    def assessed(self) -> dict[str, Scaled]:
        """The same without the hours of dust, as means, indices and ranks rest on it, shape (days,) [scaled]."""
        return self._without_dust.of(self.code)

    @property
    def has_dust(self) -> bool:
        """Whether hours of dust make a difference to any of the days."""
        return any(not np.array_equal(values, self.days[item]) for item, values in self.assessed.items())

    @property
    def revision(self) -> Revision:
        """The newest message behind the days that are over, dust included, and how final they are."""
        figure, sequence = [self.code, *self.stations], self._without_dust.sequence[0]
        return air_revision(self.services, figure, self.dates, sequence, self.at)

    def days_of(self, days: Dates) -> dict[str, Scaled]:
        """Other days of the city, shape (days,) [scaled]."""
        return self._told(days).of(self.code)

    def _told(self, days: Dates) -> CityDays:
        return city_day_values(self.services.observations, {self.code: self.stations}, days, self.at)

    @property
    def period(self) -> CalendarPeriod:
        """The days that are over."""
        return calendar_period(self.over)

    @property
    def dates(self) -> NDArray[np.datetime64]:
        """The dates of the days that are over, shape (days,)."""
        return self.period.dates

    @property
    def left(self) -> int:
        """Days of the period that are not over. [d]."""
        return self.asked.days - self.over.days

    @property
    def last(self) -> dt.date:
        """The last day that is over, or of the period where none is: its editions judge the whole."""
        return (self.over.end if self.over.days else self.asked.end) - dt.timedelta(days=1)

    @cached_property
    def editions(self) -> EditionsByDay[AirQualityIndex]:
        """The edition of HJ 633 of each day."""
        return editions_of(self.dates, "hj633")

    @cached_property
    def air(self) -> DailyAir:
        """The air quality of the days, each by its own edition."""
        return daily_air(self.days, self.editions)

    @cached_property
    def rules(self) -> AirAssessment | None:
        """The edition of HJ 663; None before the first."""
        return _covering(lambda: in_force("hj663", self.last))

    @property
    def assessment(self) -> AirAssessment:
        """The same, where nothing can be told without it.

        Raises
        ------
        ProblemError
            The period lies before the first edition.
        """
        if self.rules is None:
            first = load(_FIRST, AirAssessment).applied_from
            wanted = f"a day after {first}, when the first edition began,"
            raise wrong_parameter("end", self.asked.end.isoformat(), wanted)
        return self.rules

    @cached_property
    def limits(self) -> AmbientAirLimits | None:
        """The edition of GB 3095; None before the first."""
        return _covering(lambda: in_force("gb3095", self.last))

    @cached_property
    def ranking(self) -> CityAirRanking | None:
        """The rule of the ranking; None before the first."""
        return _covering(lambda: in_force("hb2018_19", self.last))

    def head(self) -> dict[str, Any]:
        """What every answer about it begins with: the fields of `CityAnswer`."""
        period = self.period
        return {
            "subject": self.code,
            "name": self.city.name,
            "simulated": is_simulated(self.subjects, self.code),
            "sequence": self.at,
            "revision": self.revision,
            "asked": Asked(
                start=self.asked.start.isoformat(),
                end=self.asked.end.isoformat(),
                over=self.over.end.isoformat(),
                days=self.asked.days,
                days_over=self.over.days,
                kind=period.kind,
                name=name_of(period),
            ),
            "editions": [edition.document for edition in self.editions.editions],
            "rules": None if self.rules is None else Rules(self.rules.document, self.rules.stands_in_for),
        }


def city_period(services: Services, code: str, period: Dates, as_of: int | None) -> CityPeriod:
    """A city in a period of at least one day.

    Raises
    ------
    ProblemError
        There is no such city, or the period has no day.
    """
    at = moment(services, as_of)
    city, subjects = find(services, code, City, at)
    return CityPeriod(
        services, code, city, subjects, at, as_of, at_least_a_day(period), finished(services, period, as_of)
    )


def _covering(edition: Callable[[], _E]) -> _E | None:
    try:
        return edition()
    except UnknownEdition:
        return None
