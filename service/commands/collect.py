"""``qingchuan collect``: the collector alone."""

from __future__ import annotations

from typing import Annotated

import typer

from qingchuan.collector.hj212.sm4 import NoSm4Error
from qingchuan.service.collect import StateLostError, collect
from qingchuan.service.context import context_of
from qingchuan.service.lock import AlreadyCollectingError
from qingchuan.service.logs import set_up_logs
from qingchuan.service.places import DataFolderError
from qingchuan.service.supervisor import stop_on_signals
from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.journal import JournalUnavailableError
from qingchuan.store.sqlite import IncompatibleError

_REFUSALS = (
    AlreadyCollectingError,
    DataFolderError,
    StateLostError,
    JournalDamagedError,
    JournalUnavailableError,
    IncompatibleError,
    NoSm4Error,
)


def command(
    ctx: typer.Context,
    *,
    accept_loss: Annotated[
        bool, typer.Option(help="Go on although acknowledged messages are gone; the loss is recorded.")
    ] = False,
) -> None:
    r"""Run the collector alone: take messages from the broker into the journal, and from there into the store.

    "qingchuan run" starts it together with the pages. It ends with Ctrl-C or SIGTERM, and loses nothing by it.

    \b
    Example:
      qingchuan --data /srv/qingchuan collect
    """
    settings = context_of(ctx).settings
    set_up_logs(settings.log)
    try:
        collect(settings, stop_on_signals(), accept_loss=accept_loss)
    except _REFUSALS as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
