"""Spearman's rank correlation with time (秩相关系数, Daniel's test): the trend of HJ 663 and of 环办〔2011〕22号."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.explanation import Explanation
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.trend.direction import NOT_JUDGED, UNCHANGED, WORDS, direction, series
from qingchuan.processing.wording import many

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.explanation import Source
    from qingchuan.processing.standards.air_assessment import Trend

_CLOSE = 1e-9
"""So near to its critical value a coefficient is compared in whole numbers; floats are a million times finer."""


class Spearman(NamedTuple):
    """Trends by rank correlation.

    Attributes
    ----------
    coefficient : ndarray of float64, shape (...)
        Rank correlation with time. [-] NaN with fewer than two valid periods, or where all are equal.
    valid : ndarray of int64, shape (...)
        How many periods are valid. [-]
    critical : ndarray of float64, shape (...)
        What it was compared with. [-] NaN with fewer periods than are printed.
    trend : ndarray of uint8, shape (...)
        1 rising, 2 falling, 3 essentially unchanged; 0 with fewer periods than the test needs.
    """

    coefficient: NDArray[np.float64]
    valid: NDArray[np.int64]
    critical: NDArray[np.float64]
    trend: NDArray[np.uint8]


class _Moments(NamedTuple):
    """Sums of the doubled ranks, in whole numbers: n² times covariance and variances."""

    both: NDArray[np.int64]
    time: NDArray[np.int64]
    value: NDArray[np.int64]


def spearman(values: ArrayLike, rule: Trend) -> Spearman:
    """Trends of series by Spearman's rank correlation with time.

    Parameters
    ----------
    values : array_like of float, shape (..., periods)
        One value a period, such as annual means, in order of time. NaN or infinite where missing.
    rule : Trend
        Critical values of the edition, such as ``standards.load("hj663_2013", AirAssessment).trend``.

    Returns
    -------
    Spearman

    Raises
    ------
    ValueError
        A single value without an axis of periods.

    Notes
    -----
    Missing periods are dropped and the others numbered anew: the count of those decides. Equal values share the mean of
    their ranks, of which the text says nothing, and the coefficient is the correlation of the ranks; without ties that
    is formula (B.1). The coefficient is not rounded: the text gives it no decimals.

    The coefficient must be larger in size than the critical value; one that equals it shows no change. The tables have
    gaps (11, 13, … periods) and end at 30. A number of periods that is not printed takes the value of the next smaller
    one that is, which is larger: a trend is never claimed on less evidence than a printed value asks for.

    All periods alike have no coefficient, and are essentially unchanged.

    References
    ----------
    .. [1] HJ 663—2013, 5.2 and annex B, formula (B.1), table B.1; 环办〔2011〕22号.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("hj663_2013", standards.AirAssessment).trend
    >>> found = spearman([[60, 55, 48, 41, 38], [35, 38, 36, 41, 40], [1, 2, 3, 5, 4]], rule)
    >>> found.coefficient, found.trend
    (array([-1. ,  0.8,  0.9]), array([2, 3, 3], dtype=uint8))
    """
    values = series(values)
    count = np.isfinite(values).sum(axis=-1)
    moments = _moments(values)
    size = np.sqrt(moments.time.astype(np.float64) * moments.value)
    coefficient = np.divide(moments.both, size, out=np.full(size.shape, np.nan), where=size > 0)
    critical = _critical(count, rule)
    significant = _exceeds(np.abs(coefficient), critical, moments)
    trend = direction(coefficient, significant, count >= rule.at_least)
    return Spearman(coefficient, np.asarray(count), critical, trend)


def explain_spearman(values: ArrayLike, rule: Trend, source: Source) -> Explanation:
    """How the trend of one series came about.

    Parameters
    ----------
    values : array_like of float, shape (periods,)
    rule : Trend
        Critical values of the edition.
    source : Source
        Of the rule: ``Source.of(edition, edition.trend)``.

    Returns
    -------
    Explanation
        Of the coefficient, with the critical value as its limit; its rule says which trend that is.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.explanation import Source
    >>> edition = standards.load("hj663_2013", standards.AirAssessment)
    >>> told = explain_spearman([60, 55, 48, 41, 38], edition.trend, Source.of(edition, edition.trend))
    >>> told.value, told.limit, told.rule.zh
    (-1.0, 0.9, '5 个有效周期按数值升序排序，与时间序号求秩相关系数，|-1| > 临界值 0.900，判定为下降趋势')
    """
    values = series(values)
    found = spearman(values, rule)
    moments = _moments(values)
    untied = int(moments.time) == int(moments.value) > 0
    judged = int(found.trend) != NOT_JUDGED
    coefficient = float(found.coefficient)
    return Explanation(
        name=Text("Spearman 秩相关系数", "Spearman's rank correlation with time"),
        value=None if np.isnan(coefficient) else coefficient,
        rule=_rule(found, rule),
        source=source,
        exact=Fraction(int(moments.both), int(moments.time)) if untied else None,
        valid=int(found.valid),
        expected=values.size,
        limit=float(found.critical) if judged else None,
        parts=tuple(_period(number, values) for number in range(values.size)),
    )


def _moments(values: NDArray[np.float64]) -> _Moments:
    there = np.isfinite(values)
    count = there.sum(axis=-1)
    time = 2 * np.where(there, np.cumsum(there, axis=-1), 0)
    value = _doubled_ranks(values)
    time_sum, value_sum = time.sum(axis=-1), value.sum(axis=-1)
    return _Moments(
        np.asarray(count * (time * value).sum(axis=-1) - time_sum * value_sum),
        np.asarray(count * (time * time).sum(axis=-1) - time_sum * time_sum),
        np.asarray(count * (value * value).sum(axis=-1) - value_sum * value_sum),
    )


def _doubled_ranks(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Twice the mean rank among the valid values of a series, which is whole; 0 where missing."""
    ranks = np.zeros(values.shape, dtype=np.int64)
    for period in range(values.shape[-1]):
        other = values[..., period, np.newaxis]
        ranks += 2 * (values > other)
        ranks += values == other
    return np.where(np.isfinite(values), ranks + 1, 0)


