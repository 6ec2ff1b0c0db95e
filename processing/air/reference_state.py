"""The state of the air that gases are told for: 273 K until August 2018, 298.15 K since; and parts per billion.

A mass concentration goes with the pressure and against the temperature, so that old gas data seem 9 % higher than new
ones of the same air. Particles were told for 273 K too, and are told for the air as it is since: turning one into the
other needs the temperature and the pressure at the time of measuring.
"""

from __future__ import annotations

import functools
import tomllib
from fractions import Fraction
from importlib import resources

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from qingchuan.processing import catalogue
from qingchuan.processing.calendar_periods import Days
from qingchuan.processing.rounding import divide_half_even
from qingchuan.processing.scaled import LARGEST, MISSING, Scaled
from qingchuan.processing.standards.air_state import State
from qingchuan.processing.standards.by_day import editions_of

_PASCAL = 100
"""Of a hectopascal."""

_BILLION = 10**9

_MICROGRAMS = {"µg/m³": 10**6, "mg/m³": 10**3}
"""Units of a mass concentration in a gram of a cubic metre."""

_NEAR = 1e-9
"""So near to a tie, relative to the value, floats do not say on which side of it a value lies."""


class _Gases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    source: str
    weights: dict[str, str]
    gas_constant: str
    gases: dict[str, dict[str, int]]


def state_factor(given: State, wanted: State) -> Fraction:
    """Factor from a mass concentration of a gas at one state to that at another [-].

    Parameters
    ----------
    given, wanted : State
        Of an edition of GB 3095: `AmbientAirLimits.state`.

    References
    ----------
    .. [1] GB 3095—2012, 3.14, and its amendment of 2018; GB 3095—2026, 3.14 and 4.3.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> limits = standards.load("gb3095_2012", standards.AmbientAirLimits)
    >>> factor = state_factor(limits.state(date(2018, 8, 31)), limits.state(date(2018, 9, 1)))
    >>> factor, round(float(factor), 4)
    (Fraction(5460, 5963), 0.9156)
    """
    return (_exact(given.temperature) / _exact(wanted.temperature)) * (_exact(wanted.pressure) / _exact(given.pressure))


def converted(concentrations: Scaled, factor: Fraction) -> Scaled:
    """Concentrations times a factor, rounded once to the decimals they have.

    Parameters
    ----------
    concentrations : ndarray of uint16, any shape
        [scaled]
    factor : Fraction
        Positive: of `state_factor`. [-]

    Returns
    -------
    ndarray of uint16, shape of `concentrations`
        [scaled] Missing stays missing; beyond the range of uint16 the largest value.

    Examples
    --------
    >>> converted(np.array([100, 65535], np.uint16), Fraction(5460, 5963))
    array([   92, 65535], dtype=uint16)
    """
    values = np.asarray(concentrations)
    rounded = divide_half_even(values.astype(np.int64) * factor.numerator, factor.denominator)
    return np.asarray(np.where(values == MISSING, MISSING, np.minimum(rounded, LARGEST))).astype(np.uint16)


def at_state(days: Scaled, item: str, dates: Days, wanted: State) -> Scaled:
    """Concentrations of an item at one state, whatever the state was that each day was told for.

    Parameters
    ----------
    days : ndarray of uint16, shape (..., days)
        Each told for the state of its date. [scaled]
    item : str
    dates : ndarray of datetime64[D], shape (days,)
    wanted : State

    Returns
    -------
    ndarray of uint16, shape (..., days)
        [scaled] Missing on days that no edition of GB 3095 covers: it is not known what they were told for.

    Raises
    ------
    ValueError
        The item is told for the air as it is, on one of the days or in the state that is wanted, and not on all.

    References
    ----------
    .. [1] 生态环境部公告2018年第29号, from 2018-09-01.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> now = standards.load("gb3095_2012", standards.AmbientAirLimits).state(date(2018, 9, 1))
    >>> dates = np.array(["2018-08-31", "2018-09-01"], "datetime64[D]")
    >>> at_state(np.array([100, 100], np.uint16), "o3_8h", dates, now)
    array([ 92, 100], dtype=uint16)
    """
    days, (distinct, place) = np.asarray(days), np.unique(np.asarray(dates), return_inverse=True)
    states = _states(distinct)
    result = np.full_like(days, MISSING)
    for state in {id(state): state for state in states if state is not None}.values():
        told = np.array([given is state for given in states], np.bool_)[place]
        result[..., told] = _of_item(days[..., told], item, state, wanted)
    return result


