"""How answers leave: as JSON bytes of structs, with times as Beijing time."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from starlette.responses import Response

from qingchuan.processing.air.wording import number
from qingchuan.processing.periods import BEIJING, to_beijing

_encoder = msgspec.json.Encoder()
_OFFSET = BEIJING.utcoffset(None)
_EXACT = 2**53
"""Below it a whole number is the same as float64 and as int64."""


def json_answer(struct: msgspec.Struct) -> Response:
    """The answer 200 with `struct` as JSON."""
    return Response(_encoder.encode(struct), media_type="application/json")


def json_bytes(struct: msgspec.Struct) -> bytes:
    """The bytes of `struct` as JSON."""
    return _encoder.encode(struct)


def iso_time(seconds: int) -> str:
    """Beijing time of an instant.

    Parameters
    ----------
    seconds : int
        [s since 1970-01-01 UTC]

    Examples
    --------
    >>> iso_time(0)
    '1970-01-01T08:00:00+08:00'
    """
    return to_beijing(seconds).isoformat(timespec="seconds")


def iso_times(times: NDArray[np.datetime64]) -> list[str]:
    """Beijing time of many instants.

    Parameters
    ----------
    times : ndarray of datetime64[s], shape (times,)
        UTC.

    Examples
    --------
    >>> iso_times(np.array([0, 3600], "datetime64[s]"))
    ['1970-01-01T08:00:00+08:00', '1970-01-01T09:00:00+08:00']
    """
    texts = np.datetime_as_string(times + np.timedelta64(_OFFSET), unit="s")
    return [f"{text}+08:00" for text in texts.tolist()]


def numbers(values: NDArray[np.float64]) -> list[Any]:
    """The numbers of an array for JSON: None where missing, without a point where all are whole numbers.

    Examples
    --------
    >>> numbers(np.array([40.0, np.nan])), numbers(np.array([0.7, 1.0])), numbers(np.array([1e20, 1.0]))
    ([40, None], [0.7, 1.0], [1e+20, 1.0])
    """
    missing = np.isnan(values)
    whole = bool(np.all(missing | ((values == np.trunc(values)) & (np.abs(values) < _EXACT))))
    told = np.where(missing, 0, values).astype(np.int64 if whole else np.float64).astype(object)
    told[missing] = None
    return list(told)


def figure(scaled: int, decimals: int) -> float | None:
    """A published figure for JSON: None where there is none, a whole number where it has no decimals.

    Parameters
    ----------
    scaled : int
        In units of the last decimal; below 0 or 65535 where there is none.
    decimals : int
        [-]

    Examples
    --------
    >>> figure(312, 2), figure(28, 0), figure(-1, 2)
    (3.12, 28, None)
    """
    found = number(scaled, decimals)
    return found if found is None or decimals else int(found)


def indices(values: NDArray[np.signedinteger[Any]]) -> list[int | None]:
    """Whole numbers for JSON: None where negative, that is missing.

    Examples
    --------
    >>> indices(np.array([57, -1], np.int16))
    [57, None]
    """
    told = values.astype(object)
    told[values < 0] = None
    return list(told)
