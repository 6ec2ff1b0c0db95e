"""Answers about what is missing, and why."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import Date, ItemKey, Sequence, Simulated, SubjectId
from qingchuan.processing.completeness import Cause
from qingchuan.store.subjects import Kind, Name

Expected = Annotated[int, Meta(description="Values that were due: an item in an hour, or in its cycle", examples=[144])]
There = Annotated[int, Meta(description="Those that are there and count", examples=[138])]
Missing = Annotated[
    dict[Cause, int], Meta(description="The others by cause; causes without any are left out", examples=[{"lost": 6}])
]
Percent = Annotated[
    float | None, Meta(description="there / expected, rounded once [%]; null: nothing was expected", examples=[95.8])
]


class CauseName(msgspec.Struct, frozen=True):
    """Why a value is missing; of several causes the first in this list that holds."""

    cause: Cause
    name: Name
    meaning: Name


class DayCompleteness(msgspec.Struct, frozen=True, gc=False):
    """One natural day."""

    date: Date
    expected: Expected
    there: There
    missing: Missing
    completeness: Percent


class MonthCompleteness(msgspec.Struct, frozen=True, gc=False):
    """One calendar month, whole, or as far as it is over."""

    month: Annotated[str, Meta(examples=["2026-11"])]
    expected: Expected
    there: There
    missing: Missing
    completeness: Percent


class FlaggedBy(msgspec.Struct, frozen=True, gc=False):
    """Values of an item that are there and do not count, by what set their flag."""

    item: ItemKey
    by: Annotated[str, Meta(description="A quality test, or the instrument or the check that says so")]
    name: Name
    values: Annotated[int, Meta(examples=[3])]


class CompletenessAnswer(msgspec.Struct, frozen=True):
    """How complete the data of a subject are, and why the rest is missing."""

    subject: SubjectId
    kind: Kind
    name: Name
    simulated: Simulated
    sequence: Sequence
    items: Annotated[list[ItemKey], Meta(description="The items that were expected in these months")]
    causes: Annotated[list[CauseName], Meta(description="In the order in which they are looked for")]
    days: list[DayCompleteness]
    months: Annotated[list[MonthCompleteness], Meta(description="The months of these days, whole")]
    flagged: Annotated[list[FlaggedBy], Meta(description="What set the flags that exclude values of these days")]
