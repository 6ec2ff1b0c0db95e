"""Whether the figures of an answer are of a month that was published, and differ from what was published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any, Final

import msgspec

from qingchuan.api.parameters import Dates
from qingchuan.api.queries.published import months_of
from qingchuan.api.schemas.publications import PublishedMonth
from qingchuan.api.schemas.ranking import RankingAnswer
from qingchuan.api.schemas.statistics import StatisticsAnswer
from qingchuan.api.services import Services
from qingchuan.store import publications
from qingchuan.store.publications import Document, is_month

_NOT_OF_THE_MONTH: Final = frozenset({"sequence", "revision", "explanation"})
"""What answers say of themselves; it changes though no figure does."""

STATISTICS: Final = (
    "name",
    "simulated",
    "editions",
    "rules",
    "limits",
    "grade",
    "judged",
    "statistics",
    "combined",
    "rates",
    "heavy_days",
    "ranking_index",
    "annex_c_index",
)
"""What is published of the statistics of a city."""

_RANKED: Final = (
    "rank",
    "region_rank",
    "index",
    "rate",
    "good",
    "counted",
    "valid",
    "thin",
    "index_before",
    "change",
    "reason",
    "official_rank",
)


def statistics_in_month(services: Services, answer: StatisticsAnswer, days: Dates, at: int) -> StatisticsAnswer:
    """The statistics of a city, with what was published of the month that they are of, by message `at`."""

    def differs(document: Document) -> bool | None:
        known = document.cities.get(answer.subject)
        if known is None:
            return None
        return {name: told for name, told in known.items() if name != "ranking"} != chosen(answer, STATISTICS)

    return msgspec.structs.replace(answer, publication=_published(services, days, at, differs))


def ranking_in_month(services: Services, answer: RankingAnswer, days: Dates, at: int) -> RankingAnswer:
    """A ranking by the index, with what was published of the month that it is of, by message `at`."""

    def differs(document: Document) -> bool | None:
        now, known = ranks_of(answer), {code: told["ranking"] for code, told in document.cities.items()}
        return any(told != now.get(code) for code, told in known.items()) if known else None

    return msgspec.structs.replace(answer, publication=_published(services, days, at, differs))


def ranks_of(answer: RankingAnswer) -> dict[str, Any]:
    """What is published of the place of each key city."""
    of = {"of": answer.number, "rule": answer.rule.document}
    return {city.code: chosen(city, _RANKED) | of for city in (*answer.cities, *answer.unranked)}


def chosen(answer: msgspec.Struct, names: Sequence[str]) -> dict[str, Any]:
    """Some fields of an answer as JSON has them, without what it says of itself."""
    told = plain(answer)
    return {name: told[name] for name in names if name in told}


def plain(told: Any) -> Any:  # noqa: ANN401 - JSON
    """What JSON has of an answer, without what it says of itself."""
    if isinstance(told, Mapping):
        return {key: plain(value) for key, value in told.items() if key not in _NOT_OF_THE_MONTH}
    if isinstance(told, (list, tuple)):
        return [plain(value) for value in told]
    return plain(msgspec.to_builtins(told)) if isinstance(told, msgspec.Struct) else told


def _published(
    services: Services, days: Dates, at: int, differs: Callable[[Document], bool | None]
) -> PublishedMonth | None:
    """The newest version of a month by message `at`; None where it was not published, or does not tell of these."""
    month = months_of(days)
    if month is None or not is_month(month):
        return None
    newest = publications.newest(services.state.engine, month, before=at + 1)
    if newest is None:
        return None
    with closing(services.open_journal()) as journal:
        payload = publications.payload_of(journal, newest)
    is_other = None if payload is None else differs(publications.decode(payload))
    if is_other is None:
        return None
    return PublishedMonth(newest.month, newest.version, newest.sha256, is_other)
