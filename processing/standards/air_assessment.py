"""HJ 663: how concentrations become statistics, and when a statistic is valid."""

from __future__ import annotations

from datetime import date

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
    window, at_least : int
        Hours of a window, and how many of them must be valid. [h]
    first_label, last_label : int
        Labels (ends) of the first and the last window of a day. [h]
    windows_at_least : int
        How many windows must be valid, unless the maximum exceeds the limit. [-]
    """

    window: int
    at_least: int
    first_label: int
    last_label: int
    windows_at_least: int


class Area(Part, frozen=True, kw_only=True):
    """How many of a city's stations must be valid.

    Attributes
    ----------
    share : int
        [%]
    few : int
        Below so many stations in all `share_of_few` holds. [-]
    share_of_few : int
        [%]
    """

    share: int
    few: int
    share_of_few: int


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
    stands_in_for : str or None
        Document whose place these rules take because its text is not at hand; callers show it.
    """

    decimals: StatisticDecimals
    daily_mean: DailyMean
    daily_maximum: DailyMaximum
    area: Area
    stand_in: StandIn | None = None
    stands_in_for: str | None = None
