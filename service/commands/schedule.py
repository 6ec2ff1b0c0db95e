"""``qingchuan schedule``: what is done by the clock, and how far it has come."""

from __future__ import annotations

import typer

from qingchuan.api.answering import json_bytes
from qingchuan.api.queries.schedule import schedule_answer
from qingchuan.api.schemas.schedule import JobAnswer
from qingchuan.service.reading import reading
from qingchuan.service.tables import JsonOption, ids_column, standard_output, table_of, words_column


def command(ctx: typer.Context, *, json: JsonOption = False) -> None:
    r"""定时任务 What is done by the clock for each hour, day or month, and how far it has come.

    The service does it: the counts of the messages are looked at every hour, days and months are reported. What was
    missed while it was away is done when it is back, once for each period and in order; what fails is tried again.
    --json prints what /api/v1/schedule answers.

    \b
    Example:
      qingchuan --data /srv/qingchuan schedule
    """
    with reading(ctx) as services:
        answer = schedule_answer(services)
    if json:
        typer.echo(json_bytes(answer))
        return
    table = table_of(ids_column("任务\njob"), "已完成至\ndone up to", "结果\nresult", words_column("说明\nnote"))
    for job in answer.jobs:
        table.add_row(job.name, _time(job.through), _result(job), job.note)
    say = standard_output().print
    say(table if answer.jobs else "尚无定时任务：服务尚未运行 Nothing yet: the service has not run.")


def _result(job: JobAnswer) -> str:
    if job.tried is None:
        return "尚未执行\nnot yet"
    return f"失败{job.attempts}次\nfailed {job.attempts} times" if job.finished is None else "完成\ndone"


def _time(text: str) -> str:
    """A time of an answer, as people write it."""
    return text[: len("2026-11-25T08:00")].replace("T", " ")
