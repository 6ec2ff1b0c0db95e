"""``qingchuan run``: the whole service."""

from __future__ import annotations

from typing import Annotated

import typer

from qingchuan.service.context import context_of
from qingchuan.service.lock import AlreadyCollectingError, check_alone
from qingchuan.service.logs import set_up_logs
from qingchuan.service.places import DataFolderError, Places, check_not_of_a_demo, make_folder
from qingchuan.service.supervisor import PortInUseError, Process, check_free, stop_on_signals, supervise


def command(
    ctx: typer.Context,
    *,
    insecure: Annotated[
        bool, typer.Option(help="Allow an address that other machines reach, without a login.")
    ] = False,
    accept_loss: Annotated[
        bool, typer.Option(help="Go on although acknowledged messages are gone; the loss is recorded.")
    ] = False,
    standby: Annotated[
        bool, typer.Option(help="Start although another collector works on these data; ours then stands by for it.")
    ] = False,
) -> None:
    r"""Run the service: the collector, and the pages with interface and alerts, each a process of its own.

    It needs an MQTT broker (broker.host, broker.port), such as Mosquitto. It ends with Ctrl-C or SIGTERM.

    \b
    Example:
      qingchuan --config /etc/qingchuan.toml run
    """
    context = context_of(ctx)
    given = {"api.insecure": insecure or None}
    settings = context.load(given)
    set_up_logs(settings.log)
    try:
        make_folder(settings.data)
        check_not_of_a_demo(settings.data)
        if not standby:
            check_alone(Places(settings.data).lock)
        check_free(settings.api.address, "api.listen")
    except (DataFolderError, AlreadyCollectingError, PortInUseError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    environment = context.environment(given)
    loss = ["--accept-loss"] if accept_loss else []
    # Started again after a failure, ours may find that a collector that stood by has taken over.
    waits = ["--standby"]
    stop = stop_on_signals()
    typer.echo(
        f"Qingchuan 晴川: http://{settings.api.address}/  ·  broker {settings.broker.host}:{settings.broker.port}"
    )
    collector = Process(["collect"], environment, [*loss, *waits] if standby else loss, again=waits)
    processes = [collector, Process(["serve"], environment)]
    code = supervise(processes, stop)
    typer.echo(f"已停止 Stopped. 数据留在 The data stay in {settings.data}")
    raise typer.Exit(code)
