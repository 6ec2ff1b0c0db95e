"""How what a period comes to at one place came about: its days by level, its good-air rate, its index and its rank."""

from __future__ import annotations

from qingchuan.processing.air.assessment import Assessment
from qingchuan.processing.air.composite_index_explained import explain_composite_index
from qingchuan.processing.air.level_days import explain_level_counts
from qingchuan.processing.air.ranking import rank_by_index
from qingchuan.processing.air.ranking_explained import Figure, explain_rank
from qingchuan.processing.air.rates_explained import explain_good_air_rate
from qingchuan.processing.air.wording import number, period_name
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards import Text


def explain_assess(found: Assessment, place: int) -> Explanation:
    """How what a period comes to at one of its stations came about.

    Parameters
    ----------
    found : Assessment
    place : int
        Place of the station, or city, on the last axis of the hours. [-]

    Returns
    -------
    Explanation
        Of the composite index; its parts are the days by level, the good-air rate, the index, and the rank among all
        stations of the assessment.

    Examples
    --------
    >>> import numpy as np
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.assessment import Editions, assess
    >>> from qingchuan.processing.calendar_periods import month_of
    >>> period = month_of(date(2025, 6, 1))
    >>> editions = Editions(
    ...     standards.in_force("hj633", period.last),
    ...     standards.in_force("hj663", period.last),
    ...     standards.in_force("gb3095", period.last),
    ...     2,
    ...     standards.load("hb2018_19", standards.CityAirRanking),
    ... )
    >>> hours = np.full((6, 24 * 30, 2), 30, np.uint16) + np.array([0, 5], np.uint16)
    >>> told = explain_assess(assess(hours, period, editions), 1)
    >>> told.value, told.rule.zh
    (4.06, '良30天；优良天数30天÷有效天数30天×100%=100.0%')
    """
    period, editions = found.period, found.editions
    days = {item: values[place] for item, values in found.days.items()}
    levels = explain_level_counts(found.daily.level[place], found.counted[place], editions.index)
    rate = explain_good_air_rate(
        found.daily.aqi[place], found.daily.complete[place], editions.index.good_up_to, editions.rules
    )
    index = Figure(Text("综合指数", "composite index"), "", found.index.decimals)
    of = period_name(period)
    return Explanation(
        name=Text(f"{of.zh}空气质量", f"air quality, {of.en}"),
        value=number(int(found.index.total[place]), found.index.decimals),
        rule=Text(f"{levels.rule.zh}；{rate.rule.zh}", f"{levels.rule.en}; {rate.rule.en}"),
        source=Source.of(editions.ranking, editions.ranking.index),
        valid=levels.valid,
        expected=levels.expected,
        parts=(
            levels,
            rate,
            explain_composite_index(days, period.dates, period, editions.ranking, editions.rules),
            explain_rank(rank_by_index(found.index.total), place, index, editions.ranking),
        ),
    )
