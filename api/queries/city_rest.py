"""The rest of a city's period: the same calendar dates in earlier years."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qingchuan.api.parameters import Dates
from qingchuan.api.queries.calendar import calendar_period
from qingchuan.api.queries.city_period import CityPeriod
from qingchuan.api.schemas.budgets import Chance, EarlierYear
from qingchuan.processing.air import probability
from qingchuan.processing.air.aqi import evaluate
from qingchuan.processing.air.earlier_years import EarlierYears, earlier_years
from qingchuan.processing.air.probability import Resampling
from qingchuan.processing.air.rates import GoodAirRate, counted_days
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import in_force

_YEARS = 5
"""So many years are looked back on. [a]"""
_BLOCK = 7
"""Longer than an episode of pollution usually lasts. [d]"""
_DRAWS = 10_000
_LEAST = 90
"""So much of the remaining dates must be valid in a year for it to be used. [%]"""
_SEED = 1
"""The same question has the same answer."""


@dataclass(frozen=True)
class Rest:
    """The days of a period that are not over, and the same dates in earlier years.

    Attributes
    ----------
    of : CityPeriod
    """

    of: CityPeriod

    @cached_property
    def _before(self) -> tuple[Dates, dict[str, Scaled]]:
        """The days that are over, back to the first year that is looked at."""
        end = self.of.over.end
        days = Dates(dt.date(end.year - _YEARS, 1, 1), end)
        return days, self.of.days_of(days)

    @cached_property
    def _years(self) -> EarlierYears:
        begin = max(self.of.over.end, self.of.asked.start)
        left = calendar_period(Dates(begin, self.of.asked.end)).dates
        return earlier_years(calendar_period(self._before[0]).dates, left)

    @property
    def _resampling(self) -> Resampling:
        return Resampling(block_days=_BLOCK, draws=_DRAWS, least_days=max(1, self.of.left * _LEAST // 100))

    def rate_chance(self, so_far: GoodAirRate, target: int) -> probability.Chance:
        """How likely the good-air rate reaches a target; earlier years are judged by the edition of the remaining days.

        Parameters
        ----------
        so_far : GoodAirRate
        target : int
            In units of the last decimal of the rate.
        """
        edition = in_force("hj633", self.of.asked.end - dt.timedelta(days=1))
        air = evaluate(self._before[1], "day", edition)
        good = (air.aqi >= 0) & (air.aqi <= edition.good_up_to)
        return probability.rate_chance(
            so_far,
            target,
            self._years.of(good, nothing=False),
            self._years.of(counted_days(air.aqi, air.complete, edition.good_up_to), nothing=False),
            self._years.years,
            resampling=self._resampling,
            generator=np.random.default_rng(_SEED),
        )

    def mean_chance(self, item: str, target: int) -> probability.Chance:
        """How likely the mean of an item is not above a target.

        Parameters
        ----------
        item : str
        target : int
            [scaled]
        """
        return probability.mean_chance(
            self.of.assessed[item],
            target,
            self._years.of(self._before[1][item], MISSING),
            self._years.years,
            resampling=self._resampling,
            generator=np.random.default_rng(_SEED),
        )


def chance_answer(found: probability.Chance, decimals: int) -> Chance:
    """A chance as it is told.

    Parameters
    ----------
    found : probability.Chance
    decimals : int
        Of its figure. [-]
    """
    columns = (found.years.tolist(), found.outcome.tolist(), found.reached.tolist())
    return Chance(
        probability=found.probability,
        reached=int(found.reached.sum()),
        years=[
            EarlierYear(year, None if figure == probability.NONE else figure / 10**decimals, reached)
            for year, figure, reached in zip(*columns, strict=True)
        ],
        draws=found.resampling.draws,
        block_days=found.resampling.block_days,
    )
