"""The figures of sections that differ between two messages: classes of days, months and years, and means of months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from qingchuan.api.parameters import Dates
from qingchuan.api.queries.between import Between
from qingchuan.api.queries.calendar import day_of, month_of, year_of
from qingchuan.api.queries.revised_air import Figure
from qingchuan.api.queries.revised_readings import Reading
from qingchuan.api.queries.section_periods import item_name, periods_answers
from qingchuan.api.schemas.revisions import Unit
from qingchuan.api.schemas.water_periods import SectionPeriod
from qingchuan.processing import catalogue
from qingchuan.processing.dirty import dirty
from qingchuan.processing.standards import Text
from qingchuan.store.subjects import Section

_CLASS: Final = Text("水质类别", "class")
_WHOLE: Final = {"day": day_of, "month": month_of, "year": year_of}


def revised_water(of: Between, readings: Sequence[Reading]) -> list[Figure]:
    """The figures of sections that differ; only those are computed that a reading touches."""
    timed = [one for one in readings if one.period == "instant" and one.start is not None]
    sections = sorted({one.subject for one in timed})
    places, starts = [sections.index(one.subject) for one in timed], [one.start for one in timed]
    found: list[Figure] = []
    for unit in of.asked.units if timed else ():
        touched = dirty(places, np.array(starts, np.int64), unit)
        for place, section in enumerate(sections):
            for begin in touched.of(place).astype("datetime64[D]").tolist():
                found += _figures(of, section, unit, begin)
    return found


def _figures(of: Between, name: str, unit: Unit, day: dt.date) -> Iterator[Figure]:
    whole = _WHOLE[unit](day)
    days = of.whole(whole)
    if not days.days:
        return
    old, new = (_told(of, name, unit, days, side) for side in (0, 1))
    classes = [one.class_.name if one is not None and one.class_ is not None else None for one in (old, new)]
    made = Figure("class", _CLASS, None, name, unit, days, "", classes[0], classes[1], frozenset({name}))
    if classes[0] != classes[1]:
        yield made
    for item in {**(old.items if old else {}), **(new.items if new else {})} if unit != "day" else ():
        values = [one.items[item].value if one is not None and item in one.items else None for one in (old, new)]
        if values[0] != values[1]:
            told, entry = item_name(item), catalogue.item(item)
            mean = Text(f"{told.zh}平均值", f"mean of {told.en}")
            yield made._replace(kind="mean", name=mean, item=item, measure=entry.unit, old=values[0], new=values[1])


def _told(of: Between, name: str, unit: Unit, days: Dates, side: int) -> SectionPeriod | None:
    """The section over a period, after one of the messages; None where it was not known."""
    at, known = of.sides[side]
    section = known.get(name)
    if not isinstance(section, Section):
        return None
    answer = periods_answers(of.services, {name: section}, days, unit, at, of.first)[0]
    return next(iter(answer.periods), None)
