"""Answers about the water."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from qingchuan.api.schemas.common import (
    Class,
    ClassScale,
    Clock,
    Colour,
    Flag,
    Item,
    ItemKey,
    Sequence,
    Simulated,
    State,
    SubjectId,
    Time,
    Valid,
    Value,
)
from qingchuan.api.schemas.faults import OpenFault
from qingchuan.store.subjects import Name

WaterBody = Annotated[str, Meta(description="Column of GB 3838 that phosphorus is judged by", examples=["river"])]


class WaterItem(msgspec.Struct, frozen=True, gc=False):
    """One parameter of a reading, or the latest valid value it goes on with."""

    value: Value
    class_: Annotated[int | None, Meta(description="Class of this item alone")] = msgspec.field(name="class")
    flag: Flag
    time: Annotated[Time | None, Meta(description="When it was measured")]
    age: Annotated[int | None, Meta(description="How long before the reading it was measured [s]")]
    valid: Valid


class Reading(msgspec.Struct, frozen=True, gc=False):
    """A reading of a section and its class."""

    time: Time
    class_: Annotated[
        Class | None, Meta(description="By the worst of the items that judge in real time; null: none of them is valid")
    ] = msgspec.field(name="class")
    deciding: Annotated[list[ItemKey], Meta(description="Items that have the class of the section")]
    items: dict[ItemKey, WaterItem]
    edition: Annotated[
        str | None,
        Meta(description="Edition of the standard the class is by; null: before the first", examples=["GB 3838—2002"]),
    ]
    sequence: Annotated[int, Meta(description="Newest message behind this reading and the values that go on in it")]
    state: State = "provisional"


class ClassesAnswer(msgspec.Struct, frozen=True):
    """Readings of a section with their classes."""

    subject: SubjectId
    name: Name
    water_body: WaterBody
    simulated: Simulated
    sequence: Sequence
    readings: list[Reading]


class ReadingBrief(msgspec.Struct, frozen=True, gc=False):
    """The class of one reading."""

    time: Time
    class_: Annotated[int | None, Meta(description="1 to 5 for Ⅰ to Ⅴ; 6: worse than Ⅴ")] = msgspec.field(name="class")
    colour: Colour | None


class LiveSection(msgspec.Struct, frozen=True):
    """The water of a section now."""

    subject: SubjectId
    name: Name
    river: Name | None
    water_body: WaterBody
    city: Annotated[str | None, Meta(description="Six digits of GB/T 2260", examples=["330200"])]
    target_class: Annotated[int | None, Meta(description="Class that it is to keep, 1 to 5 for Ⅰ to Ⅴ")]
    simulated: Simulated
    reading: Annotated[Reading | None, Meta(description="Latest within 7 days")]
    history: Annotated[list[ReadingBrief], Meta(description="Readings of the last 7 days")]
    faults: Annotated[list[OpenFault], Meta(description="Instruments of it that look faulty now, see /api/v1/faults")]
    manual_only: Annotated[bool, Meta(description="Whether a laboratory samples it, and it never told by itself")]


class Water(msgspec.Struct, frozen=True):
    """The water now; `now` is the time of the answer."""

    clock: Clock
    sequence: Sequence
    items: dict[ItemKey, Item]
    scale: ClassScale
    sections: list[LiveSection]
    now: Time | UnsetType = UNSET
