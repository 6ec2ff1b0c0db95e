"""What is asked to publish a month, and answers about months that were published."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import Sequence, SubjectId, Time
from qingchuan.processing.standards import Text
from qingchuan.store.audit_messages import LONGEST

Month = Annotated[str, Meta(description="A calendar month of Beijing time", examples=["2018-08"])]
Version = Annotated[int, Meta(description="From 1", examples=[1])]
_Hash = Annotated[str, Meta(description="SHA-256 of the bytes, as sha256sum writes it")]


class PublishedMonth(msgspec.Struct, frozen=True):
    """The published version of the month that an answer is of (已发布)."""

    month: Month
    version: Version
    sha256: _Hash
    differs: Annotated[bool, Meta(description="Whether figures of the answer are not as they were published")]


class PublicationBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A month that is to be published."""

    month: Month
    by: Annotated[str, Meta(description="The person who publishes it", min_length=1, max_length=LONGEST)]
    cities: Annotated[
        list[str] | None,
        Meta(description="Codes; all cities if left out, or those of the version before", examples=[["330200"]]),
    ] = None
    unlock: Annotated[bool, Meta(description="Whether a month that was published gets another version")] = False
    reason: Annotated[str, Meta(description="Why it is unlocked", max_length=LONGEST)] = ""
    stated: Annotated[str | None, Meta(description="When it is published; now if left out. ISO 8601")] = None


class PublicationTaken(msgspec.Struct, frozen=True):
    """What was put into the journal."""

    month: Month
    version: Version
    sha256: _Hash
    data_sequence: Annotated[int, Meta(description="Number of the message up to which its data reach")]
    changes: Annotated[int, Meta(description="Figures that differ from the version before [-]")]
    sequence: Annotated[
        int, Meta(description="Number of the message; applied when the sequence of /api/v1/collector has reached it")
    ]


class PublishedVersion(msgspec.Struct, frozen=True):
    """A version of a month."""

    month: Month
    version: Version
    sequence: Annotated[int, Meta(description="Number of the message that has it, byte for byte")]
    data_sequence: Annotated[int, Meta(description="Number of the message up to which its data reach")]
    sha256: _Hash
    program: Annotated[str, Meta(description="Version of the program that computed it", examples=["0.1.0"])]
    by: Annotated[str, Meta(description="The person who published it")]
    reason: Annotated[str, Meta(description="Why the version before was unlocked; empty for the first")]
    stated: Annotated[Time, Meta(description="When, as the person says")]
    received: Annotated[Time, Meta(description="When the journal took it")]


class PublicationsAnswer(msgspec.Struct, frozen=True):
    """The months that were published, in the order of their messages."""

    sequence: Sequence
    publications: list[PublishedVersion]


class FigureDifference(msgspec.Struct, frozen=True):
    """A figure that is not as it was published."""

    figure: Annotated[
        str, Meta(description="Where it stands in the document", examples=["cities/330200/rates/good_air/rate"])
    ]
    name: Annotated[Text, Meta(description="The same in words", examples=[{"zh": "宁波 名次", "en": "Ningbo: rank"}])]
    published: Annotated[Any, Meta(description="As it was published; null: it was not told")]
    now: Annotated[Any, Meta(description="As it is now; null: it is not told")]


class PendingSubject(msgspec.Struct, frozen=True):
    """Of whom something came after the data of the publication."""

    subject: SubjectId
    values: Annotated[int, Meta(description="Hours, days or samples of the month that came or changed since [-]")]


class DifferenceAnswer(msgspec.Struct, frozen=True):
    """What came after a month was published, and what would differ now."""

    sequence: Sequence
    publication: PublishedVersion
    differs: Annotated[bool, Meta(description="Whether any figure would be another one now")]
    differences: list[FigureDifference]
    pending: Annotated[list[PendingSubject], Meta(description="What is held back: it is in no published version")]
