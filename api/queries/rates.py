"""The share of good days (优良率) of a period."""

from __future__ import annotations

import numpy as np

from qingchuan.api.parameters import Dates
from qingchuan.api.queries.air import AirPeriods
from qingchuan.api.queries.air_answers import rules_answers
from qingchuan.api.queries.days import counted, validity_rules
from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.schemas.air import Rate
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.processing.air.rates import good_air_rate
from qingchuan.processing.air.rates_explained import explain_good_air_rate
from qingchuan.processing.periods import day_start


def rate(days: AirPeriods, period: Dates) -> Rate:
    """The good-air rate of `period`, of which `days` holds every day that is over."""
    chosen = within(days, period)
    rules = next(reversed(validity_rules(chosen)), None)
    # Without rules there is no day with an AQI, and no rate to be rounded.
    decimals = 0 if rules is None else rules.decimals.rate
    found = good_air_rate(chosen.aqi, chosen.complete, chosen.good_up_to, decimals)
    levels, counts = np.unique(chosen.level[counted(chosen)], return_counts=True)
    return Rate(
        start=period.start.isoformat(),
        end=period.end.isoformat(),
        good=int(found.good),
        valid=int(found.valid),
        days=found.days,
        rate=float(found.percent) if found.valid else None,
        by_level={str(level): count for level, count in zip(levels.tolist(), counts.tolist(), strict=True)},
        editions=[chosen.editions[index].document for index in np.unique(chosen.edition).tolist() if index >= 0],
        rules=next(reversed(rules_answers(chosen)), None),
    )


def rate_explained(days: AirPeriods, period: Dates) -> Explanation | None:
    """How the good-air rate of `period` came about; None where no rules cover the last of its days."""
    chosen = within(days, period)
    rules = next(reversed(validity_rules(chosen)), None)
    if rules is None:
        return None
    return explanation_answer(explain_good_air_rate(chosen.aqi, chosen.complete, chosen.good_up_to, rules))


def within(days: AirPeriods, period: Dates) -> AirPeriods:
    """Those of `days` that lie in `period`."""
    start, end = (np.datetime64(day_start(day), "s") for day in period)
    return days.take((days.times >= start) & (days.times < end))
