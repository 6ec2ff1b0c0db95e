"""Answers to what the same days are under two editions, and under the limits of 2031."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.air import Lacking
from qingchuan.api.schemas.common import Date, Item, ItemKey
from qingchuan.api.schemas.questions import CityAnswer
from qingchuan.processing.standards import Text

Aqi = Annotated[int | None, Meta(description="[-] null: there is none")]
IsGood = Annotated[bool | None, Meta(description="null: the day does not count")]


class Column(msgspec.Struct, frozen=True, gc=False):
    """Days under one reading of the standards."""

    name: Text
    good: Annotated[int, Meta(description="Good days [d]")]
    counted: Annotated[int, Meta(description="Days that count [d]")]
    rate: Annotated[float | None, Meta(description="Good-air rate [%]")]


class Lost(msgspec.Struct, frozen=True, gc=False):
    """Good days of the first column that another makes bad."""

    kept: Annotated[int, Meta(description="Stay good [d]")]
    lost: Annotated[int, Meta(description="Do not [d]")]
    by_item: Annotated[
        dict[ItemKey, int], Meta(description="Lost days that the item makes bad, alone or with others [d]")
    ]
    alone: Annotated[dict[ItemKey, int], Meta(description="Those that no other item makes bad [d]")]


class ComparedDay(msgspec.Struct, frozen=True, gc=False):
    """A day under each of them."""

    date: Date
    first: Aqi
    second: Aqi
    own: Annotated[Aqi, Meta(description="By the edition in force on the day [-]")]
    first_good: IsGood
    second_good: IsGood
    limits_good: IsGood
    missing: Lacking


class EditionsAnswer(CityAnswer, frozen=True, kw_only=True):
    """How many good days survive the edition of 2026, and the limits of 2031."""

    items: dict[ItemKey, Item]
    first: Column
    second: Column
    limits: Column
    own: Annotated[Column, Meta(description="Each day by the edition in force on it")]
    not_staged: Annotated[Text, Meta(description="What a column by limits is")]
    lost_by_second: Lost
    lost_by_limits: Lost
    days: list[ComparedDay]
