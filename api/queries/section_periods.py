"""A section over days, weeks, months or years: means, class, what decides it, target, trophic state."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import UNSET
from msgspec.structs import replace
from numpy.typing import NDArray

from qingchuan.api.parameters import Dates
from qingchuan.api.queries.days import finished
from qingchuan.api.queries.editions import runs
from qingchuan.api.queries.explanations import explanation_answer
from qingchuan.api.queries.revision import SampleRevisions
from qingchuan.api.queries.section_classes import SectionClasses, section_classes, targets
from qingchuan.api.queries.section_samples import section_samples
from qingchuan.api.queries.sections_explained import explain_section_classes
from qingchuan.api.queries.subjects import find
from qingchuan.api.queries.trophic import trophic_state
from qingchuan.api.queries.water_answers import class_answer
from qingchuan.api.queries.water_rules import WaterPeriod, water_periods, water_rules
from qingchuan.api.schemas.water_periods import (
    By,
    MainPollutant,
    PeriodItem,
    PeriodsAnswer,
    SampleSource,
    SectionPeriod,
    Trophic,
)
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.water.compliance import COMPLIES, NOT_EVALUATED, complies
from qingchuan.processing.water.monthly import AUTOMATIC, MANUAL
from qingchuan.processing.water.sections import SectionAssessment
from qingchuan.store.subjects import Name, Section

_SOURCES: dict[int, SampleSource] = {AUTOMATIC: "automatic", MANUAL: "manual"}


def periods_answer(
    services: Services, subject: str, days: Dates, by: By, at: int, as_of: int | None = None, *, explain: bool = False
) -> PeriodsAnswer:
    """The section `subject` over the days, weeks, months or years that `days` lie in.

    Parameters
    ----------
    services : Services
    subject : str
    days : Dates
    by : By
    at : int
        As it was after this message.
    as_of : int or None
        None: the days that are over now; else those that were over when this message was received.
    explain : bool
        Whether each class is told with how it came about.

    Raises
    ------
    ProblemError
        There is no such section.
    """
    section, _ = find(services, subject, Section, at)
    return periods_answers(services, {subject: section}, days, by, at, as_of, explain=explain)[0]


def periods_answers(
    services: Services,
    sections: Mapping[str, Section],
    days: Dates,
    by: By,
    at: int,
    as_of: int | None = None,
    *,
    explain: bool = False,
) -> list[PeriodsAnswer]:
    """Several sections over the periods that `days` lie in, read together; each as `periods_answer` has it."""
    found = _periods(services, sections, days, by, at, as_of, explain=explain)
    return [
        PeriodsAnswer(
            subject=subject,
            name=section.name,
            river=section.river,
            water_body=section.water_body,
            target_class=section.target_class,
            simulated=section.simulated,
            sequence=at,
            by=by,
            periods=found[subject],
        )
        for subject, section in sections.items()
    ]


def _periods(
    services: Services,
    sections: Mapping[str, Section],
    days: Dates,
    by: By,
    at: int,
    as_of: int | None,
    *,
    explain: bool,
) -> dict[str, list[SectionPeriod]]:
    """The periods of each section, by its id."""
    periods = water_periods(days, by, over_until(services, days, as_of))
    if not periods:
        return {subject: [] for subject in sections}
    span = Dates(periods[0].over.start, periods[-1].over.end).span
    samples = section_samples(services.observations, list(sections), span, at)
    revisions = SampleRevisions(services, list(sections), samples, at)
    told: dict[str, list[SectionPeriod]] = {subject: [] for subject in sections}
    last = np.array([period.last for period in periods], "datetime64[D]")
    for part, rules in runs(last, water_rules):
        if rules is None:
            judged = [[_without_edition(period) for period in periods[part]]] * len(sections)
        else:
            found = section_classes(samples, list(sections.values()), periods[part], rules)
            judged = _told(found, list(sections.values()), explain=explain)
        for place, (subject, of_section) in enumerate(zip(sections, judged, strict=True)):
            told[subject] += [
                replace(one, state=revisions.of(place, period.over).state)
                for one, period in zip(of_section, periods[part], strict=True)
            ]
    return told


def over_until(services: Services, days: Dates, as_of: int | None) -> dt.date:
    """First day that is not over, at the latest what a whole year after `days` needs."""
    return finished(services, Dates(days.start, dt.date.max), as_of).end


def pollutants(judged: SectionAssessment, *place: int) -> list[MainPollutant]:
    """Main pollutants of one section, worst first.

    Parameters
    ----------
    judged : SectionAssessment
    *place : int
        Its index in the shape of `judged.section`.
    """
    told = []
    for item in judged.named(*place):
        multiple = float(judged.multiples[(judged.items.index(item), *place)])
        told.append(MainPollutant(item, item_name(item), None if np.isnan(multiple) else multiple))
    return told


def item_name(item: str) -> Name:
    """Name of an item of the catalogue."""
    entry = catalogue.item(item)
    return Name(entry.name_zh, entry.name_en)


def _told(found: SectionClasses, sections: Sequence[Section], *, explain: bool) -> list[list[SectionPeriod]]:
    met = complies(found.judged.section, targets(sections)[:, np.newaxis])
    return [
        [
            _period(found, place, number, section, int(met[place, number]), explain=explain)
            for number in range(len(found.periods))
        ]
        for place, section in enumerate(sections)
    ]


def _period(
    found: SectionClasses, place: int, number: int, section: Section, met: int, *, explain: bool
) -> SectionPeriod:
    period, judged = found.periods[number], found.judged
    return SectionPeriod(
        start=period.whole.start.isoformat(),
        end=period.whole.end.isoformat(),
        days=period.over.days,
        over=period.is_over,
        class_=class_answer(int(judged.section[place, number]), period.last),
        automatic_only=bool(found.automatic_only[place, number]),
        deciding=[
            item for item, decides in zip(judged.items, judged.deciding[:, place, number], strict=True) if decides
        ],
        main=pollutants(judged, place, number),
        target_met=None if met == NOT_EVALUATED else met == COMPLIES,
        items=_items(found, place, number),
        trophic=_trophic(found, place, number, section, explain=explain),
        editions=found.rules.documents,
        sequence=int(found.means.sequence[place, number]),
        explanation=explanation_answer(explain_section_classes(found, place, number, section)) if explain else UNSET,
    )


def _trophic(found: SectionClasses, place: int, number: int, section: Section, *, explain: bool) -> Trophic | None:
    if section.water_body != "lake":
        return None
    values = found.means.means.values[:, place, number]
    return trophic_state(values, found.means.items, found.periods[number].last, explain=explain)


def _items(found: SectionClasses, place: int, number: int) -> dict[str, PeriodItem]:
    """The items of one section that were sampled in any of the periods."""
    means, judged, at = found.means, found.judged, (slice(None), place, number)
    sampled = np.asarray((means.sources[:, place] > 0).any(axis=(1, 2)))
    columns = zip(
        judged.items,
        sampled.tolist(),
        _or_none(means.means.values[at]),
        np.maximum(judged.classes[at], found.reference[at]).tolist(),
        means.means.counts[at].tolist(),
        means.needed[at].tolist(),
        means.sources[at],
        _or_none(judged.multiples[at]),
        _or_none(judged.target_multiples[at]),
        strict=True,
    )
    judging = found.rules.measures.indicators.items
    return {
        item: PeriodItem(value, class_ or None, item in judging, count, needed, _sources(used), multiple, target)
        for item, there, value, class_, count, needed, used, multiple, target in columns
        if there
    }


def _or_none(values: NDArray[np.float64]) -> list[float | None]:
    return [None if np.isnan(value) else value for value in values.tolist()]


def _sources(used: NDArray[np.uint8]) -> list[SampleSource]:
    return [name for number, name in _SOURCES.items() if (used == number).any()]


def _without_edition(period: WaterPeriod) -> SectionPeriod:
    """A period of before the first edition: nothing judges it, and nothing says to how many decimals its means are."""
    return SectionPeriod(
        start=period.whole.start.isoformat(),
        end=period.whole.end.isoformat(),
        days=period.over.days,
        over=period.is_over,
        class_=None,
        automatic_only=False,
        deciding=[],
        main=[],
        target_met=None,
        items={},
        trophic=None,
        editions=[],
        sequence=0,
    )
