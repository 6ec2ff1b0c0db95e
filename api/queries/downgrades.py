"""Which water got worse or better: each section against its last reading, day and month, last year, and its target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from msgspec import UNSET

from qingchuan.api.parameters import Dates
from qingchuan.api.problems import wrong_parameter
from qingchuan.api.queries.compared_classes import TARGETS, Compared, ItemClasses, Pair
from qingchuan.api.queries.days import finished
from qingchuan.api.queries.early_warnings import early_warnings
from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.queries.section_periods import item_name
from qingchuan.api.queries.subjects import find, of_kind
from qingchuan.api.queries.water_answers import class_answer
from qingchuan.api.queries.water_rules import rules_of, water_rules
from qingchuan.api.schemas.water_changes import (
    Against,
    Cause,
    ChangesAnswer,
    ClassChange,
    Direction,
    EarlyWarning,
    Judged,
    SectionChanges,
    WithoutClass,
)
from qingchuan.api.services import Services
from qingchuan.processing.explanation import Explanation
from qingchuan.processing.standards import Text
from qingchuan.processing.water import downgrades
from qingchuan.processing.water.classes import NO_CLASS
from qingchuan.processing.water.downgrades_explained import explain_class_change, explain_target_change
from qingchuan.store.subjects import Name, Section

_NO_LEVEL = 99
"""Sorts after every level of warning."""

_OF_DAY: tuple[Against, ...] = ("previous_reading", "previous_day")
"""What the class of the day itself, and not that of its month, is compared with."""

_NAMES: dict[Against, Text] = {
    "previous_reading": Text("前一次读数", "the previous reading"),
    "previous_day": Text("前一日", "the day before"),
    "previous_month": Text("上月", "the month before"),
    "same_month_last_year": Text("上年同月", "the same month last year"),
    "target_of_day": Text("水质目标（日）", "the target, by the day"),
    "target_of_month": Text("水质目标（月）", "the target, by the month"),
}


def changes_answer(
    services: Services,
    day: dt.date | None,
    at: int,
    as_of: int | None = None,
    *,
    section: str | None = None,
    everything: bool = False,
    explain: bool = False,
) -> ChangesAnswer:
    """Sections whose class changed on `day`, those that got worse most first.

    Parameters
    ----------
    services : Services
    day : datetime.date or None
        None: the last that is over.
    at : int
        As it was after this message.
    as_of : int or None
        None: the days that are over now; else those that were over when this message was received.
    section : str or None
        Only this one; nothing of another is read.
    everything : bool
        Whether what did not change, or cannot be compared, is told as well.
    explain : bool
        Whether each change is told with how it came about.

    Raises
    ------
    ProblemError
        The day is not over, or there is no such section.
    """
    over = last_day_over(services, as_of)
    day = over if day is None else day
    if day > over:
        raise wrong_parameter("at", day.isoformat(), f"a day that is over, up to {over},")
    sections = _sections(services, section, at)
    found = _found(services, sections, day, at, explain=explain)
    rules = rules_of(day)
    return ChangesAnswer(
        date=day.isoformat(),
        sequence=at,
        simulated=any(one.simulated for one in sections.values()),
        editions=[] if rules is None else rules.documents,
        of=len(sections),
        without_class=[
            WithoutClass(subject, sections[subject].name)
            for subject, pairs in found.pairs.items()
            if not any(_is_class_of_day(*each) for each in pairs)
        ],
        targets=sum(any(_is_held_to_target(*each) for each in pairs) for pairs in found.pairs.values()),
        sections=sorted(_section_changes(found, sections, day, everything=everything, explain=explain), key=_severity),
    )


def _sections(services: Services, section: str | None, at: int) -> dict[str, Section]:
    """The only one that is asked for, or all."""
    if section is not None:
        return {section: find(services, section, Section, at)[0]}
    return of_kind(services.state.subjects(as_of=at), Section)


def last_day_over(services: Services, as_of: int | None) -> dt.date:
    """The last natural day that is over now, or was when message `as_of` was received."""
    return finished(services, Dates(dt.date.min, dt.date.max), as_of).end - dt.timedelta(days=1)


class _Found(NamedTuple):
    """What was found of each section, by its id: the classes that are compared, and its early warning."""

    pairs: Mapping[str, list[tuple[Pair, downgrades.ClassChange]]]
    warnings: Mapping[str, EarlyWarning]


def _found(services: Services, sections: Mapping[str, Section], day: dt.date, at: int, *, explain: bool) -> _Found:
    if not sections:
        return _Found({}, {})
    compared = Compared(services, sections, day, at)
    pairs = {subject: [(pair, pair.change) for pair in compared.pairs(subject)] for subject in sections}
    warnings = early_warnings(services, sections, compared.month, compared.last_year, day, at, explain=explain)
    return _Found(pairs, warnings)


def _is_class_of_day(pair: Pair, change: downgrades.ClassChange) -> bool:
    """Whether the section has a class on the day, of a reading or of its mean."""
    return pair.against in _OF_DAY and int(change.later) > NO_CLASS


def _is_held_to_target(pair: Pair, change: downgrades.ClassChange) -> bool:
    return pair.against in TARGETS and bool(change.compared)


def _section_changes(
    found: _Found, sections: Mapping[str, Section], day: dt.date, *, everything: bool, explain: bool
) -> list[SectionChanges]:
    told, warnings = [], found.warnings
    for subject, section in sections.items():
        pairs = found.pairs[subject]
        chosen = [pair for pair in pairs if everything or _is_change(*pair)]
        if chosen or everything or subject in warnings:
            told.append(
                SectionChanges(
                    subject=subject,
                    name=section.name,
                    river=section.river,
                    water_body=section.water_body,
                    city=section.city,
                    target_class=section.target_class,
                    simulated=section.simulated,
                    changes=[_told(pair, change, day, explain=explain) for pair, change in chosen],
                    warning=warnings.get(subject),
                )
            )
    return told


def _is_change(pair: Pair, change: downgrades.ClassChange) -> bool:
    """Whether a class got worse or better, or misses its target; to be better than that is no change."""
    return bool(change.classes > 0 if pair.against in TARGETS else change.classes != 0)


def _told(pair: Pair, found: downgrades.ClassChange, day: dt.date, *, explain: bool) -> ClassChange:
    earlier, later = pair.earlier.classes, pair.later.classes
    explanation = _explained(pair, day)
    return ClassChange(
        against=pair.against,
        name=Name(_NAMES[pair.against].zh, _NAMES[pair.against].en),
        earlier=_judged(int(found.earlier), pair.earlier, day),
        later=_judged(int(found.later), pair.later, day),
        direction=_direction(found),
        classes=int(found.classes),
        causes=[
            Cause(
                pair.items[place], item_name(pair.items[place]), int(earlier[place]) or None, int(later[place]) or None
            )
            for place in np.flatnonzero(found.causes).tolist()
        ],
        sentence=explanation.rule,
        explanation=explanation_answer(explanation) if explain else UNSET,
    )


def _explained(pair: Pair, day: dt.date) -> Explanation:
    words = water_rules(day).measures
    measured = (pair.earlier.classes > NO_CLASS) | (pair.later.classes > NO_CLASS)
    items = [item for item, there in zip(pair.items, measured.tolist(), strict=True) if there]
    later = pair.later.classes[measured]
    if pair.against in TARGETS:
        return explain_target_change(pair.target, later, items, words)
    return explain_class_change(pair.earlier.classes[measured], later, items, _NAMES[pair.against], words)


def _judged(number: int, of: ItemClasses, day: dt.date) -> Judged:
    start, end = (None, None) if of.dates is None else (of.dates.start.isoformat(), of.dates.end.isoformat())
    return Judged(class_answer(number, day), of.time, start, end)


def _direction(found: downgrades.ClassChange) -> Direction:
    if not found.compared:
        return "unknown"
    return "worse" if found.classes > 0 else "better" if found.classes < 0 else "same"


def _severity(told: SectionChanges) -> tuple[int, int]:
    """Warned ones first, then by how many classes a section got worse at most."""
    level = told.warning.level if told.warning is not None else None
    worst = max((change.classes for change in told.changes), default=0)
    return (_NO_LEVEL if level is None else level, -worst)
