"""The air quality index (AQI) of the US EPA: of each item, and of a day by the largest, with its category.

Concentrations are floats in the units of EPA's table, which are not those of the parameter catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.rounding import scaled_truncated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import UsAirQualityIndex

NOT_COMPUTED = -1
"""The index where there is none."""

LARGEST_INDEX = 32767
"""The index has no upper end; from here on this stands for it (PM2.5 of some 16,000 µg/m³)."""

_LARGEST_SCALED = 2**40
"""Far beyond `LARGEST_INDEX` in every column, and small enough for products in int64."""


@dataclass(frozen=True, slots=True, eq=False)
class UsAirQuality:
    """What the EPA's index says of concentrations.

    Attributes
    ----------
    items : tuple of str
        Columns of the table, in order; the first axis of `iaqi` and `primary`.
    iaqi : ndarray of int16, shape (items, ...)
        Individual indices, which EPA calls sub-indices. [-] -1 where there is none.
    aqi : ndarray of int16, shape (...)
        Largest of them. [-] -1 where there is none.
    primary : ndarray of bool, shape (items, ...)
        Whether the item is that of the primary pollutant, which EPA calls main; several where they tie, and whatever
        the AQI is.
    category : ndarray of uint8, shape (...)
        1 … 6; 0 where there is no AQI.
    """

    items: tuple[str, ...]
    iaqi: NDArray[np.int16]
    aqi: NDArray[np.int16]
    primary: NDArray[np.bool_]
    category: NDArray[np.uint8]


def iaqi(concentration: ArrayLike, item: str, standard: UsAirQualityIndex) -> NDArray[np.int16]:
    """Individual air quality index of the concentrations of one item.

    Parameters
    ----------
    concentration : array_like of float, any shape
        [unit of the column: ppm, ppb or µg/m³] NaN where missing.
    item : str
        A column of the table, such as ``"o3_8h"``.
    standard : UsAirQualityIndex
        The edition.

    Returns
    -------
    ndarray of int16, shape of `concentration`
        [-] -1 where the concentration is missing or infinite, and where the table defines none: 1-hour ozone below
        its first range, 24-hour sulphur dioxide below 305 ppb, 8-hour ozone beyond the index 300.

    Raises
    ------
    ValueError
        The edition has no such column.

    Notes
    -----
    Truncated to the decimals of the item, linear within its range, rounded to the nearest integer with halves up, all
    in whole numbers. Beyond the last range it goes on along the same line. A negative concentration counts as what
    the edition says: 0. 1-hour sulphur dioxide gives 200 from 305 ppb on.

    References
    ----------
    .. [1] EPA-454/B-24-002, IV, equation 1, table 6 with its notes.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("epa2024", standards.UsAirQualityIndex)
    >>> iaqi([0.07853333, 0.054, 0.0549, -0.001, 0.201, np.nan], "o3_8h", standard)
    array([126,  50,  50,   0,  -1,  -1], dtype=int16)
    >>> iaqi([35.9, 325.4, 425.3], "pm25", standard)
    array([102, 500, 699], dtype=int16)
    """
    scaled, there = _counted(concentration, item, standard)
    segments = standard.segments[item]
    place = np.searchsorted(segments.low, scaled, side="right") - 1
    found = np.maximum(place, 0)
    rise = (segments.index_high - segments.index_low)[found]
    run = (segments.high - segments.low)[found]
    # The nearest integer, halves up: floor(x + 1/2) is floor((2 × numerator + denominator) / (2 × denominator)).
    index = segments.index_low[found] + (2 * (scaled - segments.low[found]) * rise + run) // (2 * run)
    note = standard.note(item)
    if note is not None:
        index = np.where(scaled > segments.high[-1], NOT_COMPUTED if note.index is None else note.index, index)
    index = np.minimum(index, LARGEST_INDEX)
    return np.asarray(np.where(there & (place >= 0), index, NOT_COMPUTED).astype(np.int16))


def evaluate(concentrations: Mapping[str, ArrayLike], standard: UsAirQualityIndex) -> UsAirQuality:
    """AQI of concentrations, with category and primary pollutant.

    Parameters
    ----------
    concentrations : mapping of str to array_like of float, shapes that broadcast to (...)
        Columns of the table; one that is left out is missing. [unit of the column] NaN where missing.
    standard : UsAirQualityIndex
        The edition.

    Returns
    -------
    UsAirQuality

    Raises
    ------
    ValueError
        A column that the edition does not have.

    Notes
    -----
    The AQI is the largest index. Of ozone that is the larger of 8-hour and 1-hour, as far as each is defined. Of
    sulphur dioxide it is the 24-hour mean from 305 ppb on, the 1-hour value below; a 1-hour value of 305 ppb or more
    without such a mean gives 200.

    The document's own example gives 148 for 1-hour ozone of 0.162 ppm. Its equation comes to 147.49, which its step 4
    rounds to 147, and EPA's daily files round so throughout.

    Where 8-hour ozone lies beyond the end of its column, the 1-hour value defines the index. Where that has none, there
    is no AQI: the largest of the others would make the worst air look good.

    References
    ----------
    .. [1] EPA-454/B-24-002, IV: how to handle values from multiple pollutants; using both O3 1-hour and 8-hour values;
       calculating AQI values for SO2.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("epa2024", standards.UsAirQualityIndex)
    >>> air = evaluate({"o3_8h": 0.078, "o3_1h": 0.162, "pm25": [35.9, 80.0], "co": 8.4}, standard)
    >>> air.aqi, air.category
    (array([147, 168], dtype=int16), array([3, 4], dtype=uint8))
    >>> [item for item, first in zip(air.items, air.primary[:, 0]) if first]
    ['o3_1h']
    """
    for item in concentrations:
        _check(item, standard)
    items = tuple(standard.items)
    shape = np.broadcast_shapes(*(np.shape(values) for values in concentrations.values()))
    indices = np.full((len(items), *shape), NOT_COMPUTED, dtype=np.int16)
    for place, item in enumerate(items):
        if item in concentrations:
            indices[place] = iaqi(concentrations[item], item, standard)
    withheld = _withheld(concentrations, dict(zip(items, indices, strict=True)), standard)
    aqi = np.asarray(np.where(withheld, NOT_COMPUTED, indices.max(axis=0))).astype(np.int16)
    return UsAirQuality(items, indices, aqi, (indices == aqi) & (aqi >= 0), category_of(aqi, standard))


def category_of(aqi: ArrayLike, standard: UsAirQualityIndex) -> NDArray[np.uint8]:
    """Categories of rounded AQI.

    Parameters
    ----------
    aqi : array_like of int, any shape
        [-] Negative where there is none.
    standard : UsAirQualityIndex
        The edition; its `categories` have names and colours.

    Returns
    -------
    ndarray of uint8, shape of `aqi`
        1 … 6; 0 where there is no AQI.

    References
    ----------
    .. [1] EPA-454/B-24-002, tables 1 and 2.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> category_of([0, 50, 51, 300, 301, 700, -1], standards.load("epa2024", standards.UsAirQualityIndex))
    array([1, 1, 2, 5, 6, 6, 0], dtype=uint8)
    """
    place = np.searchsorted(standard.category_starts, np.asarray(aqi, dtype=np.int64), side="right")
    numbers = np.array([0, *(category.number for category in standard.categories)], dtype=np.uint8)
    return np.asarray(numbers[place])


def _counted(
    concentration: ArrayLike, item: str, standard: UsAirQualityIndex
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Concentrations in units of the last decimal, and where there are any."""
    _check(item, standard)
    values = np.asarray(concentration, dtype=np.float64)
    there = np.isfinite(values)
    counted = np.where(there, np.where(values < 0, standard.negative.counts_as, values), 0.0)
    scaled = np.minimum(scaled_truncated(counted, standard.truncation.items[item]), _LARGEST_SCALED)
    return np.asarray(scaled).astype(np.int64), np.asarray(there)


def _withheld(
    concentrations: Mapping[str, ArrayLike], indices: Mapping[str, NDArray[np.int16]], standard: UsAirQualityIndex
) -> NDArray[np.bool_] | bool:
    """Where an item lies beyond the end of its column, and the one that would take its place has no index."""
    withheld: NDArray[np.bool_] | bool = False
    for note in standard.notes:
        if note.index is None and note.item in concentrations:
            scaled, there = _counted(concentrations[note.item], note.item, standard)
            beyond = there & (scaled > standard.segments[note.item].high[-1])
            withheld = withheld | (beyond & (indices[note.instead] < 0))
    return withheld


def _check(item: str, standard: UsAirQualityIndex) -> None:
    if item not in standard.items:
        known = f"it has columns for {', '.join(standard.items)} ({standard.document}, {standard.table.clause})"
        raise ValueError(f"the concentration has the item {item!r}; {known}")
