"""Commands that print figures, asked on the stores of a small world at a time that stands still."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from qingchuan.service import reading
from qingchuan.service.main import app
from qingchuan.service.settings import Settings
from tests.api.serving import serving
from tests.api.world import Clock, World

WIDTH = 80
"""A terminal of the usual width. [cells]"""


@dataclass
class _Standing:
    """The clock of a world, in place of that of the machine."""

    told: Clock

    def now(self) -> int:
        """Its time [µs since 1970-01-01 UTC]."""
        return self.told()


@dataclass(frozen=True)
class Said:
    """What a command said.

    Attributes
    ----------
    code : int
        Exit status.
    out, err : str
    """

    code: int
    out: str
    err: str

    @property
    def words(self) -> str:
        """Output and errors with every run of blanks and line ends as one blank."""
        return " ".join((self.out + self.err).split())

    def row(self, word: str) -> list[str]:
        """The words of the first line that has `word` among its words."""
        return next(line.split() for line in self.out.splitlines() if word in line.split())


def ask(world: World, monkeypatch: pytest.MonkeyPatch, *arguments: str, width: int | None = WIDTH) -> Said:
    """What ``qingchuan`` says to `arguments` about the data of `world`; every line of a table fits into `width`.

    Without a width nobody reads along: the output goes to a file.
    """

    def clock(_: Settings) -> _Standing:
        return _Standing(world.clock)

    monkeypatch.setattr(reading, "clock_from", clock)
    if width is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", str(width))
    result = CliRunner().invoke(app, ["--data", str(world.folder), *arguments])
    if width is not None and "--json" not in arguments:
        assert max(map(cell_len, result.stdout.splitlines()), default=0) <= width
    return Said(result.exit_code, result.stdout, result.stderr)


def answered(world: World, path: str, **query: str) -> Any:  # noqa: ANN401 - JSON is anything
    """What the interface answers about the same data."""
    with serving(world.services) as client:
        answer = client.get(f"/api/v1/{path}", params=query)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content)
