"""``qingchuan classes``: the class of each section over a month or a day, and whether it got worse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from qingchuan.api.answering import json_bytes
from qingchuan.api.parameters import Dates, moment
from qingchuan.api.queries.section_periods import periods_answers
from qingchuan.api.queries.subjects import find, of_kind
from qingchuan.api.queries.water_answers import class_answer
from qingchuan.api.schemas.water_periods import By, PeriodsAnswer, SectionPeriod
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.calendar_periods import CalendarPeriod, month_of
from qingchuan.service.period_options import DayOption, MonthOption, asked_period, without_days
from qingchuan.service.progress import waiting
from qingchuan.service.reading import reading, today_of
from qingchuan.service.tables import (
    NONE,
    SIMULATED,
    JsonOption,
    from_to,
    ids_column,
    in_lines,
    standard_output,
    table_of,
    words_column,
)
from qingchuan.store.subjects import Section

_BY: dict[str, By] = {"month": "month", "day": "day"}


def command(
    ctx: typer.Context,
    *,
    sections: Annotated[
        list[str] | None, typer.Argument(help="断面 Ids of sections; without one all of them.", metavar="SECTION")
    ] = None,
    month: MonthOption = None,
    day: DayOption = None,
    json: JsonOption = False,
) -> None:
    r"""断面水质类别 The class of each section over a month or a day, what decides it, and whether it got worse.

    Without --month or --day it is the month in progress, up to yesterday. Each section stands with the items that
    decide its class, the class of the month or day before, and its target. "qingchuan stations" lists the sections.
    --json prints, a line for each section, what /api/v1/sections/SECTION/periods answers about both periods.

    \b
    Examples:
      qingchuan classes
      qingchuan classes --month 2026-10
      qingchuan classes ningbo-qinglindu ningbo-changting --day 2026-11-24
      qingchuan classes --json
    """
    with reading(ctx) as services:
        today = today_of(services)
        period = asked_period(today, month=month, day=day) or month_of(today - timedelta(days=1))
        answers = _answers(services, sections, period)
    if json:
        for answer in answers:
            typer.echo(json_bytes(answer))
    elif period.start > today:
        typer.echo(without_days(period, today))
    else:
        _print(answers, period)


def _answers(services: Services, asked: Sequence[str] | None, period: CalendarPeriod) -> list[PeriodsAnswer]:
    """What is known of the sections over `period` and the one before it."""
    at, before = moment(services, None), period.start - timedelta(days=1)
    known = of_kind(services.state.subjects(as_of=at), Section)
    for name in asked or ():
        find(services, name, Section, at)
    chosen = {name: known[name] for name in asked or known}
    with waiting("读取 Reading", Console(stderr=True)):
        return periods_answers(services, chosen, Dates(before, period.end), _BY[period.kind], at)


def _print(answers: Sequence[PeriodsAnswer], period: CalendarPeriod) -> None:
    table = _table()
    told = [_now_and_before(answer, period) for answer in answers]
    for answer, (now, before) in zip(answers, told, strict=True):
        table.add_row(*_row(answer, now, before, period.last))
    over = next((now for now, _ in told if now is not None), None)
    say = standard_output().print
    say(f"断面水质类别 Classes of sections, {_days(over, period)}{_simulated(answers)}")
    if answers:
        say(table)
    else:
        say("没有断面 No section has announced itself.")
    if over is not None:
        say(f"依据 By {', '.join(over.editions)}")


def _table() -> Table:
    identity, name = ids_column("断面\nsection"), words_column("名称\nname")
    return table_of(identity, name, "类别\nclass", "定类项目\ndeciding", "较上期\nchange", "目标\ntarget")


def _now_and_before(answer: PeriodsAnswer, period: CalendarPeriod) -> tuple[SectionPeriod | None, SectionPeriod | None]:
    """The period that is asked about and the one before it; None where no day of it is over."""
    by_start = {found.start: found for found in answer.periods}
    before = [found for start, found in by_start.items() if start < period.start.isoformat()]
    return by_start.get(period.start.isoformat()), before[-1] if before else None


def _row(answer: PeriodsAnswer, now: SectionPeriod | None, before: SectionPeriod | None, last: date) -> list[str]:
    return [
        answer.subject,
        in_lines(answer.name),
        _class(now),
        ", ".join(catalogue.item(item).symbol for item in now.deciding) if now else "",
        _change(now, before),
        _target(answer.target_class, now, last),
    ]


def _class(period: SectionPeriod | None) -> str:
    return NONE if period is None or period.class_ is None else period.class_.name


def _change(now: SectionPeriod | None, before: SectionPeriod | None) -> str:
    """The class before, and by how many the section got worse (下降) or better (上升) since."""
    if now is None or before is None or now.class_ is None or before.class_ is None:
        return _class(before)
    worse = now.class_.number - before.class_.number
    if not worse:
        return f"{before.class_.name} 持平\nsame"
    return f"{before.class_.name} " + (f"下降{worse}\nworse {worse}" if worse > 0 else f"上升{-worse}\nbetter {-worse}")


def _target(target: int | None, now: SectionPeriod | None, last: date) -> str:
    named = None if target is None else class_answer(target, last)
    if named is None:
        return NONE
    reached = None if now is None else now.target_met
    words = {None: "", True: " 达标\nmet", False: " 未达标\nmissed"}
    return f"{named.name}{words[reached]}"


def _days(over: SectionPeriod | None, period: CalendarPeriod) -> str:
    """The days that the classes rest on."""
    if over is None:
        return f"{period.start} …: 尚无已结束的日 no day is over"
    return from_to(over.start, (period.start + timedelta(days=over.days)).isoformat())


def _simulated(answers: Sequence[PeriodsAnswer]) -> str:
    return f" ({SIMULATED})" if any(answer.simulated for answer in answers) else ""
