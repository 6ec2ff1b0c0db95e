"""Answers about the quality control that stations do themselves."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import ItemKey, Sequence, SubjectId, Time
from qingchuan.store.subjects import Name

CheckKind = Literal["zero", "span", "standard", "recovery", "parallel"]


class CheckNumbers(msgspec.Struct, frozen=True, omit_defaults=True):
    """The numbers of a check as the station sent them, digit for digit; what it did not send is left out."""

    measured: Annotated[str, Meta(description="Of a spike with it, of parallel samples the second", examples=["0.03"])]
    standard: Annotated[str, Meta(description="What it should be", examples=["0"])] = ""
    span: str = ""
    water: Annotated[str, Meta(description="Of a spike without it, of parallel samples the first")] = ""
    concentration: Annotated[str, Meta(description="Of a spike: of the mother solution")] = ""
    volume: Annotated[str, Meta(description="Of a spike: of the mother solution")] = ""
    diluted: Annotated[str, Meta(description="Of a spike: the volume with it")] = ""


class Check(msgspec.Struct, frozen=True):
    """A check of an instrument (质控核查)."""

    sequence: Annotated[int, Meta(description="Number of the message that told of it")]
    subject: SubjectId
    item: ItemKey
    kind: CheckKind
    name: Name
    time: Time
    numbers: CheckNumbers
    unit: Annotated[str, Meta(description="Of its numbers", examples=["mg/L"])]
    passed: Annotated[bool | None, Meta(description="null: nothing says what would pass")]
    why: Annotated[Name, Meta(description="What that rests on, with the numbers in place")]
    bad_since: Annotated[
        Time | None, Meta(description="If it failed: later values of the item, up to the check, became flag 4")
    ]


class ChecksAnswer(msgspec.Struct, frozen=True):
    """The checks of a stretch of time, and what each item's last one of each kind came to."""

    sequence: Sequence
    checks: Annotated[list[Check], Meta(description="Newest first")]
    latest: Annotated[list[Check], Meta(description="The last of each kind of each item of each subject, of any time")]
