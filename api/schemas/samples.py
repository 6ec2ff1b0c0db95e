"""Answers about samples: everything that a laboratory, or the station, told of a section, as it was told."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import Flag, Item, ItemKey, Sequence, Simulated, SubjectId, Time, Valid, Value
from qingchuan.store.subjects import Name

SampledBy = Literal["manual", "automatic"]
"""Of a laboratory, or of the automatic station."""


class SampleValue(msgspec.Struct, frozen=True, gc=False):
    """One item of a sample."""

    value: Value
    below: Annotated[
        bool,
        Meta(description="Whether less was found than the laboratory can detect (0.004L, 未检出): value is that limit"),
    ]
    flag: Flag
    valid: Valid


class Sample(msgspec.Struct, frozen=True, gc=False):
    """What was found at one time; an item about which nothing was told is left out."""

    time: Time
    items: dict[ItemKey, SampleValue]
    sequence: Annotated[int, Meta(description="Newest message behind this sample")]


class SamplesAnswer(msgspec.Struct, frozen=True):
    """Samples of a section, in order of time."""

    subject: SubjectId
    name: Name
    simulated: Simulated
    sequence: Sequence
    sampled: Annotated[SampledBy, Meta(description="A laboratory's (手工监测), or the station's own (自动监测)")]
    items: Annotated[dict[ItemKey, Item], Meta(description="The items that any of them tells, with names and units")]
    samples: list[Sample]
