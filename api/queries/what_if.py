"""What it takes for a city to gain places among the key cities by the end of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import UNSET

from qingchuan.api.answering import figure
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.city_period import city_period
from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.queries.items import item_table
from qingchuan.api.queries.key_city_days import KeyCityDays, key_city_days, ranking_rules
from qingchuan.api.schemas.what_if import Need, WhatIfAnswer
from qingchuan.processing import catalogue
from qingchuan.processing.air.edges import cut
from qingchuan.processing.air.what_if import AS_THEY_ARE, ItemNeed, WhatIf, what_if
from qingchuan.processing.air.what_if_explained import explain_what_if
from qingchuan.processing.standards import CityAirRanking, Text

if TYPE_CHECKING:
    from qingchuan.api.parameters import Dates
    from qingchuan.api.services import Services

_NO_RANK = 0


def what_if_answer(
    services: Services, code: str, period: Dates, gain: int, *, as_of: int | None = None, explain: bool = False
) -> WhatIfAnswer:
    """What each pollutant must be over the rest of a period for a city to gain places.

    Parameters
    ----------
    services : Services
    code : str
        Six digits.
    period : Dates
    gain : int
        Places. [-]
    as_of : int or None
        As it was after this message; None: now.
    explain : bool
        Whether to tell how it came about.

    Raises
    ------
    ProblemError
        There is no such city, it is no key city, or the period has no day or is too early.
    """
    of = city_period(services, code, period, as_of)
    cities = key_city_days(services, of.subjects, ranking_rules(of.asked), of.over, of.at)
    rule, place = cities.rules.ranking, place_of(cities, code)
    days = {item: values[place] for item, values in cities.assessed.values.items()}
    totals = np.asarray(cities.ranked.index.total)
    asked = (days, of.left, np.delete(totals, place), gain, rule)
    found = what_if(*asked, basis=AS_THEY_ARE)
    ranked = found.rank != _NO_RANK
    return WhatIfAnswer(
        **of.head(),
        left=of.left,
        rule=rule.called.zh,
        items=item_table("air"),
        total=figure(found.total, rule.index.decimals),
        rank=found.rank if ranked else None,
        number=found.number,
        gain=gain,
        goal=found.goal if ranked and found.goal > 0 else None,
        target=None if found.target is None else figure(found.target, rule.index.decimals),
        ahead=_ahead(cities, found, totals),
        basis=found.basis,
        needs=[_need(need, rule) for need in found.items],
        reason=found.reason,
        explanation=explanation_answer(explain_what_if(*asked, basis=AS_THEY_ARE)) if explain else UNSET,
    )


def place_of(cities: KeyCityDays, code: str) -> int:
    """The place of a city among the key cities.

    Raises
    ------
    ProblemError
        It is none.
    """
    try:
        return cities.place(code)
    except ValueError as error:
        detail = f"the city has the code {code!r}; a key city would do: /api/v1/ranking lists them"
        raise ProblemError(404, "no-key-city", detail) from error


def _ahead(cities: KeyCityDays, found: WhatIf, totals: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[Text]:
    if found.target is None:
        return []
    return [cities.rules.cities[place].name for place in np.flatnonzero(totals == found.target).tolist()]


def _need(need: ItemNeed, rule: CityAirRanking) -> Need:
    row = next(row for row in rule.index.rows if row.item == need.item)
    decimals = catalogue.item(need.item).decimals
    mean = None if need.largest_mean is None else cut(need.largest_mean / 10**decimals, decimals + 1)
    return Need(
        item=need.item,
        statistic=_statistic(row.percent),
        so_far=figure(need.concentration, row.decimals),
        single=figure(need.single, rule.index.decimals),
        largest_single=_figure(need.largest_single, rule.index.decimals),
        largest=_figure(need.largest_concentration, row.decimals),
        remaining_mean=mean,
        level=_figure(need.level, decimals),
        days_above=need.days_above,
        days_above_at_most=need.days_above_at_most,
        reason=need.reason,
    )


def _statistic(percent: int | None) -> Text:
    return Text("均值", "mean") if percent is None else Text(f"第{percent}百分位数", f"percentile {percent}")


def _figure(scaled: int | None, decimals: int) -> float | None:
    return None if scaled is None else figure(scaled, decimals)
