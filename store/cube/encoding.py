"""How the values of an item lie in a file: as scaled 16-bit integers where the catalogue allows it, else as floats.

Reading gives back the very number that went in. A number that has no scaled integer makes its file a wide one.
"""

from __future__ import annotations

import functools
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing import catalogue
from qingchuan.processing.catalogue import DOMAINS, Domain
from qingchuan.processing.scaled import LARGEST, MISSING, Scaled

Width = Literal["narrow", "wide"]

DTYPES: dict[Width, np.dtype[Any]] = {"narrow": np.dtype("<u2"), "wide": np.dtype("<f8")}
"""How a value lies in a file of each width: MISSING, or NaN, where there is none."""

_SCALED: frozenset[Domain] = frozenset({"air", "air_other", "weather", "voc", "dust"})
"""Values of the water are floats: they have the decimals that they are sent with."""


class Scale(NamedTuple):
    """How numbers become integers: ``round(number * times) - offset``.

    Attributes
    ----------
    times : int
        10 to the power of the official decimals. [-]
    offset : int
        The least number, times that. [-]
    """

    times: int
    offset: int


class UnfitError(Exception):
    """Numbers have no scaled integers that give them back."""


@functools.cache
def items() -> tuple[str, ...]:
    """Keys of all items that the cube holds: those of the catalogue."""
    return tuple(dict.fromkeys(entry.key for domain in DOMAINS for entry in catalogue.items(domain)))


@functools.cache
def scale_of(item: str) -> Scale | None:
    """The scale of an item; None where its numbers are exact, or more than 16 bits hold.

    Examples
    --------
    >>> scale_of("co"), scale_of("codmn"), scale_of("tsp")
    (Scale(times=10, offset=-50), None, None)
    """
    entry = catalogue.item(item)
    times = 10**entry.decimals
    least, largest = (round(bound * times) for bound in entry.plausible)
    fits = largest - least <= LARGEST and _SCALED.issuperset(entry.domains)
    return Scale(times, least) if fits else None


def first_width(item: str) -> Width:
    """The width that a new file of an item has."""
    return "narrow" if scale_of(item) else "wide"


def narrowed(values: NDArray[np.float64], item: str) -> Scaled:
    """The scaled integers of `values`, MISSING for NaN.

    Raises
    ------
    UnfitError
        Of some of them it would be another number.

    Examples
    --------
    >>> narrowed(np.array([0.7, np.nan]), "co")
    array([   57, 65535], dtype=uint16)
    """
    scale = scale_of(item)
    if scale is None:
        raise UnfitError(item)
    missing = np.isnan(values)
    whole = np.rint(np.where(missing, 0.0, values) * scale.times) - scale.offset
    if whole.size and not (whole.min() >= 0 and whole.max() <= LARGEST):
        raise UnfitError(item)
    codes = np.where(missing, MISSING, whole).astype(np.uint16)
    again = numbers_of(item)[codes]
    if not (_bits(again) == _bits(np.where(missing, np.nan, values))).all():
        raise UnfitError(item)
    return codes


def widened(values: NDArray[Any], item: str) -> NDArray[np.float64]:
    """The numbers of what lies in a file of either width."""
    return numbers_of(item)[values] if values.dtype == DTYPES["narrow"] else np.asarray(values, np.float64)


@functools.cache
def numbers_of(item: str) -> NDArray[np.float64]:
    """The number of each scaled integer of an item, NaN for MISSING.

    It is the float that its decimal text is parsed to: both are the one next to the same fraction.
    """
    scale = scale_of(item)
    if scale is None:
        raise UnfitError(item)
    numbers = (np.arange(MISSING + 1) + scale.offset) / scale.times
    numbers[MISSING] = np.nan
    numbers.setflags(write=False)
    return numbers


def _bits(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """What tells -0.0 from 0.0."""
    return np.ascontiguousarray(values).view(np.int64)
