"""Answers about what messages leave behind: missing numbers, windows, clocks."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import Sequence, SubjectId, Time
from qingchuan.store.subjects import Name
from qingchuan.store.traces import GapState, WindowKind

Noticed = Annotated[int, Meta(description="Number of the message by which it was noticed")]


class NumberRange(msgspec.Struct, frozen=True, gc=False):
    """Numbers that a station counted its messages by."""

    first: int
    last: int


class Gap(msgspec.Struct, frozen=True):
    """Numbers that a subject passed over (缺号)."""

    sequence: Noticed
    subject: SubjectId
    numbers: NumberRange
    state: Annotated[
        GapState, Meta(description="open; late: all of them came later; lost: given up, as it counts anew since")
    ]
    missing: Annotated[list[NumberRange], Meta(description="Those that have not come")]
    since: Annotated[Time, Meta(description="What was told before it")]
    until: Annotated[Time, Meta(description="What was told after it")]
    received: Annotated[Time, Meta(description="When it was noticed")]


class GapTotal(msgspec.Struct, frozen=True):
    """How many gaps there are."""

    open: int
    late: int
    lost: int


class GapsAnswer(msgspec.Struct, frozen=True):
    """The newest gaps in the numbers of messages."""

    sequence: Sequence
    total: GapTotal
    gaps: list[Gap]


class Window(msgspec.Struct, frozen=True):
    """A stretch of time in which messages may have been lost, or nobody took them."""

    sequence: Noticed
    kind: Annotated[
        WindowKind,
        Meta(description="no-session: the broker had forgotten the client; service-away, broker-away: not there"),
    ]
    name: Name
    source: Annotated[str, Meta(description="The MQTT client id", examples=["qingchuan"])]
    begin: Time
    end: Annotated[str | None, Meta(description="null: it lasts", examples=["2026-11-25T08:00:00+08:00"])]
    reason: str


class WindowsAnswer(msgspec.Struct, frozen=True):
    """The newest windows of possible loss."""

    sequence: Sequence
    windows: list[Window]


class Clock(msgspec.Struct, frozen=True):
    """How the clock of a subject goes, by its last live messages."""

    subject: SubjectId
    offset: Annotated[
        int | None,
        Meta(description="How far its times lie behind their receipt [s]; below 0: ahead; null: not measured yet"),
    ]
    messages: Annotated[int, Meta(description="Messages that it is measured by, at most 24")]
    verdict: Annotated[
        Literal["right", "time-zone", "wrong"] | None,
        Meta(description="time-zone: off by about whole hours; null: not measured yet"),
    ]
    hours: Annotated[int | None, Meta(description="By how many hours the time zone is off", examples=[8])]
    latest: Annotated[str | None, Meta(description="Newest time that it told of; null: none yet")]


class ClocksAnswer(msgspec.Struct, frozen=True):
    """The clocks of all subjects that have told anything."""

    sequence: Sequence
    clocks: list[Clock]
