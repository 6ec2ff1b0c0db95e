"""``qingchuan serve``: pages, interface and alerts alone."""

from __future__ import annotations

from typing import Annotated

import typer

from qingchuan.service.context import context_of
from qingchuan.service.logs import set_up_logs
from qingchuan.service.places import DataFolderError
from qingchuan.service.serve import serve
from qingchuan.service.supervisor import PortInUseError, check_free, stop_on_signals
from qingchuan.store.sqlite import IncompatibleError

Insecure = Annotated[bool, typer.Option(help="Allow an address that other machines reach, without a login.")]


def command(ctx: typer.Context, *, insecure: Insecure = False) -> None:
    r"""Serve the pages and the interface, decide alerts and deliver notices; without the collector.

    "qingchuan run" starts it together with the collector. It ends with Ctrl-C or SIGTERM.

    \b
    Example:
      qingchuan --data /srv/qingchuan serve
    """
    settings = context_of(ctx).load({"api.insecure": insecure or None})
    set_up_logs(settings.log)
    try:
        check_free(settings.api.address, "api.listen")
        serve(settings, stop_on_signals())
    except (DataFolderError, PortInUseError, IncompatibleError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
