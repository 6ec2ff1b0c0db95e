"""How a mean of the water came about: its samples, how it was taken, and how it was rounded."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.decimals import written
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards import Text
from qingchuan.processing.water.classes import counting
from qingchuan.processing.water.detection_explained import explain_below_detection, shaped
from qingchuan.processing.water.means import exact_mean, mean_of_means, period_means
from qingchuan.processing.wording import many

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from qingchuan.processing.standards import WaterRounding
    from qingchuan.processing.water.means import Means


def explain_period_mean(
    samples: ArrayLike, item: str, rules: WaterRounding, at_least: int, below: ArrayLike | None = None
) -> Explanation:
    """How the mean of one item over one period came about.

    Parameters
    ----------
    samples : array_like of float, shape (samples,)
        As `period_means` has them. [unit of the item]
    item : str
        Key of the catalogue.
    rules : WaterRounding
        The edition of 总站水字〔2020〕90号.
    at_least : int
        How many samples a mean needs. [-]
    below : array_like of bool, broadcastable to the shape of `samples`, or None
        Where less than the detection limit was found, so that the sample is a share of that; None for nowhere.

    Returns
    -------
    Explanation
        Of the rounded mean; `expected` is how many samples there were. `exact` is missing of pH, whose mean is no
        fraction. Its parts are the samples below a detection limit, by the limit.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> told = explain_period_mean([0.024, 0.025, 0.026, np.nan], "tp", rules, 1)
    >>> told.value, told.valid, told.rule.zh
    (0.025, 3, '3 个有效值的算术平均值，按四舍六入五成双修约至 3 位小数，为 0.025 mg/L')
    """
    samples = np.asarray(samples, dtype=np.float64)
    found = period_means(samples[np.newaxis], (item,), rules, at_least)
    told = _told(samples, item, rules, found, at_least)
    return replace(told, parts=explain_below_detection(samples, below, item, rules))


def explain_mean_of_means(
    samples: ArrayLike, item: str, rules: WaterRounding, at_least: int, below: ArrayLike | None = None
) -> Explanation:
    """How the mean over months or points of one item came about.

    Parameters
    ----------
    samples : array_like of float, shape (groups, samples)
        As `mean_of_means` has them. [unit of the item]
    item, rules
        As `explain_period_mean` has them.
    at_least : int
        How many groups a mean needs. [-]
    below : array_like of bool, broadcastable to the shape of `samples`, or None
        As `explain_period_mean` has it.

    Returns
    -------
    Explanation
        Of the rounded mean; its parts are the means of the groups, rounded for show only.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> told = explain_mean_of_means([[3.0, 4.0], [8.0, np.nan]], "codmn", rules, 2)
    >>> told.value, told.exact, [part.value for part in told.parts]
    (5.8, Fraction(23, 4), [3.5, 8.0])
    """
    samples = np.asarray(samples, dtype=np.float64)
    found = mean_of_means(samples[np.newaxis], (item,), rules, at_least)
    exact = [mean for row in counting(samples[np.newaxis], (item,))[0] if (mean := exact_mean(row)) is not None]
    unit, places = catalogue.item(item).unit, rules.evaluation(item)
    hydrogen = item in rules.means.hydrogen_ions
    value, count = _value(found), int(found.counts[0])
    rows = zip(samples, shaped(below, samples), strict=True)
    return Explanation(
        name=_name(item),
        value=value,
        unit=unit,
        rule=_rule(value, count, at_least, item, rules, Text("组均值", "group mean")),
        source=Source.of(rules, rules.means),
        exact=None if hydrogen or not exact else sum(exact, Fraction(0)) / len(exact),
        decimals=places,
        valid=count,
        expected=len(samples),
        parts=tuple(explain_period_mean(row, item, rules, 1, halved) for row, halved in rows),
    )


def _told(
    samples: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    item: str,
    rules: WaterRounding,
    found: Means,
    at_least: int,
) -> Explanation:
    value, count = _value(found), int(found.counts[0])
    exact = None if item in rules.means.hydrogen_ions else exact_mean(counting(samples[np.newaxis], (item,)))
    return Explanation(
        name=_name(item),
        value=value,
        unit=catalogue.item(item).unit,
        rule=_rule(value, count, at_least, item, rules, Text("有效值", "valid value")),
        source=Source.of(rules, rules.means),
        exact=exact,
        decimals=rules.evaluation(item),
        valid=count,
        expected=samples.size,
    )


def _name(item: str) -> Text:
    entry = catalogue.item(item)
    return Text(f"{entry.name_zh}平均值", f"mean of {entry.name_en}")


def _value(found: Means) -> float | None:
    return None if np.isnan(found.values[0]) else float(found.values[0])


def _rule(value: float | None, count: int, at_least: int, item: str, rules: WaterRounding, inputs: Text) -> Text:
    if value is None:
        return Text(
            f"{inputs.zh} {count} 个，不足 {max(at_least, 1)} 个，不评价",
            f"{many(count, inputs.en)}, fewer than {max(at_least, 1)}: there is none",
        )
    shown, places = f"{written(value)} {catalogue.item(item).unit}".strip(), rules.evaluation(item)
    if item in rules.means.hydrogen_ions:
        way = Text("氢离子浓度算术平均值的负对数", "negative logarithm of the mean concentration of hydrogen ions")
    else:
        way = Text("算术平均值", "arithmetic mean")
    return Text(
        f"{count} 个{inputs.zh}的{way.zh}，按四舍六入五成双修约至 {places} 位小数，为 {shown}",
        f"{way.en} of {many(count, inputs.en)}, rounded half to even to {many(places, 'decimal')}: {shown}",
    )
