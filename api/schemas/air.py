"""Answers about the air."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from qingchuan.api.schemas.common import (
    Clock,
    Colour,
    Date,
    Flag,
    Item,
    ItemKey,
    Level,
    LevelScale,
    Origin,
    Revision,
    Sequence,
    Simulated,
    State,
    StationCount,
    SubjectId,
    Time,
    Valid,
    Value,
)
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.schemas.faults import OpenFault
from qingchuan.store.subjects import Name

Edition = Annotated[str, Meta(description="Edition of the standard the index is by", examples=["HJ 633—2026"])]
JudgedBy = Annotated[Edition | None, Meta(description="null: before the first edition; there is no index then")]
Aqi = Annotated[
    int | None,
    Meta(description="Air quality index [-]; null: nothing valid, or not to be published", examples=[57]),
]
Published = Annotated[
    bool,
    Meta(
        description="Whether the edition lets the index be published. HJ 633—2026, 5.3.1: complete or above 100; "
        "HJ 633—2012, table 1, notes (2) and (3): not where a value has no index because it lies beyond the table"
    ),
]
Complete = Annotated[bool, Meta(description="Whether all items are valid")]
Primary = Annotated[list[str], Meta(description="Primary pollutants (首要污染物), by key", examples=[["pm25"]])]


Counted = Annotated[
    bool, Meta(description="Whether the day counts in a good-air rate: complete, or no good day whatever is missing")
]
Lacking = Annotated[
    list[ItemKey],
    Meta(description="Items without a valid value on a day on which others have one, by key", examples=[["so2"]]),
]
Stations = Annotated[
    StationCount | None, Meta(description="Of a city only; null: what was sent for it, nothing derived")
]


OfAqi = Annotated[
    Explanation | UnsetType | None,
    Meta(description="How the AQI came about from its concentrations, where asked for; null: no edition covers it"),
]


class Rules(msgspec.Struct, frozen=True, gc=False):
    """By which rules a mean was found valid."""

    validity: Annotated[str, Meta(examples=["HJ 663—2013"])]
    stands_in_for: Annotated[str | None, Meta(description="Edition whose place it takes", examples=["HJ 663—2026"])]


Validity = Annotated[Rules | None, Meta(description="Of a city only; null: before the first edition")]


class AirItem(msgspec.Struct, frozen=True, gc=False):
    """One pollutant in one period."""

    value: Value
    iaqi: Annotated[int | None, Meta(description="Individual index [-]; null: not defined or not valid", examples=[57])]
    flag: Flag
    valid: Valid


class Hour(msgspec.Struct, frozen=True, gc=False):
    """An hour of a station, or of a city by the means of its stations."""

    start: Time
    end: Time
    edition: JudgedBy
    aqi: Aqi
    published: Published
    complete: Complete
    level: Level | None
    primary: Primary
    items: dict[str, AirItem]
    origin: Origin
    sequence: Annotated[int, Meta(description="Newest message behind this hour")]
    state: State
    stations: Stations | UnsetType = UNSET
    rules: Validity | UnsetType = UNSET
    explanation: OfAqi = UNSET


class HoursAnswer(msgspec.Struct, frozen=True):
    """Hours of a station or a city."""

    subject: SubjectId
    name: Name
    simulated: Simulated
    sequence: Sequence
    hours: list[Hour]


class Day(msgspec.Struct, frozen=True, gc=False):
    """A natural day of a city."""

    date: Date
    edition: JudgedBy
    aqi: Aqi
    published: Published
    complete: Complete
    level: Level | None
    primary: Primary
    items: dict[str, AirItem]
    counted: Counted
    origin: Origin
    rules: Validity
    sequence: Annotated[int, Meta(description="Newest message behind this day")]
    state: State
    stations: Stations | UnsetType = UNSET
    explanation: OfAqi = UNSET


class DaysAnswer(msgspec.Struct, frozen=True):
    """Days of a city."""

    subject: SubjectId
    name: Name
    simulated: Simulated
    sequence: Sequence
    days: list[Day]


class Rate(msgspec.Struct, frozen=True, gc=False):
    """Share of good days (优良率): those of level Ⅰ or Ⅱ among those that count."""

    start: Date
    end: Annotated[str, Meta(description="First natural day after the period", examples=["2026-11-25"])]
    good: Annotated[int, Meta(description="[d]")]
    valid: Annotated[int, Meta(description="[d]")]
    days: Annotated[int, Meta(description="Days of the period that are over [d]")]
    rate: Annotated[float | None, Meta(description="[%]; null: no valid day", examples=[86.8])]
    by_level: Annotated[dict[str, int], Meta(description="Valid days at each level [d]", examples=[{"1": 10, "2": 12}])]
    editions: list[Edition]
    rules: Annotated[Rules | None, Meta(description="Of the last of the days; null: there is none, or no edition")]


class RateAnswer(msgspec.Struct, frozen=True):
    """Share of good days of a city in a period."""

    subject: SubjectId
    name: Name
    simulated: Simulated
    sequence: Sequence
    rate: Rate
    revision: Revision
    explanation: Annotated[
        Explanation | UnsetType | None, Meta(description="Where asked for; null: no rules cover the last of the days")
    ] = UNSET


class HourBrief(msgspec.Struct, frozen=True, gc=False):
    """The index of one hour."""

    end: Time
    aqi: Aqi
    colour: Colour | None


class DayBrief(msgspec.Struct, frozen=True, gc=False):
    """The index of one day."""

    date: Date
    aqi: Aqi
    level: Annotated[int | None, Meta(description="Number of its level, 1 to 6")]
    colour: Colour | None
    primary: Primary
    counted: Counted
    missing: Lacking


class Rates(msgspec.Struct, frozen=True, gc=False):
    """Shares of good days up to yesterday."""

    month: Rate
    year: Rate
    last_year: Annotated[Rate, Meta(description="The same period of last year")]


class LiveCity(msgspec.Struct, frozen=True):
    """The air of a city now, and how its year is going."""

    subject: SubjectId
    name: Name
    simulated: Simulated
    hour: Annotated[Hour | None, Meta(description="Latest hour with data within 24 h")]
    hours: Annotated[list[HourBrief], Meta(description="The last 24")]
    rates: Rates
    days: Annotated[list[DayBrief], Meta(description="1 January to yesterday")]
    stations: list[SubjectId]


class LiveStation(msgspec.Struct, frozen=True):
    """The air at a station now."""

    subject: SubjectId
    name: Name
    city: Annotated[str, Meta(description="Six digits of GB/T 2260", examples=["330200"])]
    longitude: Annotated[float | None, Meta(description="[°]")]
    latitude: Annotated[float | None, Meta(description="[°]")]
    simulated: Simulated
    hour: Annotated[Hour | None, Meta(description="Latest hour with data within 24 h")]
    hours: Annotated[list[HourBrief], Meta(description="The last 24")]
    faults: Annotated[list[OpenFault], Meta(description="Instruments of it that look faulty now, see /api/v1/faults")]


class Air(msgspec.Struct, frozen=True):
    """The air now; `now` is the time of the answer."""

    clock: Clock
    sequence: Sequence
    items: dict[ItemKey, Item]
    scale: LevelScale
    cities: list[LiveCity]
    stations: list[LiveStation]
    now: Time | UnsetType = UNSET
