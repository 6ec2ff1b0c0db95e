"""Early warnings (水质预警) of sections: month and year so far against last year's, and the target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray

from qingchuan.api.queries.calendar import year_of
from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.queries.section_classes import SectionClasses, section_classes, targets
from qingchuan.api.queries.section_samples import section_samples
from qingchuan.api.queries.water_rules import WaterRules, part_over
from qingchuan.api.schemas.water_changes import EarlyWarning
from qingchuan.api.services import Services
from qingchuan.processing.standards import UnknownEdition, WaterWarning, in_force
from qingchuan.processing.water.classes import NO_CLASS
from qingchuan.processing.water.early_warning import explain_warning_level, warning_levels
from qingchuan.store.subjects import Name, Section


def early_warnings(
    services: Services,
    sections: Mapping[str, Section],
    month: SectionClasses | None,
    last_year: SectionClasses | None,
    day: dt.date,
    at: int,
    *,
    explain: bool = False,
) -> dict[str, EarlyWarning]:
    """Early warnings of those sections that can be judged, by id.

    Parameters
    ----------
    services : Services
    sections : mapping of str to Section
    month : SectionClasses or None
        Of these sections; the month of `day` so far is its last period.
    last_year : SectionClasses or None
        Of the same month last year, its last period.
    day : datetime.date
    at : int
        As it was after this message.
    explain : bool
        Whether each is told with how it came about.

    Notes
    -----
    The year so far is read only of sections whose month got worse against last year and is worse than the class that
    the rule names: of no other can there be a warning.
    """
    rule = _rule(day)
    if rule is None or month is None or last_year is None:
        return {}
    now, before = (found.judged.section[:, -1].astype(np.int64) for found in (month, last_year))
    goals = targets(list(sections.values()))
    least = min(row.classes for row in rule.levels.rows)
    may = (before > NO_CLASS) & (now - before >= least) & (now > rule.levels.worse_than) & (goals > NO_CLASS)
    wanted = {subject: one for (subject, one), chosen in zip(sections.items(), may.tolist(), strict=True) if chosen}
    if not wanted:
        return {}
    this_year = _cumulative(services, wanted, month, at)
    that_year = _cumulative(services, wanted, last_year, at)
    rows = np.stack([now[may], before[may], this_year, that_year, goals[may]], axis=1).tolist()
    return {
        subject: _told((month_now, month_before), (total, total_before), goal, rule, month.rules, explain=explain)
        for subject, (month_now, month_before, total, total_before, goal) in zip(wanted, rows, strict=True)
    }


def _told(
    month: tuple[int, int],
    cumulative: tuple[int, int],
    target: int,
    rule: WaterWarning,
    rules: WaterRules,
    *,
    explain: bool,
) -> EarlyWarning:
    found = explain_warning_level(month, cumulative, target, rule, rules.measures)
    level = rule.level(int(warning_levels(month, cumulative, target, rule).level))
    return EarlyWarning(
        level=None if level is None else level.number,
        name=None if level is None else Name(level.level.zh, level.level.en),
        edition=rule.document,
        sentence=found.rule,
        explanation=explanation_answer(found) if explain else UNSET,
    )


def _cumulative(
    services: Services, sections: Mapping[str, Section], month: SectionClasses, at: int
) -> NDArray[np.int64]:
    """Class of each section from January to the end of the last period of `month`."""
    until = month.periods[-1].over.end
    year = part_over(year_of(month.periods[-1].last), until)
    samples = section_samples(services.observations, list(sections), year.over.span, at)
    judged = section_classes(samples, list(sections.values()), [year], month.rules)
    return judged.judged.section[:, 0].astype(np.int64)


def _rule(day: dt.date) -> WaterWarning | None:
    try:
        return in_force("yangtze", day)
    except UnknownEdition:
        return None
