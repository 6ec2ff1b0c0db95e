"""Files that are imported over the interface, and what became of them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import SubjectId
from qingchuan.store.import_messages import ImportedOrigin


class ImportForm(msgspec.Struct, frozen=True):
    """A file with its mapping, as a form sends them (multipart/form-data)."""

    file: Annotated[
        str, Meta(description="CSV, Excel or Parquet; its name says which", extra_json_schema={"format": "binary"})
    ]
    mapping: Annotated[
        str,
        Meta(
            description="What its columns mean: a TOML file, its text, or laboratory, laboratory-long (docs/import.md)"
        ),
    ]
    by: Annotated[str, Meta(description="Who imports", max_length=200)] = "interface"
    origin: Annotated[
        ImportedOrigin | None, Meta(description="Where the values come from, instead of what the mapping says")
    ] = None
    dry_run: Annotated[bool, Meta(description="Only say what would be refused")] = False
    again: Annotated[bool, Meta(description="Also a file that was imported before")] = False


class ImportReason(msgspec.Struct, frozen=True):
    """What was refused for one kind of reason."""

    code: Annotated[str, Meta(description="Kind of the reason, as dead letters have it", examples=["wrong-value"])]
    rows: Annotated[int, Meta(description="Whole rows [-]")]
    values: Annotated[int, Meta(description="Single values [-]")]
    lines: Annotated[list[int], Meta(description="The first lines of the file")]
    example: Annotated[str, Meta(description="The reason of the first of them")]


class ImportRefusal(msgspec.Struct, frozen=True):
    """A row or a value that was refused."""

    line: Annotated[int, Meta(description="Where it stands in the file [-]")]
    item: Annotated[str, Meta(description="The item or the column; empty: the whole row")]
    text: Annotated[str, Meta(description="As it stands in the file, or the beginning of it")]
    code: str
    reason: str
    subject: Annotated[SubjectId | None, Meta(description="null: not known")]


class FileImportAnswer(msgspec.Struct, frozen=True):
    """What became of a file: the report that qingchuan import prints."""

    name: str
    digest: Annotated[str, Meta(description="Of the file and its mapping; empty: it was only tried")]
    rows: Annotated[int, Meta(description="Rows of the file that were read [-]")]
    sequence: Annotated[int, Meta(description="Number of the message with the last of it; 0: it was only tried")]
    already: Annotated[bool, Meta(description="Whether it was imported before, so that nothing was done")]
    applied: Annotated[
        bool,
        Meta(
            description="Whether it is applied; if not, it waits, and what the collector refuses then is not told here"
        ),
    ]
    dry_run: Annotated[bool, Meta(description="Whether it was only tried, and nothing is written")]
    refused: Annotated[int, Meta(description="Rows and values that were refused [-]")]
    reasons: Annotated[list[ImportReason], Meta(description="By the kind of reason, the most frequent first")]
    refusals: Annotated[list[ImportRefusal], Meta(description="The first thousand; /api/v1/dead-letters has all")]
