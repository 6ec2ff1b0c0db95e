"""Figures that others published, beside ours."""

from __future__ import annotations

import datetime as dt

import msgspec

from qingchuan.api.parameters import Dates
from qingchuan.api.schemas.imports import PublishedAnswer, PublishedFigure
from qingchuan.api.schemas.ranking import By, RankedCity, RankingAnswer
from qingchuan.api.services import Services
from qingchuan.store.imports import published

_RANKS: dict[By, str] = {"index": "rank_composite", "rate": "rank_rate", "improvement": "rank_improvement"}


def published_answer(
    services: Services, subject: str | None, figure: str | None, period: str | None, at: int
) -> PublishedAnswer:
    """Published figures as they were after message `at`; of one subject, figure or period where that is given."""
    subjects = None if subject is None else [subject]
    found = published(services.state.engine, subjects, figure=figure, period=period, as_of=at)
    told = [PublishedFigure(one.subject, one.figure, one.period, one.value, one.source, one.sequence) for one in found]
    return PublishedAnswer(at, told)


def with_official_ranks(services: Services, answer: RankingAnswer, period: Dates, by: By, at: int) -> RankingAnswer:
    """A ranking with the ranks that were published of the same months beside ours, where there are any."""
    months = months_of(period)
    if months is None:
        return answer
    found = published(services.state.engine, figure=_RANKS[by], period=months, as_of=at)
    ranks = {one.subject: int(float(one.value)) for one in found}
    if not ranks:
        return answer

    def told(cities: list[RankedCity]) -> list[RankedCity]:
        return [msgspec.structs.replace(city, official_rank=ranks.get(city.code)) for city in cities]

    return msgspec.structs.replace(answer, cities=told(answer.cities), unranked=told(answer.unranked))


def months_of(period: Dates) -> str | None:
    """Whole months as published figures name them; None where the period is something else.

    Examples
    --------
    >>> from datetime import date
    >>> months_of(Dates(date(2026, 10, 1), date(2026, 11, 1))), months_of(Dates(date(2026, 1, 1), date(2026, 11, 1)))
    ('2026-10', '2026-01/2026-10')
    >>> months_of(Dates(date(2026, 10, 1), date(2026, 10, 31))) is None
    True
    """
    if period.start.day != 1 or period.end.day != 1 or period.end <= period.start:
        return None
    first, last = f"{period.start:%Y-%m}", f"{period.end - dt.timedelta(days=1):%Y-%m}"
    return first if first == last else f"{first}/{last}"
