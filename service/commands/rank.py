"""``qingchuan rank``: the key cities in their order, and where one of them stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from qingchuan.api.answering import json_bytes
from qingchuan.api.parameters import dates
from qingchuan.api.queries.key_city_days import RankingRules, ranking_rules
from qingchuan.api.queries.ranking import ranking
from qingchuan.api.routes.ranking import MOST_DAYS
from qingchuan.api.schemas.ranking import By, RankedCity, RankingAnswer
from qingchuan.processing import catalogue
from qingchuan.service.period_options import (
    FromOption,
    MonthOption,
    OptionError,
    ToOption,
    asked_period,
    up_to_yesterday,
)
from qingchuan.service.progress import waiting
from qingchuan.service.reading import reading, today_of
from qingchuan.service.tables import (
    SIMULATED,
    JsonOption,
    both,
    in_lines,
    numbers_column,
    shown,
    table_of,
    words_column,
)

_AROUND = 5
"""How many cities are shown before and behind the one that is asked about."""
_MOST_NAMED = 5
"""How many cities without a rank are named for one reason."""


def command(
    ctx: typer.Context,
    *,
    month: MonthOption = None,
    first: FromOption = None,
    last: ToOption = None,
    by: Annotated[
        By, typer.Option(help="排名依据 Composite index, good-air rate, or change of the index.", show_choices=True)
    ] = "index",
    top: Annotated[int | None, typer.Option(min=1, help="前几位 Only the first N ranks.", metavar="N")] = None,
    around: Annotated[str | None, typer.Option(help="某市前后 Only the cities around CODE.", metavar="CODE")] = None,
    json: JsonOption = False,
) -> None:
    r"""重点城市排名 Rank the key cities by composite index, good-air rate or improvement.

    Without a period it is the year up to yesterday. A city stands with its composite index, the item that weighs most
    in it, its good-air rate, the change of its index against the same period of last year, and how far the next better
    city is ahead, in the figure that is ranked. Who has no rank is named with the reason. --json prints all that
    /api/v1/ranking answers, with means, percentiles and valid days.

    \b
    Examples:
      qingchuan rank
      qingchuan rank --month 2026-10 --top 20
      qingchuan rank --around 330200
      qingchuan rank --from 2026-07-01 --to 2026-09-30 --by improvement
      qingchuan rank --by rate --json
    """
    with reading(ctx) as services:
        if top is not None and around is not None:
            raise OptionError("--top and --around are given; one of them would do (--help)")
        today = today_of(services)
        period = asked_period(today, month=month, first=first, last=last) or up_to_yesterday(today)
        days = dates(period.start.isoformat(), period.end.isoformat(), MOST_DAYS, "a year at most is ranked")
        with waiting("读取各城市日值 Reading the days of the cities", Console(stderr=True)):
            answer = ranking(services, days, by)
        chosen = _chosen(answer, top, around)
    if json:
        typer.echo(json_bytes(answer))
    else:
        _print(answer, chosen, ranking_rules(days))


def _chosen(answer: RankingAnswer, top: int | None, around: str | None) -> list[RankedCity]:
    """The cities to show; none where the one that is asked about has no rank."""
    if around is None:
        return [city for city in answer.cities if top is None or (city.rank or 0) <= top]
    codes = [city.code for city in answer.cities]
    if around in codes:
        place = codes.index(around)
        return answer.cities[max(place - _AROUND, 0) : place + _AROUND + 1]
    unranked = next((city for city in answer.unranked if city.code == around), None)
    if unranked is None:
        raise OptionError(f"--around has {around!r}; the code of a key city such as 330200 would do (qingchuan rank)")
    return []


def _print(answer: RankingAnswer, chosen: Sequence[RankedCity], rules: RankingRules) -> None:
    say, listed = Console(highlight=False).print, answer.listed
    simulated = f" ({SIMULATED})" if answer.simulated else ""
    say(f"重点城市排名 Key cities by {both(answer.ranked_by.name)}{simulated}")
    say(f"{both(answer.period)}; {answer.number}/{answer.of} 有名次 ranked\n")
    if chosen:
        say(_table(answer, chosen, rules))
        say(f"前{listed} 最好的{listed}个 best {listed}; 后{listed} 最差的{listed}个 worst {listed}")
        say("距前位 与前一名之差 ahead: gap to the next better city\n")
    for sentence in _without_rank(answer.unranked):
        say(sentence)
    say(f"依据 By {both(answer.rule.called)}")
    for text in answer.rule.unconfirmed:
        say(f"未证实 Not confirmed:\n{in_lines(text)}")


def _table(answer: RankingAnswer, chosen: Sequence[RankedCity], rules: RankingRules) -> Table:
    table = table_of(
        numbers_column("名次\nrank"),
        "代码\ncode",
        words_column("城市\ncity"),
        numbers_column("指数\nindex"),
        "首要\nprimary",
        numbers_column("优良率\nrate %"),
        numbers_column("变化%\nchange"),
        numbers_column("距前位\nahead"),
        "榜\nlist",
    )
    for city in chosen:
        table.add_row(*_row(city, answer, rules))
    return table


def _row(city: RankedCity, answer: RankingAnswer, rules: RankingRules) -> list[str]:
    lists = [f"前{answer.listed}"] * city.best + [f"后{answer.listed}"] * city.worst
    return [
        shown(city.rank),
        city.code,
        both(city.name),
        shown(city.index, rules.ranking.index.decimals),
        ", ".join(catalogue.item(item).symbol for item in city.primary),
        shown(city.rate, rules.assessment.decimals.rate),
        shown(city.change, rules.ranking.change.decimals, sign="+"),
        shown(city.ahead.gap if city.ahead else None, answer.ranked_by.decimals),
        " ".join(lists),
    ]


def _without_rank(cities: Sequence[RankedCity]) -> Iterator[str]:
    """Who has no rank, a sentence for each reason."""
    by_reason: defaultdict[str, list[str]] = defaultdict(list)
    for city in cities:
        if city.reason is not None:
            by_reason[in_lines(city.reason)].append(f"{city.code} {both(city.name)}")
    for reason, names in by_reason.items():
        more = " …" if len(names) > _MOST_NAMED else ""
        yield f"无名次 Without a rank, {len(names)}: {', '.join(names[:_MOST_NAMED])}{more}\n{reason}"
