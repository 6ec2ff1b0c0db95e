"""Decimal texts as float64, such that a comparison with a limit comes out as on the texts; and float64 as texts."""

from __future__ import annotations

import math
from decimal import Decimal, InvalidOperation

_DIGITS = 15
"""Every decimal of so many significant digits has a float64 of its own."""


def comparable(text: str) -> float:
    """Float64 that compares with every limit of at most 15 significant digits as the text itself does.

    Parameters
    ----------
    text : str
        A decimal number.

    Returns
    -------
    float
        The nearest float64. Where that is also the nearest one of a decimal of at most 15 digits that the text is
        not, its neighbour on the text's side.

    Raises
    ------
    ValueError
        The text is no finite number within the range of float64.

    Notes
    -----
    Between two decimals of 15 digits lie at least four float64, so that the neighbour never reaches the next limit.

    Examples
    --------
    >>> comparable("0.2"), comparable("0.2000000000000000001") > 0.2, comparable("0.1999999999999999999") < 0.2
    (0.2, True, True)
    """
    exact, nearest = _exact(text), float(text)
    if not math.isfinite(nearest):
        msg = f"the value has the text {text!r}; write a number between -1.7e308 and 1.7e308"
        raise ValueError(msg)
    shorter = Decimal(format(nearest, f".{_DIGITS}g"))
    if shorter == exact or float(shorter) != nearest:
        return nearest
    return math.nextafter(nearest, math.inf if exact > shorter else -math.inf)


def written(value: float) -> str:
    """Text of the decimal that a float stands for, as a person writes it: all of its digits, and no exponent.

    Parameters
    ----------
    value : float
        What is not finite has the text of Python.

    Returns
    -------
    str

    Examples
    --------
    >>> written(16.0), written(0.00005), written(0.20000000000001), written(1234567.5)
    ('16', '0.00005', '0.20000000000001', '1234567.5')
    """
    text = repr(float(value))
    return format(Decimal(text).normalize() + 0, "f") if math.isfinite(value) else text  # adding zero: -0 becomes 0


def _exact(text: str) -> Decimal:
    try:
        exact = Decimal(text)
    except InvalidOperation:
        exact = Decimal("NaN")
    if not exact.is_finite():
        msg = f"the value has the text {text!r}; write a decimal number such as 0.35"
        raise ValueError(msg)
    return exact
