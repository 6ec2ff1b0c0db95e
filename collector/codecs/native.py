"""The native JSON codec, documented in ``docs/mqtt.md``."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from typing import Annotated, Any

import msgspec

from qingchuan.collector.codecs.native_times import times, too_late
from qingchuan.collector.numbers import LONGEST, is_number, is_plausible, why_not
from qingchuan.collector.refusal import Code, RefusedError, RefusedValue, Why
from qingchuan.collector.senders import PERIODS
from qingchuan.collector.topics import MessageKind, Topic
from qingchuan.processing import catalogue, flags
from qingchuan.store.observations import Observation
from qingchuan.store.subjects import Subject, parse_subject


class Payload(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """The payload of an observation.

    Attributes
    ----------
    values : object
        A number for each item; an item that is missing is left out.
    start, end : str or None
        Of a minute, an hour or a day exactly one of them, ISO 8601 with an offset.
    time : str or None
        Of an instant, ISO 8601 with an offset.
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

_LONGEST_NEAR = 80
"""No longer text is near to an item: it would have to be three fifths the same."""


class Form:
    """What values may look like.

    Parameters
    ----------
    items : tuple of str
        The items that may be told.

    Attributes
    ----------
    items : tuple of str
    plain : msgspec.json.Decoder
        Takes a list of objects of numbers that instruments may tell of the items, and nothing else; NaN stands for an
        item that is not told. What mostly laboratories measure (GB 3838 table 3) is not among its items: each field
        costs every message.
    one : msgspec.json.Decoder
        Takes one such object.
    """

    def __init__(self, items: tuple[str, ...]) -> None:
        usual = [entry for entry in map(catalogue.item, items) if "water_source" not in entry.domains]
        ranges = [entry.plausible for entry in usual]
        plausible = [Annotated[float, msgspec.Meta(ge=least, le=largest)] for least, largest in ranges]
        fields = [(entry.key, kind, math.nan) for entry, kind in zip(usual, plausible, strict=True)]
        values = msgspec.defstruct("Values", fields, forbid_unknown_fields=True, gc=False)
        self.items = items
        self.plain: msgspec.json.Decoder[list[Any]] = msgspec.json.Decoder(list[values])  # type: ignore[valid-type]
        self.one: msgspec.json.Decoder[Any] = msgspec.json.Decoder(values)


@lru_cache(maxsize=256)  # there are few kinds of subjects
def form_of(items: tuple[str, ...]) -> Form:
    """The form of values of which `items` may be told."""
    return Form(items)


@lru_cache(maxsize=8)
def _any_form(message: MessageKind) -> Form:
    """The form of values of any subject."""
    return form_of(catalogue.tellable(PERIODS[message], catalogue.DOMAINS))


