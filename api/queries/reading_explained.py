"""How the real-time class of a reading came about."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from qingchuan.api.answering import iso_time
from qingchuan.api.parameters import Span
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.queries.revision import states_of_times
from qingchuan.api.queries.subjects import find
from qingchuan.api.queries.water import SectionReadings, section_readings
from qingchuan.api.queries.water_answers import reading_answers
from qingchuan.api.queries.water_rules import WaterRules, rules_of
from qingchuan.api.schemas.water_budget import ReadingExplainedAnswer
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.explanation import Explanation
from qingchuan.processing.periods import DAY, HOUR, natural_day
from qingchuan.processing.standards import Text
from qingchuan.processing.water.sections_explained import explain_section_class
from qingchuan.store.subjects import Section

_LOOK_BACK = 7 * DAY
_MINUTE = 60


def reading_explained(services: Services, subject: str, time: int, at: int) -> ReadingExplainedAnswer:
    """How the real-time class of the reading of `time` came about, or of the latest before it within seven days.

    Parameters
    ----------
    services : Services
    subject : str
    time : int
        [s since 1970-01-01 UTC]
    at : int
        As it was after this message.

    Raises
    ------
    ProblemError
        There is no such section, or no such reading.
    """
    section, _ = find(services, subject, Section, at)
    span = Span(time - _LOOK_BACK, time + 1)
    reading = section_readings(services.observations, {subject: section}, span, at)[subject].last()
    if not reading.times.size:
        detail = f"section {subject!r} has no reading within seven days up to {iso_time(time)}; ask for another time"
        raise ProblemError(404, "no-reading", detail)
    rules = rules_of(natural_day(int(reading.times[0].astype(np.int64))))
    states = states_of_times(services, [subject], catalogue.told("instant"), reading.times, reading.sequence, at)
    return ReadingExplainedAnswer(
        subject=subject,
        name=section.name,
        water_body=section.water_body,
        target_class=section.target_class,
        simulated=section.simulated,
        sequence=at,
        reading=reading_answers(reading, states)[0],
        explanation=None if rules is None else explanation_answer(_explained(reading, section, rules)),
    )


def _explained(reading: SectionReadings, section: Section, rules: WaterRules) -> Explanation:
    """How the class of the only reading came about; each item says when it was measured."""
    rows = np.flatnonzero(reading.judges[:, 0]).tolist()
    items = [reading.items[row] for row in rows]
    values = np.where(reading.valid, reading.values, np.nan)[rows, 0]
    told = explain_section_class(
        values, items, section.water_body, section.target_class or 0, items, rules.classes, rules.measures
    )
    parts = tuple(
        replace(part, parts=(_measured(reading, row),)) if reading.valid[row, 0] else part
        for part, row in zip(told.parts, rows, strict=True)
    )
    return replace(told, parts=parts)


def _measured(reading: SectionReadings, row: int) -> Explanation:
    age = int(reading.age[row, 0])
    time = iso_time(int(reading.times[0].astype(np.int64)) - age)
    shown = time[:16].replace("T", " ")
    hours, minutes = divmod(age // _MINUTE, HOUR // _MINUTE)
    zh = "即本次读数" if not age else f"至读数时已 {hours} 小时 {minutes} 分，在监测周期内仍有效"
    en = "with this reading" if not age else f"{hours} h {minutes} min before the reading, still within its cycle"
    return Explanation(
        name=Text("监测时间", "time of measurement"),
        value=time,
        rule=Text(f"{shown} 测得，{zh}", f"measured at {shown}, {en}"),
    )
