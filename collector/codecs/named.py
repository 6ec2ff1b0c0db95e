"""What a native payload says of its number and time, also where it cannot be taken."""

from __future__ import annotations

from typing import Any

import msgspec

from qingchuan.collector.codecs.native import may_hold_constants, without_constants
from qingchuan.collector.codecs.native_times import times
from qingchuan.collector.refusal import Named, RefusedError
from qingchuan.collector.topics import Topic


class _Label(msgspec.Struct, gc=False):
    start: Any = None
    end: Any = None
    time: Any = None
    seq: Any = None


_decoder = msgspec.json.Decoder(_Label)


def named(payload: bytes, topic: Topic) -> Named:
    """The number and the time of a `payload`, whatever else is wrong with it.

    Examples
    --------
    >>> named(b'{"end": "1970-01-01T09:00:00+08:00", "seq": 7, "value": "oops"}', Topic("1235A", "hour"))
    Named(number=7, start=0, moment=3600)
    >>> named(b"pm25=35", Topic("1235A", "hour"))
    Named(number=None, start=None, moment=None)
    """
    if topic.message == "station":
        return Named()
    try:
        told = _label_of(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return Named()
    number = told.seq if type(told.seq) is int else None
    start, end, time = _text(told.start), _text(told.end), _text(told.time)
    if start is end is time is None:
        return Named(number)
    try:
        return Named(number, *times(topic.message, start, end, time))
    except RefusedError:
        return Named(number)


def _label_of(payload: bytes) -> _Label:
    try:
        return _decoder.decode(payload)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError):
        if not may_hold_constants(payload):
            raise
        return _decoder.decode(without_constants(payload))


def _text(told: object) -> str | None:
    return told if isinstance(told, str) else None
