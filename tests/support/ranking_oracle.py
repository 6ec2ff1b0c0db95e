"""Ranking statistics in plain Python and fractions, written from the text and not from the code."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

LIMITS = {
    "so2": Fraction(60),
    "no2": Fraction(40),
    "pm10": Fraction(70),
    "pm25": Fraction(35),
    "co": Fraction(4),
    "o3_8h": Fraction(160),
}
"""In µg/m³; of CO in mg/m³."""

PERCENTS = {"co": 95, "o3_8h": 90}
"""Of the items that do not go by their mean."""

SCALES = {"co": 10}
"""How many scaled units the unit of an item has, where it is not one."""

MISSING = 65535


def percentile(values: Sequence[int], percent: int) -> Fraction:
    """Percentile by HJ 663—2013, A.6, with its own numbering from 1; not rounded."""
    ordered = sorted(values)
    k = 1 + (len(ordered) - 1) * Fraction(percent, 100)
    s = k.numerator // k.denominator
    if s == len(ordered):
        return Fraction(ordered[-1])
    return ordered[s - 1] + (ordered[s] - ordered[s - 1]) * (k - s)


def concentration(item: str, days: Sequence[int]) -> int | None:
    """Scaled concentration of the period, half to even; None where no day is valid."""
    valid = [day for day in days if day != MISSING]
    if not valid:
        return None
    return round(percentile(valid, PERCENTS[item]) if item in PERCENTS else Fraction(sum(valid), len(valid)))


def single(item: str, value: int) -> int:
    """Single index in hundredths of a scaled concentration."""
    return round(100 * Fraction(value, SCALES.get(item, 1)) / LIMITS[item])


def total(days: dict[str, list[int]]) -> int | None:
    """Composite index in hundredths; None where an item is missing."""
    values = {item: concentration(item, days.get(item, [])) for item in LIMITS}
    singles = [single(item, value) for item, value in values.items() if value is not None]
    return sum(singles) if len(singles) == len(LIMITS) else None


def rank(own: int, others: Sequence[int]) -> int:
    """Competition rank, the smallest first."""
    return 1 + sum(other < own for other in others)
