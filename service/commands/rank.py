"""``qingchuan rank``: the key cities in their order, and where one of them stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from qingchuan.api.answering import json_bytes
from qingchuan.api.parameters import A_YEAR, dates
from qingchuan.api.queries.key_city_days import RankingRules, ranking_rules
from qingchuan.api.queries.ranking import ranking
from qingchuan.api.schemas.ranking import By, RankedCity, RankingAnswer
from qingchuan.processing import catalogue
from qingchuan.service.cities import city_code
from qingchuan.service.period_options import (
    FromOption,
    MonthOption,
    OptionError,
    ToOption,
    asked_period,
    up_to_yesterday,
    without_days,
)
from qingchuan.service.progress import waiting
from qingchuan.service.reading import reading, today_of
from qingchuan.service.tables import (
    SIMULATED,
    JsonOption,
    both,
    ids_column,
    in_lines,
    numbers_column,
    shown,
    standard_output,
    table_of,
    words_column,
)

_AROUND = 5
"""How many cities are shown before and behind the one that is asked about."""
_MOST_NAMED = 5
"""How many cities without a rank are named for one reason."""


def command(  # noqa: PLR0913 - an argument for each option
    ctx: typer.Context,
    *,
    month: MonthOption = None,
    first: FromOption = None,
    last: ToOption = None,
    by: Annotated[
        By, typer.Option(help="排名依据 Composite index, good-air rate, or change of the index.", show_choices=True)
    ] = "index",
    top: Annotated[int | None, typer.Option(min=1, help="前几位 Only the first N ranks.", metavar="N")] = None,
    around: Annotated[
        str | None, typer.Option(help="某市前后 Only those around a city: 宁波, 330200.", metavar="CITY")
    ] = None,
    notes: Annotated[bool, typer.Option("--notes", help="未证实之处 What is not confirmed of the rule.")] = False,
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
      qingchuan rank --around 宁波
      qingchuan rank --from 2026-07-01 --to 2026-09-30 --by improvement
      qingchuan rank --by rate --json
    """
    with reading(ctx) as services:
        if top is not None and around is not None:
            raise OptionError("--top and --around are given; one of them would do (--help)")
        around = None if around is None else city_code(around, services.state.subjects("city"))
        today = today_of(services)
        period = asked_period(today, month=month, first=first, last=last) or up_to_yesterday(today)
        days = dates(period.start.isoformat(), period.end.isoformat(), A_YEAR, "a year at most is ranked")
        with waiting("读取各城市日值 Reading the days of the cities", Console(stderr=True)):
            answer = ranking(services, days, by)
        chosen = _chosen(answer, top, around)
        announced, prefix = around in services.state.subjects(), services.prefix
    if json:
        typer.echo(json_bytes(answer))
    elif not answer.days:
        typer.echo(without_days(period, today))
    elif around is not None and not chosen:
        _print_unranked(answer, around, None if announced else f"{prefix}/{around}/station")
    else:
        _print(answer, chosen, ranking_rules(days))
        _print_rule(answer, notes=notes)


def _chosen(answer: RankingAnswer, top: int | None, around: str | None) -> list[RankedCity]:
    """The cities to show; none where the one that is asked about has no rank."""
    if around is None:
        return [city for city in answer.cities if top is None or (city.rank or 0) <= top]
    codes = [city.code for city in answer.cities]
    if around in codes:
        place = codes.index(around)
        return answer.cities[max(place - _AROUND, 0) : place + _AROUND + 1]
    if around not in {city.code for city in answer.unranked}:
        raise OptionError(f"--around has {around!r}; a key city, such as 宁波 or 330200, would do (qingchuan rank)")
    return []


def _print(answer: RankingAnswer, chosen: Sequence[RankedCity], rules: RankingRules) -> None:
    say = standard_output().print
    simulated = f" ({SIMULATED})" if answer.simulated else ""
    say(f"重点城市排名 Key cities by {both(answer.ranked_by.name)}{simulated}")
    say(f"{both(answer.period)}; {answer.number}/{answer.of} 有名次 ranked")
    for sentence in _cautions(answer):
        say(sentence)
    say()
    if chosen:
        say(_table(answer, chosen, rules))
        if answer.lists:
            say(f"前{answer.listed} 最好的{answer.listed}个 best {answer.listed}; "
                f"后{answer.listed} 最差的{answer.listed}个 worst {answer.listed}")  # fmt: skip
        say("距前位 与前一名之差 ahead: gap to the next better city\n")
    for sentence in _without_rank(answer.unranked):
        say(sentence)


def _cautions(answer: RankingAnswer) -> Iterator[str]:
    """What keeps the ranks from being taken at their word."""
    if answer.thin:
        share, days, cities = answer.valid_share, answer.days, f"{answer.thin}/{answer.number}"
        yield f"数据尚不完整：{cities} 个城市有效天数不足{days}天的{share}%（标*），名次还会变动"
        yield f"Incomplete: in {cities} cities fewer than {share} % of {days} d are valid (*); ranks may change"
    if answer.number and not answer.lists:
        yield f"有名次的城市太少，不列前后{answer.listed}名"
        yield f"Too few have a rank for lists of the best and worst {answer.listed}"


def _print_unranked(answer: RankingAnswer, code: str, topic: str | None) -> None:
    """Why one city has no rank, and on which topic it would announce itself if it has not."""
    city = next(city for city in answer.unranked if city.code == code)
    say = standard_output().print
    for sentence in _without_rank([city]):
        say(sentence)
    if topic is not None:
        say(f"城市须先发布自述：主题 {topic}（docs/mqtt.md）")
        say(f"A city announces itself on the topic {topic} (docs/mqtt.md)")


def _print_rule(answer: RankingAnswer, *, notes: bool) -> None:
    """What the ranking is by; what of it is not certain is counted, or told where that is asked for."""
    say, unconfirmed = standard_output().print, answer.rule.unconfirmed
    say(f"依据 By {both(answer.rule.called)}")
    if unconfirmed and not notes:
        say(f"{len(unconfirmed)} 处未证实 not confirmed: --notes")
    for text in unconfirmed if notes else ():
        say(f"未证实 Not confirmed:\n{in_lines(text)}")


def _table(answer: RankingAnswer, chosen: Sequence[RankedCity], rules: RankingRules) -> Table:
    table = table_of(
        numbers_column("名次\nrank"),
        ids_column("代码\ncode"),
        words_column("城市\ncity"),
        numbers_column("指数\nindex"),
        "首要\nprimary",
        numbers_column("优良率\nrate %"),
        numbers_column("变化%\nchange"),
        numbers_column("距前位\nahead"),
        numbers_column("有效\nvalid"),
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
        f"{city.valid}*" if city.thin else f"{city.valid} ",
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
