"""The native JSON codec, documented in ``docs/mqtt.md``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import Annotated, Any

import msgspec

from qingchuan.collector.refusal import Code, RefusedError, RefusedValue
from qingchuan.collector.topics import Topic
from qingchuan.processing import catalogue, flags, periods
from qingchuan.store.observations import PERIOD_SECONDS, Observation, Period
from qingchuan.store.subjects import Subject, parse_subject

_PERIODS: dict[str, Period] = {"hour": "hour", "day": "day", "reading": "instant"}
_ITEMS = {message: catalogue.told(period) for message, period in _PERIODS.items()}
_PLAUSIBLE = {item: catalogue.item(item).plausible for items in _ITEMS.values() for item in items}
_LONGEST_NUMBER = 40
_LARGEST_EXPONENT = 30


class Payload(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """The payload of an observation.

    Attributes
    ----------
    values : object
        A number for each item; an item that is missing is left out.
    start, end : str or None
        Of an hour or a day exactly one of them, ISO 8601 with an offset.
    time : str or None
        Of a reading, ISO 8601 with an offset.
    flags : dict
        QARTOD flags of items, 2 where nothing is said.
    seq : int or None
        Counts the messages of a station.
    """

    values: msgspec.Raw
    start: str | None = None
    end: str | None = None
    time: str | None = None
    flags: dict[str, msgspec.Raw] = {}
    seq: int | None = None


_decoder = msgspec.json.Decoder(Payload)
_values_decoder = msgspec.json.Decoder(dict[str, msgspec.Raw])


def _plain_decoder(items: tuple[str, ...]) -> msgspec.json.Decoder[Any]:
    """Takes an object of numbers that instruments may tell of `items`, and nothing else."""
    plausible = [Annotated[float, msgspec.Meta(ge=_PLAUSIBLE[item][0], le=_PLAUSIBLE[item][1])] for item in items]
    fields = [(item, kind, 0.0) for item, kind in zip(items, plausible, strict=True)]
    return msgspec.json.Decoder(msgspec.defstruct("Values", fields, forbid_unknown_fields=True, gc=False))


_PLAIN = {message: _plain_decoder(items) for message, items in _ITEMS.items()}


def decode_observation(payload: bytes, topic: Topic, latest: int) -> tuple[Observation, list[RefusedValue]]:
    """The observation that `payload` tells, and the values of it that were refused.

    Parameters
    ----------
    payload : bytes
        JSON.
    topic : Topic
        Of an ``hour``, ``day`` or ``reading``.
    latest : int
        A time later than this is a wrong clock. [s since 1970-01-01 UTC]

    Raises
    ------
    RefusedError
        Nothing of it can be taken.

    Examples
    --------
    >>> payload = b'{"end": "2026-11-25T08:00:00+08:00", "values": {"co": 0.70, "pm25": null}}'
    >>> observation, refused = decode_observation(payload, Topic("1235A", "hour"), latest=2**40)
    >>> observation.items, [value.item for value in refused]
    ({'co': ('0.70', 2)}, ['pm25'])
    """
    told = _parse(payload)
    start = _start(told, topic, latest)
    period = _PERIODS[topic.message]
    plain = None if told.flags else _plain(topic.message, bytes(told.values))
    if plain is not None:
        return Observation(topic.subject, period, start, "reported", plain), []
    items, refused = _one_by_one(told, topic.message)
    if not items:
        reason = "none of its values could be taken" if refused else "values is empty; a message tells at least one"
        raise RefusedError("wrong-value" if refused else "wrong-shape", reason, tuple(refused))
    return Observation.of(topic.subject, period, start, "reported", items), refused


def _plain(message: str, values: bytes) -> str | None:
    """The text of `values` if each is a number that may be taken just as it stands, which is nearly always so."""
    if _is_unusual(values):
        return None
    try:
        _PLAIN[message].decode(values)
    except msgspec.MsgspecError:
        return None
    return values.translate(None, _SPACES).decode()


_SHAPE = bytes.maketrans(b"123456789.E", b"0000000000e")
_SPACES = b" \t\r\n"
_MANY_DIGITS = b"0" * 25


def _is_unusual(values: bytes) -> bool:
    """Whether there is an exponent or a number of very many digits, or nothing at all: that is looked at one by one."""
    shape = values.translate(_SHAPE, _SPACES)
    return b"0e" in shape or _MANY_DIGITS in shape or b":" not in shape


def _one_by_one(told: Payload, message: str) -> tuple[dict[str, tuple[str, int]], list[RefusedValue]]:
    items: dict[str, tuple[str, int]] = {}
    refused: list[RefusedValue] = []
    values = _values(told)
    for item, raw in values.items():
        value = _value(message, item, bytes(raw))
        flag = told.flags.get(item)
        if value is not None and (flag is None or bytes(flag) in _FLAGS):
            items[item] = value if flag is None else (value[0], int(bytes(flag)))
        else:
            refused.append(_refuse(item, bytes(raw), flag, _ITEMS[message]))
    refused += [_without_value(item) for item in told.flags if item not in values]
    return items, refused


def decode_announcement(payload: bytes) -> Subject:
    """The subject that the announcement `payload` describes.

    Raises
    ------
    RefusedError
        It is not JSON, or a field is missing, unknown or has a wrong type.
    """
    try:
        return parse_subject(payload)
    except msgspec.ValidationError as error:
        raise RefusedError("wrong-shape", f"the announcement does not fit: {error}; see docs/mqtt.md") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError("not-json", _not_json(payload, error)) from error


_FLAGS = {str(flag).encode() for flag in flags.ALL}


def _parse(payload: bytes) -> Payload:
    try:
        try:
            return _decoder.decode(payload)
        except msgspec.ValidationError:
            raise
        except (msgspec.DecodeError, UnicodeDecodeError):
            return _decoder.decode(_without_constants(payload))
    except msgspec.ValidationError as error:
        raise RefusedError("wrong-shape", f"the payload does not fit: {error}; see docs/mqtt.md") from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise RefusedError("not-json", _not_json(payload, error)) from error


def _values(told: Payload) -> dict[str, msgspec.Raw]:
    try:
        return _values_decoder.decode(told.values)
    except msgspec.ValidationError as error:
        raise RefusedError("wrong-shape", f"values does not fit: {error}; see docs/mqtt.md") from error


def _without_constants(payload: bytes) -> bytes:
    """JSON with NaN and Infinity, which some languages write, as texts: so each costs its value and not the message."""
    return msgspec.json.encode(json.loads(payload, parse_constant=str, parse_float=_as_sent, parse_int=_as_sent))


def _as_sent(number: str) -> msgspec.Raw:
    return msgspec.Raw(number.encode())


def _not_json(payload: bytes, error: Exception) -> str:
    return f"payload begins with {payload[:40]!r} and is not JSON ({error}); send what docs/mqtt.md shows"


def _start(told: Payload, topic: Topic, latest: int) -> int:
    start, moment = _times(topic.message, told.start, told.end, told.time)
    if moment > latest:
        raise RefusedError("future", _future(told.time or told.end or told.start, latest))
    if start < 0:
        raise RefusedError("wrong-time", f"its time is {told.time or told.end or told.start}; times begin with 1970")
    return start


@lru_cache(maxsize=4096)  # many stations tell of the same hour
def _times(message: str, start: str | None, end: str | None, time: str | None) -> tuple[int, int]:
    """Where the period begins, and the latest moment that is told of [s since 1970-01-01 UTC]."""
    if message == "reading":
        instant = _only(time, "time", message, alone=not (start or end))
        return instant, instant
    length = PERIOD_SECONDS[_PERIODS[message]]
    told = _only(end or start, "start or end", message, alone=not (time or (start and end)))
    begin = told if end is None else told - length
    if periods.align(begin, length) != begin:
        label = "start" if end is None else "end"
        raise RefusedError("wrong-time", f"{label} is {end or start}; {_WHOLE[message]}")
    return begin, begin + length


_WHOLE = {
    "hour": "an hour begins and ends on the full hour",
    "day": "a natural day begins and ends at 00:00 Beijing time (+08:00)",
}


def _future(told: str | None, latest: int) -> str:
    limit = periods.to_beijing(latest).isoformat()
    return (
        f"its time is {told}, later than {limit}, the latest that is believed; set the clock or the time zone of the "
        "station (collector.future_tolerance says how much)"
    )


def _only(text: str | None, names: str, message: str, *, alone: bool) -> int:
    if text is None or not alone:
        told = "nothing of it" if text is None else "more than one"
        raise RefusedError("wrong-time", f"of {names} it carries {told}; a message '{message}' carries exactly one")
    try:
        return periods.parse_instant(text)
    except ValueError as error:
        raise RefusedError("wrong-time", str(error)) from error


@lru_cache(maxsize=16384)  # stations tell the same few thousand numbers again and again
def _value(message: str, item: str, text: bytes) -> tuple[str, int] | None:
    """A JSON value, not evaluated, if it is a number that an instrument may tell of an item of `message`."""
    if item not in _ITEMS[message] or not _is_plausible(item, text):
        return None
    return text.decode(), flags.NOT_EVALUATED


def _is_plausible(item: str, text: bytes) -> bool:
    least, largest = _PLAUSIBLE[item]
    return _is_number(text) and least <= float(text) <= largest


def _is_number(text: bytes) -> bool:
    if text[:1] not in _NUMBER_STARTS or len(text) > _LONGEST_NUMBER:
        return False
    exponent = text.lower().partition(b"e")[2]
    return abs(int(exponent or 0)) <= _LARGEST_EXPONENT


_NUMBER_STARTS = frozenset(b"-0123456789"[index : index + 1] for index in range(11))


def _refuse(item: str, text: bytes, flag: msgspec.Raw | None, known: tuple[str, ...]) -> RefusedValue:
    code, reason = next(_faults(item, text, flag, known))
    return RefusedValue(item, code, reason)


def _without_value(item: str) -> RefusedValue:
    return RefusedValue(
        item, "wrong-value", f"{item} has a flag and no value; a flag stands beside the value of its item"
    )


def _faults(item: str, text: bytes, flag: msgspec.Raw | None, known: tuple[str, ...]) -> Iterator[tuple[Code, str]]:
    shown = text[:_LONGEST_NUMBER].decode("utf-8", "replace")
    if item not in known:
        near = get_close_matches(item, known, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        yield "unknown-item", f"item {item} = {shown} is not known here; {hint}the items are {', '.join(known)}"
    unit = catalogue.item(item).unit or "no unit"
    if not _is_number(text):
        hint = "leave out an item that is missing" if text in (b"null", b'"NaN"') else "a value is a finite JSON number"
        yield "wrong-value", f"{item} is {shown}; {hint}, in {unit}"
    elif not _is_plausible(item, text):
        least, largest = _PLAUSIBLE[item]
        hint = f"an instrument tells {least:g} to {largest:g} {unit} (processing/catalogue.toml)"
        yield "wrong-value", f"{item} is {shown}; {hint}, and an item that is missing is left out"
    told = bytes(flag or b"").decode("utf-8", "replace")
    yield "wrong-value", f"the flag of {item} is {told}; the flags are {', '.join(map(str, flags.ALL))} (QARTOD)"
