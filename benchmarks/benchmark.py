"""What a benchmark is, and how its runs become a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.result import Better, Kind, Result, holds

_DIGITS = 4
"""Significant digits that are written; a run repeats to two or three."""


class AbsentError(Exception):
    """What it takes is not here, and need not be: the benchmark is not measured, and that is no failure."""


class Run(NamedTuple):
    """What one run measured.

    Attributes
    ----------
    ours : float
    theirs : float or None
        Of a ratio: what the other side came to in the same run, measured just before or after ours.
    against : str or None
        What the other side was, where that depends on what is here.
    """

    ours: float
    theirs: float | None = None
    against: str | None = None

    def value(self) -> float:
        """The ratio, or what was measured where there is no other side."""
        return self.ours if self.theirs is None else self.ours / self.theirs


@dataclass(frozen=True)
class Benchmark:
    """One benchmark; `benchmarks.registry` has all of them.

    Attributes
    ----------
    name, kind, unit, better, bar
        As in `Result`.
    measure : callable
        One run, in an empty folder of its own.
    runs : int
        How often it is run.
    against : str or None
        Of a ratio: the other side.
    measured_in : str
        Of a ratio: the unit of both sides.
    """

    name: str
    kind: Kind
    unit: str
    better: Better
    bar: float | None
    measure: Callable[[Path], Run]
    runs: int
    against: str | None = None
    measured_in: str = ""

    def run(self, done: Callable[[int], None]) -> Result:
        """Run it; `done` is told how many runs are over."""
        runs = []
        for count in range(1, self.runs + 1):
            with TemporaryDirectory(prefix="qingchuan-bench-") as folder:
                runs.append(self.measure(Path(folder)))
            done(count)
        return self.result(runs)

    def result(self, runs: Sequence[Run]) -> Result:
        """The result of `runs`.

        Examples
        --------
        >>> copy = Benchmark(
        ...     "sum",
        ...     "ratio",
        ...     "×",
        ...     "lower",
        ...     3,
        ...     measure=lambda folder: Run(4, 2),
        ...     runs=2,
        ...     against="a copy",
        ...     measured_in="ns",
        ... )
        >>> result = copy.result([Run(4, 2), Run(9, 3)])
        >>> result.value, result.holds, result.spread, result.against
        (2.5, True, 1.0, 'a copy: 2.5 ns; ours 6.5 ns')
        """
        values = [run.value() for run in runs]
        value = _rounded(median(values))
        return Result(
            name=self.name,
            kind=self.kind,
            value=value,
            unit=self.unit,
            against=self._told(runs),
            better=self.better,
            bar=self.bar,
            holds=holds(value, self.better, self.bar),
            runs=len(runs),
            spread=_rounded(max(values) - min(values)),
        )

    def _told(self, runs: Sequence[Run]) -> str | None:
        theirs = [run.theirs for run in runs if run.theirs is not None]
        if not theirs:
            return runs[-1].against or self.against
        ours, against = median(run.ours for run in runs), runs[-1].against or self.against
        return f"{against}: {_shown(median(theirs))} {self.measured_in}; ours {_shown(ours)} {self.measured_in}"


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _shown(value: float) -> str:
    return f"{_rounded(value):,}".removesuffix(".0")
