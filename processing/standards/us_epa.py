"""US EPA: the air quality index (AQI) of the United States, its breakpoints, and the NowCast of particles."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.rounding import scaled_half_even
from qingchuan.processing.standards.edition import Edition, Part, Text


class EpaItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A column of the table: a pollutant over an averaging time.

    Attributes
    ----------
    key : str
        Such as ``o3_8h``. Concentrations are in the column's unit: parts per million or billion, not µg/m³.
    pollutant : str
        A key of the parameter catalogue; ozone and sulphur dioxide have two columns each.
    hours : int
        Averaging time. [h]
    unit, zh, en : str
    """

    key: str
    pollutant: str
    hours: int
    unit: str
    zh: str
    en: str


class Truncation(Part, frozen=True, kw_only=True):
    """To how many decimals a concentration is truncated, never rounded, item by item [-]."""

    items: dict[str, int]


class EpaRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """A row of the table: the range of the index, then of each column the range of concentrations or a mark."""

    index: tuple[int, int]
    cells: tuple[tuple[float, float] | str, ...]


class EpaTable(Part, frozen=True, kw_only=True):
    """The table of breakpoints as printed: ranges with gaps of one last decimal between them."""

    columns: tuple[EpaItem, ...]
    rows: tuple[EpaRow, ...]

    def __post_init__(self) -> None:
        if {len(row.cells) for row in self.rows} != {len(self.columns)}:
            raise ValueError(f"a row of {self.clause} has not {len(self.columns)} cells, one a column")


class EpaNote(Part, frozen=True, kw_only=True):
    """What a column says beyond its last breakpoint; the other columns go on along their last segment.

    Attributes
    ----------
    mark, item : str
        As printed; the column it stands in.
    above : float
        Its last breakpoint. [unit of the column]
    index : int or None
        What it gives beyond; None where nothing is defined.
    instead : str
        The item that defines the higher values.
    """

    mark: str
    item: str
    above: float
    index: int | None = None
    instead: str


class Negative(Part, frozen=True, kw_only=True):
    """What a negative concentration, the noise of an instrument near zero, counts as [unit of the column]."""

    counts_as: int


class NowCastRule(Part, frozen=True, kw_only=True):
    """How hours of particles become a NowCast.

    Attributes
    ----------
    items : tuple of str
    hours : int
        Length of the window. [h]
    least_weight : float
        Smallest weight factor. [-]
    recent, recent_at_least : int
        How many of how many last hours must be valid. [h]
    """

    items: tuple[str, ...]
    hours: int
    least_weight: float
    recent: int
    recent_at_least: int


class EpaCategory(Part, frozen=True, kw_only=True):
    """A category of the index: number, names, range, colour ``#RRGGBB``; the Chinese is a translation."""

    number: int
    zh: str
    en: str
    least: int
    most: int | None = None
    colour: str
    colour_name: Text


class Segments(NamedTuple):
    """The ranges of a column that hold numbers, from the lowest on.

    Attributes
    ----------
    low, high : ndarray of int64, shape (segments,)
        First and last concentration, in units of the item's last decimal.
    index_low, index_high : ndarray of int64, shape (segments,)
        Their indices. [-]
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    index_low: NDArray[np.int64]
    index_high: NDArray[np.int64]


class UsAirQualityIndex(Edition, frozen=True, kw_only=True):
    """An edition of the AQI of the US EPA."""

    truncation: Truncation
    table: EpaTable
    equation: Part
    largest: Part
    notes: tuple[EpaNote, ...]
    negative: Negative
    nowcast: NowCastRule
    categories: tuple[EpaCategory, ...]

    def __post_init__(self) -> None:
        for item, segments in self.segments.items():
            joins = zip(segments.low[1:], segments.high[:-1], strict=True)
            if any(low - high != 1 for low, high in joins):
                told = f"the ranges of {item} do not join at the last decimal"
                raise ValueError(f"{told}; each would begin one above the last ({self.table.clause})")
        for note in self.notes:
            last = self.segments[note.item].high[-1]
            if self.scaled(note.above, note.item) != last:
                begins = f"note {note.mark} begins above {note.above}"
                raise ValueError(f"{begins}; the last breakpoint of {note.item} would do ({self.table.clause})")
        for low, high in pairwise(self.categories):
            if low.most is None or low.most + 1 != high.least:
                ends = f"category {low.number} ends with {low.most}"
                raise ValueError(f"{ends}; {high.least - 1} would do, category {high.number} begins after it")

    @cached_property
    def category_starts(self) -> NDArray[np.int64]:
        """Smallest index of each category, ascending [-]."""
        starts = np.array([category.least for category in self.categories], dtype=np.int64)
        starts.flags.writeable = False
        return starts

    @cached_property
    def items(self) -> dict[str, EpaItem]:
        """The columns by their key, in the order of the table."""
        return {column.key: column for column in self.table.columns}

    @cached_property
    def segments(self) -> dict[str, Segments]:
        """The ranges of every column, by item."""
        return {item: self._segments(place, item) for place, item in enumerate(self.items)}

    def note(self, item: str) -> EpaNote | None:
        """The note on what an item says beyond its last breakpoint; None where it goes on along its last segment.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> standards.load("epa2024", standards.UsAirQualityIndex).note("so2_1h").index
        200
        """
        return next((note for note in self.notes if note.item == item), None)

    def scaled(self, concentration: float, item: str) -> int:
        """A printed concentration in units of the item's last decimal.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> standards.load("epa2024", standards.UsAirQualityIndex).scaled(0.054, "o3_8h")
        54
        """
        return int(scaled_half_even(concentration, self.truncation.items[item]))

    def _segments(self, place: int, item: str) -> Segments:
        printed = [(row.index, cell) for row in self.table.rows if not isinstance(cell := row.cells[place], str)]
        rows = [(*(self.scaled(end, item) for end in cell), *index) for index, cell in printed]
        columns = np.array(rows, dtype=np.int64).T
        columns.flags.writeable = False
        return Segments(*columns)
