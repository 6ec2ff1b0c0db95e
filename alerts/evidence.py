"""Evidence for rules on the class of a section: each item's class over time, with value, limit, age and edition."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qingchuan.alerts.announced import Announced
from qingchuan.alerts.episodes import Measured, Moment
from qingchuan.processing import catalogue, flags, standards
from qingchuan.processing.periods import HOUR, natural_days
from qingchuan.processing.standards import SurfaceWaterClasses, UnknownEdition
from qingchuan.processing.water.classes import carried, counting, item_classes, section_class
from qingchuan.store.arrays import Readings
from qingchuan.store.observations import Observations
from qingchuan.store.subjects import WaterBody

_WATER_BODIES: tuple[WaterBody, ...] = ("river", "lake")


class Window(NamedTuple):
    """A stretch of event time of one subject, both ends included, in seconds since 1970-01-01 UTC."""

    first: int
    last: int


@dataclass(frozen=True)
class Evidence:
    """What is known of one section at each of its readings.

    Attributes
    ----------
    items : tuple of str
    times : ndarray of int64, shape (readings,)
        [s since 1970-01-01 UTC]
    values : ndarray of float64, shape (items, readings)
        The latest valid value that is not older than the item's cycle; NaN where there is none.
    ages : ndarray of int64, shape of `values`
        [s]
    levels : ndarray of uint8, shape of `values`
        Class of the item; 0 where there is none.
    sequence : ndarray of int64, shape (readings,)
        Message behind the reading.
    water_bodies : ndarray of str, shape (readings,)
        ``river`` or ``lake``, as announced before the reading; empty where the subject was announced as no section.
    """

    items: tuple[str, ...]
    times: NDArray[np.int64]
    values: NDArray[np.float64]
    ages: NDArray[np.int64]
    levels: NDArray[np.uint8]
    sequence: NDArray[np.int64]
    water_bodies: NDArray[np.str_]

    def moments(self) -> Iterator[Moment]:
        """The readings one by one, each with its edition; what no edition judges, or no section tells, is left out."""
        for edition, here in _by_edition(self.times):
            clause = edition.table.clause
            for index in np.flatnonzero(here & (self.water_bodies != "")).tolist():
                time, sequence = int(self.times[index]), int(self.sequence[index])
                yield Moment(time, sequence, edition.document, clause, self._measured(index, edition))

    def _measured(self, index: int, edition: SurfaceWaterClasses) -> tuple[Measured, ...]:
        return tuple(
            Measured(
                self.items[row],
                float(self.values[row, index]),
                int(self.levels[row, index]),
                self._exceeded(row, index, edition),
                int(self.times[index] - self.ages[row, index]),
            )
            for row in np.flatnonzero(self.levels[:, index]).tolist()
        )

    def _exceeded(self, row: int, index: int, edition: SurfaceWaterClasses) -> float | None:
        limit = edition.limit(self.items[row], "lake" if self.water_bodies[index] == "lake" else "river")
        level = int(self.levels[row, index])
        if limit is None or level == 1:
            return None
        if limit.compare == "within":
            return min(limit.limits, key=lambda bound: abs(bound - self.values[row, index]))
        return limit.limits[level - 2]


def gather(observations: Observations, subject: str, announced: Announced, start: int, end: int) -> Evidence:
    """Evidence of the readings of one section in ``[start, end)``.

    Parameters
    ----------
    observations : Observations
    subject : str
    announced : Announced
        Its kind of water body at each reading chooses the column of the standard.
    start, end : int
        [s since 1970-01-01 UTC]
    """
    items = judged_items()
    readings = observations.readings([subject], items, start - max(_cycles()), end)
    values, ages = carried(readings.times, _valid(readings.values, readings.flags), _cycles())
    bodies = announced.water_bodies(readings.sequence)
    levels = _levels(values, readings.times, bodies)
    times = readings.times.astype(np.int64)
    own = slice(int(np.searchsorted(times, start)), None)
    known = values[:, own], ages[:, own], levels[:, own]
    return Evidence(items, times[own], *known, readings.sequence[own], bodies[own])


def worst_levels(
    observations: Observations, sections: Mapping[str, Announced], windows: Mapping[str, Window]
) -> dict[str, int]:
    """The worst class that a valid value gives each section in its window; sections without a class are left out.

    Parameters
    ----------
    observations : Observations
    sections : mapping of str to Announced
        What every section of `windows` was announced as.
    windows : mapping of str to Window
        A reading near the window may be counted with it.
    """
    worst: dict[str, int] = {}
    for subjects, window in _clusters(windows):
        readings = observations.readings(subjects, judged_items(), window.first, window.last + 1)
        values = _valid(readings.values, readings.flags)
        classes, _ = section_class(_levels(values, readings.times, _water_bodies(readings, sections)))
        found = np.zeros(len(readings.subjects), np.uint8)
        np.maximum.at(found, readings.subject, classes)
        worst.update({readings.subjects[index]: int(found[index]) for index in np.flatnonzero(found)})
    return worst


def _water_bodies(readings: Readings, sections: Mapping[str, Announced]) -> NDArray[np.str_]:
    """Kind of water body of each of `readings`, of which there are those of at least one subject."""
    bounds = np.searchsorted(readings.subject, np.arange(len(readings.subjects) + 1))
    own = zip(readings.subjects, bounds, bounds[1:], strict=False)
    return np.concatenate([sections[subject].water_bodies(readings.sequence[first:end]) for subject, first, end in own])


@functools.cache
def judged_items() -> tuple[str, ...]:
    """The items that judge a section in real time, under any edition.

    Examples
    --------
    >>> judged_items()
    ('ph', 'do', 'codmn', 'nh3n', 'tp')
    """
    names = [name for name in standards.names() if name.startswith("gb3838")]
    editions = [standards.load(name, SurfaceWaterClasses) for name in names]
    return tuple(dict.fromkeys(item for edition in editions for item in edition.real_time.items))


@functools.cache
def _cycles() -> tuple[int, ...]:
    return tuple(catalogue.item(item).cycle_hours * HOUR for item in judged_items())


def lookback() -> int:
    """How old a value may be that a reading still shows, in seconds."""
    return max(_cycles())


def _valid(values: NDArray[np.float64], given: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.where(flags.valid(given), counting(values, judged_items()), np.nan)


def _levels(
    values: NDArray[np.float64], times: NDArray[np.datetime64], water_bodies: NDArray[np.str_]
) -> NDArray[np.uint8]:
    levels = np.zeros(values.shape, np.uint8)
    for edition, here in _by_edition(times):
        judging = edition.real_time.items
        for body in _WATER_BODIES:
            cells = np.ix_(np.isin(judged_items(), judging), here & (water_bodies == body))
            levels[cells] = item_classes(values[cells], judging, body, edition)
    return levels


def _by_edition(times: NDArray[np.generic]) -> Iterator[tuple[SurfaceWaterClasses, NDArray[np.bool_]]]:
    """Each edition with which of `times` it judges, in order of time."""
    days, place = np.unique(natural_days(times.astype("datetime64[s]")), return_inverse=True)
    names = np.array([_edition_name(day) for day in days.tolist()], dtype=object)[place]
    for name in dict.fromkeys(names.tolist()):
        if name:
            yield standards.load(name, SurfaceWaterClasses), names == name


def _edition_name(day: date) -> str:
    try:
        return standards.in_force("gb3838", day).name
    except UnknownEdition:
        return ""


def _clusters(windows: Mapping[str, Window]) -> Iterator[tuple[list[str], Window]]:
    """Subjects whose windows lie close, so that one read serves them, and the window around theirs."""
    subjects: list[str] = []
    around = Window(0, 0)
    for subject, window in sorted(windows.items(), key=lambda entry: entry[1]):
        if subjects and window.first > around.last + lookback():
            yield subjects, around
            subjects = []
        around = Window(around.first, max(around.last, window.last)) if subjects else window
        subjects = [*subjects, subject]
    if subjects:
        yield subjects, around
