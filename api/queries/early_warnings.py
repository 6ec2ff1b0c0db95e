"""Early warnings (水质预警) of sections: month and year so far against last year's, and the target."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

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
from qingchuan.processing.explanation import Explanation
from qingchuan.processing.standards import UnknownEdition, WarningScope, WaterWarning, in_force
from qingchuan.processing.water.classes import NO_CLASS
from qingchuan.processing.water.early_warning import explain_warning_level, warning_levels
from qingchuan.processing.water.warning_scope import explain_in_scope, in_scope
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
    the rule names: of no other can there be a warning. Nor is it of those that lie outside the provinces of the rule,
    or of whose place nothing is known: they are told why they have no level.
    """
    rules = _rules(day)
    if rules is None or month is None or last_year is None:
        return {}
    rule, scope = rules
    now, before = (found.judged.section[:, -1].astype(np.int64) for found in (month, last_year))
    goals = targets(list(sections.values()))
    least = min(row.classes for row in rule.levels.rows)
    may = (before > NO_CLASS) & (now - before >= least) & (now > rule.levels.worse_than) & (goals > NO_CLASS)
    inside = in_scope([section.city for section in sections.values()], scope)
    outside, wanted = (_chosen(sections, may & where) for where in (~inside, inside))
    told = {
        subject: _outside(explain_in_scope(one.city, scope), rule.document, explain=explain)
        for subject, one in outside.items()
    }
    if not wanted:
        return told
    years = (_cumulative(services, wanted, found, at) for found in (month, last_year))
    rows = np.stack([now[may & inside], before[may & inside], *years, goals[may & inside]], axis=1).tolist()
    for (subject, section), (of_month, of_last, total, of_last_year, goal) in zip(wanted.items(), rows, strict=True):
        classes = (of_month, of_last), (total, of_last_year), goal
        where = explain_in_scope(section.city, scope)
        told[subject] = _told(classes, where, rule, month.rules, explain=explain)
    return told


def _chosen(sections: Mapping[str, Section], chosen: NDArray[np.bool_]) -> dict[str, Section]:
    return {subject: one for (subject, one), wanted in zip(sections.items(), chosen.tolist(), strict=True) if wanted}


def _outside(where: Explanation, document: str, *, explain: bool) -> EarlyWarning:
    """Of a section to which the rule does not apply."""
    return EarlyWarning(
        level=None,
        name=None,
        edition=document,
        sentence=where.rule,
        remark=None,
        explanation=explanation_answer(where) if explain else UNSET,
    )


def _told(
    classes: tuple[tuple[int, int], tuple[int, int], int],
    where: Explanation,
    rule: WaterWarning,
    rules: WaterRules,
    *,
    explain: bool,
) -> EarlyWarning:
    """Of a section to which the rule applies, by its month, its months so far and its target; `where` says why."""
    found = explain_warning_level(*classes, rule, rules.measures)
    level = rule.level(int(warning_levels(*classes, rule).level))
    return EarlyWarning(
        level=None if level is None else level.number,
        name=None if level is None else Name(level.level.zh, level.level.en),
        edition=rule.document,
        sentence=found.rule,
        remark=where.rule,
        explanation=explanation_answer(replace(found, parts=(*found.parts, where))) if explain else UNSET,
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


def _rules(day: dt.date) -> tuple[WaterWarning, WarningScope] | None:
    """The levels of a day, and where they apply."""
    try:
        return in_force("yangtze", day), in_force("warning_scope", day)
    except UnknownEdition:
        return None
