"""The report of a day or a month: the air of the cities, the classes of the sections, and the head of the journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from qingchuan.alerts import queries as alerts
from qingchuan.api.parameters import Dates
from qingchuan.api.queries.air import AirPeriods
from qingchuan.api.queries.air_answers import day_briefs
from qingchuan.api.queries.days import days_of_cities
from qingchuan.api.queries.live_air import watched
from qingchuan.api.queries.ranking import ranking
from qingchuan.api.queries.rates import rate, within
from qingchuan.api.queries.section_periods import periods_answers
from qingchuan.api.queries.subjects import is_simulated, of_kind
from qingchuan.api.reports.wording import text_of, title_of
from qingchuan.api.schemas.ranking import RankedCity
from qingchuan.api.schemas.reports import PeriodReport, ReportCity, ReportRate, ReportSection
from qingchuan.api.schemas.water_periods import By
from qingchuan.api.services import Services
from qingchuan.processing.calendar_periods import CalendarPeriod
from qingchuan.processing.standards import in_force
from qingchuan.store.reports import ReportKind
from qingchuan.store.subjects import Name, Section, Subject


def period_report(services: Services, period: CalendarPeriod, head: str) -> PeriodReport:
    """The report of a natural day or a month that is over, by what is known now.

    Parameters
    ----------
    services : Services
    period : CalendarPeriod
        A day or a month.
    head : str
        Head of the journal.
    """
    at = services.observations.sequence()
    subjects = services.state.subjects(as_of=at)
    cities = _cities(services, subjects, period, at)
    sections = _sections(services, subjects, period, at)
    kind: ReportKind = "day" if period.kind == "day" else "month"
    return PeriodReport(
        report=kind,
        title=title_of(period, simulated=_any_simulated(cities, sections)),
        text=text_of(period, cities, sections, opened := alerts.count(services.state.engine).episodes.get("open", 0)),
        start=period.start.isoformat(),
        end=period.end.isoformat(),
        cities=cities,
        sections=sections,
        open_alerts=opened,
        simulated=_any_simulated(cities, sections),
        sequence=at,
        head=head,
    )


def _cities(services: Services, subjects: Mapping[str, Subject], period: CalendarPeriod, at: int) -> list[ReportCity]:
    groups = watched(subjects)
    year = Dates(dt.date(period.start.year, 1, 1), period.end)
    days = days_of_cities(services.observations, groups, year, at)
    ranked = {} if period.kind == "day" else _ranked(services, groups, period, at)
    return [_city(name, subjects, days[name], period, ranked) for name in groups]


def _ranked(
    services: Services, groups: Mapping[str, Sequence[str]], period: CalendarPeriod, at: int
) -> dict[str, tuple[RankedCity, int]]:
    """Those of the cities that are ranked, each with how many are."""
    if not groups:
        return {}
    answer = ranking(services, Dates(period.start, period.end), "index", as_of=at)
    return {city.code: (city, answer.number) for city in answer.cities if city.code in groups}


def _city(
    name: str,
    subjects: Mapping[str, Subject],
    days: AirPeriods,
    period: CalendarPeriod,
    ranked: Mapping[str, tuple[RankedCity, int]],
) -> ReportCity:
    of_period, brief = Dates(period.start, period.end), None
    if period.kind == "day":
        brief = next(iter(day_briefs(within(days, of_period))), None)
    found, number = ranked.get(name, (None, 0))
    city = subjects[name]
    return ReportCity(
        subject=name,
        name=city.name,
        simulated=is_simulated(subjects, name),
        aqi=brief.aqi if brief else None,
        level=_level(brief.level, period.start) if brief and brief.level else None,
        primary=brief.primary if brief else [],
        period=_rate(days, of_period),
        year=_rate(days, Dates(dt.date(period.start.year, 1, 1), period.end)),
        index=found.index if found else None,
        rank=found.rank if found else None,
        ranked=number,
    )


def _level(number: int, day: dt.date) -> Name:
    level = next(each for each in in_force("hj633", day).levels if each.number == number)
    return Name(level.zh, level.en)


def _rate(days: AirPeriods, period: Dates) -> ReportRate:
    found = rate(days, period)
    return ReportRate(found.good, found.valid, found.rate)


def _sections(
    services: Services, subjects: Mapping[str, Subject], period: CalendarPeriod, at: int
) -> list[ReportSection]:
    """The sections, the worst first."""
    days = Dates(period.start, period.end)
    by: By = "day" if period.kind == "day" else "month"
    answers = periods_answers(services, of_kind(subjects, Section), days, by, at)
    told = [
        ReportSection(answer.subject, answer.name, answer.simulated, found.class_, found.deciding, found.target_met)
        for answer in answers
        for found in answer.periods
    ]
    return sorted(told, key=lambda section: -section.class_.number if section.class_ else 0)


def _any_simulated(cities: Sequence[ReportCity], sections: Sequence[ReportSection]) -> bool:
    return any(city.simulated for city in cities) or any(section.simulated for section in sections)
