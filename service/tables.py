"""How figures look on the command line: tables that 80 columns hold, wider where nobody reads along; zh and en."""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import Annotated, Protocol

import typer
from rich import box
from rich.console import Console
from rich.table import Column, Table

NONE = "–"
"""Where there is no value."""


SIMULATED = "模拟 simulated"
"""Stands wherever figures of simulated data do."""

_WIDE = 160
"""Width where output goes to a file or a program: every name fits in its line. [cells]"""

JsonOption = Annotated[bool, typer.Option("--json", help="JSON 与接口的回答相同 JSON, as the interface answers.")]


class Named(Protocol):
    """What has a name in both languages."""

    @property
    def zh(self) -> str:
        """In Chinese."""
        ...

    @property
    def en(self) -> str:
        """In English."""
        ...


def both(name: Named) -> str:
    """A name in both languages.

    Examples
    --------
    >>> from qingchuan.processing.standards import Text
    >>> both(Text("宁波", "Ningbo")), both(Text("Ⅲ", "Ⅲ"))
    ('宁波 Ningbo', 'Ⅲ')
    """
    return name.zh if name.zh == name.en else f"{name.zh} {name.en}"


def shown(value: float | None, decimals: int = 0, *, sign: str = "") -> str:
    """A number with all of its decimals, or a dash.

    Examples
    --------
    >>> shown(3.1, 2), shown(None), shown(4.0, 1, sign="+"), shown(12)
    ('3.10', '–', '+4.0', '12')
    """
    return NONE if value is None else format(value, f"{sign}.{decimals}f")


def in_lines(name: Named) -> str:
    r"""A name in both languages, a line each.

    Examples
    --------
    >>> from qingchuan.processing.standards import Text
    >>> in_lines(Text("宁波", "Ningbo")), in_lines(Text("Ⅲ", "Ⅲ"))
    ('宁波\nNingbo', 'Ⅲ')
    """
    return name.zh if name.zh == name.en else f"{name.zh}\n{name.en}"


def from_to(start: str, after: str) -> str:
    """The days from `start` on, before `after`, by the first and the last of them.

    Examples
    --------
    >>> from_to("2026-10-01", "2026-11-01"), from_to("2026-11-24", "2026-11-25"), from_to("2026-11-24", "2026-11-24")
    ('2026-10-01 … 2026-10-31', '2026-11-24', '2026-11-24 …')
    """
    last = (date.fromisoformat(after) - timedelta(days=1)).isoformat()
    if last <= start:
        return start if last == start else f"{start} …"
    return f"{start} … {last}"


def standard_output() -> Console:
    """Where figures go: a terminal is as wide as it is, a file or a program takes every name in one line.

    Examples
    --------
    >>> standard_output().width > 0
    True
    """
    console = Console(highlight=False)
    if console.is_terminal or "COLUMNS" in os.environ:
        return console
    return Console(highlight=False, width=_WIDE)


def table_of(*columns: Column | str) -> Table:
    r"""An empty table without frame, so that 80 columns hold more.

    Examples
    --------
    >>> len(table_of("名次\nrank", "城市\ncity").columns)
    2
    """
    return Table(
        *columns, box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, collapse_padding=True, header_style="bold"
    )


def numbers_column(heading: str) -> Column:
    r"""A column whose entries end below each other.

    Examples
    --------
    >>> numbers_column("名次\nrank").justify
    'right'
    """
    return Column(heading, justify="right", no_wrap=True)


def words_column(heading: str) -> Column:
    """A column whose entries go on in the next line, also where they have no blanks.

    Examples
    --------
    >>> words_column("城市 city").overflow
    'fold'
    """
    return Column(heading, overflow="fold")


def ids_column(heading: str) -> Column:
    r"""A column whose entries are taken from the screen into the next command: they stay whole.

    Examples
    --------
    >>> ids_column("断面\nsection").no_wrap
    True
    """
    return Column(heading, no_wrap=True, overflow="ignore")
