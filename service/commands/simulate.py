"""``qingchuan simulate``: simulated stations, published to a broker."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from qingchuan.service.clock import SECOND, clock_from
from qingchuan.service.context import context_of
from qingchuan.service.logs import set_up_logs
from qingchuan.service.simulation import History, connection_to, publish_history, publish_live
from qingchuan.service.supervisor import stop_on_signals
from qingchuan.simulators.incident import soon_after
from qingchuan.simulators.messages import Feed
from qingchuan.simulators.network import ningbo
from qingchuan.simulators.observed import Simulation
from qingchuan.simulators.publisher import BrokerUnreachableError, publish


def command(
    ctx: typer.Context,
    *,
    history: Annotated[
        int | None, typer.Option(min=0, max=366, help="Days of hourly history to publish first; none if not given.")
    ] = None,
) -> None:
    r"""Publish the simulated stations and sections of Ningbo to the broker, until Ctrl-C.

    They announce themselves as simulated, and are shown so everywhere. With --history they first publish so many days
    of hours and readings, and before them daily results of the city since 1 January of the year before last.

    \b
    Example:
      qingchuan simulate --history 60
    """
    settings = context_of(ctx).settings
    set_up_logs(settings.log)
    clock, console = clock_from(settings), Console()
    now = clock.now() // SECOND
    source = Feed(Simulation(ningbo(), incident=soon_after(now)), settings.broker.prefix)
    try:
        with connection_to(settings.broker, "simulate", console) as client:
            stop = stop_on_signals()
            if history is None:
                publish(source.announcements(), client)
            else:
                told = History("历史数据 History", *source.history(now, history))
                publish_history(source, told, client, None, stop, console)
            publish_live(source, now, client, clock, stop)
    except BrokerUnreachableError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
