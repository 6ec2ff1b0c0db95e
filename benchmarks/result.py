"""What a benchmark comes to: a row of ``benchmarks/results.json``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

Kind = Literal["ratio", "latency", "memory"]
Better = Literal["higher", "lower"]


class Result(msgspec.Struct, frozen=True):
    """A row of the results.

    Attributes
    ----------
    name : str
    kind : {"ratio", "latency", "memory"}
    value : float
        Median of the runs.
    unit : str
        Of `value`, `bar` and `spread`; ``×`` of a ratio.
    against : str or None
        What a ratio is the ratio to, with the medians of both sides.
    better : {"higher", "lower"}
    bar : float or None
        What is promised; None where nothing is.
    holds : bool
        Whether `value` keeps the promise.
    runs : int
    spread : float
        From the smallest run to the largest.
    """

    name: str
    kind: Kind
    value: float
    unit: str
    against: str | None
    better: Better
    bar: float | None
    holds: bool
    runs: int
    spread: float


def holds(value: float, better: Better, bar: float | None) -> bool:
    """Whether `value` keeps the promise `bar`: at least that if higher is better, under it if lower is.

    Examples
    --------
    >>> holds(0.5, "higher", 0.5), holds(3.0, "lower", 3.0), holds(3.0, "lower", None)
    (True, False, True)
    """
    if bar is None:
        return True
    return value >= bar if better == "higher" else value < bar


def read(path: Path) -> list[Result]:
    """What stands in the JSON file `path`; nothing where it is not there."""
    return msgspec.json.decode(path.read_bytes(), type=list[Result]) if path.exists() else []


def merged(before: Sequence[Result], results: Sequence[Result]) -> list[Result]:
    """The rows `before`, those of the same name replaced by `results`, and what is new after them.

    Examples
    --------
    >>> def row(name, value):
    ...     return Result(name, "ratio", value, "×", None, "lower", None, True, 1, 0)
    >>> [(row.name, row.value) for row in merged([row("a", 1), row("b", 1)], [row("c", 2), row("a", 2)])]
    [('a', 2), ('b', 1), ('c', 2)]
    """
    return list({**{row.name: row for row in before}, **{row.name: row for row in results}}.values())


def write(results: Sequence[Result], path: Path) -> None:
    """Put `results` into the JSON file `path`."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(results)) + b"\n")
