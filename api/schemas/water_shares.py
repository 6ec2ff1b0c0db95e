"""Answers about the classes of many sections over a period: shares, compliance, rivers and lakes, change."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from qingchuan.api.schemas.common import Class, Colour, Date, ItemKey, Revision, Sequence, Simulated, SubjectId
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.api.schemas.water import WaterBody
from qingchuan.api.schemas.water_periods import After, Editions, MainPollutant, TargetClass, Trophic
from qingchuan.processing.standards import Text
from qingchuan.store.subjects import Name

Percent = Annotated[float | None, Meta(description="[%]; null: no section is evaluated", examples=[59.0])]
Evaluated = Annotated[int, Meta(description="Sections that have a class [-]")]
Points = Annotated[float | None, Meta(description="[percentage points]")]


class ClassShare(msgspec.Struct, frozen=True, gc=False):
    """The sections of one class."""

    class_: Class = msgspec.field(name="class")
    sections: Annotated[int, Meta(description="[-]")]
    share: Annotated[Percent, Meta(description="As bulletins print it: all of them sum to 100.0")]


class Compliance(msgspec.Struct, frozen=True, gc=False):
    """Sections that reach their target (断面达标率)."""

    complying: Annotated[int, Meta(description="[-]")]
    evaluated: Annotated[int, Meta(description="Sections that have a class and a target [-]")]
    rate: Percent


class Shares(msgspec.Struct, frozen=True):
    """Classes of sections over a period."""

    start: Date
    end: Annotated[After, Meta(description="First natural day after its part that is over")]
    sections: Annotated[int, Meta(description="[-]")]
    evaluated: Evaluated
    classes: Annotated[list[ClassShare], Meta(description="From Ⅰ to 劣Ⅴ")]
    good: Annotated[Percent, Meta(description="Share of Ⅰ … Ⅲ (优良率)")]
    worst: Annotated[Percent, Meta(description="Share of 劣Ⅴ")]
    compliance: Compliance
    sentence: Annotated[Text, Meta(description="The shares as a bulletin tells them: Ⅰ … Ⅲ together")]


class Exceedance(msgspec.Struct, frozen=True, gc=False):
    """An item that is worse than Ⅲ in several sections."""

    item: ItemKey
    name: Name
    sections: Annotated[int, Meta(description="[-]")]
    rate: Annotated[float, Meta(description="Share of the evaluated sections (断面超标率) [%]")]


class WaterChange(msgspec.Struct, frozen=True, gc=False):
    """Change of the water against the period before (水质变化)."""

    name: Annotated[Text, Meta(examples=[{"zh": "有所好转", "en": "somewhat better"}])]
    method: Annotated[
        Literal["shares", "status"],
        Meta(description="By the shares of classes, from five sections on; by levels of status"),
    ]
    good: Annotated[Points, Meta(description="ΔG of the share of Ⅰ … Ⅲ; null: by status")]
    worst: Annotated[Points, Meta(description="ΔD of the share of 劣Ⅴ; null: by status")]
    balance: Annotated[Points, Meta(description="ΔG − ΔD; null: by status")]


class JudgedSection(msgspec.Struct, frozen=True):
    """A section, or a point of a lake, over the period."""

    subject: SubjectId
    name: Name
    target_class: TargetClass
    class_: Class | None = msgspec.field(name="class")
    target_met: Annotated[bool | None, Meta(description="null: no class or no target")]
    main: list[MainPollutant]


class RiverStatus(msgspec.Struct, frozen=True):
    """A river or lake over the period."""

    name: Name
    water_body: WaterBody
    method: Annotated[
        Literal["mean", "shares", "none"],
        Meta(
            description="By the means of its items, of a lake and of a river with fewer than five sections; by shares "
            "of classes; none: no section has a class"
        ),
    ]
    status: Annotated[Name | None, Meta(description="水质状况", examples=[{"zh": "良好", "en": "Good"}])]
    colour: Colour | None
    class_: Annotated[Class | None, Meta(description="Of its means; null: shares decide")] = msgspec.field(name="class")
    evaluated: Evaluated
    good: Percent
    worst: Percent
    main: Annotated[list[MainPollutant], Meta(description="By its means; empty: shares decide, or it is Ⅲ or better")]
    exceedances: Annotated[list[Exceedance], Meta(description="Main pollutants where shares decide")]
    trophic: Annotated[Trophic | None, Meta(description="Of a lake; null: one of the items is missing")]
    change: WaterChange | None
    sections: list[JudgedSection]
    explanation: Explanation | UnsetType = UNSET


class SharesAnswer(msgspec.Struct, frozen=True):
    """Classes of sections over a period, of all of them and river by river."""

    start: Date
    end: After
    over: Annotated[bool, Meta(description="Whether all of it is over")]
    city: Annotated[str | None, Meta(description="Only sections of this city")]
    river: Annotated[str | None, Meta(description="Only sections of this river")]
    simulated: Simulated
    sequence: Sequence
    revision: Annotated[Revision, Meta(description="Of the samples of the period")]
    editions: Editions
    shares: Shares
    exceedances: Annotated[list[Exceedance], Meta(description="Items worse than Ⅲ, by share of sections")]
    before: Annotated[
        Shares, Meta(description="The month, quarter, half-year or year before, or else as many days before")
    ]
    change: Annotated[WaterChange | None, Meta(description="null: fewer than five sections in one of the periods")]
    rivers: list[RiverStatus]
    explanations: Annotated[list[Explanation], Meta(description="Of 优良率 and 断面达标率")] | UnsetType = UNSET
