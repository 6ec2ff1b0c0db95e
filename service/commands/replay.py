"""``qingchuan replay``: the history in a file, published to a broker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
from rich.console import Console

from qingchuan.service.clock import SystemClock, wait_until
from qingchuan.service.context import context_of
from qingchuan.service.logs import set_up_logs
from qingchuan.service.pace import Pace
from qingchuan.service.places import Places
from qingchuan.service.progress import progress_bar
from qingchuan.service.simulation import connection_to
from qingchuan.service.supervisor import stop_on_signals
from qingchuan.simulators.publisher import BrokerUnreachableError, publish
from qingchuan.simulators.replay import History, due, read
from qingchuan.simulators.template import MappingError
from qingchuan.store.journal_reader import JournalReader


def command(
    ctx: typer.Context,
    *,
    file: Annotated[Path, typer.Argument(help="CSV with a header; may be compressed (.gz).", metavar="FILE")],
    mapping: Annotated[Path, typer.Option(help="What the columns mean; deploy/mappings/ has examples.")],
    stations: Annotated[Path | None, typer.Option(help="JSON: subject to fields of its announcement.")] = None,
    speed: Annotated[float, typer.Option(min=0, help="Times as fast as it happened; 0 as fast as it is taken.")] = 0,
) -> None:
    r"""Publish the history in a CSV file over MQTT, at its own event times.

    Stations announce themselves first. Rows go out in the order of their time; a row without a value is left out, and
    rows that the mapping leaves out are counted. History makes alert episodes, but no notices. It may be repeated:
    what is stored already is recognised.

    \b
    Example:
      qingchuan replay docs/examples/hours.csv --mapping docs/examples/hours.toml
    """
    settings = context_of(ctx).settings
    set_up_logs(settings.log)
    console = Console()
    try:
        history = read(file, mapping, stations, settings.broker.prefix)
        for reason, count in history.left_out.items():
            console.print(f"left out: {count} rows, {reason}")
        with connection_to(settings.broker, "replay", console) as client:
            stop = stop_on_signals()
            pace = _pace(settings.data, stop)
            with progress_bar(f"回放 Replay {file.name}", history.count, console) as done:
                messages = history.messages(_hold(history, speed, stop))
                published = publish(messages, client, pace, done)
    except (MappingError, BrokerUnreachableError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    console.print(f"published {published} of {history.count} messages")


def _pace(data: Path, stop: Event) -> Pace | None:
    """That of the collector of this machine; without one the broker alone sets the pace."""
    folder = Places(data).journal
    return Pace(JournalReader(folder).from_stations, stop) if folder.is_dir() else None


def _hold(history: History, speed: float, stop: Event) -> Callable[[int], bool]:
    clock = SystemClock()
    started = clock.now()
    first = history.rows[0].moment if history.rows else 0
    return lambda moment: wait_until(clock, due(moment, first, started, speed), stop)
