"""The codec of The Things Stack v3 and ChirpStack v4: decoded uplinks of LoRaWAN devices, as JSON over MQTT.

What a device sends is bytes of its maker's own making. The network server decodes them, if a formatter or codec is set
up there; taken is what that came to. What is taken of it is in ``docs/formats.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from qingchuan.collector.codecs.as_sent import from_json, second_of_text
from qingchuan.collector.codecs.told import Content, Told, Value
from qingchuan.collector.numbers import LONGEST, as_json
from qingchuan.collector.refusal import RefusedError, RefusedValue

_DEEPEST: Final = 8
_NOTHING: Final = msgspec.Raw(b"")
_LONGEST_UNIT: Final = 40

_OTHER_EVENTS: Final = frozenset({"status", "join", "ack", "txack", "log", "location", "integration"})
"""Last levels of topics of ChirpStack on which no values are told."""

_WITH_UNIT: Final = re.compile(r"([-+]?[0-9.]+)\s+(\D.*)")
"""A text such as ``30.11 °C``, which some makers' decoders write."""

_THINGS_STACK: Final = "add a payload formatter to the application or the device (The Things Stack, Payload formatters)"
_CHIRPSTACK: Final = "add a codec to the device profile (ChirpStack, Device profiles, Codec)"


class _DeviceIds(msgspec.Struct):
    device_id: str = ""
    dev_eui: str = ""


class _Uplink(msgspec.Struct):
    decoded_payload: msgspec.Raw = _NOTHING
    frm_payload: str = ""
    received_at: str | None = None


class _DeviceInfo(msgspec.Struct, rename="camel"):
    dev_eui: str = ""


class _Event(msgspec.Struct):
    """A message of either server: what it does not have is left out."""

    end_device_ids: _DeviceIds | None = None
    received_at: str | None = None
    uplink_message: _Uplink | None = None
    simulated: bool = False

    device_info: _DeviceInfo | None = msgspec.field(default=None, name="deviceInfo")
    time: str | None = None
    data: str | None = None
    object: msgspec.Raw = _NOTHING


_decoder = msgspec.json.Decoder(_Event)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_elements = msgspec.json.Decoder(list[msgspec.Raw])


def decode(payload: bytes, topic: str, received: int) -> Content:  # noqa: ARG001 - as every codec is called
    """What an uplink tells.

    Parameters
    ----------
    payload : bytes
        JSON.
    topic : str
        ``v3/<application>@<tenant>/devices/<device>/up`` or ``application/<id>/device/<EUI>/event/up``.
    received : int
        Not needed: the server tells the time.

    Raises
    ------
    RefusedError
        It is of neither server, was made up by its console, or was not decoded there.

    Examples
    --------
    >>> uplink = b'''{"deviceInfo": {"devEui": "0101010101010101"}, "time": "2026-03-01T00:00:00.775+00:00",
    ...               "data": "qg==", "object": {"air": {"temperature": 11.30}}}'''
    >>> decode(uplink, "application/1/device/0101010101010101/event/up", 0).told[0].values
    {'air.temperature': Value(text='11.30', unit='', flag=2, by='')}
    """
    event = from_json(payload, _decoder)
    if event.end_device_ids is not None:
        return _of_things_stack(event, event.end_device_ids)
    if event.device_info is not None:
        return Content() if topic.rpartition("/")[2] in _OTHER_EVENTS else _of_chirpstack(event, event.device_info)
    what = "the payload has neither end_device_ids (The Things Stack v3) nor deviceInfo (ChirpStack v4)"
    raise RefusedError("wrong-shape", f"{what}; see docs/formats.md")


def _of_things_stack(event: _Event, ids: _DeviceIds) -> Content:
    uplink = event.uplink_message
    if uplink is None:
        return Content()
    if event.simulated:
        raise RefusedError(
            "wrong-value", "it is a simulated uplink (simulated is true); only measured values are taken"
        )
    # The time of the server: that of gateways (settings.time) is wrong where their clocks are.
    time = uplink.received_at or event.received_at
    sender = ids.dev_eui.lower() or ids.device_id
    return _content(sender, time, bytes(uplink.decoded_payload), uplink.frm_payload, _THINGS_STACK)


def _of_chirpstack(event: _Event, info: _DeviceInfo) -> Content:
    return _content(info.dev_eui.lower(), event.time, bytes(event.object), event.data or "", _CHIRPSTACK)


def _content(sender: str, time: str | None, decoded: bytes, sent: str, remedy: str) -> Content:
    """What was decoded; nothing where nothing was sent, as in an uplink that only answers the network."""
    if not sender:
        raise RefusedError("wrong-shape", "the payload does not say which device it is of (dev_eui, devEui); it has to")
    if decoded in (b"", b"null"):
        if not sent:
            return Content()
        raise RefusedError("wrong-shape", f"its payload of {len(sent)} characters was not decoded; {remedy}")
    if not decoded.startswith(b"{"):
        raise RefusedError("wrong-shape", f"its decoded payload is {_shown(decoded)}; it is an object of values")
    if time is None:
        raise RefusedError("wrong-time", "the payload has no time (received_at, time); the server tells it")
    second = second_of_text(time)
    values: dict[str, Value] = {}
    refused: list[RefusedValue] = []
    for code, raw in _leaves("", decoded, 0):
        try:
            value = _value(code, raw)
        except RefusedError as error:
            refused.append(RefusedValue(code, error.code, error.reason, sender))
            continue
        if value is not None and values.setdefault(code, value) != value:
            reason = f"{code} is told twice, and differently; once would do"
            refused.append(RefusedValue(code, "wrong-value", reason, sender))
    return Content([Told(sender, second, values)] if values else [], refused)


def _leaves(code: str, raw: bytes, depth: int) -> Iterator[tuple[str, bytes]]:
    """All that lies in objects and lists, with the way there: names and, from 0, places, with dots between them."""
    if depth > _DEEPEST:
        yield code, raw
    elif raw.startswith(b"{"):
        for name, inner in _members.decode(raw).items():
            yield from _leaves(f"{code}.{name}" if code else name, bytes(inner), depth + 1)
    elif raw.startswith(b"["):
        for place, inner in enumerate(_elements.decode(raw)):
            yield from _leaves(f"{code}.{place}", bytes(inner), depth + 1)
    else:
        yield code, raw


def _value(code: str, raw: bytes) -> Value | None:
    """A number, also one in a text or with a unit behind it; None for what is missing."""
    if raw == b"null":
        return None
    if not raw.startswith(b'"'):
        number = as_json(raw.decode())
        if number is not None:
            return Value(number)
        raise RefusedError(
            "wrong-value", f"{code} is {_shown(raw)}; only numbers are taken, of up to {LONGEST} characters"
        )
    text = msgspec.json.decode(raw, type=str)
    found = _WITH_UNIT.fullmatch(text)
    number = as_json(found[1] if found else text)
    if number is None:
        reason = (
            f"{code} is the text {text[:LONGEST]!r}; only numbers are taken, also with a unit behind them, as '20.5 °C'"
        )
        raise RefusedError("wrong-value", reason)
    return Value(number, found[2].strip()[:_LONGEST_UNIT] if found else "")


def _shown(raw: bytes) -> str:
    return raw.decode(errors="replace")[:LONGEST]
