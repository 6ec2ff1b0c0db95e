"""Answers about faults of instruments."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import ItemKey, Sequence, SubjectId, Time
from qingchuan.store.subjects import Name


class Fault(msgspec.Struct, frozen=True):
    """Values of an item, one after the other, that look like a fault of the instrument (仪器故障)."""

    sequence: Annotated[int, Meta(description="Newest message behind it")]
    subject: SubjectId
    period: Annotated[str, Meta(description="Of the values: hour or instant", examples=["instant"])]
    item: ItemKey
    test: Annotated[str, Meta(description="The quality test that found it", examples=["constant"])]
    name: Annotated[Name, Meta(description="Of the test")]
    opened: Annotated[Time, Meta(description="The first such value")]
    through: Annotated[Time, Meta(description="The last such value")]
    closed: Annotated[
        str | None,
        Meta(description="The first value without it; null: it lasts", examples=["2026-11-25T08:00:00+08:00"]),
    ]


class OpenFault(msgspec.Struct, frozen=True):
    """What lasts of an item that looks like a fault of its instrument; its values count nowhere until it is over."""

    item: ItemKey
    symbol: Annotated[str, Meta(description="Of the item", examples=["NH₃-N"])]
    test: Annotated[str, Meta(description="The quality test that found it", examples=["constant"])]
    name: Annotated[Name, Meta(description="Of the test")]
    opened: Annotated[Time, Meta(description="The first such value")]


class FaultsAnswer(msgspec.Struct, frozen=True):
    """The newest faults of instruments."""

    sequence: Sequence
    open: Annotated[int, Meta(description="How many last, of all subjects")]
    faults: list[Fault]
