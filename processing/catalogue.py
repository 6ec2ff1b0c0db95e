"""The parameter catalogue: what is measured, its names, unit and official decimals."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Collection
from importlib import resources
from typing import Literal, get_args

import msgspec

Domain = Literal["air", "air_other", "weather", "voc", "dust", "water", "water_other", "outfall", "water_source"]
Period = Literal["hour", "day", "instant", "minute", "realtime"]


DOMAINS: tuple[Domain, ...] = get_args(Domain)
PERIODS: tuple[Period, ...] = get_args(Period)

_JUDGED: dict[Period, Domain] = {"hour": "air", "day": "air", "instant": "water"}


class UnknownItem(LookupError):  # noqa: N818 - says what happened, as all our errors do
    """The catalogue has no item of this key."""


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What HJ 212 calls an item.

    Attributes
    ----------
    code : str
        Such as ``"w01018"``.
    unit : str or None
        Of a value whose sender says none; None where it is that of the item.
    basis : {"printed", "practice"}
        Whether code and unit stand in the tables of the standard, or rest on what instruments send.
    """

    code: str
    unit: str | None = None
    basis: Literal["printed", "practice"] = "printed"


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is measured: a pollutant, a parameter of the water, of the weather, of noise.

    Attributes
    ----------
    key : str
        Its name in code, payloads and answers, such as ``"pm25"``.
    domains : tuple of Domain
        Where it belongs.
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
    periods : tuple of {"hour", "day", "instant", "minute", "realtime"}
        Of what it is told.
    codes : tuple of Code
        How HJ 212 calls it.
    also : tuple of str
        Further names, as files have them.
    """

    key: str
    domains: tuple[Domain, ...]
    name_zh: str
    name_en: str
    symbol: str
    unit: str
    plausible: tuple[float, float]
    decimals: int
    cycle_hours: int
    signed: bool = False
    periods: tuple[Period, ...] = PERIODS
    codes: tuple[Code, ...] = ()
    also: tuple[str, ...] = ()


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
    return tuple(entry for entry in _catalogue().values() if domain in entry.domains)


def told(period: Period) -> tuple[str, ...]:
    """Keys of the items that standards judge by a period: of the air by hours and days, of the water by instants.

    Examples
    --------
    >>> told("day")
    ('so2', 'no2', 'pm10', 'pm25', 'co', 'o3_8h')
    """
    return tellable(period, {_JUDGED[period]} if period in _JUDGED else ())


def tellable(period: Period, domains: Collection[Domain]) -> tuple[str, ...]:
    """Keys of the items of any of some domains that are told of a period, in the order they are shown.

    Examples
    --------
    >>> tellable("hour", {"dust", "weather"})[:4]
    ('pm10', 'pm25', 'tsp', 'noise_leq')
    """
    entries = _catalogue().values()
    return tuple(
        entry.key for entry in entries if period in entry.periods and not set(entry.domains).isdisjoint(domains)
    )


def by_code(code: str) -> tuple[Item, str] | None:
    """The item that HJ 212 calls by a code, and the unit of a value whose sender says none; None where nothing has it.

    Parameters
    ----------
    code : str
        In capitals or not, as devices write ``w01018`` and ``W01018``.

    Examples
    --------
    >>> entry, unit = by_code("w20120")
    >>> entry.key, entry.unit, unit
    ('lead', 'mg/L', 'µg/L')
    >>> by_code("w99999") is None
    True
    """
    return _codes().get(code.casefold())


@functools.cache
def _codes() -> dict[str, tuple[Item, str]]:
    return {
        code.code.casefold(): (entry, entry.unit if code.unit is None else code.unit)
        for entry in _catalogue().values()
        for code in entry.codes
    }


@functools.cache
def _catalogue() -> dict[str, Item]:
    text = resources.files("qingchuan.processing").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return {entry.key: entry for entry in msgspec.convert(tomllib.loads(text), _File).items}
