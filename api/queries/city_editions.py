"""The days of a city under two editions of the index and under the limits that come, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import UNSET

from qingchuan.api.answering import figure, indices
from qingchuan.api.queries.city_period import CityPeriod, city_period
from qingchuan.api.queries.city_values import GRADE
from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.queries.items import item_table
from qingchuan.api.schemas import city_editions as told
from qingchuan.processing.air.comparison import (
    NOT_STAGED,
    Column,
    EditionComparison,
    LostDays,
    compare_editions,
)
from qingchuan.processing.air.comparison_explained import explain_edition_comparison
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards import AirQualityIndex, AmbientAirLimits, load

if TYPE_CHECKING:
    from qingchuan.api.parameters import Dates
    from qingchuan.api.services import Services

_FIRST, _SECOND, _LIMITS = "hj633_2012", "hj633_2026", "gb3095_2026"


def editions_answer(
    services: Services, code: str, period: Dates, *, as_of: int | None = None, explain: bool = False
) -> told.EditionsAnswer:
    """The days of a period that are over, under both editions and under the last stage of the limits.

    Parameters
    ----------
    services : Services
    code : str
        Six digits.
    period : Dates
    as_of : int or None
        As it was after this message; None: now.
    explain : bool
        Whether to tell how the numbers came about.

    Raises
    ------
    ProblemError
        There is no such city, or the period has no day or lies before the first edition.
    """
    of = city_period(services, code, period, as_of)
    limits = load(_LIMITS, AmbientAirLimits)
    asked = (of.days, of.dates, load(_FIRST, AirQualityIndex), load(_SECOND, AirQualityIndex), limits, of.assessment)
    last = limits.stages[-1].in_force
    found = compare_editions(*asked, grade=GRADE, on=last)
    return told.EditionsAnswer(
        **of.head(),
        items=item_table("air"),
        first=_column(found.first),
        second=_column(found.second),
        limits=_column(found.limits),
        own=_column(found.own),
        not_staged=NOT_STAGED,
        lost_by_second=_lost(found.lost_by_second),
        lost_by_limits=_lost(found.lost_by_limits),
        days=_days(of, found),
        explanation=explanation_answer(explain_edition_comparison(*asked, grade=GRADE, on=last)) if explain else UNSET,
    )


def _column(column: Column) -> told.Column:
    rate = column.rate
    return told.Column(column.name, int(rate.good), int(rate.valid), figure(int(rate.rate), rate.decimals))


def _lost(lost: LostDays) -> told.Lost:
    return told.Lost(
        kept=int(lost.kept),
        lost=int(lost.days),
        by_item={item: int(days) for item, days in lost.item_days.items()},
        alone={item: int(days) for item, days in lost.alone_days.items()},
    )


def _days(of: CityPeriod, found: EditionComparison) -> list[told.ComparedDay]:
    nothing = np.full(of.dates.shape, -1, np.int16)
    by_index = (found.first, found.second, found.own)
    columns = [indices(nothing if column.aqi is None else column.aqi) for column in by_index]
    goods = [_goods(column) for column in (found.first, found.second, found.limits)]
    dates = np.datetime_as_string(of.dates).tolist()
    return [told.ComparedDay(*day) for day in zip(dates, *columns, *goods, _missing(of), strict=True)]


def _missing(of: CityPeriod) -> list[list[str]]:
    """The items without a valid value on each day on which others have one."""
    items, there = list(of.days), np.array([values != MISSING for values in of.days.values()])
    lacking = ~there & there.any(axis=0)
    return [[item for item, is_lacking in zip(items, day, strict=True) if is_lacking] for day in lacking.T.tolist()]


def _goods(column: Column) -> list[bool | None]:
    return [
        good if counted else None for good, counted in zip(column.good.tolist(), column.counted.tolist(), strict=True)
    ]
