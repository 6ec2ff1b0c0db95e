"""Valid samples of sections: those of their automatic stations, and those of the laboratory beside them."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Span
from qingchuan.processing import catalogue
from qingchuan.processing.flags import valid
from qingchuan.processing.periods import natural_days
from qingchuan.processing.standards import WaterRounding, WaterStatus, load, names
from qingchuan.processing.water.classes import counting
from qingchuan.processing.water.samples import half_below_detection
from qingchuan.store.arrays import Readings
from qingchuan.store.observations import Observations


@dataclass(frozen=True, eq=False)
class Samples:
    """Valid samples of several sections, of one origin.

    Attributes
    ----------
    items : tuple of str
        Those that were told at all.
    section : ndarray of int64, shape (samples,)
        Index into the sections that were asked for, ascending.
    days : ndarray of datetime64[D], shape (samples,)
        Natural days, ascending within a section.
    values : ndarray of float64, shape (items, samples)
        As sent. [unit of the item] NaN where missing or not valid.
    sequence : ndarray of int64, shape (samples,)
        Newest message behind each.
    below : ndarray of bool, shape of `values`
        Whether a value is a detection limit, and less was found.
    """

    items: tuple[str, ...]
    section: NDArray[np.int64]
    days: NDArray[np.datetime64]
    values: NDArray[np.float64]
    sequence: NDArray[np.int64]
    below: NDArray[np.bool_]

    def take(self, chosen: NDArray[np.bool_]) -> Samples:
        """Those samples that are `chosen`."""
        return Samples(
            self.items,
            self.section[chosen],
            self.days[chosen],
            self.values[:, chosen],
            self.sequence[chosen],
            self.below[:, chosen],
        )

    def rows(self, items: Sequence[str], rules: WaterRounding) -> NDArray[np.float64]:
        """The values of `items` as they count in means, shape (items, samples).

        NaN where one was not told; half the detection limit where less was found.
        """
        return self._in_order(half_below_detection(self.values, self.below, self.values, rules), items)

    def rows_below(self, items: Sequence[str]) -> NDArray[np.float64]:
        """For the values of `rows` 1 where less than the detection limit was found, 0 where not; NaN as there."""
        return self._in_order(np.where(np.isnan(self.values), np.nan, self.below), items)

    def _in_order(self, values: NDArray[np.float64], items: Sequence[str]) -> NDArray[np.float64]:
        """Rows of our own items as rows of `items`; NaN of those that are none of ours."""
        found = np.full((len(items), len(self.days)), np.nan)
        for place, item in enumerate(items):
            if item in self.items:
                found[place] = values[self.items.index(item)]
        return found


@dataclass(frozen=True, eq=False)
class SectionSamples:
    """Samples of several sections.

    Attributes
    ----------
    automatic, manual : Samples
    """

    automatic: Samples
    manual: Samples

    @property
    def items(self) -> tuple[str, ...]:
        """Items that either has, in the order of the catalogue."""
        told = {*self.automatic.items, *self.manual.items}
        return tuple(entry.key for entry in catalogue.items("water") if entry.key in told)


def section_samples(observations: Observations, sections: Sequence[str], span: Span, at: int) -> SectionSamples:
    """The valid samples of `sections` in `span`.

    Parameters
    ----------
    observations : Observations
    sections : sequence of str
    span : Span
    at : int
        As it was after this message.

    Notes
    -----
    A sample belongs to the natural day on which it was taken. A negative concentration does not count.
    """
    found = observations.samples(sections, _wanted(), *span, at)
    return SectionSamples(*map(_valid, found))


@functools.cache
def _wanted() -> tuple[str, ...]:
    """Items that any edition of 环办〔2011〕22号 judges, tells apart, or needs for the trophic state of lakes."""
    editions = [load(name, WaterStatus) for name in names() if name.startswith("hb2011_22")]
    rules = [edition.indicators for edition in editions]
    wanted = {item for rule in rules for item in (*rule.items, *rule.reference, *rule.trophic)}
    return tuple(entry.key for entry in catalogue.items("water") if entry.key in wanted)


def _valid(readings: Readings) -> Samples:
    values = np.where(valid(readings.flags), counting(readings.values, readings.items), np.nan)
    told = np.asarray(~np.isnan(values).all(axis=1))
    items = tuple(item for item, there in zip(readings.items, told.tolist(), strict=True) if there)
    days = natural_days(readings.times)
    return Samples(items, readings.subject, days, values[told], readings.sequence, readings.below[told])
