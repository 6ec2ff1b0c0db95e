"""Answers about what changed between two messages, and why."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import ItemKey, SubjectId, Time, Value
from qingchuan.processing.standards import Text
from qingchuan.store.subjects import Name

Why = Literal["late", "corrected", "flagged", "station-check", "audited", "again", "imported", "announced"]
FigureKind = Literal["aqi", "mean", "percentile", "rate", "index", "rank", "class"]
Beside = Literal["manual"]
Unit = Literal["day", "month", "year"]
MessageNumber = Annotated[int, Meta(description="Number of the message", examples=[1042])]
RevisedPeriod = Annotated[
    str,
    Meta(
        description="hour, day, instant; dust: a day of which hours were declared; subject: an announcement",
        examples=["hour"],
    ),
]


class RevisedValue(msgspec.Struct, frozen=True, gc=False):
    """An item of a reading, before and after."""

    old: Value
    old_flag: Annotated[int, Meta(description="QARTOD; 9: there was none")]
    new: Value
    new_flag: Annotated[int, Meta(description="QARTOD")]
    by: Annotated[str | None, Meta(description="What set the flag that it has now; null: nothing", examples=["spike"])]


class RevisedReading(msgspec.Struct, frozen=True):
    """A reading that came late, or was told differently, and the message that did it."""

    subject: SubjectId
    name: Name
    period: RevisedPeriod
    start: Annotated[Time | None, Meta(description="Of the hour or day, or the instant; null: of no time")]
    why: Annotated[
        Why,
        Meta(
            description="late 迟报: nothing was told of it before, or of an item; corrected 更正: another number; "
            "flagged 标记变更: another flag only; station-check 质控核查: a failed check flagged it; audited 审核; "
            "again 再次应用: of a dead letter; imported 导入; announced 公告: a station told of itself where it belongs"
        ),
    ]
    why_name: Name
    values: Annotated[dict[ItemKey, RevisedValue], Meta(description="The items that differ, by key")]
    origin: Annotated[
        Beside | None,
        Meta(description="manual 手工监测: a sample of a laboratory, beside what the station told; null: all else"),
    ]
    sequence: Annotated[MessageNumber, Meta(description="The last message between both that wrote it")]
    received: Annotated[Time | None, Meta(description="When it came; null: the journal does not have it any more")]
    topic: Annotated[str, Meta(description="Of the message; may be empty", examples=["qingchuan/1234A/hour"])]
    link: Annotated[str | None, Meta(description="The reading as it was after that message")]


class RevisedFigure(msgspec.Struct, frozen=True):
    """A figure that differs: the same days, as they were known after both messages."""

    kind: FigureKind
    name: Annotated[Text, Meta(examples=[{"zh": "空气质量指数", "en": "AQI"}])]
    item: Annotated[ItemKey | None, Meta(description="Of a mean or percentile")]
    subject: SubjectId
    subject_name: Name
    unit: Unit
    period: Annotated[str, Meta(description="ISO 8601: the day, month or year", examples=["2026-11"])]
    old: Annotated[float | str | None, Meta(description="null: there was none", examples=[3.12])]
    new: Annotated[float | str | None, Meta(examples=[3.13])]
    sequence: Annotated[MessageNumber, Meta(description="Newest of the messages that changed it")]
    causes: Annotated[list[int], Meta(description="Places in `readings` of the first that it rests on; at most 20")]
    caused_by: Annotated[int, Meta(description="How many readings it rests on differ [-]")]
    sentence: Annotated[Text, Meta(description="What changed and why, in words")]


class RevisionsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What changed between two messages, and why (修订)."""

    from_sequence: Annotated[MessageNumber, Meta(description="As it was after this message")]
    to_sequence: Annotated[MessageNumber, Meta(description="And after this one")]
    from_time: Annotated[Time | None, Meta(description="When the first was received")]
    to_time: Annotated[Time | None, Meta(description="When the second was")]
    over: Annotated[
        str,
        Meta(
            description="First natural day that was not over at the first message: only figures of days before it can "
            "have been given out, and are compared, over the same days",
            examples=["2026-11-25"],
        ),
    ]
    figures: list[RevisedFigure]
    readings: Annotated[list[RevisedReading], Meta(description="The readings that differ, by time; at most 1000")]
    without_figure: Annotated[list[int], Meta(description="Places in `readings` of those that change no figure here")]
    readings_in_all: Annotated[int, Meta(description="How many there are [-]")]
