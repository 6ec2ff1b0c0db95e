"""What a message of kind ``audit`` says (审核): who did what to which values, at which step, why, and when."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from qingchuan.store.messages import Message

Action = Literal["mark_invalid", "correct", "restore", "dust", "confirm", "object"]
AuditedPeriod = Literal["hour", "day", "instant"]

STEPS: Final = ("station", "city", "province")
"""Steps of the audit, the first one first, where the settings say nothing else."""

LONGEST: Final = 500
"""Characters of a name or a reason, at most."""

MOST_ACTS: Final = 200
"""Actions of a message, at most."""

MOST_VALUES: Final = 100_000
"""Values that the actions of a message change, at most: all of it is held in memory when it is applied."""


class Act(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One action.

    Attributes
    ----------
    action : {"mark_invalid", "correct", "restore", "dust", "confirm", "object"}
        ``mark_invalid`` 标记无效, ``correct`` 修正, ``restore`` 恢复 takes back what the audit did, ``dust`` 沙尘
        declares hours whose particles are left out, ``confirm`` 确认 says that all is in order, ``object`` 异议 says
        that an official value is not right.
    subject : str
    start, end : int
        The values whose period starts in ``[start, end)``. [s since 1970-01-01 UTC]
    period : {"hour", "day", "instant"}
        Natural days where it confirms.
    items : tuple of str
        Empty: all that there are; of dust the particles.
    value : str
        For ``correct`` the right number, digit for digit, in the unit of the item; for ``object`` the one expected, or
        nothing.
    """

    action: Action
    subject: str
    start: int
    end: int
    period: AuditedPeriod = "hour"
    items: tuple[str, ...] = ()
    value: str = ""


class Audit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload.

    Attributes
    ----------
    by : str
        The person.
    step : str
        At which step; one of those that are configured.
    reason : str
    stated : int
        When it was done, as the person says. [s since 1970-01-01 UTC]
    acts : tuple of Act
        In their order.
    """

    by: str
    step: str
    reason: str
    stated: int
    acts: tuple[Act, ...]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Audit)


def message_of(audit: Audit, source: str) -> Message:
    """The message that says it; `source` is where it was said: ``command`` or ``web``."""
    return Message("audit", source, "", _encoder.encode(audit))


def decode(payload: bytes) -> Audit:
    """What a payload says.

    Raises
    ------
    msgspec.MsgspecError
        It is none.

    Examples
    --------
    >>> act = Act("mark_invalid", "1235A", 0, 3600, items=("pm25",))
    >>> said = Audit("lin", "station", "filter torn", 7200, (act,))
    >>> decode(message_of(said, "command").payload) == said
    True
    """
    return _decoder.decode(payload)


class _Settings(msgspec.Struct, frozen=True):
    """What of the settings that decoding depends on concerns us."""

    audit_steps: tuple[str, ...] = STEPS


def steps_of(settings: str | None) -> tuple[str, ...]:
    """The steps that settings (JSON) name.

    Examples
    --------
    >>> steps_of(None), steps_of('{"audit_steps":["county","city"]}')
    (('station', 'city', 'province'), ('county', 'city'))
    """
    return msgspec.json.decode(settings, type=_Settings).audit_steps if settings else STEPS
