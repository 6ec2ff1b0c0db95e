"""Answers about sites: what parks, enterprises, building sites, outfalls and weather stations tell."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import Flag, Item, ItemKey, Sequence, Simulated, SubjectId, Time, Valid, Value
from qingchuan.api.schemas.subjects import Site
from qingchuan.store.subjects import Name, Purpose

PurposeOf = Annotated[Purpose, Meta(description="What the site is for", examples=["voc"])]
Items = Annotated[dict[ItemKey, Item], Meta(description="The items it may tell, with their names and units")]


class SiteValue(msgspec.Struct, frozen=True, gc=False):
    """One item at one time."""

    value: Value
    flag: Flag
    valid: Valid


class SiteHour(msgspec.Struct, frozen=True, gc=False):
    """Means of one hour; an item about which nothing was told is left out."""

    start: Time
    end: Time
    items: dict[ItemKey, SiteValue]
    sequence: Annotated[int, Meta(description="Newest message behind this hour")]


class SiteReading(msgspec.Struct, frozen=True, gc=False):
    """Values of an instant; an item about which nothing was told is left out."""

    time: Time
    items: dict[ItemKey, SiteValue]
    sequence: Annotated[int, Meta(description="Newest message behind this reading")]


class SitesAnswer(msgspec.Struct, frozen=True):
    """The sites that have announced themselves."""

    sequence: Sequence
    sites: list[Site]


class SiteHoursAnswer(msgspec.Struct, frozen=True):
    """Hours of a site."""

    subject: SubjectId
    name: Name
    purpose: PurposeOf
    simulated: Simulated
    sequence: Sequence
    items: Items
    hours: list[SiteHour]


class SiteReadingsAnswer(msgspec.Struct, frozen=True):
    """Readings of a site."""

    subject: SubjectId
    name: Name
    purpose: PurposeOf
    simulated: Simulated
    sequence: Sequence
    items: Items
    readings: list[SiteReading]
