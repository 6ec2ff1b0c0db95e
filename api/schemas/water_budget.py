"""Answers about single sections: what the rest of a year may hold, and how the class of a reading came about."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from qingchuan.api.schemas.common import Class, ItemKey, Revision, Sequence, Simulated, SubjectId, Value
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.schemas.water import Reading, WaterBody
from qingchuan.api.schemas.water_periods import Editions, TargetClass
from qingchuan.processing.standards import Text
from qingchuan.store.subjects import Name

BudgetState = Literal["open", "safe", "out_of_reach", "not_asked"]
"""The bound decides; met whatever comes; missed whatever comes; nothing to say."""


class ItemBudget(msgspec.Struct, frozen=True, gc=False):
    """What one item may reach in the remaining months."""

    name: Name
    state: Annotated[
        BudgetState,
        Meta(
            description="open: the bound decides; safe: met whatever comes; out_of_reach: missed whatever comes; "
            "not_asked: judged by a range (pH), or not at all"
        ),
    ]
    bound: Annotated[Value, Meta(description="Mean of the remaining months with which it is met; null: not open")]
    side: Annotated[
        Literal["at_most", "at_least"] | None, Meta(description="On which side of the bound the months must stay")
    ]
    limit: Annotated[Value, Meta(description="Of the class")]
    mean: Annotated[Value, Meta(description="Mean of the months so far, as it would be published; null: none")]
    months: Annotated[int, Meta(description="Months so far that have a value [-]")]


class BudgetAnswer(msgspec.Struct, frozen=True):
    """How low each item must stay for a section to reach a class over a year (年度达标余量)."""

    subject: SubjectId
    name: Name
    water_body: WaterBody
    target_class: TargetClass
    simulated: Simulated
    sequence: Sequence
    revision: Annotated[Revision, Meta(description="Of the samples of the year so far")]
    year: Annotated[int, Meta(examples=[2026])]
    class_: Annotated[Class, Meta(description="The class that is to be reached")] = msgspec.field(name="class")
    months_over: Annotated[int, Meta(description="Months of the year that are over [-]")]
    remaining: Annotated[int, Meta(description="Months that are not; the running one with them [-]")]
    state: Annotated[BudgetState, Meta(description="Of the section: the worst of its items")]
    sentence: Annotated[Text, Meta(description="In words")]
    items: Annotated[dict[ItemKey, ItemBudget], Meta(description="Those that judge and were sampled in the year")]
    editions: Editions
    explanation: Explanation | UnsetType = UNSET


class ReadingExplainedAnswer(msgspec.Struct, frozen=True):
    """How the real-time class of a reading came about."""

    subject: SubjectId
    name: Name
    water_body: WaterBody
    target_class: TargetClass
    simulated: Simulated
    sequence: Sequence
    reading: Reading
    explanation: Annotated[Explanation | None, Meta(description="null: the reading is from before the first edition")]
