"""Which classes of a section are compared: of its last reading, its day, its month, those before, and its target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.answering import iso_times
from qingchuan.api.parameters import Dates, Span
from qingchuan.api.queries.calendar import day_of, month_of
from qingchuan.api.queries.section_classes import SectionClasses, section_classes
from qingchuan.api.queries.section_samples import section_samples
from qingchuan.api.queries.water import SectionReadings, section_readings
from qingchuan.api.queries.water_rules import part_over, rules_of
from qingchuan.api.schemas.water_changes import Against
from qingchuan.api.services import Services
from qingchuan.processing.periods import DAY
from qingchuan.processing.water.classes import NO_CLASS
from qingchuan.processing.water.downgrades import ClassChange, class_change, previous_reading, target_change
from qingchuan.store.subjects import Section

_LOOK_BACK = 7 * DAY
"""So far before its day a reading is looked for that the last one is compared with. [s]"""

TARGETS: tuple[Against, ...] = ("target_of_day", "target_of_month")
"""What is no earlier class, but a target."""


@dataclass(frozen=True, eq=False)
class ItemClasses:
    """Classes of the items of one section.

    Attributes
    ----------
    classes : ndarray of uint8, shape (items,)
        0 where missing.
    time : str or None
        Of a reading.
    dates : Dates or None
        Of a period.
    """

    classes: NDArray[np.uint8]
    time: str | None = None
    dates: Dates | None = None


@dataclass(frozen=True, eq=False)
class Pair:
    """Two classes of one section that are compared.

    Attributes
    ----------
    against : Against
    items : tuple of str
        Axis of the classes.
    earlier, later : ItemClasses
        `earlier` has no classes where a target is what it is compared with.
    target : int
        0 where it has none, or is not what it is compared with.
    """

    against: Against
    items: tuple[str, ...]
    earlier: ItemClasses
    later: ItemClasses
    target: int = 0

    @property
    def change(self) -> ClassChange:
        """How the class changed."""
        if self.against in TARGETS:
            return target_change(self.target, self.later.classes)
        return class_change(self.earlier.classes, self.later.classes)


class Compared:
    """Classes of sections on a day and the day before, in its month so far, the month before and that of last year.

    Parameters
    ----------
    services : Services
    sections : mapping of str to Section
    day : datetime.date
    at : int
        As it was after this message.

    Attributes
    ----------
    month, last_year : SectionClasses or None
        Of the month so far and the month before it, and of the same month last year.
    """

    def __init__(self, services: Services, sections: Mapping[str, Section], day: dt.date, at: int) -> None:
        after = day + dt.timedelta(days=1)
        month = part_over(month_of(day), after)
        before = month_of(month.whole.start - dt.timedelta(days=1))
        year_ago = month_of(month.whole.start.replace(year=month.whole.start.year - 1))
        eve = day - dt.timedelta(days=1)
        recent = section_samples(services.observations, list(sections), Dates(before.start, after).span, at)
        past = section_samples(services.observations, list(sections), year_ago.span, at)
        span = Span(day_of(day).span.start - _LOOK_BACK, day_of(day).span.end)
        self._readings = section_readings(services.observations, sections, span, at)
        self._day = day
        self._sections = sections
        listed = list(sections.values())

        def judged(periods: Sequence[Dates], *, of_year_ago: bool = False) -> SectionClasses | None:
            rules = rules_of(periods[-1].start)
            if rules is None:
                return None
            told = [part_over(whole, after) for whole in periods]
            return section_classes(past if of_year_ago else recent, listed, told, rules)

        self._days = judged([day_of(eve), day_of(day)])
        self.month = judged([before, month.whole])
        self.last_year = judged([year_ago], of_year_ago=True)

    def pairs(self, subject: str) -> list[Pair]:
        """What is compared of one section."""
        place, target = list(self._sections).index(subject), self._sections[subject].target_class or 0
        found = _of_readings(self._readings[subject], self._day)
        if self._days is not None:
            items, eve, day = self._days.means.items, _at(self._days, place, 0), _at(self._days, place, 1)
            found += [
                Pair("previous_day", items, eve, day),
                Pair("target_of_day", items, ItemClasses(np.zeros_like(day.classes)), day, target),
            ]
        if self.month is not None:
            items, before, month = self.month.means.items, _at(self.month, place, 0), _at(self.month, place, 1)
            found.append(Pair("previous_month", items, before, month))
            if self.last_year is not None:
                found.append(Pair("same_month_last_year", *_aligned(self.last_year, self.month, place)))
            found.append(Pair("target_of_month", items, ItemClasses(np.zeros_like(month.classes)), month, target))
        return found


def _aligned(
    last_year: SectionClasses, this_year: SectionClasses, place: int
) -> tuple[tuple[str, ...], ItemClasses, ItemClasses]:
    """Classes of two years by the items that either has."""
    earlier, later = _at(last_year, place, 0), _at(this_year, place, 1)
    items = tuple(dict.fromkeys((*this_year.means.items, *last_year.means.items)))

    def spread(found: ItemClasses, own: tuple[str, ...]) -> ItemClasses:
        classes = np.full(len(items), NO_CLASS, np.uint8)
        classes[[items.index(item) for item in own]] = found.classes
        return ItemClasses(classes, found.time, found.dates)

    return items, spread(earlier, last_year.means.items), spread(later, this_year.means.items)


def _at(found: SectionClasses, place: int, number: int) -> ItemClasses:
    return ItemClasses(found.judged.classes[:, place, number], dates=found.periods[number].over)


def _of_readings(readings: SectionReadings, day: dt.date) -> list[Pair]:
    """The last reading of the day that has a class, and the one before it."""
    with_class = np.flatnonzero(readings.section > NO_CLASS)
    since = np.datetime64(day_of(day).span.start, "s")
    if not with_class.size or readings.times[with_class[-1]] < since:
        return []
    last = int(with_class[-1])
    earlier = previous_reading(readings.classes)[:, last]
    times = iso_times(readings.times)
    before = times[int(with_class[-2])] if with_class.size > 1 else None
    return [
        Pair(
            "previous_reading",
            readings.items,
            ItemClasses(earlier, time=before),
            ItemClasses(readings.classes[:, last], time=times[last]),
        )
    ]
