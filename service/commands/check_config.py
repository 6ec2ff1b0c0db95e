"""``qingchuan check-config``: the settings in force and where each was written, or what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import msgspec
import typer

from qingchuan.service.context import context_of
from qingchuan.service.setting_problems import DEFAULT
from qingchuan.service.setting_sources import SettingsError, flat
from qingchuan.service.settings import Settings, load_with_origins


def command(ctx: typer.Context) -> None:
    r"""Show the settings in force and where each was written, or what is wrong with them.

    Nothing is started and nothing is written. Secrets are not shown, only the files they are in. The exit status is 0
    if the service would start with these settings, and 1 if not; each line then has where, key, value and what would
    do.

    \b
    Example:
      qingchuan --config /etc/qingchuan.toml check-config
    """
    context = context_of(ctx)
    try:
        settings, origins = load_with_origins(context.given.config, context.environ, context.overrides())
    except SettingsError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    for line in listing(settings, origins):
        typer.echo(line)


def listing(settings: Settings, origins: Mapping[str, str]) -> Iterator[str]:
    """A line for each key: the value, and where it was written.

    Examples
    --------
    >>> next(listing(Settings(), {}))
    'data = "qingchuan-data"  # default'
    """
    shown = settings.model_dump(mode="json")
    for webhook in shown["alerts"]["webhooks"]:
        webhook["url"] = without_secrets(webhook["url"])
    for key, value in flat(shown).items():
        text = "(not set)" if value is None else msgspec.json.encode(value).decode()
        yield f"{key} = {text}  # {origins.get(key, DEFAULT)}"


def without_secrets(url: str) -> str:
    """The `url` without what may be a key to it: user, password and query.

    Examples
    --------
    >>> without_secrets("https://me:pass@hooks.example.cn:8443/send?access_token=1234")
    'https://…@hooks.example.cn:8443/send?…'
    """
    parts = urlsplit(url)
    user, at, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{'…' if user else ''}{at}{host}", query="…" if parts.query else "").geturl()
