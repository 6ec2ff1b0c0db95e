"""``qingchuan copy``: the observations from one kind of store into the other."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from qingchuan.service.context import context_of
from qingchuan.service.copying import CopyError, copy_store
from qingchuan.service.places import Places
from qingchuan.store.copying.copying import Copied


class Store(StrEnum):
    """Kinds of observation stores."""

    EMBEDDED = "embedded"
    INFLUXDB = "influxdb"


def command(
    ctx: typer.Context,
    *,
    source: Annotated[Store, typer.Option("--from", help="The store that has the observations.")],
    target: Annotated[Store, typer.Option("--to", help="The store that gets them.")],
) -> None:
    r"""Copy all observations of the data directory into the other kind of store (换库).

    From the file in the data directory (embedded) into a bucket of InfluxDB 2, or back. The bucket is that of the
    settings (store.url, store.org, store.bucket, store.token_file), whatever store.kind says; into it, it has to be
    empty. What was superseded and how far everything is goes along, so that the service goes on with either store
    where it was.

    No collector may work meanwhile. Interrupted, it goes on where it was when the command is given again. At the end
    the rows and values of each period and origin are counted in both, by the server where that has them; only if they
    are as many is the copy put in its place. The source stays as it is: remove it when all is well.

    \b
    Examples:
      qingchuan --config /etc/qingchuan.toml copy --from embedded --to influxdb
      qingchuan --config /etc/qingchuan.toml copy --from influxdb --to embedded
    """
    settings = context_of(ctx).settings
    if source == target:
        typer.echo(f"--from and --to are both {source}; copy from one kind of store into the other", err=True)
        raise typer.Exit(2)
    try:
        copied = copy_store(Places(settings.data), settings.store, source.value, target.value, Console(stderr=True))
    except CopyError as error:
        typer.echo(f"没有复制完 not copied to the end: {error}", err=True)
        raise typer.Exit(1) from error
    _tell(copied)
    typer.echo(f'Next: store.kind = "{target}", then start the service. 下一步：改设置 store.kind，再启动服务')


def _tell(copied: Copied) -> None:
    typer.echo(f"已复制，核对无误 copied and counted: 截至消息 up to message {copied.sequence}")
    for kind in sorted(copied.current.keys() | copied.superseded.keys()):
        current, superseded = copied.current.get(kind), copied.superseded.get(kind)
        told = f"{current.rows:,} 行 rows, {current.values:,} 个值 values" if current else "-"
        if superseded:
            told += f"; 被替代 superseded {superseded.rows:,}, {superseded.values:,}"
        typer.echo(f"  {kind[0]} {kind[1]}: {told}")
