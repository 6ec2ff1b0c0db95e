"""How a concentration of a gas at another state came about, and how one of parts per billion did."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.air.reference_state import converted, from_ppb, ppb_factor, state_factor
from qingchuan.processing.air.wording import named, number, shown
from qingchuan.processing.decimals import written
from qingchuan.processing.explanation import Explanation
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards import AirAssessment, Text
from qingchuan.processing.standards.air_state import State


def explain_converted(item: str, concentration: int, given: State, wanted: State, rules: AirAssessment) -> Explanation:
    """How a concentration of a gas at another state came about.

    Parameters
    ----------
    item : str
    concentration : int
        [scaled]
    given, wanted : State
    rules : AirAssessment
        The edition of HJ 663, for the decimals.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> old, new = standards.load("gb3095_2012", standards.AmbientAirLimits).states
    >>> told = explain_converted("o3_8h", 160, old, new, standards.load("hj663_2013", standards.AirAssessment))
    >>> told.value, told.rule.zh
    (147.0, '160×273÷298.15=146.5，按GB/T 8170修约为147')
    """
    about, factor = named(item, rules), state_factor(given, wanted)
    found = int(converted(np.asarray(concentration), factor))
    exact = None if concentration == MISSING else concentration * factor / 10**about.decimals
    value, told = shown(concentration, about.decimals), shown(found, about.decimals)
    ratios = [(f"{given.temperature:g}", f"{wanted.temperature:g}")]
    if given.pressure != wanted.pressure:
        ratios.append((f"{wanted.pressure:g}", f"{given.pressure:g}"))
    near = "" if exact is None else f"{float(exact):.{about.decimals + 1}f}"
    return Explanation(
        name=Text(f"{about.name.zh}换算至{wanted.name.zh}", f"{about.name.en} at the {wanted.name.en}"),
        value=number(found, about.decimals),
        unit=about.unit,
        rule=Text("缺测，不换算", "missing: not converted")
        if exact is None
        else Text(
            f"{value}{''.join(f'×{over}÷{under}' for over, under in ratios)}={near}，按GB/T 8170修约为{told}",
            f"{value}{''.join(f' × {over} / {under}' for over, under in ratios)} = {near}, "
            f"rounded half to even to {told}",
        ),
        exact=exact,
        decimals=about.decimals,
    )


def explain_from_ppb(value: float, item: str, state: State) -> Explanation:
    """How a mass concentration of parts per billion of a gas came about.

    Parameters
    ----------
    value : float
        NaN where missing. [ppb]
    item, state
        As `from_ppb` has them.

    Returns
    -------
    Explanation
        Its part is what was measured.

    Raises
    ------
    LookupError
        It is not known what the item weighs.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> state = standards.load("gb3095_2026", standards.AmbientAirLimits).state(date(2026, 3, 1))
    >>> told = explain_from_ppb(100, "o3", state)
    >>> told.value, told.rule.zh
    (196.0, '100 ppb×1.9618（298.15 K、1013.25 hPa下1 ppb的µg/m³数）=196.2，按GB/T 8170修约为196')
    """
    entry, found = catalogue.item(item), int(from_ppb(value, item, state))
    factor, there = ppb_factor(item, state), bool(np.isfinite(value))
    exact = Fraction(written(value)) * factor if there else None
    about = Text(f"{entry.name_zh}质量浓度", f"mass concentration of {entry.name_en}")
    return Explanation(
        name=about,
        value=number(found, entry.decimals),
        unit=entry.unit,
        rule=Text("缺测，不换算", "missing: not converted")
        if exact is None
        else _product(written(value), exact, factor, state, item, shown(found, entry.decimals)),
        exact=exact,
        decimals=entry.decimals,
        parts=(
            Explanation(
                name=Text(f"{entry.name_zh}体积分数", f"parts per billion of {entry.name_en}"),
                value=float(value) if there else None,
                unit="ppb",
                rule=Text("监测值", "as measured") if there else Text("缺测", "missing"),
            ),
        ),
    )


def _product(value: str, exact: Fraction, factor: Fraction, state: State, item: str, told: str) -> Text:
    entry = catalogue.item(item)
    temperature, pressure = f"{state.temperature:g} K", f"{state.pressure:g} hPa"
    one, near = f"{float(factor):.5g}", f"{float(exact):.{entry.decimals + 1}f}"
    return Text(
        f"{value} ppb×{one}（{temperature}、{pressure}下1 ppb的{entry.unit}数）={near}，按GB/T 8170修约为{told}",
        f"{value} ppb × {one} ({entry.unit} of 1 ppb at {temperature}, {pressure}) = {near}, "
        f"rounded half to even to {told}",
    )
