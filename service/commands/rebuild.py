"""``qingchuan rebuild``: everything anew from the journal."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from qingchuan.service.context import context_of
from qingchuan.service.places import Places
from qingchuan.service.rebuilding import RebuildError, check, rebuild
from qingchuan.service.settings import Settings
from qingchuan.service.store_settings import StoreSettings
from qingchuan.store.comparing import Difference

_HOUR = 3600


def command(
    ctx: typer.Context,
    *,
    check_only: Annotated[
        bool, typer.Option("--check", help="Only compare with what is there; nothing is replaced.")
    ] = False,
    bucket: Annotated[
        str | None,
        typer.Option(help="Where InfluxDB has the observations: an empty bucket for the new ones; store.bucket then."),
    ] = None,
) -> None:
    r"""Make observations, state and the analysis copy anew, from the journal alone (重建).

    After a new version that decodes better, or where one of the databases is lost or damaged. All of it is made beside
    the old, checked, and then put in its place; until then the old stays, and whatever interrupts it does no harm: give
    the command again. The service must not run. It takes about as long as applying all messages did, and as much room
    on the disk as there is now.

    Episodes of alerts follow from the observations. What no message tells is taken over from the old state: notices
    that were sent or wait, reports, and which work was done by the clock. Nobody is told anything twice.

    --check says in which rows the new would differ from what is there, and ends with status 1 if it does. Where
    InfluxDB has the observations, it compares by the ledger which message said each of them last.

    \b
    Examples:
      qingchuan --data /srv/qingchuan rebuild --check
      qingchuan --data /srv/qingchuan rebuild
      qingchuan --config /etc/qingchuan.toml rebuild --bucket qingchuan-2
    """
    settings = context_of(ctx).settings
    try:
        status = _check(settings) if check_only else _rebuild(settings, bucket)
    except RebuildError as error:
        typer.echo(error, err=True)
        status = 1
    raise typer.Exit(status)


def _rebuild(settings: Settings, bucket: str | None) -> int:
    places, store = Places(settings.data), _new_store(settings.store, bucket)
    made = rebuild(places, store, Console(stderr=True), _notify_within(settings))
    typer.echo(f"已由日志链重建 rebuilt from the journal: {places.data}")
    typer.echo(f"  {made.messages} 条消息 messages, {made.episodes} 个告警事件 episodes of alerts")
    if made.state_was_lost:
        typer.echo("  旧状态库读不出，已发通知与定时任务的记录不再可知", err=True)
        typer.echo(
            "  The old state could not be read: which notices were sent, and what was done by the clock, is gone",
            err=True,
        )
    if store.bucket != settings.store.bucket:
        typer.echo(f'  Next: store.bucket = "{store.bucket}", then start the service')
    return 0


def _new_store(store: StoreSettings, bucket: str | None) -> StoreSettings:
    if store.kind == "embedded":
        if bucket is not None:
            raise RebuildError("--bucket is given, and observations lie in a file of ours (store.kind)")
        return store
    if bucket is None or bucket == store.bucket:
        raise RebuildError(
            "InfluxDB has the observations, and the old ones stay until the new are whole: give --bucket with the name "
            "of an empty bucket that store.token_file may write; `qingchuan influxdb-setup` makes one"
        )
    return store.model_copy(update={"bucket": bucket})


def _check(settings: Settings) -> int:
    """Say what differs; the exit status."""
    places = Places(settings.data)
    made, found = check(places, settings.store, Console(stderr=True), _notify_within(settings))
    if not found:
        typer.echo(f"一致 the same: {made.messages} 条消息 messages, {places.data}")
    for difference in found:
        _tell(difference)
    return 1 if found else 0


def _tell(difference: Difference) -> None:
    kind, missing, added, changed, examples = difference
    typer.echo(
        f"不一致 differs: {kind}: 只在现有库 only there {missing}, 只在重建库 only in the new {added}, "
        f"内容不同 said otherwise {changed}"
    )
    for example in examples:
        typer.echo(f"  {example}")


def _notify_within(settings: Settings) -> int:
    return round(settings.alerts.notify_within * _HOUR)
