"""Answers about the day in progress."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from qingchuan.api.schemas.common import Date, Item, ItemKey, Level, Revision, Sequence, Simulated, SubjectId
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.processing.standards import Text
from qingchuan.store.subjects import Name

State = Annotated[
    str,
    Meta(
        description="open: the remaining hours decide; safe: good whatever comes; out-of-reach: the day is spoilt; "
        "no-value: too few valid hours can still come",
        examples=["open"],
    ),
]


class ItemToday(msgspec.Struct, frozen=True, gc=False):
    """An item of the day so far."""

    so_far: Annotated[
        float | None, Meta(description="Mean since 1:00, or largest 8-hour mean that has ended [unit of the item]")
    ]
    valid: Annotated[int, Meta(description="Valid hours, or valid 8-hour means, so far [-]")]
    earliest: Annotated[
        int | None, Meta(description="Label of the hour by which there are enough; null: there cannot be any more [h]")
    ]
    good_up_to: Annotated[float | None, Meta(description="Largest concentration of a good day [unit of the item]")]
    remaining_mean: Annotated[
        float | None, Meta(description="Largest mean of the remaining hours, cut to a decimal more [unit of the item]")
    ]
    remaining_level: Annotated[
        float | None, Meta(description="Largest value that all remaining hours may have [unit of the item]")
    ]
    state: State
    state_name: Text


class TodayAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A city's natural day of which some hours are over; all of it is provisional."""

    subject: SubjectId
    name: Name
    simulated: Simulated
    sequence: Sequence
    revision: Annotated[Revision, Meta(description="Of its hours so far; a day in progress is always provisional")]
    date: Date
    passed: Annotated[int, Meta(description="Label of the last hour that is over [h]")]
    left: Annotated[int, Meta(description="Hours that remain [h]")]
    edition: Annotated[str, Meta(examples=["HJ 633—2026"])]
    aqi: Annotated[int | None, Meta(description="Of the concentrations so far, provisional [-]")]
    level: Level | None
    primary: list[ItemKey]
    state: State
    state_name: Text
    items: dict[ItemKey, Item]
    so_far: dict[ItemKey, ItemToday]
    explanation: Explanation | UnsetType = UNSET
