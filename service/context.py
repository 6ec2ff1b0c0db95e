"""What a command is given: the options before its name, and through them the settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property

import typer

from qingchuan.service.main import Given
from qingchuan.service.settings import Settings, SettingsError, as_environment, load


class Context:
    """The settings of one call of ``qingchuan``, read when they are first asked for.

    Parameters
    ----------
    given : Given
        The options before the command's name.
    environ : mapping of str to str
        The environment.

    Examples
    --------
    >>> Context(Given(), {"QINGCHUAN_CLOCK__SPEED": "60"}).settings.clock.speed
    60.0
    """

    def __init__(self, given: Given, environ: Mapping[str, str]) -> None:
        self.given = given
        self.environ = environ

    @cached_property
    def settings(self) -> Settings:
        """The settings as `load` gives them without more from the command line."""
        return self.load()

    def load(self, overrides: Mapping[str, object] | None = None) -> Settings:
        """The settings with what the command's own options say, by dotted key; None means not given.

        Raises
        ------
        typer.Exit
            They cannot be used; standard error has a line for each reason.
        """
        try:
            return load(self.given.config, self.environ, self.overrides(overrides))
        except SettingsError as error:
            typer.echo(error, err=True)
            raise typer.Exit(1) from error

    def overrides(self, more: Mapping[str, object] | None = None) -> dict[str, object]:
        """What the command line says, by dotted key: the options before the command's name, and `more`."""
        return {"data": self.given.data, **(more or {})}

    def environment(self, overrides: Mapping[str, object] | None = None) -> dict[str, str]:
        """The environment in which a child process comes to the settings of ``load(overrides)``."""
        return {**self.environ, **as_environment(self.given.config, self.overrides(overrides))}


def context_of(ctx: typer.Context) -> Context:
    """The context of the command that runs in `ctx`."""
    return Context(ctx.ensure_object(Given), os.environ)
