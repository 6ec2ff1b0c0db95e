"""``qingchuan published``: the months that were published, what differs since, and whether they come out again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from qingchuan.api.answering import json_bytes
from qingchuan.api.queries.publications import (
    bytes_of,
    compute_again,
    difference_answer,
    newest_of,
    publications_answer,
    version_of,
)
from qingchuan.api.services import Services
from qingchuan.service.period_options import OptionError
from qingchuan.service.progress import parts
from qingchuan.service.reading import reading
from qingchuan.service.tables import NONE, JsonOption, in_lines, numbers_column, standard_output, table_of, words_column
from qingchuan.store.publications import Publication, sha256

MonthArgument = Annotated[str, typer.Argument(help="月份 Such as 2018-08.", metavar="MONTH")]
VersionOption = Annotated[
    int | None, typer.Option("--version", min=1, help="版本 Which version; the newest if left out.", metavar="N")
]

_SHOWN_FOR: Final = len("2026-11-25T08:00")


def command() -> None:
    r"""已发布 Months that were published: list them, see what differs since, compute one again, save its bytes.

    \b
    Examples:
      qingchuan published list
      qingchuan published difference 2018-08
      qingchuan published check 2018-08
      qingchuan published save 2018-08 month.json --version 1
    """


def list_months(
    ctx: typer.Context,
    *,
    month: Annotated[str | None, typer.Argument(help="月份 Only of this month.", metavar="MONTH")] = None,
    json: JsonOption = False,
) -> None:
    r"""列出 List the versions, with the hash of each.

    \b
    Example:
      qingchuan published list 2018-08
    """
    with reading(ctx) as services:
        answer = publications_answer(services, month, services.observations.sequence())
    if json:
        typer.echo(json_bytes(answer))
        return
    if not answer.publications:
        typer.echo("没有已发布的月份 No month was published.")
        return
    table = table_of(
        "月份\nmonth",
        numbers_column("版本\nversion"),
        numbers_column("数据截至\ndata up to"),
        words_column("何人、何时、理由\nwho, when, why"),
        words_column("SHA-256"),
    )
    for one in answer.publications:
        told = "\n".join([one.by, one.stated[:_SHOWN_FOR].replace("T", " "), *([one.reason] if one.reason else [])])
        table.add_row(one.month, str(one.version), str(one.data_sequence), Text(told), one.sha256)
    standard_output().print(table)


def difference(ctx: typer.Context, *, month: MonthArgument, json: JsonOption = False) -> None:
    r"""差异 Tell which figures of a month would differ now from those that were published, and what came since.

    \b
    Example:
      qingchuan published difference 2018-08
    """
    with reading(ctx) as services, parts("计算本月各项结果 Computing the month", Console(stderr=True)) as told:
        answer = difference_answer(services, month, told)
    if json:
        typer.echo(json_bytes(answer))
        return
    say = standard_output().print
    if not answer.differs:
        say(f"{month}：现在计算的结果与发布的相同 nothing differs from what was published.")
    else:
        table = table_of(words_column("结果\nfigure"), words_column("已发布\npublished"), words_column("现在\nnow"))
        for one in answer.differences:
            table.add_row(Text(in_lines(one.name)), Text(_shown(one.published)), Text(_shown(one.now)))
        say(table)
    for held in answer.pending:
        say(f"待处理 pending: {held.subject}, {held.values} 个时段 hours, days or samples", markup=False)


def check(ctx: typer.Context, *, month: MonthArgument, version: VersionOption = None) -> None:
    r"""重算 Compute a month again of the data that it names: the same program gives the same bytes.

    The exit status is 1 where they differ.

    \b
    Example:
      qingchuan published check 2018-08 --version 1
    """
    with reading(ctx) as services, parts("重新计算 Computing it again", Console(stderr=True)) as told:
        publication = _version(services, month, version)
        again = sha256(compute_again(services, publication, told))
        program = services.version
    if again == publication.sha256:
        typer.echo(f"相同 the same: {month} 第 {publication.version} 版 version {publication.version}, SHA-256 {again}")
        return
    typer.echo(
        f"不同 not the same: {month} version {publication.version} has SHA-256 {publication.sha256}, computed by "
        f"{publication.program}; {program} computes {again}",
        err=True,
    )
    raise typer.Exit(1)


def save(
    ctx: typer.Context,
    *,
    month: MonthArgument,
    file: Annotated[Path, typer.Argument(help="输出文件 Is replaced where it is there.", metavar="FILE")],
    version: VersionOption = None,
) -> None:
    r"""保存 Write a month as it was published, byte for byte: sha256sum tells its hash.

    \b
    Example:
      qingchuan published save 2018-08 month.json --version 1
    """
    with reading(ctx) as services:
        publication = _version(services, month, version)
        payload = bytes_of(services, publication)
        try:
            file.write_bytes(payload)
        except OSError as error:
            raise OptionError(f"{file}: {error.strerror}; a file that this user may write would do") from error
    typer.echo(f"{file}: SHA-256 {publication.sha256}")


commands = {"list": list_months, "difference": difference, "check": check, "save": save}


def _version(services: Services, month: str, version: int | None) -> Publication:
    return newest_of(services, month) if version is None else version_of(services, month, version)


def _shown(value: Any) -> str:  # noqa: ANN401 - JSON
    match value:
        case None:
            return NONE
        case bool():
            return "是 yes" if value else "否 no"
        case list() | dict():
            return msgspec.json.encode(value).decode()
        case _:
            return str(value)
