"""What is asked of the audit (审核), and answers about what auditors did."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from qingchuan.api.schemas.common import Date, Flag, Item, ItemKey, Sequence, SubjectId, Time
from qingchuan.store.audit_messages import LONGEST, MOST_ACTS, Action, AuditedPeriod
from qingchuan.store.subjects import Name

_Moment = "ISO 8601 with an offset, or a natural day of Beijing time, which begins at 0:00"
_Step = Annotated[str, Meta(description="One of the steps that are configured", examples=["station"])]
_Person = Annotated[str, Meta(description="The person who did it", min_length=1, max_length=LONGEST)]
_Why = Annotated[str, Meta(description="Why, for those who ask later", min_length=1, max_length=LONGEST)]
_Number = Annotated[int, Meta(description="Place of the action in its message, from 0")]
_Period = Annotated[AuditedPeriod, Meta(description="Of the values; day where natural days are confirmed")]


class AuditAct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One action on some values of a subject."""

    action: Annotated[
        Action,
        Meta(
            description="mark_invalid 标记无效, correct 修正, restore 恢复 (takes back what the audit did), dust 沙尘 "
            "(hours whose particles figures without dust leave out), confirm 确认, object 异议 (to an official value)"
        ),
    ]
    subject: SubjectId
    start: Annotated[str, Meta(description=_Moment, examples=["2026-11-24T08:00:00+08:00"])]
    end: Annotated[str, Meta(description="As start; not included itself", examples=["2026-11-24T10:00:00+08:00"])]
    period: _Period = "hour"
    items: Annotated[list[ItemKey], Meta(description="Empty: all that there are; of dust the particles")] = []
    value: Annotated[
        msgspec.Raw | UnsetType,
        Meta(description="To correct: the right number, kept digit for digit; to object: the expected one"),
    ] = UNSET


class AuditBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person did."""

    by: _Person
    step: _Step
    reason: _Why
    acts: Annotated[list[AuditAct], Meta(min_length=1, max_length=MOST_ACTS)]
    stated: Annotated[str | None, Meta(description=f"When it was done; now if left out. {_Moment}")] = None


class AuditTaken(msgspec.Struct, frozen=True):
    """What was put into the journal."""

    acts: Annotated[int, Meta(description="Actions [-]")]
    values: Annotated[int, Meta(description="Values that change [-]")]
    sequence: Annotated[
        int, Meta(description="Number of the message; applied when the sequence of /api/v1/collector has reached it")
    ]


class AuditValue(msgspec.Struct, frozen=True):
    """A number, its flag, and what set it."""

    value: Annotated[msgspec.Raw, Meta(description="Digit for digit")]
    flag: Flag
    by: Annotated[str, Meta(description="What set the flag; empty where nothing is said", examples=["audit"])]


class AuditChange(msgspec.Struct, frozen=True):
    """What an action did to a value."""

    start: Time
    item: ItemKey
    before: Annotated[AuditValue | None, Meta(description="What was computed with; null: there was none")]
    after: Annotated[AuditValue | None, Meta(description="What is computed with since; null: there is none")]


class AuditDone(msgspec.Struct, frozen=True):
    """An action, as it was said, and what became of it."""

    sequence: Annotated[int, Meta(description="Number of the message that said it")]
    number: _Number
    action: Action
    subject: SubjectId
    period: _Period
    start: Time
    end: Time
    items: list[ItemKey]
    value: Annotated[str, Meta(description="The number told with it; empty where there is none")]
    step: _Step
    by: _Person
    reason: _Why
    stated: Annotated[Time, Meta(description="When it was done, as the person says")]
    received: Annotated[Time, Meta(description="When the journal took it")]
    refused: Annotated[str, Meta(description="Why it was not taken when its turn came; empty where it was")]
    changes: list[AuditChange]


class AuditAnswer(msgspec.Struct, frozen=True):
    """What auditors did, the newest first."""

    sequence: Sequence
    steps: Annotated[list[str], Meta(description="The steps that are configured, the first one first")]
    actions: list[AuditDone]


class AuditCell(msgspec.Struct, frozen=True):
    """An item in an hour, or at an instant."""

    value: Annotated[msgspec.Raw | None, Meta(description="As it is computed with, digit for digit; null: none")]
    flag: Flag
    by: Annotated[str, Meta(description="What set the flag")]
    reported: Annotated[msgspec.Raw | None, Meta(description="As the station told it; null: it told none")]
    audited: Annotated[bool, Meta(description="Whether an auditor decided it")]
    official: Annotated[msgspec.Raw | None, Meta(description="As it was officially published; null: it was not")]
    dust: Annotated[bool, Meta(description="Whether figures without dust leave it out")]


class AuditTime(msgspec.Struct, frozen=True):
    """The items of an hour, or of an instant."""

    start: Time
    label: Annotated[str, Meta(description="End of an hour, or the instant, as people say it", examples=["24:00"])]
    cells: dict[ItemKey, AuditCell]


class AuditDay(msgspec.Struct, frozen=True):
    """A natural day of a subject, as an auditor looks at it."""

    sequence: Sequence
    subject: SubjectId
    name: Name
    day: Date
    period: _Period
    items: dict[ItemKey, Item]
    steps: Annotated[
        dict[str, list[ItemKey]], Meta(description="For each step, the first one first, the items it has confirmed")
    ]
    audited: Annotated[list[ItemKey], Meta(description="Items that the last step has confirmed as they are now")]
    times: list[AuditTime]
    actions: Annotated[list[AuditDone], Meta(description="What was done about the day, the newest first")]
