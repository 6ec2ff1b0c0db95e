"""``qingchuan rate``: the rates of good days of a city by name, and what a target leaves for the rest of the period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from qingchuan.api.answering import json_bytes
from qingchuan.api.parameters import A_YEAR, dates
from qingchuan.api.queries.city_budgets import Targets, budget_answer
from qingchuan.api.queries.statistics import statistics
from qingchuan.api.schemas.budgets import Chance, CityBudgetAnswer
from qingchuan.api.schemas.statistics import NamedRate, StatisticsAnswer
from qingchuan.processing.calendar_periods import year_of
from qingchuan.processing.standards import in_force
from qingchuan.service.cities import city_code
from qingchuan.service.period_options import (
    FromOption,
    MonthOption,
    ToOption,
    YearOption,
    asked_period,
    without_days,
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
    standard_output,
    table_of,
    words_column,
)


def command(
    ctx: typer.Context,
    *,
    code: Annotated[str, typer.Argument(help="城市 Name or six digits of a city: 宁波, 330200.", metavar="CITY")],
    month: MonthOption = None,
    year: YearOption = None,
    first: FromOption = None,
    last: ToOption = None,
    target: Annotated[
        float | None, typer.Option(min=0, max=100, help="目标 Good-air rate to reach in the whole period.", metavar="%")
    ] = None,
    json: JsonOption = False,
) -> None:
    r"""优良天数比例 Rates of good days of a city by name, and what a target leaves for the days that remain.

    Without a period it is the year, of which the days count that are over. The published good-air rate, the assessed
    one without dust, and the comprehensive attainment rate of HJ 663 differ in the days that count; all are told, and
    beside them the share of days on which each pollutant keeps its daily limit. With --target: how many of the days
    that remain may be bad, and how often earlier years would have reached it. --json prints what
    /api/v1/cities/CODE/statistics answers and, with --target, in a second line what /api/v1/cities/CODE/budget does.

    \b
    Examples:
      qingchuan rate 宁波
      qingchuan rate 330200 --target 90
      qingchuan rate 330200 --month 2026-10
      qingchuan rate 330200 --from 2026-07-01 --to 2026-09-30 --json
    """
    with reading(ctx) as services:
        code, today = city_code(code, services.state.subjects("city")), today_of(services)
        period = asked_period(today, month=month, year=year, first=first, last=last)
        period = period or year_of(today - timedelta(days=1))
        days = dates(period.start.isoformat(), period.end.isoformat(), A_YEAR, "ask for a year at most")
        with waiting("读取 Reading", Console(stderr=True)):
            answer = statistics(services, code, days)
            budget = None if target is None else budget_answer(services, code, days, Targets(target))
    if json:
        for found in filter(None, (answer, budget)):
            typer.echo(json_bytes(found))
    elif budget is None and period.start > today:
        typer.echo(f"{_head(answer)}\n{without_days(period, today)}")
    else:
        _print(answer, budget)


def _head(answer: StatisticsAnswer) -> str:
    simulated = f" ({SIMULATED})" if answer.simulated else ""
    return f"{answer.subject} {both(answer.name)}{simulated}"


def _print(answer: StatisticsAnswer, budget: CityBudgetAnswer | None) -> None:
    say, asked = standard_output().print, answer.asked
    say(_head(answer))
    say(f"{both(asked.name)}\n已结束 over {asked.days_over} d, 剩余 left {asked.days - asked.days_over} d\n")
    if answer.rules is None:
        say(both(answer.judged))
        return
    after = asked.over if asked.days_over else asked.end
    decimals = in_force("hj663", date.fromisoformat(after) - timedelta(days=1)).decimals.rate
    if answer.rates is None:
        say(both(answer.judged))
    else:
        say(_table(answer, decimals))
        say(f"重污染天数 days of heavy pollution: {answer.heavy_days}")
    for sentence in (*_budget(budget, decimals), *_remarks(answer)):
        say(sentence)


def _table(answer: StatisticsAnswer, decimals: int) -> Table:
    """The rates of days, and below them those of each item."""
    table = table_of(
        words_column("比例\nrate"),
        numbers_column("%"),
        numbers_column("达标天数\ndays met"),
        numbers_column("计入天数\ndays counted"),
    )
    for rate in _by_name(answer):
        table.add_row(in_lines(rate.name), shown(rate.rate, decimals), shown(rate.met), shown(rate.counted))
    for item, found in answer.statistics.items():
        symbol = answer.items[item].symbol
        share, days = shown(found.attainment_rate, decimals), shown(found.valid_days)
        table.add_row(f"{symbol} 达标率 attainment rate", share, "", days)
    return table


def _by_name(answer: StatisticsAnswer) -> tuple[NamedRate, ...]:
    rates = answer.rates
    return () if rates is None else (rates.good_air, rates.assessed, rates.comprehensive)


def _budget(answer: CityBudgetAnswer | None, decimals: int) -> Iterator[str]:
    """What the days that remain must be, and how that went in earlier years."""
    if answer is None or answer.rate is None:
        return
    found, left = answer.rate, answer.left
    yield f"\n目标 Target {shown(found.target, decimals)} %: {both(found.state_name)}"
    if found.bad_allowed is not None and left:
        yield f"剩余{left}天中至多{found.bad_allowed}天超标，至少{found.good_needed}天优良"
        yield f"Of the {left} days that remain {found.bad_allowed} may be bad, {found.good_needed} must be good"
        yield in_lines(answer.assumed)
    if found.chance is not None:
        yield _chance(found.chance, decimals)


def _chance(chance: Chance, decimals: int) -> str:
    if chance.probability is None:
        return "没有可参照的往年数据 No earlier year to go by\n"
    years = ", ".join(f"{each.year} {shown(each.figure, decimals)} %" for each in chance.years)
    return (
        f"按往年同期，达到的可能性 Probability by the same days of earlier years: {chance.probability:.2%}\n"
        f"若余下各日与该年相同 With the rest as in: {years}\n"
    )


def _remarks(answer: StatisticsAnswer) -> Iterator[str]:
    """Why a rate cannot be told, and what all of them are by."""
    for rate in _by_name(answer):
        if rate.rate is None:
            yield f"{both(rate.name)}: {in_lines(rate.rule)}"
    stands_in = answer.rules.stands_in_for if answer.rules else None
    marked = f" (代用 stands in for {stands_in})" if stands_in else ""
    documents = [*answer.editions, *([f"{answer.rules.validity}{marked}"] if answer.rules else [])]
    yield f"依据 By {', '.join(documents)}"
