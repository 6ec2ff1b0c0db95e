"""The numbers of observations as the tests see them: the nearest float64, whatever way they came."""

from __future__ import annotations

import operator
import struct
from collections.abc import Sequence
from functools import lru_cache
from itertools import starmap
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

_TEXTS = 8192


def numbers(texts: Sequence[str], items: tuple[str, ...]) -> NDArray[np.float64]:
    """The numbers of `items` in JSON objects, shape (texts, items); NaN where an item is not told.

    Examples
    --------
    >>> numbers(['{"co":0.70}', '{"o3":80,"co":1}'], ("co", "o3"))
    array([[ 0.7,  nan],
           [ 1. , 80. ]])
    """
    found = np.empty((len(texts), len(items)))
    for start in range(0, len(texts), _TEXTS):
        told = _decoder_of(items).decode(f"[{','.join(texts[start : start + _TEXTS])}]")
        for place in range(len(items)):
            values = map(operator.attrgetter(f"item{place}"), told)
            found[start : start + len(told), place] = np.fromiter(values, np.float64, len(told))
    return found


def numbers_of(told: Sequence[Any], items: tuple[str, ...]) -> NDArray[np.float64]:
    """The numbers of `items` in decoded values, which have them by their names, shape (values, items)."""
    forms = set(map(type, told))
    if len(forms) == 1:
        return _numbers_of(told, forms.pop(), items)
    found = np.empty((len(told), len(items)))
    for form in forms:
        here = [place for place, one in enumerate(told) if type(one) is form]
        found[here] = _numbers_of([told[place] for place in here], form, items)
    return found


def _numbers_of(told: Sequence[Any], form: type, items: tuple[str, ...]) -> NDArray[np.float64]:
    """Those of values of one form."""
    have = [place for place, item in enumerate(items) if item in getattr(form, "__struct_fields__", ())]
    some = _packed(told, [items[place] for place in have])
    if len(have) == len(items):
        return some
    found = np.full((len(told), len(items)), np.nan)
    found[:, have] = some
    return found


def _packed(told: Sequence[Any], names: Sequence[str]) -> NDArray[np.float64]:
    """What values have by some names, shape (values, names); packed one after the other, so each is read once."""
    if len(names) < 2:  # noqa: PLR2004 - of several the getter makes tuples
        columns = [np.fromiter(map(operator.attrgetter(name), told), np.float64, len(told)) for name in names]
        return np.array(columns).reshape(len(names), len(told)).T
    packed = starmap(struct.Struct(f"{len(names)}d").pack, map(operator.attrgetter(*names), told))
    return np.frombuffer(b"".join(packed)).reshape(len(told), len(names))


@lru_cache(maxsize=64)
def _decoder_of(items: tuple[str, ...]) -> msgspec.json.Decoder[list[Any]]:
    """Decodes JSON objects, as far as they tell `items`."""
    fields = [(f"item{place}", float, msgspec.field(default=np.nan, name=key)) for place, key in enumerate(items)]
    row = msgspec.defstruct("Numbers", fields, gc=False)
    return msgspec.json.Decoder(list[row])  # type: ignore[valid-type]  # made at run time
