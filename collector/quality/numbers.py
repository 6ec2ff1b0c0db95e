"""The numbers of observations as the tests see them: the nearest float64, whatever way they came."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import lru_cache
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
    found = np.full((len(told), len(items)), np.nan)
    forms = set(map(type, told))
    for form in forms:
        here = slice(None) if len(forms) == 1 else [place for place, one in enumerate(told) if type(one) is form]
        those = told if len(forms) == 1 else [one for one in told if type(one) is form]
        for column, item in enumerate(items):
            if item in getattr(form, "__struct_fields__", ()):
                found[here, column] = np.fromiter(map(operator.attrgetter(item), those), np.float64, len(those))
    return found


@lru_cache(maxsize=64)
def _decoder_of(items: tuple[str, ...]) -> msgspec.json.Decoder[list[Any]]:
    """Decodes JSON objects, as far as they tell `items`."""
    fields = [(f"item{place}", float, msgspec.field(default=np.nan, name=key)) for place, key in enumerate(items)]
    row = msgspec.defstruct("Numbers", fields, gc=False)
    return msgspec.json.Decoder(list[row])  # type: ignore[valid-type]  # made at run time
