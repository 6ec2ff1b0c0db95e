"""``qingchuan collect``: the collector alone."""

from __future__ import annotations

from typing import Annotated

import typer

from qingchuan.collector.hj212.sm4 import NoSm4Error
from qingchuan.service.collect import StateLostError, collect, stand_by
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
    standby: Annotated[
        bool, typer.Option(help="Wait while another collector works on these data; take over when it ends.")
    ] = False,
) -> None:
    r"""Run the collector alone: take messages from the broker into the journal, and from there into the store.

    "qingchuan run" starts it together with the pages. It ends with Ctrl-C or SIGTERM, and loses nothing by it.

    With --standby it takes over within seconds from a collector that ends, however that ends: with the same client id,
    so that the broker hands it what was not acknowledged. Both need the same data directory on a disk of this machine;
    docs/operations.md says how another machine can stand by.

    \b
    Examples:
      qingchuan --data /srv/qingchuan collect
      qingchuan --data /srv/qingchuan collect --standby
    """
    settings = context_of(ctx).settings
    set_up_logs(settings.log)
    try:
        (stand_by if standby else collect)(settings, stop_on_signals(), accept_loss=accept_loss)
    except _REFUSALS as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