def decode_observation(
    payload: bytes, topic: Topic, latest: int, form: Form | None = None
) -> tuple[Observation, list[RefusedValue]]:
    """The observation that `payload` tells, and the values of it that were refused.

    Parameters
    ----------
    payload : bytes
        JSON.
    topic : Topic
        Of an observation.
    latest : int
        A time later than this is a wrong clock. [s since 1970-01-01 UTC]
    form : Form or None
        Of what the subject may tell; None for what any subject may.

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
    form = form or _any_form(topic.message)
    told = parse(payload)
    if isinstance(told, Why):
        raise told.error()
    start, moment = times(topic.message, told.start, told.end, told.time)
    why = not_believed(told, start, moment, latest)
    if why is not None:
        raise why.error()
    return observation_of(told, topic, start, form)


def observation_of(told: Payload, topic: Topic, start: int, form: Form) -> tuple[Observation, list[RefusedValue]]:
    """The observation that `told` is, and the values of it that were refused.

    Raises
    ------
    RefusedError
        None of its values can be taken.
    """
    items, refused = _one_by_one(told, form.items)
    if not items:
        reason = "none of its values could be taken" if refused else "values is empty; a message tells at least one"
        raise RefusedError("wrong-value" if refused else "wrong-shape", reason, tuple(refused))
    return Observation.of(topic.subject, PERIODS[topic.message], start, "reported", items), refused


def _one_by_one(told: Payload, known: tuple[str, ...]) -> tuple[dict[str, tuple[str, int]], list[RefusedValue]]:
    items: dict[str, tuple[str, int]] = {}
    refused: list[RefusedValue] = []
    values = _values(told)
    for item, raw in values.items():
        value = _value(item, bytes(raw)) if item in known else None
        flag = told.flags.get(item)
        if value is not None and (flag is None or bytes(flag) in _FLAGS):
            items[item] = value if flag is None else (value[0], int(bytes(flag)))
        else:
            refused.append(_refuse(item, bytes(raw), flag, known))
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


def parse(payload: bytes) -> Payload | Why:
    """What `payload` tells, its values not looked at yet; or why it is none: not JSON, or of another shape."""
    try:
        return _decoder.decode(payload)
    except msgspec.ValidationError as error:
        return _does_not_fit(error)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if not may_hold_constants(payload):
            return Why("not-json", _not_json(payload, error))
    except RecursionError as error:
        return Why("not-json", _not_json(payload, error))
    return _parse_with_constants(payload)


def _parse_with_constants(payload: bytes) -> Payload | Why:
    try:
        return _decoder.decode(without_constants(payload))
    except msgspec.ValidationError as error:
        return _does_not_fit(error)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        return Why("not-json", _not_json(payload, error))


def _does_not_fit(error: Exception) -> Why:
    return Why("wrong-shape", f"the payload does not fit: {error}; see docs/mqtt.md")


def _values(told: Payload) -> dict[str, msgspec.Raw]:
    try:
        return _values_decoder.decode(told.values)
    except msgspec.ValidationError as error:
        reason = f"the payload does not fit: {error} - at `$.values`; see docs/mqtt.md"
        raise RefusedError("wrong-shape", reason) from error
    except UnicodeDecodeError as error:
        reason = f"values is {bytes(told.values)[:40]!r} and is not JSON ({error}); send what docs/mqtt.md shows"
        raise RefusedError("not-json", reason) from error


def may_hold_constants(payload: bytes) -> bool:
    """Whether a `payload` that is no JSON may be that for its constants; to take it apart costs ten times as much."""
    return b"NaN" in payload or b"Infinity" in payload


def without_constants(payload: bytes) -> bytes:
    """JSON with NaN and Infinity, which some languages write, as texts: so each costs its value and not the message."""
    return msgspec.json.encode(json.loads(payload, parse_constant=str, parse_float=_as_sent, parse_int=_as_sent))


def _as_sent(number: str) -> msgspec.Raw:
    return msgspec.Raw(number.encode())


def _not_json(payload: bytes, error: Exception) -> str:
    return f"payload begins with {payload[:40]!r} and is not JSON ({error}); send what docs/mqtt.md shows"


def not_believed(told: Payload, start: int, moment: int, latest: int) -> Why | None:
    """Why the period of `told` from `start` on is refused: its `moment` is after `latest`, or it is before 1970."""
    if moment > latest:
        return Why("future", too_late(told.time or told.end or told.start, latest), moment=moment)
    if start < 0:
        return Why("wrong-time", f"its time is {told.time or told.end or told.start}; times begin with 1970")
    return None


@lru_cache(maxsize=16384)  # stations tell the same few thousand numbers again and again
def _value(item: str, text: bytes) -> tuple[str, int] | None:
    """A JSON value, not evaluated, if it is a number that an instrument may tell of `item`."""
    number = text.decode(errors="replace")
    return (number, flags.NOT_EVALUATED) if is_number(number) and is_plausible(item, number) else None


def _refuse(item: str, text: bytes, flag: msgspec.Raw | None, known: tuple[str, ...]) -> RefusedValue:
    code, reason = next(_faults(item, text, flag, known))
    return RefusedValue(item, code, reason)


def _without_value(item: str) -> RefusedValue:
    return RefusedValue(
        item, "wrong-value", f"{item} has a flag and no value; a flag stands beside the value of its item"
    )


def _faults(item: str, text: bytes, flag: msgspec.Raw | None, known: tuple[str, ...]) -> Iterator[tuple[Code, str]]:
    number = text.decode("utf-8", "replace")
    shown = number[:LONGEST]
    if item not in known:
        near = _near(item, known) if len(item) <= _LONGEST_NEAR else ""
        hint = f"did you mean {near}? " if near else ""
        yield "unknown-item", f"item {item} = {shown} is not known here; {hint}the items are {', '.join(known)}"
    if not is_number(number) or not is_plausible(item, number):
        yield "wrong-value", why_not(item, number)
    told = bytes(flag or b"").decode("utf-8", "replace")
    yield "wrong-value", f"the flag of {item} is {told}; the flags are {', '.join(map(str, flags.ALL))} (QARTOD)"


@lru_cache(maxsize=4096)  # who misspells an item does so each time, and to look for it costs as much as ten messages
def _near(item: str, known: tuple[str, ...]) -> str:
    """The one of `known` that is meant, or an empty text."""
    return next(iter(get_close_matches(item, known, n=1)), "")
