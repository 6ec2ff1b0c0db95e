"""What the rest of a city's period must be, so that a rate, a mean or a number of days reaches its target."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import NamedTuple

import numpy as np

from qingchuan.api.answering import figure
from qingchuan.api.parameters import Dates
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.city_period import CityPeriod, city_period
from qingchuan.api.queries.city_rest import Rest, chance_answer
from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.queries.items import item_table
from qingchuan.api.schemas.budgets import CityBudgetAnswer, DaysBudget, MeanBudget, RateBudget
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.air import budget
from qingchuan.processing.air.budget_explained import (
    explain_heavy_pollution_budget,
    explain_mean_budget,
    explain_rate_budget,
)
from qingchuan.processing.air.edges import cut
from qingchuan.processing.air.level_days import heavy_pollution_days
from qingchuan.processing.air.probability import Chance
from qingchuan.processing.air.probability_explained import explain_chance
from qingchuan.processing.air.rates import GoodAirRate, good_air_rate
from qingchuan.processing.air.statistics import period_mean
from qingchuan.processing.explanation import Explanation
from qingchuan.processing.standards import AirAssessment, AirQualityIndex, Text, in_force

_ITEM = "pm25"
_STATES = {
    budget.NOT_ASKED: ("not-asked", Text("尚无有效日", "no day counts")),
    budget.OPEN: ("open", Text("取决于余下各日", "the remaining days decide")),
    budget.SAFE: ("safe", Text("已确定达到", "reached whatever comes")),
    budget.OUT_OF_REACH: ("out-of-reach", Text("已无法达到", "out of reach")),
}
_ASSUMED = Text(
    "其余各日均按有效日计；已过去的无效日不再补回",
    "every remaining day is taken to be valid; a past day that does not count is lost",
)


class Targets(NamedTuple):
    """What is to be reached in the whole period; None: not asked for.

    Attributes
    ----------
    rate : float or None
        Good-air rate. [%]
    pm25 : int or None
        Largest mean. [µg/m³]
    heavy : int or None
        Most days of heavy pollution. [d]
    """

    rate: float | None = None
    pm25: int | None = None
    heavy: int | None = None


def budget_answer(
    services: Services, code: str, period: Dates, targets: Targets, *, as_of: int | None = None, explain: bool = False
) -> CityBudgetAnswer:
    """What the rest of a period must be for a city to reach targets.

    Parameters
    ----------
    services : Services
    code : str
        Six digits.
    period : Dates
    targets : Targets
    as_of : int or None
        As it was after this message; None: now.
    explain : bool
        Whether to tell how the figures came about.

    Raises
    ------
    ProblemError
        There is no such city, the period has no day or lies before the first edition, or nothing is asked for.
    """
    if all(target is None for target in targets):
        detail = "the query has no target; target, pm25_target or heavy_target would do (/api/v1/openapi.json)"
        raise ProblemError(422, "no-target", detail)
    of = city_period(services, code, period, as_of)
    found = _Budgets(of, of.assessment, targets)
    return CityBudgetAnswer(
        **of.head(),
        left=of.left,
        items=item_table("air"),
        assumed=_ASSUMED,
        rate=found.rate,
        pm25=found.mean,
        heavy=found.heavy,
        explanations=[explanation_answer(tree) for tree in found.explained()] if explain else [],
    )


@dataclass(frozen=True)
class _Budgets:
    """The budgets that are asked for."""

    of: CityPeriod
    rules: AirAssessment
    targets: Targets

    @cached_property
    def _so_far(self) -> GoodAirRate:
        air = self.of.air
        return good_air_rate(air.aqi, air.complete, air.good_up_to, self.rules.decimals.rate)

    @cached_property
    def _rest(self) -> Rest:
        return Rest(self.of)

    @property
    def _standard(self) -> AirQualityIndex:
        return in_force("hj633", self.of.last)

    @property
    def _heavy_days(self) -> int:
        above = self.of.editions.numbers(lambda edition: edition.heavy_above, np.iinfo(np.int16).max)
        return int(heavy_pollution_days(self.of.air.aqi, above))

    def _rate_target(self, target: float) -> int:
        """The smallest rate that can be published and is not below `target`."""
        scale: int = 10**self.rules.decimals.rate
        return ceil(Fraction(str(target)) * scale)

    def _mean_target(self, target: int) -> int:
        scale: int = 10 ** catalogue.item(_ITEM).decimals
        return target * scale

    @cached_property
    def _rate_chance(self) -> Chance | None:
        if self.targets.rate is None or not self.of.left:
            return None
        return self._rest.rate_chance(self._so_far, self._rate_target(self.targets.rate))

    @cached_property
    def _mean_chance(self) -> Chance | None:
        if self.targets.pm25 is None or not self.of.left:
            return None
        return self._rest.mean_chance(_ITEM, self._mean_target(self.targets.pm25))

    @property
    def rate(self) -> RateBudget | None:
        """The budget of the good-air rate."""
        if self.targets.rate is None:
            return None
        found = budget.rate_budget(self._so_far, self.of.left, self._rate_target(self.targets.rate))
        state, name = _STATES[int(found.state)]
        share, chance = float(found.share_needed), self._rate_chance
        return RateBudget(
            target=int(found.target) / 10**found.decimals,
            rate=figure(int(self._so_far.rate), self._so_far.decimals),
            good=int(found.good),
            counted=int(found.valid),
            good_needed=_number(found.good_needed),
            bad_allowed=_number(found.bad_allowed),
            share_needed=None if np.isnan(share) else share,
            state=state,
            state_name=name,
            chance=None if chance is None else chance_answer(chance, found.decimals),
        )

    @property
    def mean(self) -> MeanBudget | None:
        """The budget of the mean of PM2.5."""
        if self.targets.pm25 is None:
            return None
        days, decimals = self.of.assessed[_ITEM], catalogue.item(_ITEM).decimals
        found = budget.mean_budget(days, self.of.left, self._mean_target(self.targets.pm25))
        (state, name), chance = _STATES[int(found.state)], self._mean_chance
        return MeanBudget(
            item=_ITEM,
            target=self.targets.pm25,
            mean=figure(int(period_mean(days)), decimals),
            counted=int(found.valid),
            largest_mean=self._largest_mean(found, decimals),
            largest_level=figure(int(found.largest_level), decimals),
            state=state,
            state_name=name,
            chance=None if chance is None else chance_answer(chance, decimals),
        )

    @staticmethod
    def _largest_mean(found: budget.MeanBudget, decimals: int) -> float | None:
        if found.state != budget.OPEN:
            return None
        return cut(Fraction(int(found.largest_total), int(found.left) * 10**decimals), decimals + 1)

    @property
    def heavy(self) -> DaysBudget | None:
        """The budget of days of heavy pollution."""
        if self.targets.heavy is None:
            return None
        found = budget.days_budget(self._heavy_days, self.of.left, self.targets.heavy)
        state, name = _STATES[int(found.state)]
        return DaysBudget(
            most=self.targets.heavy,
            so_far=int(found.so_far),
            allowed=_number(found.allowed),
            above=self._standard.heavy_above,
            state=state,
            state_name=name,
        )

    def explained(self) -> list[Explanation]:
        """How each of them came about, and each chance."""
        trees = []
        if self.targets.rate is not None:
            target = self._rate_target(self.targets.rate)
            trees.append(explain_rate_budget(self._so_far, self.of.left, target, self.rules))
            if self._rate_chance is not None:
                name = self._rate_name(target)
                trees.append(explain_chance(self._rate_chance, name, "%", self.rules.decimals.rate))
        if self.targets.pm25 is not None:
            target = self._mean_target(self.targets.pm25)
            trees.append(explain_mean_budget(_ITEM, self.of.assessed[_ITEM], self.of.left, target, self.rules))
        if self._mean_chance is not None:
            about = catalogue.item(_ITEM)
            trees.append(explain_chance(self._mean_chance, self._mean_name, about.unit, about.decimals))
        if self.targets.heavy is not None:
            trees.append(
                explain_heavy_pollution_budget(self._heavy_days, self.of.left, self.targets.heavy, self._standard)
            )
        return trees

    def _rate_name(self, target: int) -> Text:
        decimals = self.rules.decimals.rate
        told = f"{target / 10**decimals:.{decimals}f}"
        return Text(f"优良天数比例不低于{told}%", f"a good-air rate of at least {told} %")

    @property
    def _mean_name(self) -> Text:
        about = catalogue.item(_ITEM)
        return Text(
            f"{about.name_zh}均值不高于{self.targets.pm25} {about.unit}",
            f"a mean of {about.name_en} of at most {self.targets.pm25} {about.unit}",
        )


def _number(found: np.ndarray[tuple[()], np.dtype[np.int64]]) -> int | None:
    return None if found == budget.NONE else int(found)
