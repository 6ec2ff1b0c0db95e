"""What several answers hold: names, levels and classes, items, the clock."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from qingchuan.store.figure_states import FigureState
from qingchuan.store.subjects import Name

Sequence = Annotated[
    int, Meta(description="Number of the newest message that the answer takes into account", examples=[1042])
]
Time = Annotated[str, Meta(description="ISO 8601, Beijing time", examples=["2026-11-25T08:00:00+08:00"])]
Date = Annotated[str, Meta(description="Natural day of Beijing time", examples=["2026-11-24"])]
SubjectId = Annotated[str, Meta(description="Internal id", examples=["1235A"])]
ItemKey = Annotated[str, Meta(description="Key of the catalogue", examples=["pm25"])]
Value = Annotated[float | None, Meta(description="In the unit of the item; null: missing", examples=[40])]
Flag = Annotated[int, Meta(description="QARTOD: 1 good, 2 not evaluated, 3 suspect, 4 bad, 9 missing", examples=[2])]
Valid = Annotated[bool, Meta(description="Whether the value counts: it is there, and neither suspect nor bad")]
Simulated = Annotated[bool, Meta(description="Whether the data are made up")]
Origin = Annotated[
    str,
    Meta(
        description="reported: sent; derived: our own mean of finer data; official: of a city, officially published, "
        "which wins over both",
        examples=["reported"],
    ),
]
Colour = Annotated[str, Meta(description="Colour by the standard, as in CSS", examples=["#FFFF00"])]


State = Annotated[
    FigureState,
    Meta(
        description="provisional 未审核; audited 已审核: the last step of the audit confirmed all that it rests on; "
        "final 已发布: its months were published, and nothing came since",
        examples=["provisional"],
    ),
]


class Revision(msgspec.Struct, frozen=True, gc=False):
    """Which revision of its figures an answer tells (修订)."""

    sequence: Annotated[
        int,
        Meta(
            description="Number of the newest message behind the figures and their state: what was told, hours of "
            "dust, a confirmation or publication that made them audited or final; 0: nothing was told",
            examples=[1041],
        ),
    ]
    state: State
    name: Annotated[Name, Meta(description="Of the state")]


class Level(msgspec.Struct, frozen=True, gc=False):
    """Level of an air quality index (空气质量指数级别)."""

    number: Annotated[int, Meta(ge=1, le=6)]
    roman: Annotated[str, Meta(examples=["Ⅱ"])]
    zh: Annotated[str, Meta(examples=["良"])]
    en: Annotated[str, Meta(examples=["Good"])]
    colour: Colour


class Class(msgspec.Struct, frozen=True, gc=False):
    """Class of surface water (水质类别)."""

    number: Annotated[int, Meta(description="1 to 5 for Ⅰ to Ⅴ; 6: worse than Ⅴ", ge=1, le=6)]
    name: Annotated[str, Meta(examples=["Ⅲ"])]
    en: Annotated[str, Meta(examples=["Ⅲ"])]
    status: Name
    colour: Colour


class LevelRange(Level, frozen=True, gc=False):
    """A level and the indices that belong to it."""

    least: Annotated[int, Meta(description="Smallest index [-]", examples=[51])]
    most: Annotated[int | None, Meta(description="Largest index [-]; null: no end", examples=[100])]
    good: Annotated[bool, Meta(description="Whether a day of it is a good day (优良天)")]


class LevelScale(msgspec.Struct, frozen=True, gc=False):
    """The levels of the edition in force now, and its rule on what is published."""

    edition: Annotated[str, Meta(examples=["HJ 633—2026"])]
    levels: Annotated[list[LevelRange], Meta(description="Best first")]
    incomplete_above: Annotated[
        int | None, Meta(description="An index without all items is published above this only [-]; null: no such rule")
    ]
    clause: Annotated[str | None, Meta(description="Where that rule stands", examples=["5.3.1"])]


class ClassScale(msgspec.Struct, frozen=True, gc=False):
    """The classes of the edition in force now."""

    edition: Annotated[str, Meta(examples=["环办〔2011〕22号"])]
    classes: Annotated[list[Class], Meta(description="Best first")]


class Item(msgspec.Struct, frozen=True, gc=False):
    """A pollutant or water parameter, as the catalogue has it."""

    symbol: Annotated[str, Meta(examples=["PM₂.₅"])]
    unit: Annotated[str, Meta(examples=["µg/m³"])]
    name: Name
    decimals: int


class Clock(msgspec.Struct, frozen=True, gc=False):
    """How fast the time of the data runs."""

    speed: Annotated[float, Meta(description="Seconds of the data per second; 1: real time [-]")]


class StationCount(msgspec.Struct, frozen=True, gc=False):
    """How many stations a mean of a city rests on."""

    valid: int
    of: int
