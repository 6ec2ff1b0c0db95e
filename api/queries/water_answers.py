"""The water as it is told."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.answering import indices, iso_times, numbers
from qingchuan.api.queries.water import SectionReadings
from qingchuan.api.schemas.common import Class
from qingchuan.api.schemas.water import Reading, ReadingBrief, WaterItem
from qingchuan.processing.periods import natural_days
from qingchuan.processing.standards import UnknownEdition, in_force
from qingchuan.processing.water.classes import NO_CLASS
from qingchuan.store.figure_states import FigureState
from qingchuan.store.subjects import Name


def reading_answers(readings: SectionReadings, states: Sequence[FigureState] | None = None) -> list[Reading]:
    """One answer a reading, with its state; provisional without."""
    deciding = [
        [item for item, decides in zip(readings.items, row, strict=True) if decides]
        for row in readings.deciding.T.tolist()
    ]
    return list(
        map(
            Reading,
            iso_times(readings.times),
            _section_classes(readings),
            deciding,
            _items(readings),
            readings.documents,
            readings.sequence.tolist(),
            ["provisional"] * len(readings.documents) if states is None else states,
        )
    )


def reading_briefs(readings: SectionReadings) -> list[ReadingBrief]:
    """The class of each reading."""
    classes = _section_classes(readings)
    return [
        ReadingBrief(time, found.number if found else None, found.colour if found else None)
        for time, found in zip(iso_times(readings.times), classes, strict=True)
    ]


def class_answer(number: int, day: dt.date) -> Class | None:
    """The class of a number, named by the edition in force on `day`; None for 0.

    Examples
    --------
    >>> class_answer(6, dt.date(2026, 11, 25)).name
    '劣Ⅴ'
    """
    return _named_classes(day)[number]


@functools.lru_cache(maxsize=4096)
def _named_classes(day: dt.date) -> tuple[Class | None, ...]:
    try:
        rows = in_force("hb2011_22", day).classes.rows
    except UnknownEdition:  # of a day before GB 3838, on which nothing has a class either
        rows = ()
    return (
        None,
        *(Class(row.number, row.name, row.en, Name(row.status.zh, row.status.en), row.colour) for row in rows),
    )


def _section_classes(readings: SectionReadings) -> list[Class | None]:
    days = natural_days(readings.times).tolist()
    return [_named_classes(day)[number] for day, number in zip(days, readings.section.tolist(), strict=True)]


def _items(readings: SectionReadings) -> list[dict[str, WaterItem]]:
    """The items of each reading; one that was neither told nor judges is left out."""
    columns = [_column(readings, place) for place in range(len(readings.items))]
    rows = zip(*columns, strict=True)
    return [{item: told for item, told in zip(readings.items, row, strict=True) if told is not None} for row in rows]


def _column(readings: SectionReadings, place: int) -> list[WaterItem | None]:
    """One item of each reading; None where it was not told and does not judge."""
    values, classes = readings.values[place], readings.classes[place].astype(np.int16)
    missing = np.isnan(values)
    shown = ~missing | readings.judges[place]
    if not shown.any():
        return [None] * len(values)
    age = np.where(missing, -1, readings.age[place])
    columns = (
        numbers(values),
        indices(np.where(classes == NO_CLASS, -1, classes)),
        readings.flags[place].tolist(),
        _measured(readings.times, age),
        indices(age),
        readings.valid[place].tolist(),
    )
    told = map(WaterItem, *columns)
    return [item if show else None for item, show in zip(told, shown.tolist(), strict=True)]


def _measured(times: NDArray[np.datetime64], age: NDArray[np.int64]) -> list[str | None]:
    """When values of an `age` were measured; None where it is negative, that is where there is none. [s]."""
    texts = iso_times(times - age.astype("timedelta64[s]"))
    return [text if known else None for text, known in zip(texts, (age >= 0).tolist(), strict=True)]
