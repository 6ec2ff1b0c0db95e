"""What codecs share: JSON whose numbers stay texts, binary floats as texts, and moments in whole seconds."""

from __future__ import annotations

import json
import re
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

import msgspec
import numpy as np

from qingchuan.collector.refusal import RefusedError
from qingchuan.processing.decimals import written
from qingchuan.processing.periods import from_datetime

T = TypeVar("T")

_MAY_BE_HALF = re.compile(rb"\\u[dD]")
_ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
"""What a backslash begins in JSON; a pair of surrogates is one."""

_BEGINS, _ENDS = 0, 253_370_764_800  # 1970 and 9999, UTC: between them every moment has a date


def from_json(payload: bytes, decoder: msgspec.json.Decoder[T]) -> T:
    """What `decoder` makes of JSON. NaN and Infinity, which some languages write, are texts then: each costs its value.

    Half of a pair of surrogates, as in a name that was cut, becomes U+FFFD and costs no more than its name or text.

    Raises
    ------
    RefusedError
        It is not JSON, or has another shape.

    Examples
    --------
    >>> told = from_json(b'{"ph": 7.10, "tp": NaN}', msgspec.json.Decoder(dict[str, msgspec.Raw]))
    >>> {code: bytes(value) for code, value in told.items()}
    {'ph': b'7.10', 'tp': b'"NaN"'}
    """
    try:
        payload.decode()  # what a decoder passes over, or leaves as it is, it does not look at
        if _MAY_BE_HALF.search(payload):
            payload = _ESCAPES.sub(_whole, payload)
        try:
            return decoder.decode(payload)
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:
            return decoder.decode(_without_constants(payload))
    except msgspec.ValidationError as error:
        raise RefusedError("wrong-shape", f"the payload does not fit: {error}; see docs/formats.md") from error
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        reason = f"payload begins with {payload[:40]!r} and is not JSON ({error}); see docs/formats.md"
        raise RefusedError("not-json", reason) from error


def _whole(escape: re.Match[bytes]) -> bytes:
    return rb"\ufffd" if escape["half"] else escape[0]


def _without_constants(payload: bytes) -> bytes:
    return msgspec.json.encode(json.loads(payload, parse_constant=str, parse_float=_raw, parse_int=_raw))


def _raw(number: str) -> msgspec.Raw:
    return msgspec.Raw(number.encode())


def text_of_double(value: float) -> str:
    """The shortest decimal that a float of double precision stands for.

    Examples
    --------
    >>> text_of_double(23.1), text_of_double(1e-05), text_of_double(float("nan"))
    ('23.1', '0.00001', 'nan')
    """
    return written(value)


def text_of_single(value: float) -> str:
    """The shortest decimal that a float of single precision stands for.

    Examples
    --------
    >>> text_of_single(0.10000000149011612), text_of_single(float("inf"))
    ('0.1', 'inf')
    """
    return np.format_float_positional(np.float32(value), trim="-")


def second_of(seconds: Decimal) -> int:
    """The second that a moment lies in [s since 1970-01-01 UTC].

    Raises
    ------
    RefusedError
        It is no moment with a date.

    Examples
    --------
    >>> second_of(Decimal("1276020076.001"))
    1276020076
    """
    if not _BEGINS <= seconds < _ENDS:
        reason = f"its time is {str(seconds)[:40]} s since 1970; times lie between 1970 and 9999"
        raise RefusedError("wrong-time", reason)
    return int(seconds)


def second_of_text(text: str) -> int:
    """The second that a moment by ISO 8601 with an offset lies in [s since 1970-01-01 UTC].

    Raises
    ------
    RefusedError
        It is no such moment.

    Examples
    --------
    >>> second_of_text("2020-02-12T15:15:46.014773143Z")
    1581520546
    """
    try:
        moment = from_datetime(datetime.fromisoformat(text).replace(microsecond=0))
    except ValueError as error:
        shown = ascii(text[:40])
        reason = f"its time is {shown}; it is a date and time with an offset by ISO 8601, such as 2026-03-01T00:00:00Z"
        raise RefusedError("wrong-time", reason) from error
    return second_of(Decimal(moment))
