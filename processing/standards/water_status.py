"""环办〔2011〕22号: which items are judged, what classes and rivers are called, which pollutants are named first."""

from __future__ import annotations

from typing import Literal

import msgspec

from qingchuan.processing.standards.air_assessment import Trend
from qingchuan.processing.standards.edition import Edition, Part, Text, numbered


class WaterClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A class of water.

    Attributes
    ----------
    number : int
        1 … 6
    name, en : str
        Such as 劣Ⅴ and worse than Ⅴ.
    status : Text
        水质状况, such as 重度污染.
    colour_zh, colour : str
        The word of the document, and ``#RRGGBB`` as the national release platform shows it.
    """

    number: int
    name: str
    en: str
    status: Text
    colour_zh: str
    colour: str

    @property
    def label(self) -> Text:
        """Its name, in Chinese and in English."""
        return Text(self.name, self.en)


class WaterClasses(Part, frozen=True, kw_only=True):
    """The classes from best to worst, and where their colours are from."""

    colour_basis: str
    not_monitored: str
    rows: tuple[WaterClass, ...]


class Indicators(Part, frozen=True, kw_only=True):
    """Which items judge.

    Attributes
    ----------
    items : tuple of str
        Those that decide the class of a section over a period.
    reference : tuple of str
        Those that are judged apart and decide nothing.
    reference_in_lakes_only : tuple of str
        Those of `reference` that are not judged in rivers.
    trophic : tuple of str
        Those of the trophic state of lakes.
    """

    items: tuple[str, ...]
    reference: tuple[str, ...]
    reference_in_lakes_only: tuple[str, ...]
    trophic: tuple[str, ...]


class SampleCounts(Part, frozen=True, kw_only=True):
    """How many samples a period needs at least to be judged [-]; `year_frozen` where ice or drought leaves no more."""

    week: int
    month: int
    quarter: int
    year: int
    year_frozen: int


class RiverRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row of the table of rivers.

    Attributes
    ----------
    number : int
        1 … 5, from best to worst.
    status : Text
    good_at_least, good_below : int or None
        Bounds of the share of good sections; None where there is none. [%]
    worst_at_least, worst_below : int or None
        Bounds of the share of sections worse than all classes. [%]
    colour_zh, colour : str
        The word of the document, and ``#RRGGBB`` as of the class with the same word.
    """

    number: int
    status: Text
    good_at_least: int | None = None
    good_below: int | None = None
    worst_at_least: int | None = None
    worst_below: int | None = None
    colour_zh: str
    colour: str


class RiverTable(Part, frozen=True, kw_only=True):
    """How a river or basin is judged.

    Attributes
    ----------
    few : int
        Below so many sections its mean is judged, from so many on their shares are. [-]
    good_up_to, worst : int
        Classes that count as good, and the one that counts as worst.
    otherwise : int
        Number of the row that holds where none fits as printed.
    rows : tuple of RiverRow
        From best to worst.
    """

    few: int
    good_up_to: int
    worst: int
    otherwise: int
    rows: tuple[RiverRow, ...]


class MainPollutants(Part, frozen=True, kw_only=True):
    """Which pollutants are named, and in which order.

    Attributes
    ----------
    worse_than : int
        Class that a section and an item must be worse than.
    most : int
        How many are named. [-]
    first : tuple of str
        Items that come before all others.
    without_multiple : tuple of str
        Items that have no exceedance multiple.
    decimals : int
        Of a multiple. [-]
    """

    worse_than: int
    most: int
    first: tuple[str, ...]
    without_multiple: tuple[str, ...]
    decimals: int


class Lakes(Part, frozen=True, kw_only=True):
    """In which order the samples of a lake are averaged."""

    order: tuple[Literal["time", "points"], ...]


class Shares(Part, frozen=True, kw_only=True):
    """To how many decimals a share of sections is published [-]."""

    decimals: int


class DrinkingWater(Part, frozen=True, kw_only=True):
    """How a source of drinking water is judged.

    Attributes
    ----------
    number : int
        Of the class that the basic items must reach; ``class`` in the file. [-]
    not_judged, seldom_measured : tuple of str
        Basic items that decide nothing, and those whose absence says nothing.
    """

    number: int = msgspec.field(name="class")
    not_judged: tuple[str, ...]
    seldom_measured: tuple[str, ...]


class WaterTrend(Part, frozen=True, kw_only=True):
    """The rank correlation by which a trend over several periods is judged.

    Attributes
    ----------
    at_least : int
        So many periods it needs. [-]
    significances : tuple of float
        Of the one-sided test, one a column. [-]
    rows : tuple of (int, tuple of float)
        Number of periods, and the critical value of each column. [-]
    """

    at_least: int
    significances: tuple[float, ...]
    rows: tuple[tuple[int, tuple[float, ...]], ...]

    def __post_init__(self) -> None:
        if {len(values) for _, values in self.rows} != {len(self.significances)}:
            raise ValueError(f"a row of {self.clause} has not {len(self.significances)} values, one a significance")

    def at(self, significance: float) -> Trend:
        """One column of the table.

        Raises
        ------
        LookupError
            The table has no such column.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> standards.load("hb2011_22", standards.WaterStatus).trend.at(0.01).critical[0]
        (5, 1.0)
        """
        if significance not in self.significances:
            printed = " and ".join(map(str, self.significances))
            raise LookupError(f"the significance is {significance}; {printed} are printed ({self.clause})")
        column = self.significances.index(significance)
        return Trend(
            clause=self.clause,
            page=self.page,
            remark=self.remark,
            at_least=self.at_least,
            significance=significance,
            critical=tuple((periods, values[column]) for periods, values in self.rows),
        )


class ChangeRule(Part, frozen=True, kw_only=True):
    """How the change between two periods is told.

    Attributes
    ----------
    unchanged_levels, slight_levels : int
        Levels of status up to which the water has not changed, and up to which it has changed slightly. [-]
    unchanged_points, slight_points : int
        The same of ΔG − ΔD. [percentage points]
    concentration_decimals : int
        Of the change of a concentration in percent. [-]
    rows : tuple of Text
        What a change is called, from much better to much worse.
    """

    unchanged_levels: int
    slight_levels: int
    unchanged_points: int
    slight_points: int
    concentration_decimals: int
    rows: tuple[Text, Text, Text, Text, Text]


class WaterStatus(Edition, frozen=True, kw_only=True):
    """An edition of 地表水环境质量评价办法."""

    classes: WaterClasses
    indicators: Indicators
    samples: SampleCounts
    river: RiverTable
    main_pollutants: MainPollutants
    lakes: Lakes
    shares: Shares
    drinking_water: DrinkingWater
    change: ChangeRule
    trend: WaterTrend

    def water_class(self, number: int) -> WaterClass | None:
        """Class of a number; None for 0, where no class can be given.

        Raises
        ------
        LookupError
            There is no class of this number.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> found = standards.load("hb2011_22", standards.WaterStatus).water_class(5)
        >>> (found.name, found.status.zh, found.colour) if found else None
        ('Ⅴ', '中度污染', '#FF9B00')
        """
        return numbered(self.classes.rows, number, "the class")
