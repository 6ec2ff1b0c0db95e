"""Answers about the ranking of the key cities."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from qingchuan.api.schemas.air import Edition, Rules
from qingchuan.api.schemas.common import Date, Item, ItemKey, Revision, Sequence, Simulated, Value
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.schemas.publications import PublishedMonth
from qingchuan.processing.standards import Text
from qingchuan.store.subjects import Name

By = Literal["index", "rate", "improvement"]

After = Annotated[str, Meta(description="First natural day after the period", examples=["2026-12-01"])]
CityCode = Annotated[str, Meta(description="Six digits of GB/T 2260", examples=["330200"])]
CompositeIndex = Annotated[
    float | None,
    Meta(description="Composite index (环境空气质量综合指数) [-]; null: an item is missing", examples=[3.12]),
]
Rank = Annotated[int | None, Meta(description="1 is the best; equal figures share a rank: 1, 1, 3; null: none")]
RatePercent = Annotated[
    float | None, Meta(description="Good-air rate (优良率) [%]; null: no day counts", examples=[86.8])
]


class RankedBy(msgspec.Struct, frozen=True, gc=False):
    """The figure that the cities are ranked by."""

    by: By
    name: Text
    unit: str
    decimals: int


class RankingRule(msgspec.Struct, frozen=True, gc=False):
    """The rule of the ranking, and what is not certain of it."""

    document: Annotated[str, Meta(examples=["环办监测〔2018〕19号"])]
    title: Text
    called: Annotated[Text, Meta(description="The document and, where limits or weights are configured, the variant")]
    clause: str
    unconfirmed: Annotated[list[Text], Meta(description="What rests on results, not on the text, or is not known")]
    completeness: Annotated[Text, Meta(description="How complete the data of a city must be to be ranked")]


class RankingItem(msgspec.Struct, frozen=True, gc=False):
    """What a city has of one item in the period."""

    value: Annotated[Value, Meta(description="Mean of the days, or their percentile, in the unit of the item")]
    single: Annotated[
        float | None, Meta(description="Single index (单项指数) [-]; null: no valid day", examples=[0.83])
    ]
    valid: Annotated[int, Meta(description="Valid days [d]")]
    missing: Annotated[int, Meta(description="Days of the period that are over and have no valid value [d]")]


class RankedStatistic(msgspec.Struct, frozen=True, gc=False):
    """Which statistic of an item the index takes, and its limit."""

    item: ItemKey
    percent: Annotated[int | None, Meta(description="The percentile of the days [%]; null: their mean", examples=[95])]
    limit: Annotated[float, Meta(description="What it is divided by, in the unit of the item")]
    decimals: int
    weight: Annotated[float, Meta(description="[-]")]


class Neighbour(msgspec.Struct, frozen=True, gc=False):
    """The nearest city with another figure, and how far it is."""

    codes: Annotated[list[CityCode], Meta(description="All that have this figure")]
    gap: Annotated[float, Meta(description="By how much the figure differs, in its unit", examples=[0.03])]


class RankedCity(msgspec.Struct, frozen=True):
    """A key city in the ranking."""

    code: CityCode
    name: Name
    region: Annotated[Name | None, Meta(description="Key region (重点区域); null: none")]
    simulated: Simulated
    rank: Rank
    region_rank: Annotated[Rank, Meta(description="Among the cities of its region")]
    index: CompositeIndex
    primary: Annotated[list[ItemKey], Meta(description="Items with the largest single index")]
    items: dict[ItemKey, RankingItem]
    rate: RatePercent
    good: Annotated[int, Meta(description="Good days [d]")]
    counted: Annotated[int, Meta(description="Days that count in the rate [d]")]
    valid: Annotated[
        int,
        Meta(
            description="Valid days that the figure rests on: of an index, of the item that has the fewest; of a rate, "
            "those that count; of a change, the fewer of both periods [d]"
        ),
    ]
    thin: Annotated[
        bool, Meta(description="It has a rank, but fewer valid days than `valid_share` of the days of the period")
    ]
    index_before: Annotated[CompositeIndex, Meta(description="In the same period of last year")]
    rate_before: Annotated[RatePercent, Meta(description="In the same period of last year")]
    change: Annotated[
        float | None, Meta(description="Change of the index against last year [%]; below 0 it got better; null: none")
    ]
    better_than: Annotated[float | None, Meta(description="Share of the ranked cities that it is better than [%]")]
    ahead: Annotated[Neighbour | None, Meta(description="The next better; null: none")]
    behind: Annotated[Neighbour | None, Meta(description="The next worse; null: none")]
    best: Annotated[
        bool,
        Meta(
            description="On the list of the best, such as the best 20; never while fewer than twice as many are ranked"
        ),
    ]
    worst: Annotated[bool, Meta(description="On the list of the worst; as `best`")]
    revision: Annotated[Revision, Meta(description="Of the days of this city")]
    reason: Annotated[Name | None, Meta(description="Why it has no rank; null: it has one")]
    official_rank: Annotated[
        int | None, Meta(description="Rank that was published of the same months and imported; null: none is known")
    ] = None


class RankingAnswer(msgspec.Struct, frozen=True):
    """The key cities in their order."""

    sequence: Sequence
    revision: Annotated[Revision, Meta(description="Of the days of all cities")]
    simulated: Annotated[bool, Meta(description="Whether the data of any of the cities are made up")]
    start: Date
    end: After
    over: Annotated[str, Meta(description="First natural day that is not over: the figures rest on those before it")]
    days: Annotated[int, Meta(description="Days of the period that are over [d]")]
    period: Annotated[
        Text, Meta(description="Name of the days that are over", examples=[{"zh": "2026年10月", "en": "2026-10"}])
    ]
    before_start: Annotated[Date, Meta(description="First day of the same period of last year")]
    before_end: After
    ranked_by: RankedBy
    number: Annotated[int, Meta(description="How many have a rank [-]")]
    of: Annotated[int, Meta(description="How many key cities there are on the last day [-]", examples=[168])]
    valid_share: Annotated[
        int, Meta(description="Share of valid days below which a city is marked [%]; ours, no rule asks for one")
    ]
    thin: Annotated[int, Meta(description="How many of the ranked cities are marked [-]")]
    lists: Annotated[
        bool, Meta(description="Whether so many are ranked that there are lists of the best and the worst")
    ]
    listed: Annotated[int, Meta(description="Length of the lists of the best and of the worst [-]", examples=[20])]
    rule: RankingRule
    statistics: Annotated[list[RankedStatistic], Meta(description="In the order of the rule")]
    editions: Annotated[list[Edition], Meta(description="Of HJ 633, that judge the days of the rate")]
    rules: Annotated[Rules | None, Meta(description="Of means, percentiles and the rate")]
    limits: Annotated[
        str | None, Meta(description="Edition of GB 3095 by which a city is exempt from the list of the worse")
    ]
    items: dict[ItemKey, Item]
    region: Annotated[Name | None, Meta(description="The cities are those of this region only; ranks are among all")]
    regions: Annotated[list[Name], Meta(description="Regions of that day")]
    cities: Annotated[list[RankedCity], Meta(description="Those with a rank, the best first")]
    unranked: Annotated[list[RankedCity], Meta(description="Those without, by their code")]
    publication: Annotated[
        PublishedMonth | None, Meta(description="The month as it was published; null: it was not, or is no month")
    ] = None
    explanation: Explanation | UnsetType = UNSET
