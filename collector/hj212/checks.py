"""Quality control that a station tells of: checks by zero, span and standard samples, spikes, parallel samples."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import NamedTuple, get_args

from qingchuan.collector.hj212.dialects import Dialect, Guess, commands
from qingchuan.collector.hj212.segment import Segment, parse_area
from qingchuan.collector.hj212.tables import CheckKind
from qingchuan.collector.hj212.values import as_sent, data_time, flag_of, parsed_time
from qingchuan.collector.refusal import RefusedError
from qingchuan.processing import flags as qartod


class StationCheck(NamedTuple):
    """What a station tells of its own quality control.

    Attributes
    ----------
    sender : str
        MN of the station.
    kind : {"zero", "span", "standard", "recovery", "parallel"}
        零点核查, 跨度核查, 标样核查, 加标回收, 平行样.
    code : str
        Of the item, as sent.
    time : int
        [s since 1970-01-01 UTC]
    measured : str
        Of a recovery the value with the spike, of a parallel sample the second. Numbers are texts as sent, here and
        below, and empty where they are not sent.
    standard : str
        What it should be.
    span : str
        Span that drift is a share of.
    water : str
        Of a recovery the value before the spike, of a parallel sample the first.
    water_time : int or None
        When that was. [s since 1970-01-01 UTC]
    concentration, volume, diluted : str
        Of a recovery: concentration and volume of the mother solution, and the volume after it was added.
    passed : bool or None
        What the station thinks of it itself (HJ 212—2025).
    flag : int
        QARTOD flag of what was measured.
    by : str
        Such as ``device:M``.
    """

    sender: str
    kind: CheckKind
    code: str
    time: int
    measured: str
    standard: str = ""
    span: str = ""
    water: str = ""
    water_time: int | None = None
    concentration: str = ""
    volume: str = ""
    diluted: str = ""
    passed: bool | None = None
    flag: int = qartod.NOT_EVALUATED
    by: str = ""


class Checked(NamedTuple):
    """A check of one of our subjects.

    Attributes
    ----------
    subject, item : str
    unit : str
        Of its numbers; empty where there is none.
    has_limits : bool
        Whether the limits of water stations hold for the subject.
    check : StationCheck
    sequence : int
        The message that tells of it; 0 where that is not known yet.
    """

    subject: str
    item: str
    unit: str
    has_limits: bool
    check: StationCheck
    sequence: int = 0


def may_tell_checks(payload: bytes) -> bool:
    r"""Whether there may be a check in a payload; its commands are looked for, of which no frame hides the number.

    Examples
    --------
    >>> (
    ...     may_tell_checks(b"##0172ST=21;CN=2065;MN=A;Flag=9;CP=&&&&"),
    ...     may_tell_checks(b"##0172ST=21;CN=2061;MN=A;CP=&&&&"),
    ... )
    (True, False)
    """
    return _numbers().search(payload) is not None


@functools.cache
def _numbers() -> re.Pattern[bytes]:
    known = {number for dialect in get_args(Dialect) for number, row in commands(dialect).items() if row.check}
    return re.compile(rb"CN=(?:%s)(?![0-9])" % b"|".join(b"%d" % number for number in sorted(known)))


def checks_of(segment: Segment, kind: CheckKind, spoken: Dialect | Guess) -> list[StationCheck]:
    """The checks of one kind that a segment tells; one without a measured value, or told twice, is left out.

    Raises
    ------
    RefusedError
        It has no time.
    """
    area = parse_area(segment.data)
    if not area.items:
        return []
    time = data_time(area)
    once = {code: told for code, told in area.items.items() if code not in area.twice}
    checks = [_check(segment.mn, kind, code, time, told, spoken) for code, told in once.items()]
    return [check for check in checks if check.measured]


def _time_of(told: str) -> int | None:
    try:
        return parsed_time(told)
    except RefusedError:
        return None


_PASSED = {"1": True, "0": False}


def _check(
    sender: str, kind: CheckKind, code: str, time: int, told: Mapping[str, str], spoken: Dialect | Guess
) -> StationCheck:
    flag, by = flag_of(told.get("Flag", ""), spoken)
    return StationCheck(
        sender,
        kind,
        code,
        time,
        measured=as_sent(told.get("Check") or told.get("SampleRd", "")) or "",
        standard=as_sent(told.get("StandardValue", "")) or "",
        span=as_sent(told.get("SpanValue", "")) or "",
        water=as_sent(told.get("Water", "")) or "",
        water_time=_time_of(told.get("WaterTime", "")),
        concentration=as_sent(told.get("Chroma", "")) or "",
        volume=as_sent(told.get("Volume", "")) or "",
        diluted=as_sent(told.get("DVolume", "")) or "",
        passed=_PASSED.get(told.get("ResultType", "")),
        flag=flag,
        by=by,
    )
