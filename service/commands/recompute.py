"""``qingchuan recompute``: years of many stations computed anew, into files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from qingchuan.api.services import Services
from qingchuan.processing.calendar_periods import CalendarPeriod
from qingchuan.service.context import context_of
from qingchuan.service.period_options import FromOption, OptionError, ToOption, asked_period
from qingchuan.service.places import Places
from qingchuan.service.reading import reading, today_of
from qingchuan.service.recomputing.cluster import ClusterError, on_cluster
from qingchuan.service.recomputing.comparing import FileDifference, differences
from qingchuan.service.recomputing.folder import FolderError
from qingchuan.service.recomputing.plan import thresholds_text
from qingchuan.service.recomputing.recomputing import Computer, Recomputed, here, recompute
from qingchuan.service.threshold_files import text_of

_DAY = "%Y-%m-%d"


def command(
    ctx: typer.Context,
    *,
    first: FromOption = None,
    last: ToOption = None,
    out: Annotated[
        Path | None,
        typer.Option(help="结果目录 Folder of the results; else recomputed/FROM_TO of the data.", metavar="FOLDER"),
    ] = None,
    compare: Annotated[
        Path | None, typer.Option(help="与之比较 Folder of results that these are compared with.", metavar="FOLDER")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Dask 集群 A Dask cluster that computes, such as tcp://10.0.0.5:8786.", metavar="URL"),
    ] = None,
) -> None:
    r"""重新计算 Compute the air of a period anew, for all stations and cities, into files.

    From the hours as they are stored: the quality tests on all of them, daily values, AQI, level and primary pollutants
    of stations and cities, statistics, composite index and good-air rate of months and years, and the ranks of the key
    cities. Nothing that is stored is altered. The folder gets arrays (.npy), tables (.csv) and manifest.json with the
    SHA-256 of each; docs/recompute.md explains them.

    The same data, thresholds, program give the same bytes, here or on a cluster. Interrupted, it goes on where it was
    when the command is given again, with the data as they were at first.

    \b
    Examples:
      qingchuan recompute --from 2025-01-01 --to 2025-12-31
      qingchuan recompute --from 2016-01-01 --to 2025-12-31 --scheduler tcp://10.0.0.5:8786 --out /srv/decade
      qingchuan recompute --from 2025-01-01 --to 2025-12-31 --out /srv/again --compare /srv/before
    """
    settings = context_of(ctx).settings
    with reading(ctx) as services:
        period = _period(services, first, last)
        name = f"{period.start:{_DAY}}_{period.last:{_DAY}}"
        folder = out or Places(settings.data).data / "recomputed" / name
        thresholds = thresholds_text(text_of(settings.collector.thresholds))
        try:
            with _computer(scheduler) as computer:
                found = recompute(services, period, thresholds, folder, computer, Console(stderr=True))
            _tell(found, folder, services.observations.sequence())
            if compare:
                _tell_differences(differences(folder, compare))
        except (FolderError, ClusterError) as error:
            typer.echo(error, err=True)
            raise typer.Exit(1) from error


def _period(services: Services, first: str | None, last: str | None) -> CalendarPeriod:
    today = today_of(services)
    period = asked_period(today, first=first, last=last)
    if period is None:
        raise OptionError(
            "--from and --to are not given; the like of --from 2025-01-01 --to 2025-12-31 would do (--help)"
        )
    if period.end > today:
        raise OptionError(f"--to has {period.last}; a day that is over would do: at most the one before {today}")
    return period


@contextmanager
def _computer(scheduler: str | None) -> Iterator[Computer]:
    if scheduler is None:
        yield here
        return
    with on_cluster(scheduler) as computer:
        yield computer


def _tell(found: Recomputed, folder: Path, now: int) -> None:
    plan = found.manifest.plan
    if not found.computed:
        typer.echo("已经算完 It was complete already.")
    typer.echo(f"截至消息 As of message {plan.sequence}; 目录 folder {folder}")
    typer.echo(
        f"{len(plan.cities)} 城市 cities, {len(plan.stations)} 站点 stations, {plan.days} 天 days; "
        f"{found.computed}/{found.blocks} 块本次计算 blocks computed now"
    )
    if now > plan.sequence:
        typer.echo(f"此后数据已有变化 The data are at message {now} now; for these give another folder with --out.")


def _tell_differences(found: list[FileDifference]) -> None:
    if not found:
        typer.echo("没有不同 nothing differs")
    for name, missing, added, changed, examples in found:
        typer.echo(
            f"不同 differs: {name}: 只在旧 only there {missing}, 只在新 only here {added}, 内容不同 changed {changed}"
        )
        for example in examples:
            typer.echo(f"  {example}")
