"""The payload of Sparkplug B: what of ``sparkplug_b.proto`` is about numbers (Sparkplug 3.0.0, 6.4)."""

from __future__ import annotations

import math
from typing import Final

import msgspec

from qingchuan.collector.codecs.as_sent import text_of_double, text_of_single
from qingchuan.collector.codecs.protobuf import Field, fields
from qingchuan.collector.refusal import RefusedError

DATATYPES: Final = (
    *("Unknown", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64", "Float", "Double"),
    *("Boolean", "String", "DateTime", "Text", "UUID", "DataSet", "Bytes", "File", "Template"),
    *("PropertySet", "PropertySetList", "Int8Array", "Int16Array", "Int32Array", "Int64Array", "UInt8Array"),
    *("UInt16Array", "UInt32Array", "UInt64Array", "FloatArray", "DoubleArray", "BooleanArray", "StringArray"),
    "DateTimeArray",
)
"""By their number."""

_SIGNED: Final = {1: 8, 2: 16, 3: 32, 4: 64}
_UNSIGNED: Final = {5: 8, 6: 16, 7: 32, 8: 64}
"""Datatypes of whole numbers, and their bits."""

_NUMBERS: Final = frozenset({*_SIGNED, *_UNSIGNED, DATATYPES.index("Float"), DATATYPES.index("Double")})

COMPRESSED: Final = "SPBV1.0_COMPRESSED"
"""What the field `uuid` of a payload says whose body is another, compressed."""

_INT: Final = 10
_LONG: Final = 11
_FLOAT: Final = 12
_DOUBLE: Final = 13
_LAST: Final = 19
"""Fields of a metric that hold its value; those after the double hold no number."""


class Metric(msgspec.Struct):
    """A metric of a payload.

    Attributes
    ----------
    name : str or None
        None where only the alias is told.
    alias, datatype : int or None
    timestamp : int or None
        [ms since 1970-01-01 UTC]
    is_null, is_transient : bool
    value : Field or None
        As it lies there.
    """

    name: str | None = None
    alias: int | None = None
    timestamp: int | None = None
    datatype: int | None = None
    is_null: bool = False
    is_transient: bool = False
    value: Field | None = None


class Payload(msgspec.Struct):
    """A payload.

    Attributes
    ----------
    metrics : list of Metric
    timestamp : int or None
        When it was sent. [ms since 1970-01-01 UTC]
    seq : int or None
        Counts the messages of a node, 0 to 255.
    """

    metrics: list[Metric]
    timestamp: int | None = None
    seq: int | None = None


def parse_payload(message: bytes) -> Payload:
    """The payload of a message.

    Raises
    ------
    RefusedError
        It is none, or a compressed one.

    Examples
    --------
    >>> payload = parse_payload(bytes.fromhex("08e80712050a016150011803"))
    >>> payload.timestamp, payload.metrics[0].name, payload.seq
    (1000, 'a', 3)
    """
    payload = Payload([])
    for field in fields(message):
        match field.number:
            case 1:
                payload.timestamp = field.whole()
            case 2:
                payload.metrics.append(_metric(field.data()))
            case 3:
                payload.seq = field.whole()
            case 4 if field.text() == COMPRESSED:
                raise RefusedError("wrong-shape", f"its payload is compressed (uuid {COMPRESSED}); send it as it is")
    return payload


def _metric(message: bytes) -> Metric:
    metric = Metric()
    for field in fields(message):
        match field.number:
            case 1:
                metric.name = field.text()
            case 2:
                metric.alias = field.whole()
            case 3:
                metric.timestamp = field.whole()
            case 4:
                metric.datatype = field.whole(32)
            case 6:
                metric.is_transient = field.whole() != 0
            case 7:
                metric.is_null = field.whole() != 0
            case number if _INT <= number <= _LAST:
                metric.value = field
    return metric


def number_of(value: Field, datatype: int | None) -> str:
    """The text of a metric's number.

    Parameters
    ----------
    value : Field
        Of a metric.
    datatype : int or None
        None where no birth certificate told it; floats say themselves what they are.

    Raises
    ------
    RefusedError
        It is no number, or none of its datatype.

    Examples
    --------
    >>> number_of(Field(10, "varint", 0xFFFFFFFE), DATATYPES.index("Int16"))
    '-2'
    """
    if value.number > _DOUBLE or (datatype is not None and datatype not in _NUMBERS):
        raise RefusedError("wrong-value", f"its datatype is {name_of(datatype)}; only numbers are taken")
    if value.number in (_FLOAT, _DOUBLE):
        number = value.single() if value.number == _FLOAT else value.double()
        if not math.isfinite(number):
            raise RefusedError(
                "wrong-value", f"it is {number}; leave out a value that is missing, or say that it is null"
            )
        return text_of_single(number) if value.number == _FLOAT else text_of_double(number)
    if datatype is None:
        raise RefusedError("wrong-value", "its datatype was told by no birth certificate; ask the node for a rebirth")
    return str(_whole(value, datatype))


def name_of(datatype: int | None) -> str:
    """What people call a datatype.

    Examples
    --------
    >>> name_of(11), name_of(99), name_of(None)
    ('Boolean', '99', 'none of a number')
    """
    if datatype is None:
        return "none of a number"
    return DATATYPES[datatype] if datatype < len(DATATYPES) else str(datatype)


def _whole(value: Field, datatype: int) -> int:
    """The number that a datatype makes of a value.

    Encoders differ: a negative number is filled up with ones as far as its type or as its field, and 32 bits without a
    sign lie in the field of 32 or in that of 64.
    """
    width = 32 if value.number == _INT else 64
    told = value.whole(width)
    if datatype in _SIGNED:
        half = 1 << _SIGNED[datatype] - 1
        if told < half:
            return told
        for bits in (_SIGNED[datatype], width):
            if (1 << bits) - half <= told < 1 << bits:
                return told - (1 << bits)
    elif told < 1 << _UNSIGNED.get(datatype, 0):
        return told
    raise RefusedError("wrong-value", f"it is {told}, and its datatype is {name_of(datatype)}, which does not hold it")
