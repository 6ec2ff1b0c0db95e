"""Answers about the schedule."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from qingchuan.api.schemas.common import Sequence, Time


class JobAnswer(msgspec.Struct, frozen=True):
    """Work that is done once for each hour, day or month."""

    name: Annotated[str, Meta(examples=["day-report"])]
    through: Annotated[Time, Meta(description="End of the last period that is done")]
    tried: Annotated[str | None, Meta(description="Start of the last period that was tried; null: none was")]
    attempts: Annotated[int, Meta(description="Of that period [-]")]
    finished: Annotated[str | None, Meta(description="When it was done; null: it fails, and is tried again")]
    note: Annotated[str, Meta(description="What it came to, or what the last attempt ran into")]


class ScheduleAnswer(msgspec.Struct, frozen=True):
    """The work that is done by the clock."""

    sequence: Sequence
    jobs: list[JobAnswer]
