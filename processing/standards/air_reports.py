"""HJ 633: what a report of the index names, what it publishes, and whom it warns."""

from __future__ import annotations

import msgspec

from qingchuan.processing.standards.edition import Part, Text


class Primary(Part, frozen=True, kw_only=True):
    """There is a primary pollutant where the AQI is above this [-]."""

    above: int


class Exceedance(Part, frozen=True, kw_only=True):
    """A pollutant whose IAQI is above this exceeds its limit (超标污染物) [-].

    Attributes
    ----------
    above : int
    text : str
        As printed.
    """

    above: int
    text: str


class NotMonitored(Part, frozen=True, kw_only=True):
    """What is published of an item that is not monitored by plan.

    Attributes
    ----------
    mark : str
        Stands for its concentration and index.
    years : int
        So many years in a row it must not have been the primary pollutant of a day of `level` or worse. [a]
    level : int
    text : str
        As printed.
    """

    mark: str
    years: int
    level: int
    text: str


class Publishing(Part, frozen=True, kw_only=True):
    """What is published when an item is missing.

    Attributes
    ----------
    incomplete_above : int or None
        An AQI computed without all items is published only above this; None where there is no such rule. [-]
    missing : str
        Mark that stands for the concentration and the index of an item that is missing.
    not_monitored : NotMonitored or None
        None where the edition does not speak of it.
    text : str
        As printed.
    """

    incomplete_above: int | None = None
    missing: str
    not_monitored: NotMonitored | None = None
    text: str


class SensitiveGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """People who are sensitive to some items; the Chinese as printed, the English is a translation."""

    items: tuple[str, ...]
    people: Text


class SensitiveGroups(Part, frozen=True, kw_only=True):
    """Who should take measures where the index of an item is above a number [-]."""

    above: int
    rows: tuple[SensitiveGroup, ...]
