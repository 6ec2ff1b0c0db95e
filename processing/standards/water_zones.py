"""SL 395: when a water function zone complies over a year."""

from __future__ import annotations

from qingchuan.processing.standards.edition import Edition, Part


class ZoneYear(Part, frozen=True, kw_only=True):
    """The share of a year's evaluations that must comply [%], and the decimals of that share [-]."""

    at_least: int
    decimals: int


class FunctionZones(Edition, frozen=True, kw_only=True):
    """An edition of SL 395."""

    year: ZoneYear
