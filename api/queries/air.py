"""The air of stations and cities hour by hour: concentrations, index, level, by the edition of each hour's date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Span
from qingchuan.api.queries.city_values import city_values, newest_behind
from qingchuan.api.queries.editions import runs
from qingchuan.api.queries.told import Told, ToldCity, read_told
from qingchuan.processing import catalogue
from qingchuan.processing.air.aqi import AirQuality, evaluate
from qingchuan.processing.air.item_masks import mask_by_item
from qingchuan.processing.flags import NOT_EVALUATED
from qingchuan.processing.periods import natural_days
from qingchuan.processing.scaled import MISSING, Scaled, from_scaled
from qingchuan.processing.standards import AirQualityIndex, in_force
from qingchuan.processing.standards.air_index import Averaging
from qingchuan.store.observations import WITH_OFFICIAL, Observations

_NEVER = np.iinfo(np.int64).max
_NOT_JUDGED = -1
"""The edition and the index where no edition covers the date."""


@dataclass(frozen=True, eq=False)
class AirPeriods:
    """Consecutive hours or days of one subject, judged.

    Attributes
    ----------
    items : tuple of str
        First axis of `values`, `flags`, `iaqi` and `primary`.
    editions : tuple of AirQualityIndex
    times : ndarray of datetime64[s], shape (periods,)
        Starts, UTC.
    edition : ndarray of int64, shape (periods,)
        Index into `editions`; -1 where none covers the date.
    values : ndarray of float64, shape (items, periods)
        [unit of the item] NaN where missing.
    flags : ndarray of uint8, shape (items, periods)
    valid, primary : ndarray of bool, shape (items, periods)
        Whether the value counts; whether the item is a primary pollutant.
    iaqi : ndarray of int16, shape (items, periods)
        [-] -1 where there is none.
    aqi : ndarray of int16, shape (periods,)
        [-] -1 where there is none.
    level : ndarray of uint8, shape (periods,)
        1 to 6; 0 where there is no AQI.
    complete, published : ndarray of bool, shape (periods,)
    reported : ndarray of bool, shape (periods,)
        Whether any value was sent as it is, and not derived from finer data.
    sequence : ndarray of int64, shape (periods,)
        Newest message behind the period; 0 where there is none.
    stations : ndarray of int64, shape (periods,)
        Stations with a valid value; -1 where a city's values are not derived from them. 0 for a station itself.
    of : ndarray of int64, shape (periods,), or None
        Stations that count for the city; None for a station itself.
    official : ndarray of bool, shape (periods,), or None
        Whether any value was officially published; None where that was not looked up.
    """

    items: tuple[str, ...]
    editions: tuple[AirQualityIndex, ...]
    times: NDArray[np.datetime64]
    edition: NDArray[np.int64]
    values: NDArray[np.float64]
    flags: NDArray[np.uint8]
    valid: NDArray[np.bool_]
    primary: NDArray[np.bool_]
    iaqi: NDArray[np.int16]
    aqi: NDArray[np.int16]
    level: NDArray[np.uint8]
    complete: NDArray[np.bool_]
    published: NDArray[np.bool_]
    reported: NDArray[np.bool_]
    sequence: NDArray[np.int64]
    stations: NDArray[np.int64]
    of: NDArray[np.int64] | None = None
    official: NDArray[np.bool_] | None = None

    @property
    def good_up_to(self) -> NDArray[np.int64]:
        """Largest AQI of a good day by the edition of each period [-]; -1 where there is none. Shape (periods,)."""
        return np.array([*(edition.good_up_to for edition in self.editions), _NOT_JUDGED])[self.edition]

    def take(self, periods: NDArray[np.bool_] | slice) -> AirPeriods:
        """Those of the periods that `periods` chooses."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        chosen = {name: array[..., periods] for name, array in arrays.items() if isinstance(array, np.ndarray)}
        return AirPeriods(**{**arrays, **chosen})

    def known(self) -> AirPeriods:
        """Those of the periods about which anything was told."""
        return self.take(self.sequence > 0)


def station_hours(
    observations: Observations, stations: Sequence[str], span: Span, at: int, edition: AirQualityIndex | None = None
) -> list[AirPeriods]:
    """The hours of each of `stations` that start in `span`.

    Parameters
    ----------
    observations : Observations
    stations : sequence of str
    span : Span
    at : int
        As it was after this message.
    edition : AirQualityIndex or None
        None: each hour by the edition in force on its date; those that none covers have no index.
    """
    told = read_told(observations.read(stations, catalogue.told("hour"), "hour", *span, at))
    return periods_of_stations(told, edition)


def periods_of_stations(told: Told, edition: AirQualityIndex | None = None) -> list[AirPeriods]:
    """The hours of each of the stations of `told`, judged by `edition` or each by that of its date."""
    index, editions, quality = judge(told, "hour", edition)
    nowhere = np.zeros(len(told.times), np.int64)
    return [
        _periods(told.subjects(s), editions, index, _of_subject(quality, s), np.ones(len(index), np.bool_), nowhere)
        for s in range(told.scaled.shape[-1])
    ]


def told_hours_of_city(observations: Observations, city: str, stations: Sequence[str], span: Span, at: int) -> ToldCity:
    """The hours of `city` and of its `stations` that start in `span`, as `city_periods` takes them."""
    items = catalogue.told("hour")
    own = read_told(observations.read([city], items, "hour", *span, at, WITH_OFFICIAL))
    of_stations = read_told(observations.read(stations, items, "hour", *span, at))
    return ToldCity(own.subjects(0), of_stations, beginnings(observations, stations, at))


