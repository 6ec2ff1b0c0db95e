"""The rates of days by name: the published good-air rate, the assessed one, and the comprehensive attainment rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.answering import figure
from qingchuan.api.queries.city_period import CityPeriod
from qingchuan.api.schemas.statistics import NamedRate, Rates
from qingchuan.processing.air.daily_air import daily_air
from qingchuan.processing.air.rates import (
    assessed_good_air_rate,
    attainment_rate,
    comprehensive_attainment_rate,
    good_air_rate,
)
from qingchuan.processing.air.rates_explained import (
    explain_assessed_good_air_rate,
    explain_comprehensive_attainment_rate,
    explain_good_air_rate,
)
from qingchuan.processing.air.short_term import limits_by_day, short_term_attainment
from qingchuan.processing.calendar_periods import Days
from qingchuan.processing.explanation import Explanation
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import AirAssessment, DustRules, Text, load
from qingchuan.processing.standards.air_limits import Grade

_NO_DUST = Text(
    "沙尘影响时段由中国环境监测总站认定；系统中没有认定记录，不能扣除，故不计算",
    "hours of dust are declared by CNEMC; none are on record here, and nothing can be deducted: there is no such rate",
)
DUST_LEFT_OUT: Final = Text(
    "已扣除沙尘影响时段的颗粒物浓度（环办监测〔2016〕120号）",
    "without the particles of the hours of dust (环办监测〔2016〕120号)",
)

_DUST: Final = "hb2016_120"


@dataclass(frozen=True)
class DailyAttainment:
    """Whether items keep their daily limits, each day by the edition and stage of its own date.

    Attributes
    ----------
    items : tuple of str
        The basic items of a day.
    attained, valid : ndarray of bool, shape (items, days)
    rules : AirAssessment
    """

    items: tuple[str, ...]
    attained: NDArray[np.bool_]
    valid: NDArray[np.bool_]
    rules: AirAssessment

    @classmethod
    def of(cls, days: Mapping[str, Scaled], dates: Days, rules: AirAssessment, grade: Grade) -> DailyAttainment:
        """That of a city."""
        items = rules.basic.day
        attained, valid = np.zeros((len(items), len(dates)), np.bool_), np.zeros((len(items), len(dates)), np.bool_)
        for place, item in enumerate(items):
            limit = limits_by_day(item, "day", dates, rules.decimals.items[item], grade=grade)
            values = days.get(item, np.full(len(dates), MISSING, np.uint16))
            attained[place], valid[place], _ = short_term_attainment(values, limit, rules.decimals.multiple)
        return cls(items, attained, valid, rules)

    def rate(self, item: str) -> float | None:
        """The attainment rate of an item [%]; None where no day is valid."""
        place = self.items.index(item)
        found = attainment_rate(self.attained[place], self.valid[place], self.rules.decimals.rate)
        return figure(int(found.rate), found.decimals)

    def explained(self, of: CityPeriod) -> tuple[Explanation, ...]:
        """How the good-air rates and the comprehensive attainment rate came about."""
        air = of.air
        return (
            explain_good_air_rate(air.aqi, air.complete, air.good_up_to, self.rules),
            *self._assessed_explained(of),
            explain_comprehensive_attainment_rate(self.items, self.attained, self.valid, self.rules),
        )

    def _assessed_explained(self, of: CityPeriod) -> tuple[Explanation, ...]:
        if not of.has_dust:
            return ()
        air, dust = of.air, load(_DUST, DustRules)
        without = daily_air(of.assessed, of.editions).aqi
        return (explain_assessed_good_air_rate(air.aqi, air.complete, without, air.good_up_to, self.rules, dust),)


def named_rates(of: CityPeriod, daily: DailyAttainment, rules: AirAssessment) -> Rates:
    """The rates of the days of a city by name."""
    air = of.air
    good = good_air_rate(air.aqi, air.complete, air.good_up_to, rules.decimals.rate)
    whole = comprehensive_attainment_rate(daily.attained, daily.valid, rules.decimals.rate)
    return Rates(
        good_air=NamedRate(
            name=Text("优良天数比例", "good-air rate"),
            met=int(good.good),
            counted=int(good.valid),
            rate=figure(int(good.rate), good.decimals),
            rule=Text(
                "项目不全的日仅在已不优良时计入；沙尘影响日不扣除",
                "a day that lacks an item counts only where it is not good already; days of dust stay in",
            ),
        ),
        assessed=_assessed(of, rules),
        comprehensive=NamedRate(
            name=Text("多项目日综合评价达标率", "comprehensive attainment rate"),
            met=int(whole.attained),
            counted=int(whole.valid),
            rate=figure(int(whole.rate), whole.decimals),
            rule=Text(
                "六项均有效且均不超过日限值的日为达标；有缺项的日按不达标计",
                "all six items are valid and keep their daily limits; a day that lacks one is not attained",
            ),
        ),
    )


def _assessed(of: CityPeriod, rules: AirAssessment) -> NamedRate:
    """The good-air rate without the days that dust made bad; none where no hour of dust is on record."""
    name = Text("优良天数比例（扣除沙尘影响）", "assessed good-air rate, without dust")
    if not of.has_dust:
        return NamedRate(name=name, met=None, counted=None, rate=None, rule=_NO_DUST)
    air, without = of.air, daily_air(of.assessed, of.editions).aqi
    found = assessed_good_air_rate(air.aqi, air.complete, without, air.good_up_to, rules.decimals.rate)
    return NamedRate(
        name=name,
        met=int(found.good),
        counted=int(found.valid),
        rate=figure(int(found.rate), found.decimals),
        rule=Text(
            "因沙尘影响而不优良的日不计入；其余同优良天数比例",
            "days that dust made bad are not counted; all else is as in the good-air rate",
        ),
    )
