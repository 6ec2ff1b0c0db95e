"""The air quality index (AQI) of hours and of days, the primary pollutants, the level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards.air_index import NOT_COMPUTED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.scaled import Scaled
    from qingchuan.processing.standards import AirQualityIndex
    from qingchuan.processing.standards.air_index import Averaging


@dataclass(frozen=True, slots=True, eq=False)
class AirQuality:
    """What HJ 633 says of concentrations.

    Attributes
    ----------
    items : tuple of str
        Items of the report, in order; the first axis of `iaqi` and `primary`.
    iaqi : ndarray of int16, shape (items, ...)
        Individual indices. [-] -1 where there is none.
    aqi : ndarray of int16, shape (...)
        Largest of them. [-] -1 where there is none.
    primary : ndarray of bool, shape (items, ...)
        Primary pollutants (首要污染物); several where they tie.
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
    primary: NDArray[np.bool_]
    level: NDArray[np.uint8]
    complete: NDArray[np.bool_]
    published: NDArray[np.bool_]


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
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> hour = {"so2": 65, "no2": 150, "pm10": 180, "pm25": 120, "co": 10, "o3": 200}
    >>> air = evaluate({item: np.uint16(value) for item, value in hour.items()}, "hour", standard)
    >>> air.aqi, air.level, [item for item, first in zip(air.items, air.primary) if first]
    (array(158, dtype=int16), array(4, dtype=uint8), ['pm25'])
    """
    columns = standard.report(averaging)
    _check(concentrations, columns, averaging, standard)
    shape = np.broadcast_shapes(*(np.shape(values) for values in concentrations.values()))
    iaqi = np.full((len(columns), *shape), NOT_COMPUTED, dtype=np.int16)
    withheld = np.zeros((len(columns), *shape), dtype=np.bool_)
    for place, (item, column) in enumerate(columns.items()):
        if item in concentrations:
            iaqi[place] = standard.lookup[column].take(concentrations[item])
            if not standard.gives_index_beyond(column):
                withheld[place] = (iaqi[place] < 0) & (concentrations[item] != MISSING)
    return _judge(tuple(columns), iaqi, withheld, standard)


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
    return np.asarray(standard.level_lookup.take(np.asarray(aqi) + 1, mode="clip"))


def _judge(
    items: tuple[str, ...], iaqi: NDArray[np.int16], withheld: NDArray[np.bool_], standard: AirQualityIndex
) -> AirQuality:
    """The report of indices; `withheld`: the concentration is there, and a footnote gives it no index."""
    largest = np.where(withheld.any(axis=0), NOT_COMPUTED, iaqi.max(axis=0))
    aqi = np.where(largest >= 0, np.maximum(largest, standard.range.least), NOT_COMPUTED).astype(np.int16)
    complete = np.asarray(((iaqi >= 0) | withheld).all(axis=0))
    threshold = standard.publishing.incomplete_above
    return AirQuality(
        items=items,
        iaqi=iaqi,
        aqi=aqi,
        primary=(iaqi == aqi) & (aqi > standard.primary.above),
        level=level_of(aqi, standard),
        complete=complete,
        published=np.asarray((aqi >= 0) & (complete | (aqi > (NOT_COMPUTED if threshold is None else threshold)))),
    )


def _check(given: Mapping[str, Scaled], columns: Mapping[str, str], averaging: str, standard: AirQualityIndex) -> None:
    for item in given:
        if item not in columns:
            part = standard.day if averaging == "day" else standard.hour
            judged = f"it is judged by {', '.join(columns)} ({standard.document}, {part.clause})"
            raise ValueError(f"the {averaging} has the item {item!r}; {judged}")
