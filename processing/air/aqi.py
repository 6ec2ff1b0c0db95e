"""The air quality index (AQI) of hours and of days, the primary pollutants, the level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.air.item_masks import ItemMask, put_item_mask
from qingchuan.processing.blocks import blocks
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards.air_index import NOT_COMPUTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from qingchuan.processing.scaled import Scaled
    from qingchuan.processing.standards import AirQualityIndex
    from qingchuan.processing.standards.air_index import Averaging

    _Indices = Sequence[NDArray[np.int16]] | NDArray[np.int16]

_NOTHING = np.array(MISSING, dtype=np.uint16)
"""Stands for an item that is left out."""


@dataclass(frozen=True, slots=True, eq=False)
class AirQuality:
    """What HJ 633 says of concentrations.

    Attributes
    ----------
    items : tuple of str
        Items of the report, in order; the first axis of `iaqi`.
    iaqi : ndarray of int16, shape (items, ...)
        Individual indices. [-] -1 where there is none.
    aqi : ndarray of int16, shape (...)
        Largest of them. [-] -1 where there is none.
    primary : ndarray of uint8, shape (...)
        Primary pollutants (首要污染物), several where they tie: bit i stands for item i, as in
        `qingchuan.processing.air.item_masks`.
    level : ndarray of uint8, shape (...)
        1 … 6; 0 where there is no AQI.
    complete : ndarray of bool, shape (...)
        Whether every item is there.
    published : ndarray of bool, shape (...)
        Whether AQI, primary pollutants and level may be shown; where not, only concentrations and `iaqi` are.
    """

    items: tuple[str, ...]
    iaqi: NDArray[np.int16]
    aqi: NDArray[np.int16]
    primary: ItemMask
    level: NDArray[np.uint8]
    complete: NDArray[np.bool_]
    published: NDArray[np.bool_]


class AqiAndPrimary(NamedTuple):
    """AQI and primary pollutants alone, a quarter of the size of the concentrations.

    Attributes
    ----------
    items, aqi, primary
        As those of `AirQuality`.
    """

    items: tuple[str, ...]
    aqi: NDArray[np.int16]
    primary: ItemMask


def evaluate(concentrations: Mapping[str, Scaled], averaging: Averaging, standard: AirQualityIndex) -> AirQuality:
    """Air quality of concentrations.

    Parameters
    ----------
    concentrations : mapping of str to ndarray of uint16, shapes that broadcast to (...)
        Items of the report, `standard.report(averaging)`; one that is left out is missing. [scaled]
    averaging : {"hour", "day"}
        Six 1-hour means; or five 24-hour means and the daily maximum 8-hour mean of ozone.
    standard : AirQualityIndex
        The edition of HJ 633.

    Returns
    -------
    AirQuality

    Raises
    ------
    ValueError
        An item that the report does not have.
    TypeError
        An item that is not uint16.

    Notes
    -----
    A concentration beyond the last breakpoint has the index 500, unless a footnote says otherwise. Where a footnote of
    2012 gives it none, it refers to another averaging time, which this report does not have: the largest of the other
    indices would make the worst air look good, so there is no AQI, though the report is complete.

    The range 1 … 500 of 2026 is that of the AQI: where all is zero the indices are 0 and the AQI is 1. Ties are ties of
    the rounded indices.

    References
    ----------
    .. [1] HJ 633—2026, 4.2, 4.3.1, 5.3.1; HJ 633—2012, 4.2, 4.4, 6.2, table 1, notes (2) and (3).

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.item_masks import items_of_mask
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> hour = {"so2": 65, "no2": 150, "pm10": 180, "pm25": 120, "co": 10, "o3": 200}
    >>> air = evaluate({item: np.uint16(value) for item, value in hour.items()}, "hour", standard)
    >>> air.aqi, air.level, items_of_mask(int(air.primary), air.items)
    (array(158, dtype=int16), array(4, dtype=uint8), ('pm25',))
    """
    columns = standard.report(averaging)
    given, shape = _given(concentrations, columns, averaging, standard)
    air = AirQuality(
        items=tuple(columns),
        iaqi=np.empty((len(columns), *shape), np.int16),
        aqi=np.empty(shape, np.int16),
        primary=np.empty(shape, np.uint8),
        level=np.empty(shape, np.uint8),
        complete=np.empty(shape, np.bool_),
        published=np.empty(shape, np.bool_),
    )
    results: list[NDArray[Any]] = [air.aqi, air.primary, air.level, air.complete, air.published]
    results += [air.iaqi[place, ...] for place in range(len(columns))]
    for values, (aqi, primary, level, complete, published, *iaqi) in blocks(given, results):
        _put_aqi(values, tuple(columns.values()), standard, iaqi, aqi)
        _put_primary(iaqi, aqi, standard, primary)
        _put_level(aqi, standard, level)
        _put_published(values, aqi, standard, complete, published)
    return air


def aqi_and_primary(
    concentrations: Mapping[str, Scaled], averaging: Averaging, standard: AirQualityIndex
) -> AqiAndPrimary:
    """AQI and primary pollutants of concentrations, where they are many and nothing else of `evaluate` is wanted.

    Parameters
    ----------
    concentrations, averaging, standard
        As `evaluate` has them.

    Returns
    -------
    AqiAndPrimary

    Raises
    ------
    ValueError
        An item that the report does not have.
    TypeError
        An item that is not uint16.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> aqi_and_primary({"pm25": np.array([60, 61, 65535], np.uint16)}, "day", standard)[1:]
    (array([100, 101,  -1], dtype=int16), array([8, 8, 0], dtype=uint8))
    """
    columns = standard.report(averaging)
    given, shape = _given(concentrations, columns, averaging, standard)
    air = AqiAndPrimary(tuple(columns), np.empty(shape, np.int16), np.empty(shape, np.uint8))
    for values, (aqi, primary) in blocks(given, [air.aqi, air.primary]):
        iaqi = np.empty((len(columns), aqi.size), np.int16)
        _put_aqi(values, tuple(columns.values()), standard, iaqi, aqi)
        _put_primary(iaqi, aqi, standard, primary)
    return air


def level_of(aqi: ArrayLike, standard: AirQualityIndex) -> NDArray[np.uint8]:
    """Levels (级别) of AQI.

    Parameters
    ----------
    aqi : array_like of int, any shape
        [-] Negative where there is none.
    standard : AirQualityIndex
        The edition of HJ 633; its `levels` have names and colours.

    Returns
    -------
    ndarray of uint8, shape of `aqi`
        1 … 6; 0 where there is no AQI.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> level_of([50, 51, 300, 301, -1], standards.load("hj633_2026", standards.AirQualityIndex))
    array([1, 2, 5, 6, 0], dtype=uint8)
    """
    return np.asarray(standard.level_lookup.take(np.add(aqi, 1, dtype=np.int64), mode="clip"))


def exceedance_pollutants(air: AirQuality, standard: AirQualityIndex) -> ItemMask | None:
    """Pollutants that exceed their limits (超标污染物).

    Parameters
    ----------
    air : AirQuality
    standard : AirQualityIndex
        The edition of HJ 633 that it was evaluated by.

    Returns
    -------
    ndarray of uint8, shape (...), or None
        Bit i stands for item i of `air.items`. None of an edition that does not have the term: that of 2026.

    Notes
    -----
    An item without an index is not among them, neither one that is missing nor one that a footnote gives none.

    References
    ----------
    .. [1] HJ 633—2012, 3.4 and 4.4.2.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.item_masks import items_of_mask
    >>> standard = standards.load("hj633_2012", standards.AirQualityIndex)
    >>> air = evaluate({"pm10": np.uint16(151), "pm25": np.uint16(76)}, "day", standard)
    >>> items_of_mask(int(exceedance_pollutants(air, standard)), air.items)
    ('pm10', 'pm25')
    """
    if standard.exceedance is None:
        return None
    mask = np.empty(air.aqi.shape, np.uint8)
    put_item_mask((iaqi > standard.exceedance.above for iaqi in air.iaqi), mask)
    return mask


def _given(
    concentrations: Mapping[str, Scaled], columns: Mapping[str, str], averaging: str, standard: AirQualityIndex
) -> tuple[list[Scaled], tuple[int, ...]]:
    """Concentrations of all items of the report, and the shape they have together."""
    for item, values in concentrations.items():
        if item not in columns:
            part = standard.day if averaging == "day" else standard.hour
            judged = f"it is judged by {', '.join(columns)} ({standard.document}, {part.clause})"
            raise ValueError(f"the {averaging} has the item {item!r}; {judged}")
        if np.asarray(values).dtype != np.uint16:
            found = f"the item {item!r} has the type {np.asarray(values).dtype}"
            raise TypeError(f"{found}; it must be uint16, as to_scaled gives it (processing/scaled.py)")
    given = [np.asarray(concentrations.get(item, _NOTHING)) for item in columns]
    return given, np.broadcast_shapes(*(values.shape for values in given))


def _put_aqi(
    values: Sequence[Scaled],
    columns: Sequence[str],
    standard: AirQualityIndex,
    iaqi: _Indices,
    aqi: NDArray[np.int16],
) -> None:
    """Individual indices and the largest of them, into `iaqi` and `aqi`."""
    for value, column, index in zip(values, columns, iaqi, strict=True):
        # Every uint16 has its place in the table: no mode has anything to do, and this one is the fastest.
        standard.lookup[column].take(value, out=index, mode="wrap")
    aqi[...] = iaqi[0]
    for index in iaqi[1:]:
        np.maximum(aqi, index, out=aqi)
    aqi[(aqi >= 0) & (aqi < standard.range.least)] = standard.range.least
    for value, column, index in zip(values, columns, iaqi, strict=True):
        if not standard.gives_index_beyond(column):
            aqi[(index < 0) & (value != MISSING)] = NOT_COMPUTED


def _put_primary(iaqi: _Indices, aqi: NDArray[np.int16], standard: AirQualityIndex, primary: ItemMask) -> None:
    put_item_mask((index == aqi for index in iaqi), primary)
    primary *= aqi > standard.primary.above


def _put_level(aqi: NDArray[np.int16], standard: AirQualityIndex, level: NDArray[np.uint8]) -> None:
    standard.level_lookup.take(aqi + 1, out=level, mode="wrap")


def _put_published(
    values: Sequence[Scaled],
    aqi: NDArray[np.int16],
    standard: AirQualityIndex,
    complete: NDArray[np.bool_],
    published: NDArray[np.bool_],
) -> None:
    complete[...] = True
    for value in values:
        complete &= value != MISSING
    threshold = standard.publishing.incomplete_above
    published[...] = (aqi >= 0) & (complete | (aqi > (NOT_COMPUTED if threshold is None else threshold)))
