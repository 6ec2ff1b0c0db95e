"""``python -m benchmarks``: measure, print a table, write ``benchmarks/results.json``.

The exit status is 1 when a promise is not kept or could not be measured, and 2 when there is no such benchmark. What is
measured against a server that is not here, and need not be, has no row and breaks nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import SubprocessError
from typing import Annotated

import pytest
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.benchmark import AbsentError, Benchmark
from benchmarks.registry import BENCHMARKS
from benchmarks.result import Result, merged, read, write
from qingchuan.service.progress import progress_bar

RESULTS = Path(__file__).parent / "results.json"
_FAILURES = (pytest.skip.Exception, AssertionError, OSError, RuntimeError, SubprocessError)
"""What a run may end with: something is absent, or a process of ours did not do its work. The others go on."""


class UnknownBenchmarkError(LookupError):
    """There is no benchmark of that name."""


def choose(benchmarks: Sequence[Benchmark], only: str | None) -> Sequence[Benchmark]:
    """Those of `benchmarks` that are called `only`, or all where it is None.

    Raises
    ------
    UnknownBenchmarkError
        None is.
    """
    chosen = [benchmark for benchmark in benchmarks if only in (None, benchmark.name)]
    if not chosen:
        there = ", ".join(benchmark.name for benchmark in benchmarks)
        message = f"the benchmark is {only!r}; there are {there} (benchmarks/registry.py)"
        raise UnknownBenchmarkError(message)
    return chosen


def run(benchmarks: Sequence[Benchmark], output: Path, console: Console, kept: Sequence[Result] = ()) -> int:
    """Measure `benchmarks`, write `output` after each, beside the rows `kept`; print the table; the exit status."""
    results: list[Result] = []
    absent: dict[str, str] = {}
    for benchmark in benchmarks:
        try:
            with progress_bar(benchmark.name, benchmark.runs, console) as done:
                results.append(benchmark.run(done))
        except AbsentError as lack:
            absent[benchmark.name] = str(lack)
        except _FAILURES as failure:
            console.print(f"{benchmark.name} is not measured: {failure}", markup=False)
        write(merged(kept, results), output)
    console.print(table(results, absent))
    console.print(f"written to {output}", highlight=False, soft_wrap=True)
    whole = len(results) + len(absent) == len(benchmarks)
    return 0 if whole and all(result.holds for result in results) else 1


def table(results: Sequence[Result], absent: Mapping[str, str]) -> Table:
    """`results` for a person, and why others are `absent`."""
    shown = Table("benchmark", "value", "bar", "", "spread", "runs", "against", title="Qingchuan 晴川 · benchmarks")
    for result in results:
        sign = "≥" if result.better == "higher" else "<"
        shown.add_row(
            result.name,
            f"{result.value:g} {result.unit}",
            "–" if result.bar is None else f"{sign} {result.bar:g}",
            _judged(result),
            f"{result.spread:g}",
            str(result.runs),
            result.against,
        )
    for name, lack in absent.items():
        shown.add_row(name, "–", "", "", "", "", escape(lack))
    return shown


def _kept(output: Path) -> list[Result]:
    """Rows of benchmarks that there still are."""
    names = {benchmark.name for benchmark in BENCHMARKS}
    return [row for row in read(output) if row.name in names]


def _judged(result: Result) -> str:
    if result.bar is None:
        return ""
    return "holds" if result.holds else "[bold red]does not hold[/]"


def command(
    only: Annotated[
        str | None, typer.Option(help="Name of the one to run, the others keep their rows; all if not given.")
    ] = None,
    output: Annotated[Path, typer.Option(help="Where the results go.")] = RESULTS,
) -> None:
    """Measure what is promised about speed and size."""
    try:
        chosen = choose(BENCHMARKS, only)
    except UnknownBenchmarkError as error:
        typer.echo(error, err=True)
        raise typer.Exit(2) from error
    raise typer.Exit(run(chosen, output, Console(), [] if only is None else _kept(output)))


if __name__ == "__main__":
    typer.run(command)
