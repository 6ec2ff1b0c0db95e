"""What a block is computed from: arrays read once, so that whoever computes it needs no store."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Span
from qingchuan.api.services import Services
from qingchuan.collector.quality.rules import Rules
from qingchuan.processing import catalogue
from qingchuan.processing.periods import DAY, HOUR, day_start
from qingchuan.processing.quality.thresholds import Thresholds, read
from qingchuan.service.recomputing.plan import Block, Plan, PlannedCity
from qingchuan.service.recomputing.tables import DAY_ITEMS, HOUR_ITEMS
from qingchuan.store import audit
from qingchuan.store.observations import MISSING_FLAG, WITH_OFFICIAL

_CHANGING: Final = frozenset({"mark_invalid", "correct", "restore"})
"""What an auditor does to a value."""
_EVERY: Final = 2**31
"""As many actions as there are."""


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a block is computed from.

    Attributes
    ----------
    program : str
        The version of the program that is to compute it.
    editions : dict of str to tuple of str
        As those of `Plan`: those of the whole period.
    thresholds : str
        Text of the thresholds of the quality tests.
    start : date
        First natural day.
    days : int
        [d]
    around : tuple of int
        How many hours before and after these days there are: the tests look at them. [h]
    values : ndarray of float64, shape (items, hours, stations)
        Hours of `HOUR_ITEMS`. [unit of the item] NaN where missing.
    flags : ndarray of uint8, shape of `values`
        As they are stored.
    judged : ndarray of bool, shape of `values`, or None
        Which of them an auditor has told: these keep their flags. None where none is.
    dust : dict of str to ndarray of bool, shape (24 × days, stations)
        The hours of dust of the items that have some.
    began : ndarray of int64, shape (stations,)
        As `PlannedStation` has it.
    evaluated : ndarray of bool, shape (stations,)
    cities : tuple of int
        How many stations each city has.
    city_values : ndarray of float64, shape (items, days, cities)
        Days of `DAY_ITEMS` that were told of the cities themselves. [unit of the item]
    city_flags : ndarray of uint8, shape of `city_values`
    """

    program: str
    editions: Mapping[str, tuple[str, ...]]
    thresholds: str
    start: date
    days: int
    around: tuple[int, int]
    values: NDArray[np.float64]
    flags: NDArray[np.uint8]
    judged: NDArray[np.bool_] | None
    dust: Mapping[str, NDArray[np.bool_]]
    began: NDArray[np.int64]
    evaluated: NDArray[np.bool_]
    cities: tuple[int, ...]
    city_values: NDArray[np.float64]
    city_flags: NDArray[np.uint8]

    @property
    def nbytes(self) -> int:
        """Size of the largest arrays, about all that is sent to a worker. [bytes]."""
        return self.values.nbytes + self.flags.nbytes + self.city_values.nbytes + self.city_flags.nbytes


def read_inputs(services: Services, plan: Plan, block: Block, thresholds: str) -> Inputs:
    """What `block` is computed from, as the data were after the message of the plan."""
    cities, stations = plan.cities[block.cities], plan.stations[block.stations]
    ids = [station.id for station in stations]
    days = Span(day_start(block.start), day_start(block.start) + block.days * DAY)
    before, after = reach(on_entry(thresholds))
    span = Span(days.start - before * HOUR, days.end + after * HOUR)
    hours = services.observations.read(ids, HOUR_ITEMS, "hour", *span, plan.sequence)
    own = services.observations.read(
        [city.code for city in cities], DAY_ITEMS, "day", *days, plan.sequence, WITH_OFFICIAL
    )
    return Inputs(
        program=plan.program,
        editions=plan.editions,
        thresholds=thresholds,
        start=block.start,
        days=block.days,
        around=(before, after),
        values=hours.values,
        flags=hours.flags,
        judged=_judged(services, ids, span, plan.sequence),
        dust=_dust(services, cities, days, plan.sequence),
        began=np.array([station.began for station in stations], np.int64),
        evaluated=np.array([station.evaluated for station in stations], np.bool_),
        cities=tuple(len(city.stations) for city in cities),
        city_values=own.values,
        city_flags=own.flags,
    )


@functools.lru_cache(maxsize=4)
def on_entry(thresholds: str) -> Thresholds:
    """The thresholds of a text, as values are judged by them when they come in."""
    return read(thresholds, "thresholds").on_entry()


def reach(thresholds: Thresholds) -> tuple[int, int]:
    """How far before and after a value the tests look that decide its flag [h].

    What a test sees depends on what others hid from it, and that on values farther off: so it is some times as far as
    the longest of them looks.

    Examples
    --------
    >>> from qingchuan.processing.quality.thresholds import shipped
    >>> reach(shipped())
    (336, 2)
    """
    rules = [of for of in Rules(thresholds, "hour").of if of.key in HOUR_ITEMS]
    longest = math.ceil(max(Rules(thresholds, "hour").lookback, default=0) / HOUR)
    runs = [of.constant.further * catalogue.item(of.key).cycle_hours for of in rules if of.constant]
    times = 4 if any(of.outlier_large for of in rules) else 2
    return times * longest, times * max([1, *runs])


def _judged(services: Services, stations: Sequence[str], span: Span, at: int) -> NDArray[np.bool_] | None:
    """Which hours an auditor has told; None where none is."""
    engine = services.state.engine
    found = audit.trail(engine, _EVERY, subjects=stations, start=span.start, end=span.end, as_of=at)
    done = [one for one in found if one.action in _CHANGING and one.period == "hour"]
    if not done:
        return None
    start = max(span.start, min(one.start for one in done) // HOUR * HOUR)
    end = min(span.end, -(-max(one.end for one in done) // HOUR) * HOUR)
    some = sorted({one.subject for one in done})
    told = services.observations.read(some, HOUR_ITEMS, "hour", start, end, at, ("audited",))
    judged = np.zeros((len(HOUR_ITEMS), (span.end - span.start) // HOUR, len(stations)), np.bool_)
    hours = slice((start - span.start) // HOUR, (end - span.start) // HOUR)
    judged[:, hours, [stations.index(name) for name in some]] = told.flags != MISSING_FLAG
    return judged


def _dust(services: Services, cities: Sequence[PlannedCity], days: Span, at: int) -> dict[str, NDArray[np.bool_]]:
    engine = services.state.engine
    city_of = {station.id: city.code for city in cities for station in city.stations}
    if not city_of or not audit.has_dust(engine, at):
        return {}
    return audit.dust_hours(engine, list(city_of), *days, cities=city_of, as_of=at)
