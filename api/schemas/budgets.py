"""Answers to what the rest of a period must be, so that a target of the period is reached."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import Item, ItemKey
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.schemas.questions import CityAnswer
from qingchuan.processing.standards import Text

Days = Annotated[int, Meta(description="[d]")]
State = Annotated[
    str,
    Meta(
        description="open: the remaining days decide; safe: reached whatever comes; out-of-reach; "
        "not-asked: no day counts and none remains",
        examples=["open"],
    ),
]
Left = Annotated[int, Meta(description="Days of the period that are not over [d]")]


class EarlierYear(msgspec.Struct, frozen=True, gc=False):
    """What the whole period comes to if its rest is as in an earlier year."""

    year: int
    figure: Annotated[float | None, Meta(description="In the unit of the target")]
    reached: bool


class Chance(msgspec.Struct, frozen=True, gc=False):
    """How likely the target is reached, as far as earlier years tell; changes of emissions are not in it."""

    probability: Annotated[
        float | None, Meta(description="Share of the draws that reach it [-]; null: no year to go by")
    ]
    reached: Annotated[int, Meta(description="Earlier years that reach it")]
    years: Annotated[list[EarlierYear], Meta(description="Latest first")]
    draws: Annotated[int, Meta(description="Rests that were put together [-]")]
    block_days: Annotated[int, Meta(description="Successive days that come from one year [d]")]


class RateBudget(msgspec.Struct, frozen=True, gc=False):
    """How many of the remaining days may be bad."""

    target: Annotated[
        float,
        Meta(description="Good-air rate to reach: the smallest published one that is not below what was asked for [%]"),
    ]
    rate: Annotated[float | None, Meta(description="So far [%]")]
    good: Days
    counted: Annotated[int, Meta(description="Days so far that count [d]")]
    good_needed: Annotated[int | None, Meta(description="Of the remaining days, at least [d]")]
    bad_allowed: Annotated[int | None, Meta(description="Of the remaining days, at most [d]")]
    share_needed: Annotated[float | None, Meta(description="Share of the remaining days that must be good [%]")]
    state: State
    state_name: Text
    chance: Chance | None


class MeanBudget(msgspec.Struct, frozen=True, gc=False):
    """How high the mean of the remaining days may be."""

    item: ItemKey
    target: Annotated[float, Meta(description="Mean of the period that is enough [unit of the item]")]
    mean: Annotated[float | None, Meta(description="So far [unit of the item]")]
    counted: Annotated[int, Meta(description="Valid days so far [d]")]
    largest_mean: Annotated[
        float | None, Meta(description="Of the remaining days, cut to a decimal more [unit of the item]")
    ]
    largest_level: Annotated[float | None, Meta(description="That all remaining days may have [unit of the item]")]
    state: State
    state_name: Text
    chance: Chance | None


class DaysBudget(msgspec.Struct, frozen=True, gc=False):
    """How many of the remaining days may be heavily polluted."""

    most: Annotated[int, Meta(description="That the period may have [d]")]
    so_far: Days
    allowed: Annotated[int | None, Meta(description="Of the remaining days, at most [d]")]
    above: Annotated[int, Meta(description="AQI above which a day is heavily polluted [-]")]
    state: State
    state_name: Text


class CityBudgetAnswer(CityAnswer, frozen=True, kw_only=True):
    """What the rest of the period must be; of the targets that were asked for."""

    left: Left
    items: dict[ItemKey, Item]
    assumed: Text
    rate: RateBudget | None
    pm25: MeanBudget | None
    heavy: DaysBudget | None
    explanations: Annotated[
        list[Explanation], Meta(description="With explain=true: of each of them, and of its chance")
    ]