def _critical(count: NDArray[np.int64], rule: Trend) -> NDArray[np.float64]:
    """Critical values: of the largest printed number of periods that is not above the count; NaN below the first."""
    printed = np.array([periods for periods, _ in rule.critical], dtype=np.int64)
    limits = np.array([np.nan, *(limit for _, limit in rule.critical)], dtype=np.float64)
    place = np.searchsorted(printed, count, side="right")
    return np.asarray(limits[place])


def _exceeds(size: NDArray[np.float64], critical: NDArray[np.float64], moments: _Moments) -> NDArray[np.bool_]:
    """Whether a coefficient is larger than its critical value; equal is not, to the last digit."""
    exceeds = np.asarray(size > critical)
    close = np.abs(size - critical) < _CLOSE
    sums = (part[close].tolist() for part in moments)
    limits = (Fraction(str(limit)) for limit in critical[close].tolist())
    exceeds[close] = [both**2 > limit**2 * time * value for both, time, value, limit in zip(*sums, limits, strict=True)]
    return exceeds


def _rule(found: Spearman, rule: Trend) -> Text:
    count, words = int(found.valid), WORDS[int(found.trend)]
    if count < rule.at_least:
        few = f"有效周期 {count} 个，不足 {rule.at_least} 个，{words.zh}"
        return Text(few, f"{many(count, 'valid period')}, fewer than {rule.at_least}: {words.en}")
    if np.isnan(found.coefficient):
        return Text(
            f"{count} 个有效周期的数值全部相同，{words.zh}", f"all {many(count, 'valid period')} are alike: {words.en}"
        )
    sign = "≤" if int(found.trend) == UNCHANGED else ">"
    size, limit = f"|{float(found.coefficient):.6g}|", f"{float(found.critical):.3f}"  # 0.714286 is more than 0.714
    return Text(
        f"{count} 个有效周期按数值升序排序，与时间序号求秩相关系数，{size} {sign} 临界值 {limit}，判定为{words.zh}",
        f"{many(count, 'valid period')} ranked by value, correlated with their order in time:"
        f" {size} {sign} the critical value {limit}, {words.en}",
    )


def _period(number: int, values: NDArray[np.float64]) -> Explanation:
    name = Text(f"第 {number + 1} 期", f"period {number + 1}")
    if np.isnan(values[number]):
        return Explanation(name=name, value=None, rule=Text("缺测，不参加排序", "missing, not ranked"))
    rank = f"{_doubled_ranks(values)[number] / 2:g}"
    place = f"{np.isfinite(values[: number + 1]).sum()}"
    told = Text(f"时间序号 {place}，数值升序序号 {rank}", f"rank {place} in time, {rank} by value")
    return Explanation(name=name, value=float(values[number]), rule=told)
