"""The air of stations and cities hour by hour: concentrations, index, level, by the edition of each hour's date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Span
from qingchuan.api.queries.editions import latest_edition, runs
from qingchuan.processing import catalogue
from qingchuan.processing.aqi import AirQuality, evaluate
from qingchuan.processing.averaging import area_mean
from qingchuan.processing.flags import NOT_EVALUATED, valid
from qingchuan.processing.periods import natural_days
from qingchuan.processing.scaled import MISSING, Scaled, from_scaled, to_scaled
from qingchuan.processing.standards import AirQualityIndex, in_force
from qingchuan.processing.standards.air_index import Averaging
from qingchuan.store.observations import Grid, Observations


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
        Index into `editions`.
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
        Stations with a valid value; 0 throughout for a station itself.
    of : int
        Stations that there are; 0 for a station itself.
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
    of: int = 0

    def take(self, periods: NDArray[np.bool_] | slice) -> AirPeriods:
        """Those of the periods that `periods` chooses."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        chosen = {name: array[..., periods] for name, array in arrays.items() if isinstance(array, np.ndarray)}
        return AirPeriods(**{**arrays, **chosen})

    def known(self) -> AirPeriods:
        """Those of the periods about which anything was told."""
        return self.take(self.sequence > 0)


@dataclass(frozen=True, eq=False)
class Told:
    """Values before they are judged; the arrays are as in `AirPeriods`, and may have a further, last axis of subjects.

    Attributes
    ----------
    items : tuple of str
    times : ndarray of datetime64[s], shape (periods,)
    values, flags : ndarray, shape (items, periods, ...)
    scaled : ndarray of uint16, shape (items, periods, ...)
        What counts of `values`. [scaled]
    sequence : ndarray of int64, shape (periods, ...)
    """

    items: tuple[str, ...]
    times: NDArray[np.datetime64]
    values: NDArray[np.float64]
    flags: NDArray[np.uint8]
    scaled: Scaled
    sequence: NDArray[np.int64]

    def subjects(self, chosen: int | slice) -> Told:
        """The values of one subject, or of several."""
        return replace(
            self,
            values=self.values[..., chosen],
            flags=self.flags[..., chosen],
            scaled=self.scaled[..., chosen],
            sequence=self.sequence[..., chosen],
        )


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
        None: each hour by the edition in force on its date.

    Raises
    ------
    ProblemError
        No edition covers a day of the span.
    """
    told = read_told(observations.read(stations, catalogue.told("hour"), "hour", *span, at))
    index, editions, quality = judge(told, "hour", edition)
    nowhere = np.zeros(len(told.times), np.int64)
    return [
        _periods(told.subjects(s), editions, index, _of_subject(quality, s), np.ones(len(index), np.bool_), nowhere)
        for s in range(len(stations))
    ]


def city_hours(
    observations: Observations,
    city: str,
    stations: Sequence[str],
    span: Span,
    at: int,
    edition: AirQualityIndex | None = None,
) -> AirPeriods:
    """The hours of `city` that start in `span`: what was sent for it, or else the mean of its `stations`, item by item.

    Raises
    ------
    ProblemError
        No edition covers a day of the span.

    References
    ----------
    .. [1] HJ 663—2013, 6.1.4 and A.2: the value of a city is the mean concentration over its stations.
    """
    both = read_told(observations.read([city, *stations], catalogue.told("hour"), "hour", *span, at))
    return city_periods(both.subjects(0), both.subjects(slice(1, None)), "hour", edition)


def city_periods(
    own: Told, of_stations: Told, averaging: Averaging, edition: AirQualityIndex | None = None
) -> AirPeriods:
    """The periods of a city, from what was sent for it and what its stations have.

    Parameters
    ----------
    own : Told
        Of one subject.
    of_stations : Told
        Of the stations that are evaluated for the city.
    averaging : {"hour", "day"}
    edition : AirQualityIndex or None
        None: each period by the edition in force on its date.
    """
    sent = own.scaled != MISSING
    means = _area_means(of_stations)
    derived = ~sent & (means != MISSING)
    values = np.where(derived, _exact(own.items, means), own.values)
    flags = np.where(derived, NOT_EVALUATED, own.flags).astype(np.uint8)
    sequence = np.maximum(own.sequence, of_stations.sequence.max(axis=-1, initial=0))
    told = Told(own.items, own.times, values, flags, np.where(sent, own.scaled, means), sequence)
    index, editions, quality = judge(told, averaging, edition)
    stations = (of_stations.scaled != MISSING).any(axis=0).sum(axis=-1)
    periods = _periods(told, editions, index, quality, sent.any(axis=0), stations)
    return replace(periods, of=of_stations.scaled.shape[-1])


def read_told(grid: Grid) -> Told:
    """The values of a grid, and what counts of them."""
    counts = np.where(valid(grid.flags), grid.values, np.nan)
    scaled = np.empty(grid.values.shape, np.uint16)
    for place, item in enumerate(grid.items):
        scaled[place] = to_scaled(counts[place], catalogue.item(item).decimals)
    return Told(grid.items, grid.times, grid.values, grid.flags, scaled, grid.sequence)


def judge(
    told: Told, averaging: Averaging, edition: AirQualityIndex | None
) -> tuple[NDArray[np.int64], tuple[AirQualityIndex, ...], AirQuality]:
    """The air quality of each period, by `edition` or that of its date; and which edition that was, as an index."""
    days = natural_days(told.times)
    everything = [(slice(0, len(days)), edition or latest_edition())]
    stretches = runs(days, lambda day: in_force("hj633", day)) if len(days) and edition is None else everything
    parts = [
        evaluate(dict(zip(told.items, told.scaled[:, part], strict=True)), averaging, standard)
        for part, standard in stretches
    ]
    index = np.repeat(np.arange(len(stretches)), [part.stop - part.start for part, _ in stretches])
    return index, tuple(standard for _, standard in stretches), _join(parts)


def _join(parts: Sequence[AirQuality]) -> AirQuality:
    of_items = {name: np.concatenate([getattr(part, name) for part in parts], axis=1) for name in ("iaqi", "primary")}
    whole = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("aqi", "level", "complete", "published")
    }
    return AirQuality(items=parts[0].items, **of_items, **whole)


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
        primary=quality.primary[order] & quality.published,
        iaqi=quality.iaqi[order],
        aqi=quality.aqi,
        level=quality.level,
        complete=quality.complete,
        published=quality.published,
        reported=reported,
        sequence=told.sequence,
        stations=stations,
    )


def _area_means(told: Told) -> Scaled:
    """Means over the stations, by the rules in force on each date. [scaled]."""
    means = np.full(told.scaled.shape[:-1], MISSING, np.uint16)
    for part, rules in runs(natural_days(told.times), lambda day: in_force("hj663", day)):
        means[:, part] = area_mean(told.scaled[:, part], rules)
    return means


def _exact(items: Sequence[str], scaled: Scaled) -> NDArray[np.float64]:
    decimals = [catalogue.item(item).decimals for item in items]
    return np.stack([from_scaled(row, places) for row, places in zip(scaled, decimals, strict=True)])
