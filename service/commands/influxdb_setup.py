"""``qingchuan influxdb-setup``: makes what the store needs on an InfluxDB server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from qingchuan.service.context import context_of
from qingchuan.service.setting_types import read_secret
from qingchuan.service.store_settings import StoreSettings
from qingchuan.store.influx.setup import is_new, provide, remove, set_up

_ONLY_OWNER = 0o600


def command(
    ctx: typer.Context,
    write_to: Annotated[
        Path, typer.Option("--write-to", help="File to write the new token to; store.token_file then.")
    ],
    admin_token_file: Annotated[
        Path | None, typer.Option("--admin-token-file", help="File with a token of somebody who may make buckets.")
    ] = None,
    password_file: Annotated[
        Path | None,
        typer.Option("--password-file", help="On a server never set up: file with the password of its first user."),
    ] = None,
    username: Annotated[str, typer.Option("--username", help="On a server never set up: name of its first user.")] = (
        "admin"
    ),
    *,
    empty: Annotated[
        bool, typer.Option("--empty", help="Remove the bucket with all its points first, and make it anew.")
    ] = False,
) -> None:
    r"""Make organisation, bucket and token for the observation store on an InfluxDB 2 server (store.url).

    The names are those of the settings: store.org, store.bucket and store.retention_days. What is there already stays;
    a bucket that is there gets the retention of the settings. The new token may read and write this bucket and nothing
    else. It is written to a file that only its owner can read, and not shown.

    --empty is for a store that is made again from the journal, after a restore: what is left of the old one would stand
    beside it. All that is in the bucket is removed, whoever wrote it; tokens for it are of no use any more.

    On a server that was never set up this makes its first user, with the password in --password-file. Otherwise it
    needs the token of somebody who may make buckets, in --admin-token-file.

    \b
    Examples:
      qingchuan influxdb-setup --password-file ./password --write-to /etc/qingchuan/influxdb-token
      qingchuan influxdb-setup --admin-token-file ./admin --write-to /etc/qingchuan/influxdb-token
      qingchuan influxdb-setup --admin-token-file ./admin --write-to /etc/qingchuan/influxdb-token-2 --empty
    """
    settings = context_of(ctx).settings.store
    if write_to.exists():
        typer.echo(f"{write_to} is there already and is not overwritten; name a new file (--write-to)", err=True)
        raise typer.Exit(1)
    try:
        admin = _admin(settings, admin_token_file, password_file, username)
        place = settings.url, admin, settings.org, settings.bucket
        if empty:
            remove(*place, ca_file=settings.ca_file)
        token = provide(*place, settings.retention_days, ca_file=settings.ca_file)
        _write(write_to, token)
    except OSError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    typer.echo(f"{settings.url}: organisation {settings.org}, bucket {settings.bucket}; token in {write_to}")
    typer.echo(f'Next: store.kind = "influxdb" and store.token_file = "{write_to}", then qingchuan doctor')


def _admin(settings: StoreSettings, token_file: Path | None, password_file: Path | None, username: str) -> str:
    """A token of somebody who may make buckets."""
    if token_file is not None:
        return read_secret(token_file)
    if password_file is None:
        typer.echo("--admin-token-file is missing; on a server never set up --password-file would do instead", err=True)
        raise typer.Exit(2)
    if not is_new(settings.url, ca_file=settings.ca_file):
        typer.echo(f"{settings.url} has been set up already; --admin-token-file is needed", err=True)
        raise typer.Exit(1)
    place = settings.url, settings.org, settings.bucket
    return set_up(*place, username, read_secret(password_file), ca_file=settings.ca_file)


def _write(path: Path, token: str) -> None:
    """Write a secret that nobody else can read at any moment; a file that is there is not overwritten."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_OWNER), "w", encoding="utf-8") as file:
        file.write(token + "\n")
