"""Reports of a day or a month, as they are kept and sent."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import Class, Date, ItemKey, Sequence, Simulated, SubjectId, Time
from qingchuan.api.schemas.water_periods import After
from qingchuan.processing.standards import Text
from qingchuan.store.subjects import Name

ReportKind = Annotated[Literal["day", "month"], Meta(description="What it is about")]


class ReportRate(msgspec.Struct, frozen=True):
    """Share of good days (优良率)."""

    good: Annotated[int, Meta(description="[d]")]
    valid: Annotated[int, Meta(description="[d]")]
    rate: Annotated[float | None, Meta(description="[%]; null: no valid day", examples=[86.8])]


class ReportCity(msgspec.Struct, frozen=True, kw_only=True):
    """The air of a city."""

    subject: SubjectId
    name: Name
    simulated: Simulated
    aqi: Annotated[int | None, Meta(description="Of a day; null: none, or the report is about a month")] = None
    level: Annotated[Name | None, Meta(description="Of the AQI", examples=[{"zh": "良", "en": "Good"}])] = None
    primary: list[ItemKey] = []
    period: Annotated[ReportRate, Meta(description="Of the days of the report")]
    year: Annotated[ReportRate, Meta(description="From 1 January to the last day of the report")]
    index: Annotated[float | None, Meta(description="Composite index (综合指数) of a month [-]")] = None
    rank: Annotated[int | None, Meta(description="Among the key cities that are known, by the index of a month")] = None
    ranked: Annotated[int, Meta(description="How many key cities are known and ranked [-]")] = 0


class ReportSection(msgspec.Struct, frozen=True):
    """A section, judged over the period."""

    subject: SubjectId
    name: Name
    simulated: Simulated
    class_: Annotated[Class | None, Meta(description="null: no item has a mean")] = msgspec.field(name="class")
    deciding: list[ItemKey]
    target_met: Annotated[bool | None, Meta(description="null: no class or no target")]


class PeriodReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a day or a month came to, as it was known when the report was made."""

    version: Annotated[int, Meta(description="Of this format; a new key does not raise it")] = 1
    report: ReportKind
    title: Text
    text: Annotated[Text, Meta(description="To be shown as it is")]
    start: Date
    end: After
    cities: list[ReportCity]
    sections: list[ReportSection]
    open_alerts: Annotated[int, Meta(description="Alerts that were open when it was made [-]")]
    simulated: Annotated[bool, Meta(description="Whether anything in it is made up")]
    sequence: Sequence
    head: Annotated[str, Meta(description="Head of the journal, for `qingchuan verify --head`")]


class KeptReport(msgspec.Struct, frozen=True):
    """A report that was made."""

    created: Time
    report: Annotated[dict[str, Any], Meta(description="As it was sent, see docs/webhook.md")]


class ReportsAnswer(msgspec.Struct, frozen=True):
    """The reports on periods that start in the span, the oldest first."""

    sequence: Sequence
    reports: list[KeptReport]
