"""The codec of HJ 212 frames: what a logger (数采仪) tells of its instruments. The protocol is in ``docs/hj212.md``.

Told are real-time values (CN 2011), and means of minutes (2051), hours (2061) and days (2031), each under the code it
was sent under, with the flag of the device. Of a flow the total of a period is told too, as ``w00000-Cou``. Not told
are smallest and largest values, totals of mass, converted (折算, ``-Zs…``) values, states and logs of devices; the
message is in the journal all the same. Quality control is no observation: checks are told beside them.

A message in several packets (PNUM, PNO) needs no joining: each packet names its own time and items, and the store
merges items.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from qingchuan.collector.codecs.told import Content, Told, Value
from qingchuan.collector.hj212.checks import checks_of
from qingchuan.collector.hj212.codes import is_flow
from qingchuan.collector.hj212.dialects import Dialect, Guess, guessed, meanings
from qingchuan.collector.hj212.frames import Frame, frames_of
from qingchuan.collector.hj212.segment import Area, Segment, parse_area, parse_segment
from qingchuan.collector.hj212.sm4 import opened
from qingchuan.collector.hj212.values import as_sent, data_time, flag_of
from qingchuan.collector.numbers import LONGEST
from qingchuan.collector.refusal import RefusedError, RefusedValue
from qingchuan.store.observations import Period

_PREFERRED: dict[Period, tuple[str, ...]] = {
    "realtime": ("Rtd", "Avg"),
    "minute": ("Avg", "Data", "Rtd"),
    "hour": ("Avg", "Data", "Rtd"),
    "day": ("Avg", "Data", "Rtd"),
}
"""Which sub-field is the value, the first that is there. ``-Data`` is how noise is told."""

_TOTAL: Final = "Cou"


def decode(payload: bytes, topic: str, received: int) -> Content:  # noqa: ARG001 - as every codec is called
    r"""What the frames in `payload` tell, by the dialect that their Flag gives away.

    Raises
    ------
    RefusedError
        There is no frame in it, or one of which nothing can be understood.

    Examples
    --------
    >>> head = b"##0096ST=21;CN=2061;MN=A110000_0001;Flag=9;"
    >>> content = decode(head + b"CP=&&DataTime=20260706100000;w01001-Avg=6.6,w01001-Flag=M&&6D40", "", 0)
    >>> content.told[0].period, content.told[0].values
    ('hour', {'w01001': Value(text='6.6', unit='', flag=4, by='device:M')})
    """
    return decode_by(payload)


def decode_by(payload: bytes, dialect: Dialect | None = None, key: bytes | None = None) -> Content:
    """What the frames in `payload` tell.

    Parameters
    ----------
    payload : bytes
        Mostly one frame, from ``##`` to the CRC.
    dialect : {"hj212-2005", "hj212-2017", "hj212-2025", "cnemc"} or None
        Of the device; None takes what the Flag gives away, where that is enough.
    key : bytes or None
        SM4 key of the device.

    Raises
    ------
    RefusedError
        There is no frame in it, or one of which nothing can be understood.
    """
    content = Content()
    frames = _frames(payload, content)
    for frame in frames:
        try:
            _tell(_segment(frame, key), dialect, content)
        except RefusedError as refused:
            if len(frames) == 1:
                raise
            content.refused.append(RefusedValue("", refused.code, refused.reason))
    return content


def _frames(payload: bytes, content: Content) -> list[Frame]:
    """The frames in a payload; what is none is noted in `content`, unless there is nothing else."""
    frames: list[Frame] = []
    reason = ""
    for cut in frames_of(payload):
        if isinstance(cut, Frame):
            frames.append(cut)
        else:
            reason = reason or cut.reason
            content.refused.append(RefusedValue("", "wrong-frame", cut.reason))
    if not frames:
        reason = reason or "the payload is empty; it is a frame, from ## to the CRC"
        raise RefusedError("wrong-frame", reason)
    return frames


def _segment(frame: Frame, key: bytes | None) -> Segment:
    return parse_segment(opened(frame, key))


def _tell(segment: Segment, dialect: Dialect | None, content: Content) -> None:
    spoken = dialect or guessed(segment.version)
    commands = meanings(segment.cn, spoken)
    period = commands[0].tells if commands else None
    if commands and period is None:
        if commands[0].check is not None:  # of what a command may be, either all are the same check or none is any
            content.checks.extend(checks_of(segment, commands[0].check, spoken))
        return
    area = parse_area(segment.data)
    if not area.items:
        return  # a request for data, a heartbeat of some other kind, or nothing to tell
    if period is None:
        reason = f"CN is {segment.cn}, no command of {spoken}; the entry of the device may have to name another dialect"
        raise RefusedError("unknown-command", reason)
    values, refused = _values(area, period, spoken)
    content.refused.extend(value._replace(sender=segment.mn) for value in refused)
    if values:
        content.told.append(Told(segment.mn, data_time(area), values, period))


def _values(area: Area, period: Period, spoken: Dialect | Guess) -> tuple[dict[str, Value], list[RefusedValue]]:
    values: dict[str, Value] = {}
    refused: list[RefusedValue] = []
    for code, text, letter in _sent(area, period):
        number = as_sent(text)
        if code in area.twice:
            refused.append(RefusedValue(code, "wrong-value", f"{code} is told twice, and differently; once would do"))
        elif number is not None:
            values[code] = Value(number, "", *flag_of(letter, spoken))
        elif text:
            reason = f"{code} is {text[:LONGEST]!r}; a value is a decimal number, and a missing one is left out"
            refused.append(RefusedValue(code, "wrong-value", reason))
    return values, refused


def _sent(area: Area, period: Period) -> Iterator[tuple[str, str, str]]:
    """Code, value and data flag of all that is told; an empty value is a missing one."""
    preferred = _PREFERRED[period]
    for code, told in area.items.items():
        letter = told.get("Flag", "")
        for name in preferred:
            if name in told:
                yield code, told[name], letter
                break
        if _TOTAL in told and code not in area.twice and is_flow(code):
            yield f"{code}-{_TOTAL}", told[_TOTAL], letter
