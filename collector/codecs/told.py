"""What a foreign format tells, before it is ours: in the sender's own names and units, and about the sender itself.

A codec only takes a payload apart. Which of our subjects the sender is, what its codes and units mean, and whether its
hours are named by their start or their end is written in the entry of its device (`collector.devices`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from qingchuan.collector.hj212.checks import StationCheck
from qingchuan.collector.refusal import RefusedValue
from qingchuan.processing import flags
from qingchuan.store.observations import Period


class Value(NamedTuple):
    """A value as it was sent.

    Attributes
    ----------
    text : str
        A decimal number, digit for digit.
    unit : str
        As sent; empty where the format does not say.
    flag : int
        QARTOD flag.
    by : str
        What set the flag, such as ``device:M`` for a logger that says maintenance; empty for `NOT_EVALUATED`.
    """

    text: str
    unit: str = ""
    flag: int = flags.NOT_EVALUATED
    by: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a sender tells of one moment or period.

    Attributes
    ----------
    sender : str
        What the sender calls itself: an MN number, the id of a device, a base name.
    time : int
        The moment that it names. [s since 1970-01-01 UTC]
    values : dict of str to Value
        By the sender's own codes.
    period : {"hour", "day", "instant", "minute", "realtime"} or None
        What the moment names; None where the format does not say.
    """

    sender: str
    time: int
    values: dict[str, Value]
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a payload comes to.

    Attributes
    ----------
    told : list of Told
    refused : list of RefusedValue
        Values that cost only themselves.
    checks : list of StationCheck
        What it tells of its own quality control.
    notes : list of str
        What was noticed and costs no value, such as a gap in the numbers of messages.
    """

    told: list[Told] = field(default_factory=list)
    refused: list[RefusedValue] = field(default_factory=list)
    checks: list[StationCheck] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
