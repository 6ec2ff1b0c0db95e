"""How a percentile came about: its place in the order, the two values about it, and rounding."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from qingchuan.processing.air.percentiles import ordered, percentile
from qingchuan.processing.air.wording import named, number, shown
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.wording import many

if TYPE_CHECKING:
    from qingchuan.processing.scaled import Scaled
    from qingchuan.processing.standards import AirAssessment

_WHOLE = 100


def explain_percentile(
    item: str, values: Scaled, percent: int, rules: AirAssessment, *, decimals: int = 0
) -> Explanation:
    """How a percentile of values came about.

    Parameters
    ----------
    item : str
        What they are values of.
    values : ndarray of uint16, shape (n,)
        Such as the days of a period. [scaled]
    percent : int
        0 … 100. [%]
    rules : AirAssessment
        The edition of HJ 663.
    decimals : int, optional
        How many decimals more than the values the percentile has. [-]

    Returns
    -------
    Explanation
        Its parts are the values that the percentile lies on or between.

    Raises
    ------
    ValueError
        The percent is not 0 … 100.

    Examples
    --------
    >>> import numpy as np
    >>> from qingchuan.processing import standards
    >>> values = np.array([3, 4, 8, 2, 5, 4, 65535], np.uint16)
    >>> told = explain_percentile("pm25", values, 90, standards.load("hj663_2013", standards.AirAssessment))
    >>> told.value, told.exact, told.rule.zh
    (6.0, Fraction(13, 2), '6个值升序排列，序数k=1+(6−1)×90%=5.5，m=5+(8−5)×0.5=6.5，修约为6')
    """
    series, about = ordered(values), named(item, rules)
    found, count = int(percentile(series, percent, decimals=decimals)), int(series.counts)
    valid = series.values[:count].tolist()
    place = 1 + (count - 1) * Fraction(percent, _WHOLE)
    exact = _between(valid, place) / 10**about.decimals if count else None
    return Explanation(
        name=Text(f"{about.name.zh}第{percent}百分位数", f"percentile {percent} of {about.name.en}"),
        value=number(found, about.decimals + decimals),
        unit=about.unit,
        rule=_rule(valid, place, percent, about.decimals, shown(found, about.decimals + decimals)),
        source=Source.of(rules, rules.percentiles),
        exact=exact,
        decimals=about.decimals + decimals,
        valid=count,
        expected=series.values.shape[-1],
        parts=tuple(_value(valid, at, about.decimals, about.unit) for at in _places(valid, place)),
    )


def _places(valid: list[int], place: Fraction) -> range:
    """Places, counted from 1, of the one or two values that decide."""
    if not valid:
        return range(0)
    return range(int(place), int(place) + (1 if place == int(place) else 2))


def _between(valid: list[int], place: Fraction) -> Fraction:
    """Formula (A.4)."""
    below, above = (valid[at - 1] for at in (_places(valid, place)[0], _places(valid, place)[-1]))
    return below + (above - below) * (place - int(place))


def _rule(valid: list[int], place: Fraction, percent: int, decimals: int, told: str) -> Text:
    if not valid:
        return Text("无有效值", "no value is valid")
    n, places = len(valid), _places(valid, place)
    below, above = (shown(valid[at - 1], decimals) for at in (places[0], places[-1]))
    exact = f"{float(_between(valid, place) / 10**decimals):.8g}"
    way = below if len(places) == 1 else f"{below}+({above}−{below})×{float(place - int(place)):.8g}={exact}"
    return Text(
        f"{n}个值升序排列，序数k=1+({n}−1)×{percent}%={float(place):.8g}，m={way}，修约为{told}",
        f"{many(n, 'value')} in order, k = 1 + ({n} − 1) × {percent} % = {float(place):.8g}, m = {way}, "
        f"rounded to {told}",
    )


def _value(valid: list[int], place: int, decimals: int, unit: str) -> Explanation:
    return Explanation(
        name=Text(f"升序第{place}个值X({place})", f"X({place}), value {place} in order"),
        value=number(valid[place - 1], decimals),
        unit=unit,
        rule=Text("监测值", "as measured"),
    )
