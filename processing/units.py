"""Values in other units: exact on decimals, text to text.

A conversion by a power of ten moves the point and changes no digit: 0.70 mg/m³ are 700 µg/m³, and 700 µg/m³ are
0.700 mg/m³. Which digits of a value are significant is the sender's matter; none is dropped or added.
"""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from importlib import resources
from typing import NamedTuple

import msgspec

from qingchuan.processing import catalogue
from qingchuan.processing.air.reference_state import ppb_factor
from qingchuan.processing.standards.air_state import State

_EXACT = Context(prec=300, traps=[Inexact])
"""Wide enough for all that is taken: nothing is ever rounded in it."""

_LONGEST, _FARTHEST = 100, 60
"""Digits of a number, and places between its first digit and the point, at most."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)

_PARTS = "ppb"


class UnitError(ValueError):
    """A unit that is not known, or of another quantity."""


class _Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    unit: str
    factor: str
    shift: str = "0"
    also: tuple[str, ...] = ()


class _Quantity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    en: str
    units: tuple[_Unit, ...]

    def find(self, unit: str) -> _Unit | None:
        exact, folded = _spellings(self)
        plain = _plain(unit)
        return exact.get(plain) or folded.get(plain.casefold())


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    digits: int
    quantities: tuple[_Quantity, ...]


class _Conversion(NamedTuple):
    """A value times `factor` plus `shift`; `power` is that of ten which the factor is, if it is one."""

    factor: Fraction
    shift: Fraction
    power: int | None


def convert(text: str, unit: str, to: str) -> str:
    """The number `text` of `unit` in the unit `to`.

    Parameters
    ----------
    text : str
        A decimal number.
    unit, to : str
        In any spelling of processing/units.toml.

    Returns
    -------
    str
        `text` itself where both are the same unit; without an exponent otherwise. Exact where a decimal is exact; else,
        as in 5/9, rounded half to even to nine significant digits, once.

    Raises
    ------
    UnitError
        A unit is not known, or the two are not of one quantity; or the text is no number of a usual size.

    Examples
    --------
    >>> convert("0.00011", "mg/l", "µg/L"), convert("0.70", "mg/m³", "ug/m3"), convert("0.0125", "S/m", "µS/cm")
    ('0.11', '700', '125')
    >>> convert("295.30", "K", "℃"), convert("68", "℉", "Cel"), convert("68.5", "℉", "Cel")
    ('22.15', '20', '20.2777778')
    >>> convert("5", "mg/L", "℃")
    Traceback (most recent call last):
    qingchuan.processing.units.UnitError: mg/L is a unit of mass concentration (质量浓度), not of temperature (温度); ℃, K or ℉ would do (processing/units.toml)
    """  # noqa: E501 - a message of one line
    if unit == to:
        return text
    conversion = _conversion(unit, to)
    if conversion.power == 0 and not conversion.shift:
        return text
    number = _number(text)
    if conversion.power is None:
        return _written(Fraction(number) * conversion.factor + conversion.shift)
    moved = number.scaleb(conversion.power, _EXACT)
    return format(_EXACT.add(moved, _decimal(conversion.shift)) if conversion.shift else moved, "f")


def is_mole_fraction(unit: str) -> bool:
    """Whether a unit is one of parts, such as ppb: `gas_concentration` converts it.

    Examples
    --------
    >>> is_mole_fraction("ppb"), is_mole_fraction("µmol/mol"), is_mole_fraction("µg/m³")
    (True, True, False)
    """
    return unit != "" and _quantity_of(_PARTS).find(unit) is not None


def gas_concentration(text: str, unit: str, item: str, state: State) -> str:
    """The mass concentration of a mole fraction of a gas, rounded once to the official decimals of its item.

    Parameters
    ----------
    text : str
        A decimal number.
    unit : str
        Of a mole fraction: ppb, ppm, µmol/mol …
    item : str
        A gas: ``"so2"``, ``"no2"``, ``"co"``, ``"o3"``.
    state : State
        That the concentration is to be told for, by the edition of GB 3095 of the day.

    Returns
    -------
    str
        [unit of the item]

    Raises
    ------
    UnitError
        The unit is of another quantity, or the text is no number of a usual size.
    LookupError
        It is not known what the item weighs.

    References
    ----------
    .. [1] processing/air/gases.toml; ideal gas.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> state = standards.load("gb3095_2026", standards.AmbientAirLimits).state(date(2026, 3, 1))
    >>> gas_concentration("100", "ppb", "o3", state), gas_concentration("1.0", "ppm", "co", state)
    ('196', '1.1')
    """
    parts = Fraction(_number(convert(text, unit, _PARTS)))
    decimals = catalogue.item(item).decimals
    whole = round(parts * ppb_factor(item, state) * 10**decimals)
    return format(Decimal(whole).scaleb(-decimals, _EXACT), "f")


@functools.lru_cache(maxsize=1024)  # the same few pairs again and again
def _conversion(unit: str, to: str) -> _Conversion:
    for quantity in _file().quantities:
        given, wanted = quantity.find(unit), quantity.find(to)
        if given and wanted:
            factor = Fraction(given.factor) / Fraction(wanted.factor)
            shift = Fraction(given.shift) * factor - Fraction(wanted.shift)
            return _Conversion(factor, shift, _power(factor))
    raise UnitError(_why_not(unit, _quantity_of(to)))


def _quantity_of(unit: str) -> _Quantity:
    """The first quantity that has a unit, by its own name rather than by another spelling."""
    found = [quantity for quantity in _file().quantities if quantity.find(unit)]
    if not found:
        raise UnitError(f"unit {unit!r} is not known; those that are stand in processing/units.toml")
    return next((quantity for quantity in found if unit in (known.unit for known in quantity.units)), found[0])


def _why_not(unit: str, wanted: _Quantity) -> str:
    other = next((quantity for quantity in _file().quantities if quantity.find(unit)), None)
    what = f"{unit or 'no unit'} is a unit of {_named(other)}, not" if other else f"{unit!r} is not known as a unit"
    *some, last = [known.unit or "no unit" for known in wanted.units]
    would_do = f"{', '.join(some)} or {last}" if some else last
    return f"{what} of {_named(wanted)}; {would_do} would do (processing/units.toml)"


def _named(quantity: _Quantity) -> str:
    return f"{quantity.en} ({quantity.zh})"


def _number(text: str) -> Decimal:
    number = Decimal(text) if len(text) <= _LONGEST and _NUMBER.fullmatch(text) else None
    if number is None or abs(number.adjusted()) > _FARTHEST:
        raise UnitError(f"the value is {text[:40]!r}; a number such as 0.35 would do, without a unit")
    return number


def _written(value: Fraction) -> str:
    """A value without zeros at the end; where it is no decimal, with so many significant digits as the table says."""
    if _is_decimal(value):
        return format(_decimal(value).normalize(_EXACT), "f")
    first = _NEARLY.divide(Decimal(value.numerator), Decimal(value.denominator)).adjusted()
    decimals = _file().digits - 1 - first
    whole = round(value * Fraction(10) ** decimals)
    return format(Decimal(whole).scaleb(-decimals, _EXACT).normalize(_EXACT), "f")


def _is_decimal(value: Fraction) -> bool:
    """Whether a fraction has an end when it is written as a decimal."""
    return _TENS % value.denominator == 0


_TENS = 10**200
"""More decimals than a product of a number and a factor has."""

_NEARLY = Context(prec=50)
"""To find the first digit of a quotient."""


def _decimal(value: Fraction) -> Decimal:
    return _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))


def _power(factor: Fraction) -> int | None:
    """Which power of ten a factor is; None where it is none."""
    larger = max(factor.numerator, factor.denominator)
    digits = str(larger)
    if min(factor.numerator, factor.denominator) != 1 or digits.strip("0") != "1":
        return None
    return len(digits) - 1 if factor >= 1 else 1 - len(digits)


_DROPPED = dict.fromkeys(map(ord, " \t·⋅∙.^*_"), "")
_SPELT = {**_DROPPED, ord("μ"): "u", ord("−"): "-", ord("×"): "", ord("º"): "°", ord("˚"): "°"}


@functools.lru_cache(maxsize=1024)
def _plain(unit: str) -> str:
    """A unit without what different people write differently."""
    signs = unit.translate({ord("º"): "°", ord("˚"): "°", ord("°"): "°"})
    return unicodedata.normalize("NFKC", signs).translate(_SPELT)


@functools.cache
def _spellings(quantity: _Quantity) -> tuple[dict[str, _Unit], dict[str, _Unit]]:
    """The units of a quantity by their spellings, and by those without capitals that only one of them has."""
    exact = dict(_spelt(quantity))
    folded: dict[str, set[_Unit]] = {}
    for spelling, unit in exact.items():
        folded.setdefault(spelling.casefold(), set()).add(unit)
    return exact, {spelling: units.pop() for spelling, units in folded.items() if len(units) == 1}


def _spelt(quantity: _Quantity) -> Iterator[tuple[str, _Unit]]:
    for unit in quantity.units:
        for spelling in (unit.unit, *unit.also):
            yield _plain(spelling), unit


@functools.cache
def _file() -> _File:
    text = resources.files("qingchuan.processing").joinpath("units.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _File)
