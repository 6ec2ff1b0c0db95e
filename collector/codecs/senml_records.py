"""Packs of SenML as records: fields by the labels of JSON, numbers as decimals (RFC 8428, sections 4 to 6)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import cbor2
import msgspec
import numpy as np

from qingchuan.collector.codecs.as_sent import from_json, text_of_double, text_of_single
from qingchuan.collector.numbers import is_number
from qingchuan.collector.refusal import RefusedError

Record = dict[str, object]
"""The fields of a record; a number is a Decimal, and what cannot be used stands as `Unusable`."""

_BASE_LABELS: Final = {-1: "bver", -2: "bn", -3: "bt", -4: "bu", -5: "bv", -6: "bs"}
_OTHER_LABELS: Final = {0: "n", 1: "u", 2: "v", 3: "vs", 4: "vb", 5: "s", 6: "t", 7: "ut", 8: "vd"}
LABELS: Final[Mapping[int, str]] = _BASE_LABELS | _OTHER_LABELS
"""What CBOR calls the fields: RFC 8428, table 4."""

_DECIMAL_FRACTION = 4
_TEXTS_OF_NUMBERS = frozenset(b"-0123456789")
_STRUCTURES = frozenset(b"{[")
_LARGEST = 10**40
_LARGEST_SINGLE = 1e30


class Unusable(msgspec.Struct, frozen=True):
    """A value that is none of SenML, such as NaN or a number of a thousand digits; `text` shows it to people."""

    text: str


_decoder = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])


def of_json(payload: bytes) -> list[Record]:
    """The records of ``application/senml+json``.

    Raises
    ------
    RefusedError
        It is not JSON, or no array of objects.

    Examples
    --------
    >>> of_json(b'[{"n": "urn:dev:ow:10e2073a01080063", "u": "Cel", "v": 23.10}]')
    [{'n': 'urn:dev:ow:10e2073a01080063', 'u': 'Cel', 'v': Decimal('23.10')}]
    """
    return [{label: _of_raw(bytes(raw)) for label, raw in record.items()} for record in from_json(payload, _decoder)]


def of_cbor(payload: bytes) -> list[Record]:
    """The records of ``application/senml+cbor``. A float that single precision holds has the text of a single one.

    Raises
    ------
    RefusedError
        It is not CBOR, or no array of maps.

    Examples
    --------
    >>> of_cbor(bytes.fromhex("81a3006474657374016343656c02fa41b8cccd"))
    [{'n': 'test', 'u': 'Cel', 'v': Decimal('23.1')}]
    """
    try:
        told = cbor2.loads(payload, str_errors="replace", semantic_decoders=_TAGS, tag_hook=_unusable)
    except (cbor2.CBORDecodeError, ValueError, ArithmeticError, TypeError, RecursionError) as error:
        reason = f"payload begins with {payload[:20].hex()} and is not CBOR ({error}); see docs/formats.md"
        raise RefusedError("not-cbor", reason) from error
    if not isinstance(told, list) or not all(isinstance(record, dict) for record in told):
        raise RefusedError(
            "wrong-shape", "the payload is no array of maps; a pack of SenML is one, see docs/formats.md"
        )
    return [{_label(key): _of_object(value) for key, value in record.items()} for record in told]


def _of_raw(text: bytes) -> object:
    if text[0] in _TEXTS_OF_NUMBERS:
        number = text.decode()
        return Decimal(number) if is_number(number) else Unusable(number)
    return Unusable(text.decode(errors="replace")) if text[0] in _STRUCTURES else msgspec.json.decode(text)


def _label(key: object) -> str:
    if type(key) is int and -_LARGEST < key < _LARGEST:
        return LABELS.get(key) or str(key)
    if type(key) is str:
        return key
    what = f"a field has a {type(key).__name__} for its label"
    raise RefusedError("wrong-shape", f"{what}; labels are texts, and whole numbers of up to 40 digits")


def _of_object(value: object) -> object:
    if type(value) is float:
        return _of_float(value)
    if type(value) is int:
        return Decimal(value) if -_LARGEST < value < _LARGEST else Unusable("a number of more than 40 digits")
    if type(value) is Decimal:
        return value if is_number(str(value)) else Unusable(str(value))
    return value if isinstance(value, (str, bytes, bool, Unusable)) else Unusable(f"a {type(value).__name__}")


def _of_float(value: float) -> object:
    """The decimal that was meant: 0.1, not 0.10000000149011612, where the sender had a single precision only."""
    if not np.isfinite(value):
        return Unusable(str(value))
    is_single = abs(value) < _LARGEST_SINGLE and float(np.float32(value)) == value and not value.is_integer()
    text = text_of_single(value) if is_single else text_of_double(value)
    return Decimal(text) if is_number(text) else Unusable(text)


def _decimal_fraction(value: Any, _immutable: bool) -> object:  # noqa: ANN401, FBT001 - as cbor2 calls it
    """A decimal fraction digit for digit; cbor2's own would round it to 28."""
    match value:
        case [int(exponent), int(mantissa)] if abs(exponent) < _FARTHEST and abs(mantissa) < _LARGEST:
            return Decimal(f"{mantissa}E{exponent}")
    return Unusable("a decimal fraction of too many digits")


def _unusable(_value: Any, _immutable: bool) -> object:  # noqa: ANN401, FBT001 - as cbor2 calls it
    return Unusable("a value with a tag that SenML does not have")


def _itself(value: Any, _immutable: bool) -> object:  # noqa: ANN401, FBT001 - as cbor2 calls it
    return value


_FARTHEST = 1000
_SELF_DESCRIBED = 55799
"""Says only that CBOR follows (RFC 8949, 3.4.6)."""
_TAGS = {
    _DECIMAL_FRACTION: _decimal_fraction,
    _SELF_DESCRIBED: _itself,
    **dict.fromkeys((0, 1, 5, 28, 29, 30, 35, 36, 37, 256, 258), _unusable),
}
