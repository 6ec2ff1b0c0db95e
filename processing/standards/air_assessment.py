"""HJ 663: how concentrations become statistics, and when a statistic is valid."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Literal

import msgspec

from qingchuan.processing.calendar_periods import Kind
from qingchuan.processing.standards.air_limits import OtherItem
from qingchuan.processing.standards.air_validity import Area, Minimum, PeriodValidity
from qingchuan.processing.standards.edition import Edition, Part, Text


class StatisticDecimals(Part, frozen=True, kw_only=True):
    """To how many decimals statistics are rounded before they are judged [-]."""

    items: dict[str, int]
    multiple: int
    rate: int


class DailyMean(Part, frozen=True, kw_only=True):
    """The mean of a natural day: how many hours it has, and how many of them must be valid [h]."""

    hours: int
    at_least: int


class DailyMaximum(Part, frozen=True, kw_only=True):
    """The largest 8-hour mean of a natural day.

    Attributes
    ----------
    items : dict of str to str
        Items of a day that are such a maximum, and the items of its hours.
    window, at_least : int
        Hours of a window, and how many of them must be valid. [h]
    first_label, last_label : int
        Labels (ends) of the first and the last window of a day. [h]
    windows_at_least : int
        How many windows must be valid, unless the maximum exceeds the limit. [-]
    """

    items: dict[str, str]
    window: int
    at_least: int
    first_label: int
    last_label: int
    windows_at_least: int


class YearStatistics(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """By what an item is judged in a year: whether by its mean, and by which percentile of its days.

    Attributes
    ----------
    item : str
    mean : bool
    percent : int or None
        [%] None where no percentile is judged.
    """

    item: str
    mean: bool
    percent: int | None = None


class Evaluated(Part, frozen=True, kw_only=True):
    """A table of what is evaluated: the items of an hour, a day, a quarter and a year.

    Attributes
    ----------
    hour, day, quarter : tuple of str
    year : tuple of YearStatistics
    items : dict of str to OtherItem
        Names and units of those that the catalogue does not have.
    """

    hour: tuple[str, ...] = ()
    day: tuple[str, ...] = ()
    quarter: tuple[str, ...] = ()
    year: tuple[YearStatistics, ...]
    items: dict[str, OtherItem] = msgspec.field(default_factory=dict)


class Completeness(Part, frozen=True, kw_only=True):
    """What the combined evaluation says when an item is missing, as printed."""

    text: str


class Trend(Part, frozen=True, kw_only=True):
    """Annex B: the rank correlation by which a trend is judged.

    Attributes
    ----------
    at_least : int
        So many periods it needs. [-]
    significance : float
        Of the one-sided test. [-]
    critical : tuple of (int, float)
        Number of periods and critical value, which the coefficient must exceed in size. [-]
    """

    at_least: int
    significance: float
    critical: tuple[tuple[int, float], ...]

    def __post_init__(self) -> None:
        if any(low[0] >= high[0] or low[1] <= high[1] for low, high in pairwise(self.critical)):
            raise ValueError(f"the critical values of {self.clause} are out of order; more periods have a smaller one")


class Comparison(Part, frozen=True, kw_only=True):
    """Annex C: the single indices by which places are compared.

    Attributes
    ----------
    grade : {1, 2}
        Of the limits.
    means : tuple of str
        Items whose mean is divided by the annual limit.
    percentiles : tuple of str
        Items whose percentile, that of the year's evaluation, is divided by the daily limit.
    remark : str
    """

    grade: Literal[1, 2]
    means: tuple[str, ...]
    percentiles: tuple[str, ...]


class StandIn(Part, frozen=True, kw_only=True):
    """A later edition whose text is not at hand: this one is used in its place.

    Attributes
    ----------
    document : str
    in_force : date
    reason : Text
    """

    document: str
    in_force: date
    reason: Text


class AirAssessment(Edition, frozen=True, kw_only=True):
    """An edition of HJ 663.

    Attributes
    ----------
    means, percentiles, attainment, rates : Part
        Where it says how a mean, a percentile, attainment with its multiple, and a rate are computed.
    stands_in_for : str or None
        Document whose place these rules take because its text is not at hand; callers show it.
    """

    decimals: StatisticDecimals
    daily_mean: DailyMean
    daily_maximum: DailyMaximum
    area: Area
    basic: Evaluated
    other: Evaluated
    means: Part
    percentiles: Part
    attainment: Part
    rates: Part
    validity: PeriodValidity
    completeness: Completeness
    trend: Trend
    comparison: Comparison
    stand_in: StandIn | None = None
    stands_in_for: str | None = None

    def year_statistics(self, item: str) -> YearStatistics:
        """By what an item is judged in a year.

        Raises
        ------
        LookupError
            The edition does not evaluate the item.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> rules = standards.load("hj663_2013", standards.AirAssessment)
        >>> rules.year_statistics("so2").percent, rules.year_statistics("co").mean
        (98, False)
        """
        found = next((row for row in (*self.basic.year, *self.other.year) if row.item == item), None)
        if found is None:
            known = ", ".join(row.item for row in (*self.basic.year, *self.other.year))
            raise LookupError(f"the item has the key {item!r}; a year has {known} ({self.document}, tables 1 and 2)")
        return found

    def minimum(self, kind: Kind, item: str) -> Minimum | None:
        """How many daily values a statistic of a period needs; None where the text asks for no number.

        Examples
        --------
        >>> from qingchuan.processing import standards
        >>> rules = standards.load("hj663_2013", standards.AirAssessment)
        >>> year = rules.minimum("year", "pm25")
        >>> (year.at_least, year.each_month, year.february) if year else None
        (324, 27, 25)
        >>> rules.minimum("month", "pm25") is None
        True
        """
        return next((row for row in self.validity.rows if row.kind == kind and item in row.items), None)
