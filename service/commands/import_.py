"""``qingchuan import``: history, laboratory samples and published values, from files."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from qingchuan.collector.importing.mapping_files import load_mapping
from qingchuan.collector.importing.problems import ImportFileError
from qingchuan.collector.importing.report import reasons, write_report
from qingchuan.collector.importing.sending import StoppedError
from qingchuan.service.context import context_of
from qingchuan.service.importing import AlreadyImportingError, Importer, Order, Outcome, importing, trying, with_origin
from qingchuan.service.logs import set_up_logs
from qingchuan.service.places import DataFolderError
from qingchuan.service.supervisor import stop_on_signals
from qingchuan.service.tables import numbers_column, standard_output, table_of, words_column
from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.import_messages import ImportedOrigin, RefusedCell
from qingchuan.store.sqlite import IncompatibleError

_REFUSALS = (
    ImportFileError,
    StoppedError,
    AlreadyImportingError,
    DataFolderError,
    JournalDamagedError,
    IncompatibleError,
)


def command(
    ctx: typer.Context,
    *,
    files: Annotated[
        list[Path], typer.Argument(help="CSV (.csv, .csv.gz), Excel (.xlsx) or Parquet.", metavar="FILE…")
    ],
    mapping: Annotated[
        str, typer.Option(help="TOML: what the columns mean; or laboratory, laboratory-long.", metavar="PATH")
    ],
    origin: Annotated[
        ImportedOrigin | None, typer.Option(help="Where the values come from, instead of what the mapping says.")
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who imports; the user of this machine if not given.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write each refused row and value there, as CSV.", metavar="PATH")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be refused.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also a file that was imported before.")] = False,
) -> None:
    r"""Import history, laboratory samples or published values from files (导入).

    Rows go into the journal, as messages from stations do, and from there into the store: while the service runs, or
    when it next does. A value that cannot be used costs that value, and is told at the end with its line and the
    reason. A second run goes on where the first was interrupted; a file that is all there is not imported again.
    docs/import.md explains mappings; begin with --dry-run.

    \b
    Examples:
      qingchuan import docs/examples/import/hours.csv --mapping docs/examples/import/hours.toml --dry-run
      qingchuan import samples.xlsx --mapping laboratory --by lin --report refused.csv
    """
    settings = context_of(ctx).settings
    set_up_logs(settings.log)
    console = Console(stderr=True)
    try:
        rules = with_origin(load_mapping(mapping), origin)
        outcomes: list[Outcome] = []
        try:
            with (trying if dry_run else importing)(settings, console, stop_on_signals()) as importer:
                for file in files:
                    outcomes.append(_import(importer, file, Order(rules, by or _user(), again), dry_run=dry_run))
                    _tell(outcomes[-1], dry_run=dry_run)
        finally:
            if report is not None and outcomes:
                write_report(report, [(told.name, cell) for told in outcomes for cell in told.refused])
    except _REFUSALS as error:
        typer.echo(error, err=True)
        if isinstance(error, StoppedError):
            typer.echo("已写入日志链的行都在；重新运行同一命令即可续传。", err=True)
            typer.echo("What is in the journal stays there; the same command goes on behind it.", err=True)
        raise typer.Exit(1) from error


def _import(importer: Importer, file: Path, order: Order, *, dry_run: bool) -> Outcome:
    return importer.try_file(file, order.mapping) if dry_run else importer.import_file(file, order)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "import"


def _tell(told: Outcome, *, dry_run: bool) -> None:
    what = "试读 tried" if dry_run else "已导入过 imported before" if told.already else "已导入 imported"
    typer.echo(f"{told.name}: {what}, {told.rows} 行 rows, 拒收 refused {_counted(told.refused)}")
    if told.already:
        typer.echo("  未重复导入；--again 可再次导入（重复的值不改变任何结果）")
        typer.echo("  nothing was done; --again imports it once more, and what is the same changes nothing")
    if told.refused:
        _tell_reasons(told)
    if not told.applied and not dry_run:
        typer.echo("  数据在日志链中等待入库：由 qingchuan run 或 collect 完成；入库时拒收的值不在上表中")
        typer.echo("  The readings wait in the journal until `qingchuan run` or `collect` applies them; what they")
        typer.echo("  refuse then is not told here, but among the dead letters.")


def _counted(refused: Sequence[RefusedCell]) -> str:
    """How many whole rows, and how many single values of other rows."""
    values = sum(cell.item != "" for cell in refused)
    return f"{len(refused) - values} 行 rows, {values} 个值 values" if refused else "0"


def _tell_reasons(told: Outcome) -> None:
    table = table_of(
        words_column("原因\nreason"),
        numbers_column("行\nrows"),
        numbers_column("值\nvalues"),
        words_column("所在行\nlines"),
        words_column("例\nexample"),
    )
    for reason in reasons(told.refused):
        lines = ", ".join(map(str, reason.lines)) + (", …" if reason.more else "")
        table.add_row(reason.code, str(reason.rows), str(reason.values), lines, escape(reason.example))
    standard_output().print(table)
