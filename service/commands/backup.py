"""``qingchuan backup``: a copy of the data that can be restored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from qingchuan.service.backup import Made, back_up
from qingchuan.service.clock import SystemClock
from qingchuan.service.context import context_of
from qingchuan.service.manifest import BackupError
from qingchuan.service.places import Places
from qingchuan.store.sqlite import IncompatibleError

_MEGABYTE = 1_000_000


def command(
    ctx: typer.Context,
    *,
    target: Annotated[
        Path, typer.Argument(help="Folder of the backups of these data; made if it is not there.", metavar="TARGET")
    ],
    keep: Annotated[
        int | None, typer.Option(min=1, help="So many backups stay, this one included; all if not given.")
    ] = None,
) -> None:
    r"""Make a backup of journal, store and state, while the service runs or without it (备份).

    Each backup is a folder of its own below TARGET, laid out as the folder of the data is, with a manifest that is
    written last. Databases are copied as they were at one moment; sealed days of the journal, which never change, are
    linked to those of the backup before it. What is copied of the journal is checked against its hash chain, and the
    journal against that backup: if it was cut or replaced since, nothing is made or removed.

    Where observations lie in InfluxDB, the backup has none of them: "qingchuan restore" writes them again from the
    journal, into an empty bucket.

    A disk of another machine is best: data and backup are not to be lost together. "qingchuan restore" puts it back.

    \b
    Examples:
      qingchuan --data /srv/qingchuan backup /mnt/backup/qingchuan
      qingchuan --data /srv/qingchuan backup /mnt/backup/qingchuan --keep 14
    """
    places = Places(context_of(ctx).settings.data)
    try:
        made = back_up(places, target, SystemClock().now, Console(stderr=True), keep)
    except (BackupError, IncompatibleError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    _tell(made)


def _tell(made: Made) -> None:
    manifest = made.backup.manifest
    typer.echo(f"已备份 backed up: {made.backup.folder}")
    typer.echo(f"  截至消息 up to message {manifest.sequence}, {manifest.size / _MEGABYTE:,.1f} MB")
    if made.linked:
        typer.echo(f"  其中与上一备份共用的封存文件 of them sealed files shared with the one before: {made.linked}")
    if made.removed:
        typer.echo(f"  已删除的旧备份 older ones removed: {', '.join(made.removed)}")
    typer.echo(f"head {manifest.head}")
    if made.without_store:
        typer.echo("  不含观测数据（在 InfluxDB 中），恢复时由日志链重新写入空的存储桶")
        typer.echo("  Without observations, which lie in InfluxDB: a restore writes them again from the journal")
    if made.same_disk:
        typer.echo("注意：备份与数据在同一磁盘，磁盘损坏时会一起丢失", err=True)
        typer.echo("Note: the backup lies on the disk of the data, and would be lost with it", err=True)
