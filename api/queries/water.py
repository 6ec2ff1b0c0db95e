"""The readings of sections and their classes, by the latest valid value of each item within its cycle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Span
from qingchuan.api.queries.editions import runs
from qingchuan.processing import catalogue
from qingchuan.processing.flags import valid
from qingchuan.processing.periods import HOUR, natural_days
from qingchuan.processing.standards import in_force
from qingchuan.processing.water.classes import carried, counting, item_classes, section_class
from qingchuan.store.arrays import Readings
from qingchuan.store.observations import Observations
from qingchuan.store.subjects import Section


@dataclass(frozen=True, eq=False)
class SectionReadings:
    """Readings of one section, judged.

    Attributes
    ----------
    items : tuple of str
        First axis of the arrays that have two.
    times : ndarray of datetime64[s], shape (readings,)
        UTC, ascending.
    documents : list of str or None
        For each reading, the edition of GB 3838 that judged it; None before the first.
    values : ndarray of float64, shape (items, readings)
        What is shown: the latest valid value, or else what came. [unit of the item] NaN where missing.
    flags : ndarray of uint8, shape (items, readings)
        Of `values`.
    valid : ndarray of bool, shape (items, readings)
    age : ndarray of int64, shape (items, readings)
        [s] Of `values`, at the time of the reading.
    classes : ndarray of uint8, shape (items, readings)
        1 to 6; 0 where missing, or where the item does not judge in real time.
    judges : ndarray of bool, shape (items, readings)
        Whether the item judges in real time.
    section : ndarray of uint8, shape (readings,)
        Class of the section; 0 where there is none.
    deciding : ndarray of bool, shape (items, readings)
    sequence : ndarray of int64, shape (readings,)
        Newest message behind each reading and the values that go on in it.
    """

    items: tuple[str, ...]
    times: NDArray[np.datetime64]
    documents: list[str | None]
    values: NDArray[np.float64]
    flags: NDArray[np.uint8]
    valid: NDArray[np.bool_]
    age: NDArray[np.int64]
    classes: NDArray[np.uint8]
    judges: NDArray[np.bool_]
    section: NDArray[np.uint8]
    deciding: NDArray[np.bool_]
    sequence: NDArray[np.int64]

    def since(self, start: int) -> SectionReadings:
        """The readings from `start` on. [s since 1970-01-01 UTC]."""
        return self._take(slice(int(np.searchsorted(self.times, np.datetime64(start, "s"))), None))

    def last(self) -> SectionReadings:
        """The last of the readings, or none."""
        return self._take(slice(-1, None))

    def _take(self, part: slice) -> SectionReadings:
        arrays = {name: array[..., part] for name, array in vars(self).items() if isinstance(array, np.ndarray)}
        return SectionReadings(items=self.items, documents=self.documents[part], **arrays)


def section_readings(
    observations: Observations, sections: Mapping[str, Section], span: Span, at: int
) -> dict[str, SectionReadings]:
    """The readings of each of `sections` in `span`, by its id.

    Parameters
    ----------
    observations : Observations
    sections : mapping of str to Section
    span : Span
    at : int
        As it was after this message.

    Notes
    -----
    Values measured up to one cycle before the span count in it. A negative concentration is shown and does not count.
    A reading of before the first edition has no class.
    """
    entries = catalogue.items("water")
    cycles = np.array([entry.cycle_hours * HOUR for entry in entries])
    items = [entry.key for entry in entries]
    found = observations.readings(list(sections), items, span.start - int(cycles.max()), span.end, at)
    bounds = np.searchsorted(found.subject, np.arange(len(sections) + 1)).tolist()
    return {
        subject: _judge(found, slice(*bounds[place : place + 2]), section, cycles).since(span.start)
        for place, (subject, section) in enumerate(sections.items())
    }


def _judge(found: Readings, part: slice, section: Section, cycles: NDArray[np.int64]) -> SectionReadings:
    times, values, flags = found.times[part], found.values[:, part], found.flags[:, part]
    held, age = carried(times, np.where(valid(flags), counting(values, found.items), np.nan), cycles)
    usable = ~np.isnan(held)
    source = np.searchsorted(times, times - np.maximum(age, 0).astype("timedelta64[s]"))
    classes, judges, documents = _classes(held, found.items, times, section)
    of_section, deciding = section_class(classes)
    return SectionReadings(
        items=found.items,
        times=times,
        documents=documents,
        values=np.where(usable, held, values),
        flags=np.take_along_axis(flags, source, axis=1),
        valid=usable,
        age=np.maximum(age, 0),
        classes=classes,
        judges=judges,
        section=of_section,
        deciding=deciding,
        sequence=found.sequence[part][source].max(axis=0),
    )


def _classes(
    values: NDArray[np.float64], items: tuple[str, ...], times: NDArray[np.datetime64], section: Section
) -> tuple[NDArray[np.uint8], NDArray[np.bool_], list[str | None]]:
    """Classes of the items that judge in real time, which those are, and the editions by the dates of the readings."""
    classes, judges = np.zeros(values.shape, np.uint8), np.zeros(values.shape, np.bool_)
    documents: list[str | None] = []
    for part, edition in runs(natural_days(times), lambda day: in_force("gb3838", day)):
        documents += [edition.document if edition else None] * (part.stop - part.start)
        if edition is None:
            continue
        judging = [place for place, item in enumerate(items) if item in edition.real_time.items]
        keys = [items[place] for place in judging]
        classes[judging, part] = item_classes(values[judging, part], keys, section.water_body, edition)
        judges[judging, part] = True
    return classes, judges, documents
