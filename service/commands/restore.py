"""``qingchuan restore``: put a backup back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from qingchuan.processing.periods import to_beijing
from qingchuan.service.clock import SECOND, SystemClock
from qingchuan.service.context import context_of
from qingchuan.service.manifest import BackupError
from qingchuan.service.places import Places
from qingchuan.service.rebuilding import rebuild
from qingchuan.service.restoring import Restored, backup_at, check, restore
from qingchuan.store.head import Head
from qingchuan.store.sqlite import IncompatibleError

_HOUR = 3600


def command(
    ctx: typer.Context,
    *,
    source: Annotated[
        Path, typer.Argument(help="A backup, or the folder of several: then the newest whole one.", metavar="SOURCE")
    ],
    data: Annotated[
        Path | None, typer.Option(help="Empty folder to restore into; also before the command's name.", metavar="PATH")
    ] = None,
    check_only: Annotated[bool, typer.Option("--check", help="Only check the backup; nothing is restored.")] = False,
    head: Annotated[
        list[str] | None,
        typer.Option(help="A head from a report, mail or webhook (SEQUENCE:HASH) to check against; may be repeated."),
    ] = None,
    seen: Annotated[
        int, typer.Option(min=0, help="The highest sequence that a report, mail or webhook shows; see above.")
    ] = 0,
) -> None:
    r"""Put a backup back into an empty folder, after checking each file and the whole hash chain (恢复).

    Nothing is ever overwritten, and the service must not run. It then says up to which message all is back: what
    stations sent after that was acknowledged and is gone, so let them send it again; what is there already does no
    harm. The next start applies what is in the journal and not yet in the store.

    Where observations lie in InfluxDB, the backup has none: they are written again from the journal into store.bucket,
    which has to be empty (qingchuan influxdb-setup --empty), and the state is made to go with them.

    Numbers of messages go on behind the last one of the backup. If later ones have left the machine, in a report, a
    mail or a webhook, give the highest with --seen: the journal then says what is lost, and no number is used twice.

    \b
    Examples:
      qingchuan restore /mnt/backup/qingchuan --data /srv/qingchuan
      qingchuan restore /mnt/backup/qingchuan/20261125T031500.000 --data /srv/qingchuan --seen 25641
      qingchuan restore /mnt/backup/qingchuan --check
    """
    try:
        heads = [Head.parse(text) for text in head or ()]
    except ValueError as error:
        typer.echo(error, err=True)
        raise typer.Exit(2) from error
    settings = context_of(ctx).load({"data": data} if data is not None else None)
    console = Console(stderr=True)
    try:
        backup = backup_at(source)
        if check_only:
            _tell_checked(check(backup, console, heads))
            return
        places = Places(settings.data)
        within = round(settings.alerts.notify_within * _HOUR)
        restored = restore(
            backup,
            places,
            console,
            SystemClock().now,
            lambda draft: rebuild(draft, settings.store, console, within),
            heads,
            seen,
        )
        _tell(restored, places)
    except (BackupError, IncompatibleError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error


def _tell_checked(found: Restored) -> None:
    backup = found.backup
    typer.echo(f"完整 whole: {backup.folder}, {len(backup.manifest.files)} 个文件 files")
    typer.echo(f"head {backup.manifest.head}")


def _tell(restored: Restored, places: Places) -> None:
    manifest = restored.backup.manifest
    last = manifest.sequence
    typer.echo(f"已恢复 restored: {places.data}, {restored.backup.folder}")
    if restored.received is None:
        typer.echo("  备份中没有消息 there is no message in it")
        return
    since = to_beijing(restored.received // SECOND).isoformat(sep=" ")
    typer.echo(
        f"  截至消息 {last}，接收于 {since}；其后的消息请站点补发（重复的无妨），新消息编号自 {restored.next} 起"
    )
    typer.echo(f"  Up to message {last}, received at {since}. What came after it is not there: let stations send")
    typer.echo(
        f"  again from that time on; what they repeat does no harm. New messages are numbered from {restored.next}."
    )
    if manifest.applied is not None and manifest.applied < last:
        typer.echo(f"  消息 {manifest.applied + 1} 至 {last} 由下次启动入库")
        typer.echo(f"  Messages {manifest.applied + 1} to {last} are applied by the next start.")
    if restored.remade:
        typer.echo("  备份不含观测数据：已由日志链重建")
        typer.echo("  There are no observations in it: they were made again from the journal.")
    typer.echo(f"head {manifest.head}")
