"""The command ``qingchuan``: the options that all commands share, and the table of the commands."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from qingchuan import __version__

COMMANDS = {
    "demo": ("qingchuan.service.commands.demo", "Everything at once, with simulated stations of Ningbo (演示)"),
    "run": ("qingchuan.service.commands.run", "The service: collector, and pages with alerts (运行)"),
    "collect": ("qingchuan.service.commands.collect", "The collector alone (采集)"),
    "serve": ("qingchuan.service.commands.serve", "Pages, interface and alerts alone (服务)"),
    "simulate": ("qingchuan.service.commands.simulate", "Publish simulated stations to a broker (模拟)"),
    "replay": ("qingchuan.service.commands.replay", "Publish the history in a CSV file to a broker (回放)"),
    "import": ("qingchuan.service.commands.import_", "Take in files: history, laboratory, official (导入)"),
    "stations": ("qingchuan.service.commands.stations", "List who is observed (站点)"),
    "rank": ("qingchuan.service.commands.rank", "Rank the key cities, and see where one stands (排名)"),
    "rate": ("qingchuan.service.commands.rate", "Rates of good days of a city, and what is left (优良率)"),
    "classes": ("qingchuan.service.commands.classes", "Classes of the sections, and which got worse (水质类别)"),
    "changes": ("qingchuan.service.commands.changes", "Which figures differ since then, and why (修订)"),
    "schedule": ("qingchuan.service.commands.schedule", "What is done by the clock, and how far it is (定时任务)"),
    "dead-letters": ("qingchuan.service.commands.dead_letters", "What was refused: find, show, apply again (死信)"),
    "audit": ("qingchuan.service.commands.audit", "Mark, correct, confirm values; who did what (审核)"),
    "publish": ("qingchuan.service.commands.publish", "Publish a month for good, or its next version (发布)"),
    "published": ("qingchuan.service.commands.published", "Published months: list, what differs, check (已发布)"),
    "verify": ("qingchuan.service.commands.verify", "Check that the journal is whole and unaltered (校验)"),
    "backup": ("qingchuan.service.commands.backup", "Back up the data, while the service runs (备份)"),
    "restore": ("qingchuan.service.commands.restore", "Put a backup back into an empty folder (恢复)"),
    "rebuild": ("qingchuan.service.commands.rebuild", "Make all anew from the journal alone (重建)"),
    "recompute": ("qingchuan.service.commands.recompute", "Compute years of all stations anew, into files (重算)"),
    "copy": ("qingchuan.service.commands.copy", "Copy the observations into the other store (换库)"),
    "doctor": ("qingchuan.service.commands.doctor", "Check what loses data, and say what to do (自检)"),
    "influxdb-setup": (
        "qingchuan.service.commands.influxdb_setup",
        "Bucket and token for the store in InfluxDB (建库)",
    ),
    "check-config": ("qingchuan.service.commands.check_config", "Show the settings in force, or what is wrong (配置)"),
}
"""Name of each command: the module that has it, and what it does in a line."""


@dataclass(frozen=True)
class Given:
    """The options before the command's name.

    Attributes
    ----------
    config : Path or None
        The file of settings.
    data : Path or None
        The folder that journal, observations and state lie in.
    """

    config: Path | None = None
    data: Path | None = None


class _Lazy(TyperCommand):
    """A command by its line in the table; its module is imported when it is run or asked for help."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:  # noqa: ANN401 - typer keeps its click private
        return load_command(info_name or "").make_context(info_name, args, parent, **extra)


class _Table(TyperGroup):
    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002 - the signature is typer's
        return list(COMMANDS)

    def get_command(self, ctx: object, cmd_name: str) -> _Lazy | None:  # noqa: ARG002 - the signature is typer's
        return _Lazy(cmd_name, callback=None, short_help=COMMANDS[cmd_name][1]) if cmd_name in COMMANDS else None


def load_command(name: str) -> Any:  # noqa: ANN401 - typer keeps its click private
    r"""The command `name` of the table, from its module; below a line ``\b`` its docstring is kept as it is."""
    gc.disable()  # nothing of what is imported is garbage: looking for some takes an eighth of the start
    module = import_module(COMMANDS[name][0])
    gc.enable()
    made = typer.Typer(name=name, add_completion=False, rich_markup_mode=None, no_args_is_help=True)
    several = getattr(module, "commands", None)
    if several:
        made.callback(help=_help(module.command))(module.command)
    for each, function in (several or {name: module.command}).items():
        made.command(each, help=_help(function))(function)
    return typer.main.get_command(made)


def _help(function: Callable[..., None]) -> str:
    return (getdoc(function) or "").replace("\\b\n", "\b\n")


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - the signature is typer's
    if wanted:
        typer.echo(f"qingchuan {__version__}")
        raise typer.Exit


app = typer.Typer(
    cls=_Table,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def qingchuan(
    ctx: typer.Context,
    *,
    config: Annotated[
        Path | None, typer.Option(help="File of settings; also QINGCHUAN_CONFIG.", metavar="PATH")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder of the data; also QINGCHUAN_DATA.", metavar="PATH")] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Qingchuan (晴川): the air and the water of a city, by the letter of the national standards.

    "qingchuan demo" shows all of it with simulated stations; "qingchuan COMMAND --help" explains a command.
    """
    ctx.obj = Given(config, data)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; `arguments` are those of the process if None."""
    app(arguments, prog_name="qingchuan")
