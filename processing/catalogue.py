"""The parameter catalogue: what is measured, its names, unit and official decimals."""

from __future__ import annotations

import functools
import tomllib
from importlib import resources
from typing import Literal

import msgspec

Domain = Literal["air", "water"]
Period = Literal["hour", "day", "instant", "minute", "realtime"]


class UnknownItem(LookupError):  # noqa: N818 - says what happened, as all our errors do
    """The catalogue has no item of this key."""


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pollutant of the air or a parameter of the water.

    Attributes
    ----------
    key : str
        Its name in code, payloads and answers, such as ``"pm25"``.
    domain : {"air", "water"}
    periods : tuple of {"hour", "day", "instant"}
        What is told of it.
    name_zh, name_en, symbol : str
        For people, such as 细颗粒物, Fine particles and PM₂.₅.
    unit : str
        Of all its values; empty for pH.
    plausible : (float, float)
        Least and largest value that an instrument may tell. [`unit`]
    decimals : int
        Official decimals. [-]
    cycle_hours : int
        How often a station sends a new value. [h]
    signed : bool
        Whether its values may be negative; a negative value of any other item counts as missing.
    """

    key: str
    domain: Domain
    periods: tuple[Period, ...]
    name_zh: str
    name_en: str
    symbol: str
    unit: str
    plausible: tuple[float, float]
    decimals: int
    cycle_hours: int
    signed: bool = False


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    items: tuple[Item, ...]


def item(key: str) -> Item:
    """Entry of an item.

    Parameters
    ----------
    key : str
        Such as ``"pm25"`` or ``"nh3n"``.

    Raises
    ------
    UnknownItem
        The catalogue does not have it.

    Examples
    --------
    >>> item("co").unit, item("co").decimals, item("nh3n").symbol
    ('mg/m³', 1, 'NH₃-N')
    """
    try:
        return _catalogue()[key]
    except KeyError:
        known = ", ".join(_catalogue())
        msg = f"the item has the key {key!r}; known are {known} (processing/catalogue.toml)"
        raise UnknownItem(msg) from None


def items(domain: Domain) -> tuple[Item, ...]:
    """All items of a domain, in the order they are shown.

    Examples
    --------
    >>> [entry.key for entry in items("air")]
    ['so2', 'no2', 'pm10', 'pm25', 'co', 'o3', 'o3_8h']
    """
    return tuple(entry for entry in _catalogue().values() if entry.domain == domain)


def told(period: Period) -> tuple[str, ...]:
    """Keys of the items that are told of a period.

    Examples
    --------
    >>> told("day")
    ('so2', 'no2', 'pm10', 'pm25', 'co', 'o3_8h')
    """
    return tuple(entry.key for entry in _catalogue().values() if period in entry.periods)


@functools.cache
def _catalogue() -> dict[str, Item]:
    text = resources.files("qingchuan.processing").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return {entry.key: entry for entry in msgspec.convert(tomllib.loads(text), _File).items}
