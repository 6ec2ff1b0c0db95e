"""The levels of the air and the classes of the water, for legends: words, colours, bounds."""

from __future__ import annotations

import datetime as dt
import functools

from qingchuan.api.queries.water_answers import class_answer
from qingchuan.api.schemas.common import ClassScale, LevelRange, LevelScale
from qingchuan.processing.standards import AirQualityIndex, UnknownEdition, WaterStatus, in_force, load, names


@functools.lru_cache(maxsize=16)
def level_scale(day: dt.date) -> LevelScale:
    """The levels by the edition of HJ 633 in force on `day`; before the first edition, by that.

    Examples
    --------
    >>> scale = level_scale(dt.date(2026, 11, 25))
    >>> scale.edition, [level.most for level in scale.levels], scale.clause
    ('HJ 633—2026', [50, 100, 150, 200, 300, None], '5.3.1')
    """
    try:
        edition = in_force("hj633", day)
    except UnknownEdition:
        edition = load(min(name for name in names() if name.startswith("hj633")), AirQualityIndex)
    rule = edition.publishing
    return LevelScale(
        edition=edition.document,
        levels=[
            LevelRange(
                number=level.number,
                roman=level.roman,
                zh=level.zh,
                en=level.en,
                colour=level.colour,
                least=level.least,
                most=level.most,
                good=level.most is not None and level.most <= edition.good_up_to,
            )
            for level in edition.levels
        ],
        incomplete_above=rule.incomplete_above,
        clause=None if rule.incomplete_above is None else rule.clause,
    )


@functools.lru_cache(maxsize=16)
def class_scale(day: dt.date) -> ClassScale:
    """The classes by the edition in force on `day`; before the first edition, by that.

    Examples
    --------
    >>> scale = class_scale(dt.date(2026, 11, 25))
    >>> scale.edition, [entry.name for entry in scale.classes]
    ('环办〔2011〕22号', ['Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ', 'Ⅴ', '劣Ⅴ'])
    """
    try:
        edition = in_force("hb2011_22", day)
    except UnknownEdition:
        edition = load("hb2011_22", WaterStatus)
    named = (class_answer(row.number, edition.in_force) for row in edition.classes.rows)
    return ClassScale(edition.document, [entry for entry in named if entry is not None])
