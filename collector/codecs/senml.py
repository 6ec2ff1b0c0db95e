"""The codec of SenML (RFC 8428), in JSON and in CBOR. What it takes is in ``docs/formats.md``."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Final

from qingchuan.collector.codecs.as_sent import second_of
from qingchuan.collector.codecs.senml_records import Record, of_cbor, of_json
from qingchuan.collector.codecs.senml_resolving import resolved_one_by_one
from qingchuan.collector.codecs.told import Content, Told, Value
from qingchuan.collector.refusal import RefusedError, RefusedValue

_DEVICE_URN: Final = re.compile(r"(urn:dev:[^:]+:[^:_/]+)(?:[:_/](.*))?")
_SEPARATORS: Final = frozenset(":/_")

_UNITS: Final = {"%": "/"}
"""What means another thing in SenML: "%" is the ratio itself there, 0 to 1 (RFC 8428, 12.1, note 2)."""

_WITHOUT_UNIT: Final = "value"
_LONGEST_UNIT: Final = 40
_MICROSECONDS: Final = -6
_KINDS: Final = {"vs": "a text", "vb": "true or false", "vd": "data", "s": "a sum over time"}


def decode(payload: bytes, topic: str, received: int, known: Collection[str] = ()) -> Content:  # noqa: ARG001 - as any
    """What a pack in JSON tells.

    Parameters
    ----------
    payload : bytes
        ``application/senml+json``.
    topic : str
        Says nothing about it.
    received : int
        Small times are relative to it. [µs since 1970-01-01 UTC]
    known : collection of str
        Ids of devices; see `split`.

    Raises
    ------
    RefusedError
        It is no pack, or one that must not be used: of a newer version, or with a field that has to be understood.

    Examples
    --------
    >>> pack = b'[{"bn": "urn:dev:ow:10e2073a01080063:", "bt": 1320078429, "n": "temp", "u": "Cel", "v": 27.20}]'
    >>> [told] = decode(pack, "", 0).told
    >>> told.sender, told.time, told.values
    ('urn:dev:ow:10e2073a01080063', 1320078429, {'temp': Value(text='27.20', unit='Cel', flag=2, by='')})
    """
    return _content(of_json(payload), received, known)


def decode_cbor(payload: bytes, topic: str, received: int, known: Collection[str] = ()) -> Content:  # noqa: ARG001 - as any
    """What a pack in CBOR, ``application/senml+cbor``, tells; see `decode`."""
    return _content(of_cbor(payload), received, known)


def split(name: str, known: Collection[str] = ()) -> tuple[str, str]:
    """Sender and item of a full name; the item is empty where the name is that of a sender alone.

    Parameters
    ----------
    name : str
    known : collection of str
        Ids of devices. The sender is the longest that the name begins with. If none is, it is a device URN, or what
        stands before the last ``/`` or ``:``, or before the last ``_`` where there is none of these.

    References
    ----------
    .. [1] RFC 9039, of device URNs.

    Examples
    --------
    >>> split("urn:dev:ow:10e2073a01080063:air_temperature"), split("urn:dev:ow:10e2073a01080063_humidity")
    (('urn:dev:ow:10e2073a01080063', 'air_temperature'), ('urn:dev:ow:10e2073a01080063', 'humidity'))
    >>> split("2001:db8::2/temperature"), split("west_1_ph"), split("west_water_depth", {"west"})
    (('2001:db8::2', 'temperature'), ('west_1', 'ph'), ('west', 'water_depth'))
    """
    if name in known:
        return name, ""
    for end in range(len(name) - 1, 0, -1):
        if name[end] in _SEPARATORS and name[:end] in known:
            return name[:end], name[end + 1 :]
    if found := _DEVICE_URN.fullmatch(name):
        return found[1], found[2] or ""
    end = max(name.rfind("/"), name.rfind(":"))
    end = name.rfind("_") if end < 0 else end
    return (name[:end], name[end + 1 :]) if end > 0 else (name, "")


def _content(records: Sequence[Record], received: int, known: Collection[str]) -> Content:
    content = Content()
    told: dict[tuple[str, int], dict[str, Value]] = {}
    for record in resolved_one_by_one(records, Decimal(received).scaleb(_MICROSECONDS)):
        if isinstance(record, RefusedValue):
            sender, item = split(record.item, known)
            content.refused.append(record._replace(item=item or record.item, sender=sender))
            continue
        sender, item = split(str(record["n"]), known)
        code = item or str(record.get("u", "")) or _WITHOUT_UNIT
        try:
            value = _value(code, record)
            values = told.setdefault((sender, second_of(_decimal(record["t"]))), {})
        except RefusedError as error:
            content.refused.append(RefusedValue(code, error.code, error.reason, sender))
            continue
        if values.setdefault(code, value) != value:
            reason = f"{code} is told twice of one second, and differently; once would do"
            content.refused.append(RefusedValue(code, "wrong-value", reason, sender))
    content.told.extend(Told(sender, time, values) for (sender, time), values in told.items())
    return content


def _value(code: str, record: Record) -> Value:
    if "v" not in record:
        kind = next(kind for label, kind in _KINDS.items() if label in record)
        raise RefusedError("wrong-value", f"{code} is {kind}; only numbers (v) are taken")
    unit = str(record.get("u", ""))
    return Value(format(_decimal(record["v"]), "f"), _UNITS.get(unit, unit)[:_LONGEST_UNIT])


def _decimal(value: object) -> Decimal:
    return Decimal(str(value))