def beginnings(observations: Observations, stations: Sequence[str], at: int) -> NDArray[np.int64]:
    """Start of the first hour of each of `stations`, as it was known after message `at`; the end of time for none.

    Returns
    -------
    ndarray of int64, shape (stations,)
        [s since 1970-01-01 UTC]
    """
    first = observations.first(stations, "hour", at)
    return np.array([first.get(station, _NEVER) for station in stations], np.int64)


def city_periods(
    own: Told,
    of_stations: Told,
    began: NDArray[np.int64],
    averaging: Averaging,
    edition: AirQualityIndex | None = None,
) -> AirPeriods:
    """The periods of a city, from what was sent for it and what its stations have.

    Parameters
    ----------
    own : Told
        Of one subject.
    of_stations : Told
        Of the stations that are evaluated for the city.
    began : ndarray of int64, shape (stations,)
        `beginnings` of the stations.
    averaging : {"hour", "day"}
    edition : AirQualityIndex or None
        None: each period by the edition in force on its date.

    Notes
    -----
    What was sent for the city wins over the mean of its stations [1]_, item by item.

    A station counts for the city from its first hour on: for every period that starts no earlier, and for the day in
    which it began where it has a valid value of that day. From then on it counts whether it sends or not, as HJ 663
    asks for a share of all stations; before, and as long as it has sent nothing, it does not: a station that announces
    itself today takes no past hour away. Whether a station is evaluated, and for which city, is what it announced last.

    References
    ----------
    .. [1] HJ 663—2013, 6.1.4 and A.2: the value of a city is the mean concentration over its stations.
    """
    scaled, sent, counts = city_values(own, of_stations, began)
    derived = ~sent & (scaled != MISSING)
    values = np.where(derived, _exact(own.items, scaled), own.values)
    flags = np.where(derived, NOT_EVALUATED, own.flags).astype(np.uint8)
    sequence = newest_behind(sent, own.sequence, of_stations.sequence)
    told = Told(own.items, own.times, values, flags, scaled, sequence)
    index, editions, quality = judge(told, averaging, edition)
    answering = (of_stations.scaled != MISSING).any(axis=0).sum(axis=-1)
    stations = np.where(derived.any(axis=0) | ~sent.any(axis=0), answering, -1)
    periods = _periods(told, editions, index, quality, np.asarray(sent.any(axis=0)), stations)
    return replace(periods, of=counts.sum(axis=-1))


def judge(
    told: Told, averaging: Averaging, edition: AirQualityIndex | None
) -> tuple[NDArray[np.int64], tuple[AirQualityIndex, ...], AirQuality]:
    """The air quality of each period, by `edition` or that of its date; and which edition that was, as an index."""
    everything = [(slice(0, len(told.times)), edition)]
    by_date = edition is None and len(told.times)
    stretches = runs(natural_days(told.times), lambda day: in_force("hj633", day)) if by_date else everything
    editions = tuple(standard for _, standard in stretches if standard is not None)
    places = [_NOT_JUDGED if standard is None else editions.index(standard) for _, standard in stretches]
    index = np.repeat(places, [part.stop - part.start for part, _ in stretches])
    return index, editions, _join([_quality(told, part, averaging, standard) for part, standard in stretches])


def _quality(told: Told, part: slice, averaging: Averaging, standard: AirQualityIndex | None) -> AirQuality:
    """The air quality of a stretch of periods; without an edition there are concentrations and nothing else."""
    scaled = told.scaled[:, part]
    if standard is not None:
        return evaluate(dict(zip(told.items, scaled, strict=True)), averaging, standard)
    return AirQuality(
        items=told.items,
        iaqi=np.full(scaled.shape, _NOT_JUDGED, np.int16),
        aqi=np.full(scaled.shape[1:], _NOT_JUDGED, np.int16),
        primary=np.zeros(scaled.shape[1:], np.uint8),
        level=np.zeros(scaled.shape[1:], np.uint8),
        complete=np.asarray((scaled != MISSING).all(axis=0)),
        published=np.zeros(scaled.shape[1:], np.bool_),
    )


def _join(parts: Sequence[AirQuality]) -> AirQuality:
    iaqi = np.concatenate([part.iaqi for part in parts], axis=1)
    whole = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("aqi", "primary", "level", "complete", "published")
    }
    return AirQuality(items=parts[0].items, iaqi=iaqi, **whole)


def _of_subject(quality: AirQuality, subject: int) -> AirQuality:
    arrays = {field.name: getattr(quality, field.name) for field in fields(quality)}
    return replace(quality, **{name: array[..., subject] for name, array in arrays.items() if name != "items"})


def _periods(
    told: Told,
    editions: tuple[AirQualityIndex, ...],
    edition: NDArray[np.int64],
    quality: AirQuality,
    reported: NDArray[np.bool_],
    stations: NDArray[np.int64],
) -> AirPeriods:
    order = [quality.items.index(item) for item in told.items]
    return AirPeriods(
        items=told.items,
        editions=editions,
        times=told.times,
        edition=edition,
        values=told.values,
        flags=told.flags,
        valid=told.scaled != MISSING,
        primary=mask_by_item(quality.primary, quality.items)[order] & quality.published,
        iaqi=quality.iaqi[order],
        aqi=quality.aqi,
        level=quality.level,
        complete=quality.complete,
        published=quality.published,
        reported=reported,
        sequence=told.sequence,
        stations=stations,
    )


def _exact(items: Sequence[str], scaled: Scaled) -> NDArray[np.float64]:
    decimals = [catalogue.item(item).decimals for item in items]
    return np.stack([from_scaled(row, places) for row, places in zip(scaled, decimals, strict=True)])
