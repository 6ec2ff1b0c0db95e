"""The figures of a month as they are published: statistics, rates, indices and ranks of cities, classes of sections.

They are computed of the data as of a message, and hold nothing that a clock or a later message would change: whoever
computes them again with the same program gets the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from qingchuan.api.answering import iso_time
from qingchuan.api.parameters import Dates
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.calendar import month_of
from qingchuan.api.queries.days import finished, time_of
from qingchuan.api.queries.published_month import STATISTICS, chosen, ranks_of
from qingchuan.api.queries.ranking import ranking
from qingchuan.api.queries.section_periods import periods_answers
from qingchuan.api.queries.statistics import statistics
from qingchuan.api.queries.subjects import of_kind
from qingchuan.api.queries.water_shares import shares_answer
from qingchuan.api.schemas.water_periods import SectionPeriod
from qingchuan.api.services import Services
from qingchuan.store.publications import Document, Head
from qingchuan.store.subjects import City, Section, Subject

_REVISED: Final = frozenset({"state"})
"""How final a period is; it changes though no figure does."""

_SHARES: Final = ("editions", "shares", "exceedances", "rivers")


OnProgress = Callable[[int, int], None]
"""Is told how many of how many parts are done."""


def silent(_done: int, _of: int) -> None:
    """Tell nobody."""


def month_dates(month: str) -> Dates:
    """The natural days of a month such as ``2018-08``.

    Examples
    --------
    >>> month_dates("2018-08").days
    31
    """
    return month_of(dt.date.fromisoformat(f"{month}-01"))


def document_of(services: Services, head: Head, cities: Sequence[str] | None, told: OnProgress = silent) -> Document:
    """The figures of the month of `head`, of the data that it names.

    Parameters
    ----------
    services : Services
    head : Head
    cities : sequence of str or None
        Codes; None: all that were announced by then.
    told : callable
        Is told how many of how many parts are computed: a part a city, and the sections.

    Raises
    ------
    ProblemError
        A city is none, nobody is known of whom there are figures, or the month was not over yet.
    """
    at, days = head.sequence, month_dates(head.month)
    if finished(services, days, at) != days:
        received = iso_time(time_of(services, at) // 1_000_000)
        detail = (
            f"{head.month} is not over: it ends on {days.end} at 0:00, and the newest message that is applied, number "
            f"{at}, came on {received}; once a message came after the end, or of an earlier month, it would do"
        )
        raise ProblemError(409, "month-not-over", detail)
    subjects = services.state.subjects(as_of=at)
    codes = sorted(of_kind(subjects, City)) if cities is None else sorted(set(cities))
    if not codes and not of_kind(subjects, Section):
        detail = (
            f"no city and no section had announced itself by message {at}, so that {head.month} has no figures; "
            "a city or a section that tells of itself would do (docs/mqtt.md), and /api/v1/stations lists them"
        )
        raise ProblemError(409, "nothing-to-publish", detail)
    return Document(
        **{name: getattr(head, name) for name in Head.__struct_fields__},
        cities=_cities(services, codes, days, at, told),
        sections=_sections(services, subjects, days, at),
        water=_water(services, subjects, days, at),
    )


def _cities(services: Services, codes: Sequence[str], days: Dates, at: int, told: OnProgress) -> dict[str, Any]:
    ranks, found = _ranks(services, days, at), {}
    for done, code in enumerate(codes):
        told(done, len(codes) + 1)
        found[code] = chosen(statistics(services, code, days, as_of=at), STATISTICS) | {"ranking": ranks.get(code)}
    told(len(codes), len(codes) + 1)
    return found


def _ranks(services: Services, days: Dates, at: int) -> dict[str, Any]:
    """Of each key city its place; nothing of a month of which there was no ranking."""
    try:
        found = ranking(services, days, "index", as_of=at)
    except ProblemError:
        return {}
    return ranks_of(found)


def _sections(services: Services, subjects: Mapping[str, Subject], days: Dates, at: int) -> dict[str, Any]:
    sections = of_kind(subjects, Section)
    found = periods_answers(services, sections, days, "month", at, at) if sections else []
    about = ("name", "river", "water_body", "target_class", "simulated")
    names = [name for name in SectionPeriod.__struct_encode_fields__ if name not in _REVISED]
    return {
        answer.subject: chosen(answer, about) | {"month": chosen(period, names)}
        for answer in found
        for period in answer.periods[:1]
    }


def _water(services: Services, subjects: Mapping[str, Subject], days: Dates, at: int) -> dict[str, Any] | None:
    if not of_kind(subjects, Section):
        return None
    return chosen(shares_answer(services, days, at, at), _SHARES)
