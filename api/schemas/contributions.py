"""Answers to which station, pollutant and day cost a city most."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from qingchuan.api.schemas.common import Item, ItemKey
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.schemas.questions import CityAnswer
from qingchuan.processing.standards import Text


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """By how much the figures are worse with a part than without it; below 0 it helps."""

    id: Annotated[str, Meta(description="Station, pollutant or day", examples=["1235A", "pm25", "2026-01-15"])]
    name: Text
    rate: Annotated[float | None, Meta(description="Percentage points of the good-air rate; null: not known")]
    index: Annotated[float | None, Meta(description="Of the composite index [-]; null: not known")]
    rank: Annotated[int | None, Meta(description="Places; null: not known")]
    explanation: Explanation | UnsetType = UNSET


class Pollutant(Part, frozen=True, kw_only=True):
    """What a pollutant costs."""

    single: Annotated[float | None, Meta(description="Its single index [-]")]
    bad_days: Annotated[int, Meta(description="Days that are not good in it [d]")]
    alone: Annotated[int, Meta(description="Those that no other pollutant spoils [d]")]


class Whole(msgspec.Struct, frozen=True, gc=False):
    """The figures with all parts."""

    rate: Annotated[float | None, Meta(description="Good-air rate [%]")]
    index: Annotated[float | None, Meta(description="Composite index [-]")]
    rank: Annotated[int | None, Meta(description="Among the key cities")]


class ContributionsAnswer(CityAnswer, frozen=True, kw_only=True):
    """What costs a city most: leave one out, and see how much better the figures are."""

    items: dict[ItemKey, Item]
    whole: Whole
    pollutants: Annotated[list[Pollutant], Meta(description="Dearest first")]
    days: Annotated[list[Part], Meta(description="The dearest, at most 20; dearest first")]
    stations: Annotated[list[Part], Meta(description="Dearest first")]
    station_days: Annotated[
        int, Meta(description="Days of which values of stations are there: theirs rest on these [d]")
    ]
    whole_of_stations: Annotated[Whole | None, Meta(description="The figures of those days; null: there are none")]
