"""Answers about which water got worse or better."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from qingchuan.api.schemas.common import Class, Date, ItemKey, Sequence, Simulated, SubjectId, Time
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.schemas.water import WaterBody
from qingchuan.api.schemas.water_periods import After, Editions, TargetClass
from qingchuan.processing.standards import Text
from qingchuan.store.subjects import Name

Against = Literal[
    "previous_reading", "previous_day", "previous_month", "same_month_last_year", "target_of_day", "target_of_month"
]
Direction = Literal["worse", "better", "same", "unknown"]


class Judged(msgspec.Struct, frozen=True, gc=False):
    """A class, and what it is the class of; a target has neither time nor days."""

    class_: Class | None = msgspec.field(name="class")
    time: Annotated[Time | None, Meta(description="Of a reading; null: of a period")]
    start: Annotated[Date | None, Meta(description="Of a period; null: of a reading")]
    end: Annotated[After | None, Meta(description="Of a period, as far as it is over")]


class Cause(msgspec.Struct, frozen=True, gc=False):
    """An item that changed the class of a section."""

    item: ItemKey
    name: Name
    earlier: Annotated[int | None, Meta(description="Its own class before; null: not measured, or against a target")]
    later: Annotated[int | None, Meta(description="Its own class now; null: not measured")]


class ClassChange(msgspec.Struct, frozen=True):
    """How the class of a section changed against one thing."""

    against: Against
    name: Annotated[Name, Meta(examples=[{"zh": "前一日", "en": "the day before"}])]
    earlier: Judged
    later: Judged
    direction: Annotated[
        Direction, Meta(description="Against a target worse: it is missed. unknown: one of the classes is missing")
    ]
    classes: Annotated[int, Meta(description="By how many it is worse (下降); negative: better (上升) [-]")]
    causes: list[Cause]
    sentence: Annotated[Text, Meta(description="The change in words")]
    explanation: Explanation | UnsetType = UNSET


class EarlyWarning(msgspec.Struct, frozen=True):
    """Early warning (水质预警) of a section whose month fell against last year."""

    level: Annotated[
        int | None,
        Meta(
            description="1 is the highest; null: not all conditions hold, or the section lies where no warning is given"
        ),
    ]
    name: Annotated[Name | None, Meta(examples=[{"zh": "二级预警", "en": "warning of level 2"}])]
    edition: str
    sentence: Annotated[Text, Meta(description="Why, in words")]
    remark: Annotated[
        Text | None,
        Meta(
            description="Where the measures apply, and how that is known of the section; null: they do not apply to it"
        ),
    ]
    explanation: Explanation | UnsetType = UNSET


class SectionChanges(msgspec.Struct, frozen=True):
    """What changed at a section."""

    subject: SubjectId
    name: Name
    river: Name | None
    water_body: WaterBody
    city: Annotated[str | None, Meta(description="Six digits of GB/T 2260", examples=["330200"])]
    target_class: TargetClass
    simulated: Simulated
    changes: list[ClassChange]
    warning: Annotated[
        EarlyWarning | None,
        Meta(
            description="null: its month is not worse than that of last year, or not worse than Ⅲ, or one of them or "
            "the target is missing"
        ),
    ]


class WithoutClass(msgspec.Struct, frozen=True, gc=False):
    """A section of whose class on a day nothing is known."""

    subject: SubjectId
    name: Name


class ChangesAnswer(msgspec.Struct, frozen=True):
    """Sections whose class changed, those that got worse most first."""

    date: Annotated[Date, Meta(description="The day that is compared: its last reading, its mean, its month so far")]
    sequence: Sequence
    simulated: Simulated
    editions: Editions
    of: Annotated[int, Meta(description="How many sections were looked at [-]")]
    without_class: Annotated[
        list[WithoutClass], Meta(description="Those of them without a reading or a mean on that day that has a class")
    ]
    targets: Annotated[
        int, Meta(description="How many have a target, and a class of the day or of the month to hold against it [-]")
    ]
    sections: list[SectionChanges]
