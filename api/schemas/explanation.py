"""How a figure came about, as answers tell it: one tree, whatever the figure is."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from qingchuan.processing.standards import Text
from qingchuan.store.subjects import Name


class Source(msgspec.Struct, frozen=True, gc=False):
    """Where a rule is written."""

    document: Annotated[str, Meta(examples=["HJ 663—2013"])]
    clause: str
    page: Annotated[int | None, Meta(description="null: the document is not at hand")]


class Explanation(msgspec.Struct, frozen=True):
    """How a figure came about: what went in, by which rule, how it was rounded, and where that is written."""

    name: Name
    value: Annotated[
        int | float | str | Text | None,
        Meta(description="As it is published; a word in both languages, a time as text; null: there is none"),
    ]
    unit: str
    rule: Annotated[Text, Meta(description="In a sentence, with the numbers in place")]
    source: Annotated[Source | None, Meta(description="null: measured, or plain arithmetic")]
    exact: Annotated[str | None, Meta(description="Before it was rounded, as a fraction", examples=["347/12"])]
    decimals: Annotated[int | None, Meta(description="To how many it was rounded, half to even [-]")]
    valid: Annotated[int | None, Meta(description="How many of the inputs were valid [-]")]
    expected: Annotated[int | None, Meta(description="How many inputs there should be [-]")]
    limit: Annotated[float | None, Meta(description="What it was compared with")]
    parts: list[Explanation]