def from_ppb(values: ArrayLike, item: str, state: State) -> Scaled:
    """Mass concentrations of parts per billion of a gas.

    Parameters
    ----------
    values : array_like of float, any shape
        Taken as the decimals that ``repr`` prints; NaN where missing. [ppb]
    item : str
        A gas: ``"so2"``, ``"no2"``, ``"co"``, ``"o3"``.
    state : State
        That the concentration is to be told for.

    Returns
    -------
    ndarray of uint16, shape of `values`
        [scaled] Missing where the value is missing, or rounds to less than zero.

    Raises
    ------
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
    >>> from_ppb([100, np.nan], "o3", state), from_ppb(1000, "co", state)
    (array([  196, 65535], dtype=uint16), array(11, dtype=uint16))
    """
    entry = catalogue.item(item)
    factor = ppb_factor(item, state) * 10**entry.decimals
    values = np.asarray(values, dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        near = np.asarray(values * float(factor))
        from_tie = np.abs(np.abs(near - np.trunc(near)) - 0.5)
        unsure = np.isfinite(near) & (from_tie <= _NEAR * np.maximum(np.abs(near), 1))
    whole = np.asarray(np.rint(near))
    whole[unsure] = [round(_exact(value) * factor) for value in values[unsure].tolist()]
    counted = np.where(whole >= 0, np.minimum(whole, LARGEST), MISSING)
    return np.asarray(counted).astype(np.uint16)


def ppb_factor(item: str, state: State) -> Fraction:
    """Mass concentration of one part per billion of a gas [unit of the item].

    Parameters
    ----------
    item : str
    state : State

    Raises
    ------
    LookupError
        It is not known what the item weighs.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> state = standards.load("gb3095_2026", standards.AmbientAirLimits).state(date(2026, 3, 1))
    >>> {item: round(float(ppb_factor(item, state)), 4) for item in ("so2", "no2", "o3", "co")}
    {'so2': 2.6183, 'no2': 1.8804, 'o3': 1.9618, 'co': 0.0011}
    """
    gases = _gases()
    if item not in gases.gases:
        known = ", ".join(gases.gases)
        raise LookupError(f"the item has the key {item!r}; weights are known of {known} (processing/air/gases.toml)")
    weight = sum(count * Fraction(gases.weights[atom]) for atom, count in gases.gases[item].items())
    moles = _PASCAL * _exact(state.pressure) / (Fraction(gases.gas_constant) * _exact(state.temperature))
    return weight * moles * _MICROGRAMS[catalogue.item(item).unit] / _BILLION


def _states(dates: Days) -> list[State | None]:
    """The state that concentrations of each day are told for; None where no edition covers it."""
    by_day = editions_of(dates, "gb3095")
    return [
        by_day.editions[edition].state(day) if edition >= 0 else None
        for edition, day in zip(by_day.index.tolist(), dates.tolist(), strict=True)
    ]


def _of_item(days: Scaled, item: str, given: State, wanted: State) -> Scaled:
    if item in given.ambient and item in wanted.ambient:
        return days
    if item not in given.items or item not in wanted.items:
        told = (
            f"{item} is told for the air as it is, or for the {given.name.en} or {wanted.name.en}, not for both alike"
        )
        raise ValueError(f"{told}; a gas of both would do, others need temperature and pressure (GB 3095, 3.14)")
    return converted(days, state_factor(given, wanted))


def _exact(number: float) -> Fraction:
    """The decimal that is printed for a number."""
    return Fraction(str(number))


@functools.cache
def _gases() -> _Gases:
    text = resources.files("qingchuan.processing.air").joinpath("gases.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Gases)
