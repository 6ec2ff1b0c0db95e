"""How low each item of a section must stay over the rest of a year for a class (年度达标余量)."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray

from qingchuan.api.parameters import Dates
from qingchuan.api.problems import ProblemError, wrong_parameter
from qingchuan.api.queries.calendar import year_of
from qingchuan.api.queries.downgrades import last_day_over
from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.queries.revision import SampleRevisions
from qingchuan.api.queries.section_means import SectionMeans, section_means
from qingchuan.api.queries.section_periods import item_name
from qingchuan.api.queries.section_samples import section_samples
from qingchuan.api.queries.subjects import find
from qingchuan.api.queries.water_answers import class_answer
from qingchuan.api.queries.water_rules import WaterRules, part_over, rules_of
from qingchuan.api.schemas.common import Class
from qingchuan.api.schemas.water_budget import BudgetAnswer, BudgetState, ItemBudget
from qingchuan.api.services import Services
from qingchuan.processing.standards import SurfaceWaterClasses, WaterRounding
from qingchuan.processing.water.budget import NOT_ASKED, OPEN, OUT_OF_REACH, SAFE, SectionBudget, section_budget
from qingchuan.processing.water.budget_explained import explain_section_budget
from qingchuan.store.subjects import Section, WaterBody

_STATES: dict[int, BudgetState] = {NOT_ASKED: "not_asked", OPEN: "open", SAFE: "safe", OUT_OF_REACH: "out_of_reach"}
_SIDES: dict[str, Literal["at_most", "at_least"]] = {"at_most": "at_most", "at_least": "at_least"}
_WORST_FIRST = (OUT_OF_REACH, OPEN, SAFE)
_MONTHS = 12

_Arguments = tuple[NDArray[np.float64], int, int, tuple[str, ...], WaterBody, SurfaceWaterClasses, WaterRounding]


def budget_answer(
    services: Services,
    subject: str,
    year: int | None,
    at: int,
    as_of: int | None = None,
    *,
    target: int | None = None,
    explain: bool = False,
) -> BudgetAnswer:
    """What the remaining months of `year` may hold for the section to reach a class over the year.

    Parameters
    ----------
    services : Services
    subject : str
    year : int or None
        None: that of the last day that is over.
    at : int
        As it was after this message.
    as_of : int or None
        None: the months that are over now; else those that were over when this message was received.
    target : int or None
        The class, 1 to 5; None: the target class of the section.
    explain : bool
        Whether it is told how the bounds came about.

    Raises
    ------
    ProblemError
        There is no such section, no class to reach, or the year has not begun or lies before the first edition.
    """
    section, _ = find(services, subject, Section, at)
    goal = _goal(subject, section, target)
    not_over = last_day_over(services, as_of) + dt.timedelta(days=1)
    whole = _year(year, not_over)
    months = _MONTHS if whole.end <= not_over else not_over.month - 1
    rules = rules_of(min(whole.end, not_over) - dt.timedelta(days=1))
    if rules is None:
        raise wrong_parameter("year", whole.start.year, "a year after the first edition of GB 3838")
    samples = section_samples(services.observations, [subject], part_over(whole, not_over).over.span, at)
    period = part_over(whole, whole.end if months == _MONTHS else whole.start.replace(month=months + 1))
    found = _Sampled(section_means(samples, 1, [period], rules), rules, section.water_body)
    budget = section_budget(*found.arguments(_MONTHS - months, goal))
    told = explain_section_budget(*found.arguments(_MONTHS - months, goal), below=found.below)
    return BudgetAnswer(
        subject=subject,
        name=section.name,
        water_body=section.water_body,
        target_class=section.target_class,
        simulated=section.simulated,
        sequence=at,
        revision=SampleRevisions(services, [subject], samples, at).of(),
        year=whole.start.year,
        class_=_class(goal, not_over),
        months_over=months,
        remaining=_MONTHS - months,
        state=_state(budget),
        sentence=told.rule,
        items=found.items_of(budget, goal),
        editions=rules.documents,
        explanation=explanation_answer(told) if explain else UNSET,
    )


class _Sampled:
    """Samples of one section over the months of a year that are over, of the items that judge."""

    def __init__(self, means: SectionMeans, rules: WaterRules, water_body: WaterBody) -> None:
        self._rows = [row for row, item in enumerate(means.items) if item in rules.measures.indicators.items]
        self._items = tuple(means.items[row] for row in self._rows)
        self._samples = means.samples[self._rows, 0, 0]
        self.below = means.below[self._rows, 0, 0]
        self._means = means.means.values[self._rows, 0, 0].tolist()
        self._rules = rules
        self._body = water_body

    def arguments(self, remaining: int, goal: int) -> _Arguments:
        """What `section_budget` takes."""
        rules = self._rules
        return self._samples, remaining, goal, self._items, self._body, rules.classes, rules.rounding

    def items_of(self, budget: SectionBudget, goal: int) -> dict[str, ItemBudget]:
        """The items as they are told."""
        bounds, means = budget.bound.tolist(), self._means
        told = {}
        for row, item in enumerate(self._items):
            side, limit = self._limit(item, goal)
            told[item] = ItemBudget(
                name=item_name(item),
                state=_STATES[int(budget.state[row])],
                bound=None if np.isnan(bounds[row]) else bounds[row],
                side=side,
                limit=limit,
                mean=None if np.isnan(means[row]) else means[row],
                months=int(budget.months[row]),
            )
        return told

    def _limit(self, item: str, goal: int) -> tuple[Literal["at_most", "at_least"] | None, float | None]:
        """On which side of which limit an item must stay; of one that is judged by a range nothing is asked."""
        row = self._rules.classes.limit(item, self._body)
        side = None if row is None else _SIDES.get(row.compare)
        return side, None if row is None or side is None else row.limits[goal - 1]


def _goal(subject: str, section: Section, target: int | None) -> int:
    goal = section.target_class if target is None else target
    if goal is None:
        detail = f"section {subject!r} has no target class; class=3 asks for class Ⅲ (/api/v1/openapi.json)"
        raise ProblemError(422, "no-target", detail)
    return goal


def _year(year: int | None, not_over: dt.date) -> Dates:
    found = not_over - dt.timedelta(days=1) if year is None else dt.date(year, 1, 1)
    if found >= not_over:
        raise wrong_parameter("year", year, f"up to {(not_over - dt.timedelta(days=1)).year}")
    return year_of(found)


def _state(budget: SectionBudget) -> BudgetState:
    states = set(budget.state.tolist())
    return _STATES[next((state for state in _WORST_FIRST if state in states), NOT_ASKED)]


def _class(number: int, day: dt.date) -> Class:
    found = class_answer(number, day)
    if found is None:
        raise LookupError(f"the class has the number {number}; it is 1 … 5 (GB 3838)")
    return found
