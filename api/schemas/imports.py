"""What is imported over the interface, and answers about what was."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import SubjectId, Time
from qingchuan.store.import_messages import ImportedOrigin
from qingchuan.store.observations import Period

_Figure = Annotated[str, Meta(description="Key of a figure, see docs/import.md", examples=["rank_composite"])]
_Months = Annotated[
    str, Meta(description="A month, or the first and the last", examples=["2025-10", "2025-01/2025-10"])
]
_Source = Annotated[str, Meta(description="Who published it, and where", examples=["CNEMC"])]


class ImportedRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is told of one subject and period."""

    subject: SubjectId
    start: Annotated[
        str,
        Meta(description="Start of the period, or the instant: ISO 8601, or a natural day", examples=["2026-10-31"]),
    ]
    values: Annotated[dict[str, msgspec.Raw], Meta(description="A number for each item, kept digit for digit")]
    flags: Annotated[dict[str, int], Meta(description="QARTOD flags; 2 where nothing is said")] = {}


class ImportedFigure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure that somebody published."""

    subject: SubjectId
    figure: _Figure
    period: _Months
    value: Annotated[str, Meta(description="As it was published", examples=["31"])]


class ImportBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values or figures to be imported."""

    name: Annotated[str, Meta(description="What it is, as files have a name", min_length=1, max_length=120)]
    by: Annotated[str, Meta(description="Who imports", min_length=1, max_length=200)]
    origin: ImportedOrigin
    period: Annotated[Period, Meta(description="Of the rows")] = "day"
    rows: Annotated[list[ImportedRow], Meta(max_length=5000)] = []
    figures: Annotated[list[ImportedFigure], Meta(max_length=5000, description="With origin official only")] = []
    source: Annotated[str, Meta(description="Who published the figures, and where", examples=["CNEMC"])] = ""


class ImportAnswer(msgspec.Struct, frozen=True):
    """What was put into the journal."""

    digest: Annotated[str, Meta(description="Of the body")]
    rows: Annotated[int, Meta(description="Rows and figures [-]")]
    sequence: Annotated[
        int, Meta(description="Number of the message; applied when the sequence of /api/v1/collector has reached it")
    ]
    already: Annotated[bool, Meta(description="Whether the same was imported before, so that nothing was done")]


class ImportFile(msgspec.Struct, frozen=True):
    """A file or a request, and how far it has come."""

    digest: Annotated[str, Meta(description="Of the file and its mapping")]
    name: str
    origin: str
    rows: Annotated[int, Meta(description="Rows that are applied [-]")]
    refused: Annotated[int, Meta(description="Rows and values that were refused; /api/v1/dead-letters has them [-]")]
    sequence: Annotated[int, Meta(description="Newest message that carries some of it")]
    begun: Time
    finished: Annotated[Time | None, Meta(description="null: more is to come")]


class ImportsAnswer(msgspec.Struct, frozen=True):
    """What was imported, the newest first."""

    imports: list[ImportFile]


class PublishedFigure(msgspec.Struct, frozen=True):
    """A figure that somebody published."""

    subject: SubjectId
    figure: _Figure
    period: _Months
    value: Annotated[str, Meta(description="As it was published")]
    source: _Source
    sequence: Annotated[int, Meta(description="Number of the message that brought it")]


class PublishedAnswer(msgspec.Struct, frozen=True):
    """Published figures, by subject, figure and period."""

    sequence: Annotated[int, Meta(description="Everything up to this message is taken into account")]
    published: list[PublishedFigure]
