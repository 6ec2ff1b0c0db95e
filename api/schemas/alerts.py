"""Answers about alerts."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from qingchuan.api.schemas.common import Class, ClassScale, ItemKey, Simulated, SubjectId, Time
from qingchuan.store.subjects import Name


class Deciding(msgspec.Struct, frozen=True, gc=False):
    """An item that has the class of the episode."""

    item: ItemKey
    value: Annotated[float, Meta(description="In `unit`", examples=[0.34])]
    unit: Annotated[str, Meta(examples=["mg/L"])]
    class_: Annotated[int, Meta(ge=1, le=6)] = msgspec.field(name="class")
    limit: Annotated[float | None, Meta(description="Limit that it exceeds, in `unit`", examples=[0.3])]
    time: Time


class Notice(msgspec.Struct, frozen=True, gc=False):
    """Word of an episode on its way to somebody."""

    target: Annotated[str, Meta(description="Name of the notifier")]
    reason: Annotated[str, Meta(description="What happened to the episode", examples=["opened"])]
    state: Annotated[str, Meta(description="waiting, sending, sent or failed", examples=["sent"])]
    created: Time
    possibly_repeated: bool
    error: Annotated[str, Meta(description="What the last attempt ran into; empty: nothing")]


class Alert(msgspec.Struct, frozen=True, gc=False):
    """An episode of one rule on one subject."""

    id: int
    rule: str
    title: Name
    subject: SubjectId
    name: Name
    simulated: Simulated
    state: Annotated[str, Meta(description="open, closed or retracted", examples=["open"])]
    opened: Time
    closed: Time | None
    level: Annotated[Class, Meta(description="Now, or at the end")]
    worst: Class
    deciding: list[Deciding]
    edition: Annotated[str, Meta(examples=["GB 3838—2002"])]
    sequence: Annotated[int, Meta(description="Newest message behind the episode")]
    notices: list[Notice]
    history: Annotated[bool, Meta(description="No notice was sent, because the event was not recent")]


class Alerts(msgspec.Struct, frozen=True):
    """Episodes, newest first."""

    sequence: Annotated[
        int,
        Meta(description="Message up to which the rules have been applied; behind that of the data for a moment"),
    ]
    alerts: list[Alert]
    scale: Annotated[ClassScale | UnsetType, Meta(description="Of the live document only")] = UNSET
