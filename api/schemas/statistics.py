"""Answers about the statistics of a city in a period."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import Item, ItemKey, Value
from qingchuan.api.schemas.publications import PublishedMonth
from qingchuan.api.schemas.questions import CityAnswer, StatedEdition
from qingchuan.processing.standards import Text

Multiple = Annotated[
    float | None,
    Meta(description="Exceedance multiple (超标倍数) [-]; null: not exceeded, or not judged", examples=[0.26]),
]
Limit = Annotated[float | None, Meta(description="In the unit of the item; null: not judged")]
Percent = Annotated[float | None, Meta(description="[%]; null: no day counts", examples=[86.8])]
Days = Annotated[int, Meta(description="[d]")]
Figure = Annotated[float | None, Meta(description="[-]; null: an item is missing or not valid", examples=[3.12])]


class LeastDays(msgspec.Struct, frozen=True, gc=False):
    """So many valid days a statistic of such a period needs."""

    period: Days
    each_month: Days
    february: Days


class ItemStatistics(msgspec.Struct, frozen=True):
    """One pollutant over a period."""

    mean: Annotated[Value, Meta(description="Mean of the valid days, in the unit of the item; null: none is valid")]
    percent: Annotated[int | None, Meta(description="Which percentile is judged [%]; null: none", examples=[95])]
    percentile: Annotated[Value, Meta(description="Percentile of the days, in the unit of the item")]
    valid_days: Days
    needed: Annotated[LeastDays | None, Meta(description="null: the standard asks for no number in such a period")]
    months: Annotated[dict[str, int], Meta(description="Valid days of each month [d]", examples=[{"2026-01": 31}])]
    valid: Annotated[bool, Meta(description="Whether the days are enough; without a number asked for: any is there")]
    mean_limit: Limit
    mean_multiple: Multiple
    percentile_limit: Limit
    percentile_multiple: Multiple
    attained: Annotated[
        bool | None, Meta(description="Mean and percentile, as far as judged, keep their limits; null: not valid")
    ]
    attainment_rate: Annotated[Percent, Meta(description="Share of valid days that keep the daily limit [%]")]
    single: Annotated[Figure, Meta(description="Single index of the ranking [-]")]
    annex_c: Annotated[Figure, Meta(description="Single index of annex C: the worse of mean and percentile [-]")]


class Exceedance(msgspec.Struct, frozen=True, gc=False):
    """An item that exceeds its limit."""

    item: ItemKey
    multiple: Multiple


class Combined(msgspec.Struct, frozen=True):
    """All items judged together (多项目综合评价)."""

    attained: bool
    missing: Annotated[list[ItemKey], Meta(description="Not there or not valid: the period is not attained then")]
    exceeding: Annotated[list[Exceedance], Meta(description="Largest multiple first")]


class NamedRate(msgspec.Struct, frozen=True, gc=False):
    """One of the rates of days, which differ in the days that count."""

    name: Text
    met: Annotated[int | None, Meta(description="Days that are good, or attained [d]; null: the rate cannot be told")]
    counted: Annotated[int | None, Meta(description="Days that count [d]")]
    rate: Percent
    rule: Annotated[Text, Meta(description="Which days count")]


class Rates(msgspec.Struct, frozen=True, gc=False):
    """The rates of days by name."""

    good_air: Annotated[NamedRate, Meta(description="优良天数比例, as published")]
    assessed: Annotated[NamedRate, Meta(description="优良天数比例（扣除沙尘影响）")]
    comprehensive: Annotated[NamedRate, Meta(description="多项目日综合评价达标率")]


class PeriodIndex(msgspec.Struct, frozen=True):
    """An index over all items."""

    name: Text
    value: Figure
    largest: Annotated[Figure, Meta(description="Largest single index [-]")]
    primary: Annotated[list[ItemKey], Meta(description="Items that have it")]
    document: str
    remarks: Annotated[list[Text], Meta(description="What is not certain or was chosen")]


class StatisticsAnswer(CityAnswer, frozen=True, kw_only=True):
    """The statistics of a city in a period."""

    limits: Annotated[StatedEdition | None, Meta(description="Edition of GB 3095 that the period is judged by")]
    grade: Annotated[int, Meta(description="Of the limits: 2 in class-2 areas (二类区)")]
    judged: Annotated[Text, Meta(description="How far the standard judges such a period")]
    items: dict[ItemKey, Item]
    statistics: Annotated[dict[ItemKey, ItemStatistics], Meta(description="Empty before the first edition")]
    combined: Combined | None
    rates: Annotated[Rates | None, Meta(description="null: before the first edition")]
    heavy_days: Annotated[Days, Meta(description="Days of heavy pollution (重污染天数) [d]")]
    ranking_index: Annotated[
        PeriodIndex | None, Meta(description="By which cities are ranked; null: no such rule then")
    ]
    annex_c_index: Annotated[
        PeriodIndex | None, Meta(description="By which places are compared; not that of the ranking")
    ]
    publication: Annotated[
        PublishedMonth | None, Meta(description="The month as it was published; null: it was not, or is no month")
    ] = None
