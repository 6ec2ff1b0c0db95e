"""The day of a city that is in progress: what it comes to so far, and what its remaining hours may reach."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import UNSET

from qingchuan.api.answering import figure
from qingchuan.api.parameters import Span, moment
from qingchuan.api.queries.air import told_hours_of_city
from qingchuan.api.queries.city_values import GRADE, city_values
from qingchuan.api.queries.days import time_of
from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.queries.items import item_table
from qingchuan.api.queries.revision import revision
from qingchuan.api.queries.subjects import evaluated_for, find, is_simulated
from qingchuan.api.schemas.common import Level
from qingchuan.api.schemas.today import ItemToday, TodayAnswer
from qingchuan.processing import catalogue
from qingchuan.processing.air import budget
from qingchuan.processing.air.edges import cut
from qingchuan.processing.air.item_masks import items_of_mask
from qingchuan.processing.air.today import NO_VALUE, ItemSoFar, day_in_progress
from qingchuan.processing.air.today_explained import explain_day_in_progress
from qingchuan.processing.periods import DAY, HOUR, day_start, natural_day
from qingchuan.processing.standards import AirAssessment, AirQualityIndex, Text, in_force
from qingchuan.store.subjects import City

if TYPE_CHECKING:
    import datetime as dt

    from qingchuan.api.queries.told import ToldCity
    from qingchuan.api.services import Services

_STATES = {
    budget.OPEN: ("open", Text("取决于余下各时", "the remaining hours decide")),
    budget.SAFE: ("safe", Text("已确定优良", "good whatever comes")),
    budget.OUT_OF_REACH: ("out-of-reach", Text("已确定超标", "spoilt")),
    NO_VALUE: ("no-value", Text("有效数据已不足", "too few valid hours can still come")),
}
_MAXIMUM = "o3_8h"


class _Rules(NamedTuple):
    """What the day is judged by."""

    standard: AirQualityIndex
    assessment: AirAssessment
    limit: int

    @classmethod
    def on(cls, day: dt.date) -> _Rules:
        """The rules of a day."""
        limits, about = in_force("gb3095", day), catalogue.item(_MAXIMUM)
        limit = limits.scaled_limit(_MAXIMUM, "day", about.decimals, grade=GRADE, on=day)
        return cls(in_force("hj633", day), in_force("hj663", day), limit)


def today_answer(services: Services, code: str, *, as_of: int | None = None, explain: bool = False) -> TodayAnswer:
    """The day of a city that is in progress.

    Parameters
    ----------
    services : Services
    code : str
        Six digits.
    as_of : int or None
        As it was after this message, at the time it was received; None: now.
    explain : bool
        Whether to tell how it came about.

    Raises
    ------
    ProblemError
        There is no such city.
    """
    at = moment(services, as_of)
    city, subjects = find(services, code, City, at)
    now = time_of(services, as_of) // 1_000_000
    day = natural_day(now)
    passed = (now - day_start(day)) // HOUR
    rules, told = _Rules.on(day), _hours(services, code, evaluated_for(subjects, code), day, passed, at)
    hours = dict(zip(told.own.items, city_values(*told).scaled, strict=True))
    found = day_in_progress({item: of[:, np.newaxis] for item, of in hours.items()}, *rules)
    state, name = _STATES[int(found.state[0])]
    aqi, level = int(found.air.aqi[0]), int(found.air.level[0])
    return TodayAnswer(
        subject=code,
        name=city.name,
        simulated=is_simulated(subjects, code),
        sequence=at,
        revision=revision(_newest(told), "provisional"),
        date=day.isoformat(),
        passed=passed,
        left=found.left,
        edition=rules.standard.document,
        aqi=aqi if aqi >= 0 else None,
        level=_level(level, rules.standard),
        primary=list(items_of_mask(int(found.air.primary[0]), found.air.items)),
        state=state,
        state_name=name,
        items=item_table("air"),
        so_far={item: _item(item, of, found.left) for item, of in found.items.items()},
        explanation=explanation_answer(explain_day_in_progress(hours, *rules)) if explain else UNSET,
    )


def _hours(services: Services, code: str, stations: list[str], day: dt.date, passed: int, at: int) -> ToldCity:
    """The hours of the day that are over."""
    start = day_start(day)
    span = Span(start, min(start + passed * HOUR, start + DAY))
    return told_hours_of_city(services.observations, code, stations, span, at)


def _newest(told: ToldCity) -> int:
    """The newest message behind some hours of a city and its stations; 0 where nothing was told."""
    return int(max(told.own.sequence.max(initial=0), told.of_stations.sequence.max(initial=0)))


def _level(number: int, standard: AirQualityIndex) -> Level | None:
    if not number:
        return None
    row = standard.levels[number - 1]
    return Level(row.number, row.roman, row.zh, row.en, row.colour)


def _item(item: str, found: ItemSoFar, left: int) -> ItemToday:
    decimals, (state, name) = catalogue.item(item).decimals, _STATES[int(found.state[0])]
    total, earliest = int(found.largest_total[0]), int(found.earliest[0])
    mean = None if total < 0 or not left else cut(Fraction(total, left * 10**decimals), decimals + 1)
    return ItemToday(
        so_far=figure(int(found.so_far[0]), decimals),
        valid=int(found.valid[0]),
        earliest=earliest if earliest >= 0 else None,
        good_up_to=figure(found.good_up_to, decimals),
        remaining_mean=mean,
        remaining_level=figure(int(found.largest_level[0]), decimals),
        state=state,
        state_name=name,
    )
