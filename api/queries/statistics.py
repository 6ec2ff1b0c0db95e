"""The statistics of a city in a period: means and percentiles, attainment, rates by name, both composite indices."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from msgspec import UNSET

from qingchuan.api.answering import figure
from qingchuan.api.parameters import Dates
from qingchuan.api.queries.city_period import CityPeriod, city_period
from qingchuan.api.queries.city_values import GRADE
from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.queries.items import item_table
from qingchuan.api.queries.named_rates import DUST_LEFT_OUT, DailyAttainment, named_rates
from qingchuan.api.queries.published_month import statistics_in_month
from qingchuan.api.schemas import statistics as told
from qingchuan.api.schemas.questions import StatedEdition
from qingchuan.api.services import Services
from qingchuan.processing.air.annex_c import AnnexCIndex, annex_c_index
from qingchuan.processing.air.annex_c_explained import explain_annex_c_index
from qingchuan.processing.air.attainment import ItemAttainment, period_attainment
from qingchuan.processing.air.attainment_explained import Judging
from qingchuan.processing.air.combined_attainment import combined_attainment, in_order
from qingchuan.processing.air.combined_attainment_explained import explain_combined_attainment
from qingchuan.processing.air.composite_index import CompositeIndex, composite_index, ranking_concentrations
from qingchuan.processing.air.composite_index_explained import explain_composite_index
from qingchuan.processing.air.level_days import heavy_pollution_days
from qingchuan.processing.air.statistics import ItemStatistics, period_statistics
from qingchuan.processing.air.wording import period_name
from qingchuan.processing.explanation import Explanation
from qingchuan.processing.standards import AirAssessment, AmbientAirLimits, Text
from qingchuan.processing.standards.by_day import stated_edition

_ANNEX_C_DECIMALS: Final = 2
_ANNEX_C_CHOSEN = Text(
    "附录C未规定指数的修约位数，取两位小数",
    "annex C says nothing of how its indices are rounded; two decimals are chosen",
)


def statistics(
    services: Services, code: str, period: Dates, *, as_of: int | None = None, explain: bool = False
) -> told.StatisticsAnswer:
    """The statistics of a city over the days of a period that are over.

    Parameters
    ----------
    services : Services
    code : str
        Six digits.
    period : Dates
    as_of : int or None
        As it was after this message; None: now.
    explain : bool
        Whether to tell how they came about.

    Raises
    ------
    ProblemError
        There is no such city, or the period has no day.
    """
    of = city_period(services, code, period, as_of)
    if of.rules is None or of.limits is None or not of.over.days:
        return _nothing(of)
    found = PeriodFigures(of, of.rules, of.limits)
    answer = told.StatisticsAnswer(
        **of.head(),
        limits=StatedEdition(found.limits.document, stated_edition(of.period, "gb3095").reason),
        grade=GRADE,
        judged=_judged(of),
        items=item_table("air"),
        statistics={item: found.item(item) for item in found.statistics},
        combined=found.combined,
        rates=named_rates(of, found.daily, found.rules),
        heavy_days=int(heavy_pollution_days(of.air.aqi, found.heavy_above)),
        ranking_index=found.ranking_index,
        annex_c_index=found.annex_c_index,
        explanation=explanation_answer(found.explained()) if explain else UNSET,
    )
    return statistics_in_month(services, answer, period, of.at)


@dataclass(frozen=True)
class PeriodFigures:
    """The figures of a city over the days that are over.

    Attributes
    ----------
    of : CityPeriod
    rules : AirAssessment
    limits : AmbientAirLimits
    """

    of: CityPeriod
    rules: AirAssessment
    limits: AmbientAirLimits

    @cached_property
    def statistics(self) -> dict[str, ItemStatistics]:
        """Means and percentiles of each item."""
        return period_statistics(self.of.assessed, self.of.dates, self.of.period, self.rules)

    @cached_property
    def attainment(self) -> dict[str, ItemAttainment]:
        """Whether each item attains the standard."""
        return {
            item: period_attainment(found, self.limits, self.rules, grade=GRADE, on=self.of.last)
            for item, found in self.statistics.items()
        }

    @cached_property
    def daily(self) -> DailyAttainment:
        """Whether each item keeps its daily limit on each day."""
        return DailyAttainment.of(self.of.days, self.of.dates, self.rules, GRADE)

    @property
    def heavy_above(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Largest AQI that is not heavy pollution, of each day; beyond every AQI where no edition covers it."""
        return self.of.editions.numbers(lambda edition: edition.heavy_above, np.iinfo(np.int16).max)

    @cached_property
    def combined(self) -> told.Combined:
        """All items judged together."""
        found = combined_attainment(self.attainment, self.rules)
        missing = zip(found.items, found.missing.tolist(), strict=True)
        return told.Combined(
            attained=bool(found.attained),
            missing=[item for item, gone in missing if gone],
            exceeding=[told.Exceedance(item, self._multiple(multiple)) for item, multiple in in_order(found)],
        )

    @cached_property
    def _composite(self) -> CompositeIndex | None:
        rule = self.of.ranking
        return None if rule is None else composite_index(ranking_concentrations(self.of.assessed, rule), rule)

    @cached_property
    def _annex_c(self) -> AnnexCIndex:
        return annex_c_index(self.statistics, self.limits, self.rules, on=self.of.last, decimals=_ANNEX_C_DECIMALS)

    @property
    def ranking_index(self) -> told.PeriodIndex | None:
        """The index that cities are ranked by."""
        found, rule = self._composite, self.of.ranking
        if found is None or rule is None:
            return None
        return told.PeriodIndex(
            name=Text("环境空气质量综合指数", "composite index"),
            value=figure(int(found.total), found.decimals),
            largest=figure(int(found.largest), found.decimals),
            primary=[item for item, first in zip(found.items, found.primary.tolist(), strict=True) if first],
            document=rule.called.zh,
            remarks=[*rule.unconfirmed, *([DUST_LEFT_OUT] if self.of.has_dust else [])],
        )

    @property
    def annex_c_index(self) -> told.PeriodIndex:
        """The index of annex C of HJ 663."""
        found = self._annex_c
        largest = int(found.largest)
        return told.PeriodIndex(
            name=Text("综合指数（HJ 663附录C）", "composite index of annex C of HJ 663"),
            value=figure(int(found.total), found.decimals),
            largest=figure(largest, found.decimals),
            primary=[
                item for item, index in zip(found.items, found.single.tolist(), strict=True) if index == largest >= 0
            ],
            document=self.rules.document,
            remarks=[_ANNEX_C_CHOSEN],
        )

    def item(self, item: str) -> told.ItemStatistics:
        """What is told of one item."""
        found, judged, decimals = self.statistics[item], self.attainment[item], self.rules.decimals.items[item]
        minimum = self.rules.minimum(found.period.kind, item)
        annex = self._annex_c
        months = zip(np.datetime_as_string(found.months).tolist(), found.month_counts.tolist(), strict=True)
        return told.ItemStatistics(
            mean=figure(int(found.mean), decimals),
            percent=found.percent,
            percentile=figure(int(found.percentile), decimals),
            valid_days=int(found.count),
            needed=None if minimum is None else told.LeastDays(minimum.at_least, minimum.each_month, minimum.february),
            months=dict(months),
            valid=bool(found.valid),
            mean_limit=None if judged.mean_limit is None else figure(judged.mean_limit, decimals),
            mean_multiple=self._multiple(int(judged.mean_multiple)),
            percentile_limit=None if judged.percentile_limit is None else figure(judged.percentile_limit, decimals),
            percentile_multiple=self._multiple(int(judged.percentile_multiple)),
            attained=bool(judged.attained) if judged.valid else None,
            attainment_rate=self.daily.rate(item),
            single=self._single(item),
            annex_c=figure(int(annex.single[annex.items.index(item)]), annex.decimals),
        )

    def explained(self) -> Explanation:
        """How all of it came about."""
        of = self.of
        name = period_name(of.period)
        judging = Judging(self.limits, self.rules, GRADE, of.last)
        index = (
            ()
            if of.ranking is None
            else (explain_composite_index(of.assessed, of.dates, of.period, of.ranking, self.rules),)
        )
        return Explanation(
            name=Text(f"{of.city.name.zh}{name.zh}统计", f"statistics of {of.city.name.en}, {name.en}"),
            value=None,
            rule=_judged(of),
            parts=(
                explain_combined_attainment(of.assessed, of.dates, of.period, judging),
                *self.daily.explained(of),
                *index,
                explain_annex_c_index(self.statistics, self.limits, self.rules, on=of.last, decimals=_ANNEX_C_DECIMALS),
            ),
        )

    def _single(self, item: str) -> float | None:
        found = self._composite
        if found is None or item not in found.items:
            return None
        return figure(int(found.single[found.items.index(item)]), found.decimals)

    def _multiple(self, scaled: int) -> float | None:
        return figure(scaled, self.rules.decimals.multiple)


def _judged(of: CityPeriod) -> Text:
    """How far the standard judges such a period."""
    if of.period.kind == "year":
        return Text("按年评价", "judged as a year")
    return Text(
        "HJ 663的达标评价针对年；本时段按相同方法参照评价，标准未规定最少有效天数",
        "HJ 663 judges attainment of years; this period is judged by the same method for comparison, and the standard "
        "asks for no number of valid days",
    )


def _nothing(of: CityPeriod) -> told.StatisticsAnswer:
    return told.StatisticsAnswer(
        **of.head(),
        limits=None,
        grade=GRADE,
        judged=Text("没有已结束的日，或当时尚无标准", "no day is over, or there was no standard then"),
        items=item_table("air"),
        statistics={},
        combined=None,
        rates=None,
        heavy_days=0,
        ranking_index=None,
        annex_c_index=None,
    )
