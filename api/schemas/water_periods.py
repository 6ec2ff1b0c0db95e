"""Answers about the water over days, weeks, months and years."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from qingchuan.api.schemas.common import Class, Date, ItemKey, Sequence, Simulated, State, SubjectId, Value
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.schemas.water import WaterBody
from qingchuan.store.subjects import Name

By = Literal["day", "week", "month", "year"]
SampleSource = Literal["automatic", "manual"]

TargetClass = Annotated[int | None, Meta(description="Class that it is to keep, 1 to 5 for Ⅰ to Ⅴ; null: none")]
After = Annotated[str, Meta(description="First natural day after it", examples=["2026-12-01"])]
Multiple = Annotated[
    float | None, Meta(description="By how many times it exceeds the limit (超标倍数) [-]; null: not, or it has none")
]
Editions = Annotated[
    list[str], Meta(description="Documents that it is judged by", examples=[["GB 3838—2002", "环办〔2011〕22号"]])
]


class PeriodItem(msgspec.Struct, frozen=True, gc=False):
    """One item over a period."""

    value: Annotated[Value, Meta(description="Mean, rounded once to the decimals of evaluation; null: too little")]
    class_: Annotated[int | None, Meta(description="Class of this item alone")] = msgspec.field(name="class")
    judges: Annotated[bool, Meta(description="Whether it takes part in the class; else it is told apart (参考指标)")]
    count: Annotated[int, Meta(description="Valid samples behind the mean; of a year months [-]")]
    needed: Annotated[int, Meta(description="The fewest that will do [-]")]
    sources: Annotated[list[SampleSource], Meta(description="Automatic station (自动监测), laboratory (手工监测)")]
    multiple: Annotated[Multiple, Meta(description="Against class Ⅲ")]
    target_multiple: Annotated[Multiple, Meta(description="Against the target of the section")]


class MainPollutant(msgspec.Struct, frozen=True, gc=False):
    """A main pollutant (主要污染指标) of a section."""

    item: ItemKey
    name: Name
    multiple: Multiple


class Trophic(msgspec.Struct, frozen=True):
    """Trophic state (营养状态) of a lake."""

    index: Annotated[float, Meta(description="TLI(Σ) [-]", examples=[48.0181])]
    state: Annotated[Name, Meta(examples=[{"zh": "中营养", "en": "Mesotrophic"}])]
    edition: str
    explanation: Explanation | UnsetType = UNSET


class SectionPeriod(msgspec.Struct, frozen=True):
    """A section over a period."""

    start: Date
    end: After
    days: Annotated[int, Meta(description="Days of it that are over; it rests on these [d]")]
    over: Annotated[bool, Meta(description="Whether all of it is over")]
    class_: Annotated[
        Class | None, Meta(description="By the worst of the items that judge; null: none of them has a mean")
    ] = msgspec.field(name="class")
    automatic_only: Annotated[bool, Meta(description="Whether the class rests on automatic items alone")]
    deciding: Annotated[list[ItemKey], Meta(description="Items that have the class of the section, from Ⅱ on")]
    main: Annotated[list[MainPollutant], Meta(description="Up to three, worst first; none up to class Ⅲ")]
    target_met: Annotated[bool | None, Meta(description="Whether it reaches its target; null: no class or no target")]
    items: Annotated[dict[ItemKey, PeriodItem], Meta(description="Those that were sampled in any of the periods")]
    trophic: Annotated[Trophic | None, Meta(description="Of lakes; null: no lake, or one of the items is missing")]
    editions: Editions
    sequence: Annotated[int, Meta(description="Newest message behind it; 0: nothing was told")]
    state: State = "provisional"
    explanation: Explanation | UnsetType = UNSET


class PeriodsAnswer(msgspec.Struct, frozen=True):
    """A section over days, weeks, months or years."""

    subject: SubjectId
    name: Name
    river: Name | None
    water_body: WaterBody
    target_class: TargetClass
    simulated: Simulated
    sequence: Sequence
    by: By
    periods: list[SectionPeriod]
