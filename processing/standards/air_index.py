"""HJ 633: the air quality index (空气质量指数), its tables and levels."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards.air_reports import Exceedance, Primary, Publishing, SensitiveGroups
from qingchuan.processing.standards.edition import Edition, Part, Text

Averaging = Literal["hour", "day"]

NOT_COMPUTED = -1
"""The index where there is none."""

_MOST_ITEMS = 8
"""So many items a mask of a byte can tell apart (processing/air/item_masks.py)."""


class Range(Part, frozen=True, kw_only=True):
    """Smallest and largest AQI [-]."""

    least: int
    most: int


class Decimals(Part, frozen=True, kw_only=True):
    """To how many decimals a concentration is rounded before its index is computed, item by item [-]."""

    items: dict[str, int]


class Report(Part, frozen=True, kw_only=True):
    """Items of a daily or a real-time report, eight at most, each with the column of the table it is judged by."""

    columns: dict[str, str]

    def __post_init__(self) -> None:
        if len(self.columns) > _MOST_ITEMS:
            raise ValueError(f"the report of {self.clause} has {len(self.columns)} items; {_MOST_ITEMS} fit a mask")


class Note(Part, frozen=True, kw_only=True):
    """A footnote on what a column says beyond its last breakpoint.

    Attributes
    ----------
    mark, column : str
        As printed; the column it stands in.
    above : int
        The concentration it begins after. [unit of the column]
    iaqi : int or None
        The index it gives; None where no index is computed.
    text : str
        As printed.
    """

    mark: str
    column: str
    above: int
    iaqi: int | None = None
    text: str


class BreakpointRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A row of the table: an IAQI, then of each column the limit or the mark of a note."""

    iaqi: int
    cells: tuple[int | str, ...]


class Breakpoints(Part, frozen=True, kw_only=True):
    """The table of breakpoints as printed: its columns with their units, and its rows."""

    columns: tuple[str, ...]
    units: tuple[str, ...]
    rows: tuple[BreakpointRow, ...]

    def __post_init__(self) -> None:
        if {len(self.units), *(len(row.cells) for row in self.rows)} != {len(self.columns)}:
            raise ValueError(f"a row of {self.clause} has not {len(self.columns)} cells, one a column")

    def column(self, name: str) -> list[tuple[int, int]]:
        """IAQI and limit of a column, as far as it prints limits [-, unit of the column].

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> standards.load("hj633_2026", standards.AirQualityIndex).table.column("SO2 1h")
        [(0, 0), (50, 150), (100, 500), (150, 650), (200, 800)]
        """
        place = self.columns.index(name)
        return [(row.iaqi, cell) for row in self.rows if isinstance(cell := row.cells[place], int)]


class Level(Part, frozen=True, kw_only=True):
    """A level of the index: number, names, range, colour, and what it means for people.

    Attributes
    ----------
    number : int
        1 … 6
    roman, zh, en : str
    least : int
        Smallest AQI of the level. [-]
    most : int or None
        Largest AQI of the level; None where it has no upper end. [-]
    colour, colour_zh : str
        ``#RRGGBB`` of table A.1, and its name.
    health, advice : Text
        The Chinese as printed; the English is a translation.
    """

    number: int
    roman: str
    zh: str
    en: str
    least: int
    most: int | None = None
    colour: str
    colour_zh: str
    health: Text
    advice: Text


class AirQualityIndex(Edition, frozen=True, kw_only=True):
    """An edition of HJ 633."""

    range: Range
    decimals: Decimals
    table: Breakpoints
    notes: tuple[Note, ...]
    day: Report
    hour: Report
    levels: tuple[Level, ...]
    primary: Primary
    exceedance: Exceedance | None = None
    publishing: Publishing
    sensitive: SensitiveGroups | None = None

    def __post_init__(self) -> None:
        for note in self.notes:
            last = self.table.column(note.column)[-1][1]
            if note.above != last:
                begins = f"note {note.mark} begins above {note.above}"
                raise ValueError(f"{begins}; {last}, the last limit of {note.column}, would do ({self.table.clause})")

    @property
    def good_up_to(self) -> int:
        """Largest AQI of a good day [-]: where the levels Ⅰ (优) and Ⅱ (良) end.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> standards.load("hj633_2026", standards.AirQualityIndex).good_up_to
        100
        """
        return self.levels[2].least - 1

    @property
    def heavy_above(self) -> int:
        """Largest AQI of a day without heavy pollution (重污染) [-]: the levels Ⅴ (重度) and Ⅵ (严重) come after it.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> standards.load("hj633_2026", standards.AirQualityIndex).heavy_above
        200
        """
        return self.levels[4].least - 1

    def report(self, averaging: Averaging) -> dict[str, str]:
        """Column of each item of a report, in the order of the catalogue.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> standards.load("hj633_2026", standards.AirQualityIndex).report("hour")["pm25"]
        'PM2.5 day'
        """
        return (self.day if averaging == "day" else self.hour).columns

    @cached_property
    def lookup(self) -> dict[str, NDArray[np.int16]]:
        """IAQI of every scaled concentration, by column: 65536 numbers each, -1 where there is none."""
        named = {column: item for report in (self.day, self.hour) for item, column in report.columns.items()}
        return {column: self._lookup(column, self.decimals.items[item]) for column, item in named.items()}

    def gives_index_beyond(self, column: str) -> bool:
        """Whether a concentration beyond the last limit of a column has an index: a note may say that it has none.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> standard = standards.load("hj633_2012", standards.AirQualityIndex)
        >>> standard.gives_index_beyond("SO2 1h"), standard.gives_index_beyond("SO2 24h")
        (False, True)
        """
        return self._beyond(column) != NOT_COMPUTED

    @cached_property
    def level_lookup(self) -> NDArray[np.uint8]:
        """Level of every AQI from -1 (level 0: none) to the largest."""
        levels = np.zeros(self.range.most + 2, dtype=np.uint8)
        for level in self.levels:
            levels[level.least + 1 :] = level.number
        levels[1 : self.range.least + 1] = self.levels[0].number
        levels.flags.writeable = False
        return levels

    def _lookup(self, column: str, decimals: int) -> NDArray[np.int16]:
        points, scale = self.table.column(column), 10**decimals
        filled = np.full(MISSING + 1, self._beyond(column), dtype=np.int16)
        for (index, limit), (next_index, next_limit) in pairwise(points):
            slope = Fraction(next_index - index, (next_limit - limit) * scale)
            steps = np.arange((next_limit - limit) * scale + 1)
            # Formula (1), rounded up, in whole numbers: -(-a // b) is the ceiling of a / b.
            filled[limit * scale : next_limit * scale + 1] = index - (-steps * slope.numerator // slope.denominator)
        filled[MISSING] = NOT_COMPUTED
        filled.flags.writeable = False
        return filled

    def _beyond(self, column: str) -> int:
        for note in self.notes:
            if note.column == column:
                return NOT_COMPUTED if note.iaqi is None else note.iaqi
        return self.range.most
