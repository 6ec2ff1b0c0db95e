"""Answers to what it takes for a city to gain places."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import Item, ItemKey
from qingchuan.api.schemas.questions import CityAnswer
from qingchuan.processing.standards import Text

Concentration = Annotated[float | None, Meta(description="[unit of the item]")]


class Need(msgspec.Struct, frozen=True, gc=False):
    """What one item alone must be, the others being as they are so far."""

    item: ItemKey
    statistic: Annotated[Text, Meta(description="Mean, or which percentile")]
    so_far: Concentration
    single: Annotated[float | None, Meta(description="Single index so far [-]")]
    largest_single: Annotated[float | None, Meta(description="With which the goal is reached [-]")]
    largest: Annotated[float | None, Meta(description="Of the whole period, with which it is [unit of the item]")]
    remaining_mean: Annotated[
        float | None, Meta(description="Largest mean of the remaining days, cut to a decimal more [unit of the item]")
    ]
    level: Annotated[float | None, Meta(description="That all remaining days may have [unit of the item]")]
    days_above: Annotated[
        int | None, Meta(description="Of a percentile: so many remaining days may lie above `largest`, however far [d]")
    ]
    days_above_at_most: Annotated[
        int | None, Meta(description="With more days above it the goal is missed for certain [d]")
    ]
    reason: Annotated[Text | None, Meta(description="Why it is out of reach by this item alone")]


class WhatIfAnswer(CityAnswer, frozen=True, kw_only=True):
    """What each pollutant must be over the remaining days for the city to gain places."""

    left: Annotated[int, Meta(description="Days of the period that are not over [d]")]
    rule: Annotated[str, Meta(examples=["环办监测〔2018〕19号"])]
    items: dict[ItemKey, Item]
    total: Annotated[float | None, Meta(description="Composite index so far [-]")]
    rank: int | None
    number: Annotated[int, Meta(description="Cities that have a rank")]
    gain: int
    goal: Annotated[int | None, Meta(description="Rank to be reached")]
    target: Annotated[
        float | None, Meta(description="Composite index that is enough for it [-]; a tie shares the rank")
    ]
    ahead: Annotated[list[Text], Meta(description="Cities that have this index now")]
    basis: Text
    needs: list[Need]
    reason: Annotated[Text | None, Meta(description="Why there is no answer")]
