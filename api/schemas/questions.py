"""What the answers to questions about a city in a period share."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from qingchuan.api.schemas.air import Edition, Rules
from qingchuan.api.schemas.common import Date, Revision, Sequence, Simulated, SubjectId
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.processing.standards import Text
from qingchuan.store.subjects import Name

After = Annotated[str, Meta(description="First natural day after it", examples=["2026-11-25"])]


class Asked(msgspec.Struct, frozen=True, gc=False):
    """The period of a question, and how far it is over."""

    start: Date
    end: After
    over: Annotated[str, Meta(description="First natural day that is not over", examples=["2026-11-25"])]
    days: Annotated[int, Meta(description="Days of the period [d]")]
    days_over: Annotated[int, Meta(description="Those that are over; every figure rests on these [d]")]
    kind: Annotated[str, Meta(description="What the days that are over are", examples=["year_to_date"])]
    name: Annotated[Text, Meta(description="Of the days that are over")]


class StatedEdition(msgspec.Struct, frozen=True, gc=False):
    """The one edition that a figure of a whole period is by, and why it is this one."""

    document: Annotated[str, Meta(examples=["GB 3095—2026"])]
    reason: Text


class CityAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of a city in a period."""

    subject: SubjectId
    name: Name
    simulated: Simulated
    sequence: Sequence
    revision: Revision
    asked: Asked
    editions: Annotated[list[Edition], Meta(description="Of HJ 633, each day by the one in force on it")]
    rules: Annotated[Rules | None, Meta(description="Of means, percentiles and rates; null: before the first edition")]
    explanation: Explanation | UnsetType = UNSET
