"""``qingchuan publish``: a month for good, or its next version."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from qingchuan.api.queries.publications import Order, publish
from qingchuan.service.audit_options import person_of
from qingchuan.service.cities import city_code
from qingchuan.service.clock import SECOND
from qingchuan.service.progress import parts
from qingchuan.service.reading import reading

_FIRST = "published"
"""Stands for the reason of a first version, which needs none."""


def command(
    ctx: typer.Context,
    *,
    month: Annotated[str, typer.Argument(help="月份 A month that is over, such as 2018-08.", metavar="MONTH")],
    city: Annotated[
        list[str] | None,
        typer.Option(help="城市 Only this one (宁波, 330200); may be repeated; all if left out.", metavar="CITY"),
    ] = None,
    unlock: Annotated[
        bool, typer.Option("--unlock", help="解锁 Make the next version of a month that was published.")
    ] = False,
    reason: Annotated[str, typer.Option(help="理由 Why it is unlocked; it is kept.", metavar="TEXT")] = "",
    by: Annotated[
        str | None, typer.Option(help="何人 Who publishes; the login name if left out.", metavar="NAME")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 Do not ask.")] = False,
) -> None:
    r"""发布 Publish a month: its figures of now, for good.

    Rates, means, indices and ranks of the cities, classes and rates of the sections are computed of the data as they
    are, and put into the journal as a document that never changes, with the number of the message up to which its data
    reach, and the version of the program. Its SHA-256 is printed: keep it, or send it to somebody else. What comes
    later is held back; "qingchuan published difference" tells what it would change. --unlock makes the next version,
    which lists its changes; the version before stays, byte for byte.

    \b
    Examples:
      qingchuan publish 2018-08
      qingchuan publish 2018-08 --city 宁波 --by "林工"
      qingchuan publish 2018-08 --unlock --reason "two hours of 1235A were corrected"
    """
    with reading(ctx) as services:
        person = person_of(by, reason if unlock else reason or _FIRST)
        announced = services.state.subjects("city")
        cities = [city_code(each, announced) for each in city or ()] or None
        if not yes:
            typer.confirm(f"发布 {month}，此后不再更改？ Publish {month} for good?", abort=True)
        order = Order(month, person, services.now() // SECOND, cities, unlock, reason.strip())
        with parts("计算本月各项结果 Computing the month", Console(stderr=True)) as told:
            done = publish(services, order, "command", told)
    changed = f"，{done.changes} 项与上一版不同 {done.changes} figures differ from the version before" if unlock else ""
    typer.echo(f"{done.month} 第 {done.version} 版 version {done.version}: 消息 message {done.sequence}{changed}")
    typer.echo(f"数据截至消息 data up to message {done.data_sequence}")
    typer.echo(f"SHA-256 {done.sha256}")
