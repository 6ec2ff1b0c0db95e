"""Which station, pollutant and day cost a city most in good-air rate, composite index and rank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import UNSET, UnsetType

from qingchuan.api.answering import figure
from qingchuan.api.parameters import Dates
from qingchuan.api.queries.city_period import CityPeriod, city_period
from qingchuan.api.queries.day_values import told_days
from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.queries.items import item_table
from qingchuan.api.queries.key_city_days import KeyCityDays, key_city_days, ranking_rules
from qingchuan.api.queries.what_if import place_of
from qingchuan.api.schemas.contributions import ContributionsAnswer, Part, Pollutant, Whole
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.air.composite_index import CompositeIndex
from qingchuan.processing.air.contribution import (
    Contribution,
    Cost,
    day_contribution,
    pollutant_contribution,
    station_contribution,
)
from qingchuan.processing.air.contribution_explained import explain_contribution
from qingchuan.processing.air.standing import CityRules, Standing
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import Text

_LISTED = 20
"""Days that are told. [d]"""


def contributions_answer(
    services: Services, code: str, period: Dates, *, as_of: int | None = None, explain: bool = False
) -> ContributionsAnswer:
    """What costs a city most over the days of a period that are over.

    Parameters
    ----------
    services : Services
    code : str
        Six digits, of a key city.
    period : Dates
    as_of : int or None
        As it was after this message; None: now.
    explain : bool
        Whether to tell how each of them came about.

    Raises
    ------
    ProblemError
        There is no such city, it is no key city, or the period has no day or is too early.
    """
    of = city_period(services, code, period, as_of)
    cities = key_city_days(services, of.subjects, ranking_rules(of.asked), of.over, of.at)
    found = _Costs(of, cities, place_of(cities, code), explain=explain)
    return ContributionsAnswer(
        **of.head(),
        items=item_table("air"),
        whole=found.whole(found.of_days.whole),
        pollutants=found.pollutants,
        days=found.days,
        stations=found.stations,
        station_days=found.station_days,
        whole_of_stations=found.whole(found.of_stations.whole) if found.station_days else None,
    )


@dataclass(frozen=True)
class _Costs:
    """The costs of a city in a period."""

    of: CityPeriod
    cities: KeyCityDays
    place: int
    explain: bool

    @cached_property
    def _rules(self) -> CityRules:
        return CityRules(index=self.of.editions, assessment=self.of.assessment, ranking=self.cities.rules.ranking)

    @property
    def _days(self) -> dict[str, Scaled]:
        """Daily values of the city, shape (days,) [scaled]; read with those of the others."""
        return self.cities.days.of(self.of.code)

    @cached_property
    def _others(self) -> CompositeIndex:
        """The indices of the other key cities."""
        index = self.cities.ranked.index
        arrays = {name: getattr(index, name) for name in ("single", "total", "largest", "primary")}
        return replace(index, **{name: np.delete(array, self.place, axis=-1) for name, array in arrays.items()})

    @cached_property
    def of_days(self) -> Contribution:
        """What each day costs."""
        return day_contribution(self._days, self._others.total, self._rules)

    @cached_property
    def _stations(self) -> dict[str, Scaled]:
        """Daily values of the stations, shape (stations, days) [scaled]."""
        found = told_days(self.of.services.observations, {self.of.code: self.of.stations}, self.of.over, self.of.at)
        told = found[self.of.code].of_stations
        return {item: np.ascontiguousarray(values.T) for item, values in zip(told.items, told.scaled, strict=True)}

    @property
    def station_days(self) -> int:
        """Days of which the value of any station is there."""
        there = [(values != MISSING).any(axis=0) for values in self._stations.values()]
        return int(np.any(there, axis=0).sum()) if self.of.stations else 0

    @cached_property
    def of_stations(self) -> Contribution:
        """What each station costs."""
        return station_contribution(self._stations, self._others.total, self._rules)

    @property
    def pollutants(self) -> list[Pollutant]:
        """What each pollutant costs."""
        found = pollutant_contribution(self._days, self._others, self._rules)
        names = [Text(entry.name_zh, entry.name_en) for entry in map(catalogue.item, found.items)]
        decimals = self._rules.ranking.index.decimals
        return [
            Pollutant(
                **self._part(found.contribution, part, found.items[part], names[part]),
                single=figure(int(found.single[part]), decimals),
                bad_days=int(found.bad_days[part]),
                alone=int(found.alone[part]),
            )
            for part in _dearest(found.contribution)
        ]

    @property
    def days(self) -> list[Part]:
        """What the dearest days cost."""
        dates = [str(day) for day in self.of.dates.tolist()]
        return self._parts(self.of_days, dates, [Text(day, day) for day in dates], most=_LISTED)

    @property
    def stations(self) -> list[Part]:
        """What each station costs, where there are days of stations."""
        if not self.station_days:
            return []
        names = [self.of.subjects[station].name for station in self.of.stations]
        return self._parts(self.of_stations, self.of.stations, [Text(name.zh, name.en) for name in names])

    def whole(self, standing: Standing) -> Whole:
        """The figures with all parts."""
        return Whole(
            rate=figure(int(standing.rate), self.of.assessment.decimals.rate),
            index=figure(int(standing.total), self._rules.ranking.index.decimals),
            rank=int(standing.rank) or None,
        )

    def _parts(
        self, found: Contribution, ids: Sequence[str], names: Sequence[Text], most: int | None = None
    ) -> list[Part]:
        return [Part(**self._part(found, part, ids[part], names[part])) for part in _dearest(found)[:most]]

    def _part(self, found: Contribution, part: int, identity: str, name: Text) -> dict[str, Any]:
        rank = found.rank_cost
        return {
            "id": identity,
            "name": name,
            "rate": _cost(found.rate_cost, part, self.of.assessment.decimals.rate),
            "index": _cost(found.index_cost, part, self._rules.ranking.index.decimals),
            "rank": int(rank.values[part]) if rank.known[part] else None,
            "explanation": self._explained(found, part, name),
        }

    def _explained(self, found: Contribution, part: int, name: Text) -> Explanation | UnsetType:
        return explanation_answer(explain_contribution(found, part, name, self._rules)) if self.explain else UNSET


def _dearest(found: Contribution) -> list[int]:
    """Places of the parts, by what they cost in the index, then in the rate."""
    order: list[int] = np.lexsort((-found.rate_cost.values, -found.index_cost.values)).tolist()
    return order


def _cost(cost: Cost, part: int, decimals: int) -> float | None:
    return int(cost.values[part]) / 10**decimals if cost.known[part] else None
