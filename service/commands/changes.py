"""``qingchuan changes``: which figures differ between two messages, and the readings that caused it."""

from __future__ import annotations

from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from qingchuan.api.answering import json_bytes
from qingchuan.api.parameters import MOMENT, sequence_of
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.between import between
from qingchuan.api.queries.revised_words import reading_in_words
from qingchuan.api.queries.what_changed import what_changed
from qingchuan.api.schemas.revisions import RevisionsAnswer
from qingchuan.api.services import Services
from qingchuan.service.period_options import OptionError
from qingchuan.service.progress import waiting
from qingchuan.service.reading import reading
from qingchuan.service.tables import (
    NONE,
    JsonOption,
    ids_column,
    in_lines,
    numbers_column,
    standard_output,
    table_of,
    words_column,
)

_NAMED: Final = 10
"""So many readings that change no figure are named; more are counted."""


def command(
    ctx: typer.Context,
    *,
    first: Annotated[
        str, typer.Option("--from", help="起 A message by its number, or a time with its offset.", metavar="MOMENT")
    ],
    last: Annotated[str | None, typer.Option("--to", help="止 The same; without it, now.", metavar="MOMENT")] = None,
    subject: Annotated[
        str | None, typer.Option(help="对象 Only figures that rest on this city, station or section.", metavar="ID")
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="时段 Only of this day, month or year: 2026-11.", metavar="PERIOD")
    ] = None,
    json: JsonOption = False,
) -> None:
    r"""修订 What changed between two messages, and why: figures, old and new, and the readings that caused it.

    Compared are figures of days that were over at the first message, as they were known after both: the AQI of days;
    means and percentiles of all items, good-air rate and composite index of months; the ranks of the key cities;
    classes and means of sections. Only what late, corrected, flagged or audited readings touch is computed. A year is
    asked for by --period. The messages stay in the journal, and every figure can be asked for as of any of them. --json
    prints what /api/v1/revisions answers.

    \b
    Examples:
      qingchuan changes --from 2026-11-24T08:00:00+08:00
      qingchuan changes --from 104200 --to 104300 --subject 330200
      qingchuan changes --from 104200 --period 2026-10 --json
    """
    with reading(ctx) as services:
        start = _message(services, "--from", first)
        end = None if last is None else _message(services, "--to", last)
        with waiting("读取 Reading", Console(stderr=True)):
            answer = what_changed(between(services, start, end, subject, period))
    if json:
        typer.echo(json_bytes(answer))
    else:
        _print(answer)


def _print(answer: RevisionsAnswer) -> None:
    say = standard_output().print
    say(f"消息 message {answer.from_sequence} ({answer.from_time or NONE})")
    say(f"  → {answer.to_sequence} ({answer.to_time or NONE}); 比较 compared: {answer.over} 之前 and before it\n")
    if not answer.figures:
        say(f"没有不同的指标 No figure differs; 有变动的读数 readings that differ: {answer.readings_in_all}")
    else:
        say(_table(answer))
    for told in answer.figures:
        say(in_lines(told.sentence))
    if answer.figures and answer.without_figure:
        say(f"\n没有改变指标的读数 readings that change no figure: {len(answer.without_figure)}")
    if len(answer.without_figure) <= _NAMED:
        for place in answer.without_figure:
            say(in_lines(reading_in_words(answer.readings[place])), markup=False)


def _message(services: Services, option: str, text: str) -> int:
    """The message that an option names.

    Raises
    ------
    OptionError
        It names none.
    """
    try:
        return sequence_of(services, text)
    except ProblemError as error:
        raise OptionError(f"{option} has {text!r}; {MOMENT} would do") from error


def _table(answer: RevisionsAnswer) -> Table:
    table = table_of(
        ids_column("对象\nsubject"),
        words_column("时段\nperiod"),
        words_column("指标\nfigure"),
        numbers_column("原值\nold"),
        numbers_column("新值\nnew"),
        numbers_column("读数\nreadings"),
        numbers_column("消息\nmessage"),
    )
    for told in answer.figures:
        old, new = (NONE if value is None else str(value) for value in (told.old, told.new))
        table.add_row(told.subject, told.period, in_lines(told.name), old, new, str(told.caused_by), str(told.sequence))
    return table
