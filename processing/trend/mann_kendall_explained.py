"""How the result of a Mann–Kendall test and a slope of Sen came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.trend.direction import NOT_JUDGED, UNCHANGED, WORDS, series
from qingchuan.processing.trend.mann_kendall import MannKendall, mann_kendall, seasonal_mann_kendall, sen_slope

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_WORDS = {**WORDS, UNCHANGED: Text("无显著趋势", "no significant trend")}
_MANN = Source("", "Mann (1945)", "Econometrica 13(3), 245–259", None)
_HIRSCH = Source("", "Hirsch, Slack and Smith (1982)", "Water Resour. Res. 18(1), 107–121", None)
_SEN = Source("", "Sen (1968)", "J. Am. Stat. Assoc. 63(324), 1379–1389", None)


def explain_seasonal_mann_kendall(values: ArrayLike, period: int, alpha: float) -> Explanation:
    """How the trend of one series with seasons came about.

    Parameters
    ----------
    values : array_like of float, shape (steps,)
    period : int
        Steps of a year. [-]
    alpha : float
        Significance of the two-sided test. [-]

    Returns
    -------
    Explanation
        Of z, with its critical value as the limit; the seasons' S, variance, probability, tau and slope as parts.

    Examples
    --------
    >>> months = np.tile([2.0, 5.0, 3.0], 8) - np.repeat(np.arange(8), 3) / 8
    >>> told = explain_seasonal_mann_kendall(months, 3, 0.05)
    >>> told.rule.zh
    'S = -84，Var(S) = 196，Z = (S + 1)/√Var(S) = -5.929，|Z| > 1.960（双侧 α = 0.05），判定为下降趋势'
    """
    values = series(values)
    found = seasonal_mann_kendall(values, period, alpha)
    years = -(-values.size // period)
    whole = np.full(years * period, np.nan)
    whole[: values.size] = values
    each = mann_kendall(whole.reshape(years, period).T, alpha)
    seasons = tuple(_season(number + 1, s) for number, s in enumerate(each.s.tolist()))
    name = Text("季节性 Mann–Kendall 检验统计量 Z", "Seasonal Mann–Kendall statistic Z")
    return _explanation(name, _HIRSCH, values, found, alpha, (*seasons, *_parts(found, values, period)))


def explain_mann_kendall(values: ArrayLike, alpha: float) -> Explanation:
    """How the trend of one series without seasons came about.

    Parameters
    ----------
    values : array_like of float, shape (steps,)
    alpha : float
        Significance of the two-sided test. [-]

    Returns
    -------
    Explanation
        Of z, with its critical value as the limit; variance, probability, tau and slope as parts.

    Examples
    --------
    >>> explain_mann_kendall([1, 2, 3, 4, 5, 6], 0.05).rule.en
    'S = 15, Var(S) = 28.33, Z = (S - 1)/√Var(S) = 2.630, |Z| > 1.960 (two-sided alpha 0.05): rising'
    """
    values = series(values)
    found = mann_kendall(values, alpha)
    name = Text("Mann–Kendall 检验统计量 Z", "Mann–Kendall statistic Z")
    return _explanation(name, _MANN, values, found, alpha, _parts(found, values, 1))


def explain_sen_slope(values: ArrayLike, period: int) -> Explanation:
    """How the slope of Sen of one series came about.

    Parameters
    ----------
    values : array_like of float, shape (steps,)
    period : int
        Steps of a year, of which only the same are compared; 1 without seasons. [-]

    Returns
    -------
    Explanation
        Of the slope, in the unit of the values a year.

    Examples
    --------
    >>> explain_sen_slope([1.0, 3.0, 4.0, 7.0], 1).rule.en
    'the median of the slopes of all pairs of the same season; the line begins at 0.5'
    """
    values = series(values)
    slope, intercept = (_number(part) for part in sen_slope(values, period))
    if slope is None:
        rule = Text("同季有效值不足 2 个，不能计算", "fewer than two valid values of a season: there is none")
    else:
        rule = Text(
            f"同季各对数值斜率的中位数；拟合直线截距 {intercept:g}",
            f"the median of the slopes of all pairs of the same season; the line begins at {intercept:g}",
        )
    return Explanation(
        name=Text("Sen 斜率", "Sen's slope"),
        value=slope,
        rule=rule,
        source=_SEN,
        valid=int(np.isfinite(values).sum()),
        expected=values.size,
    )


def _explanation(
    name: Text,
    source: Source,
    values: NDArray[np.float64],
    found: MannKendall,
    alpha: float,
    parts: tuple[Explanation, ...],
) -> Explanation:
    limit = float(ndtri(1 - alpha / 2))
    return Explanation(
        name=name,
        value=_number(found.z),
        rule=_rule(found, alpha, limit),
        source=source,
        valid=int(np.isfinite(values).sum()),
        expected=values.size,
        limit=limit,
        parts=parts,
    )


def _rule(found: MannKendall, alpha: float, limit: float) -> Text:
    words = _WORDS[int(found.trend)]
    if int(found.trend) == NOT_JUDGED:
        return Text(f"没有可比较的数值，{words.zh}", f"there is nothing to compare: {words.en}")
    made = f"(S {'-' if found.s > 0 else '+'} 1)/√Var(S) = {float(found.z):.3f}" if found.s else "0"
    sign = ">" if found.h else "≤"
    sums = f"S = {float(found.s):g}", f"Var(S) = {float(found.var_s):.4g}", f"Z = {made}", f"|Z| {sign} {limit:.3f}"
    return Text(
        f"{'，'.join(sums)}（双侧 α = {alpha:g}），判定为{words.zh}",
        f"{', '.join(sums)} (two-sided alpha {alpha:g}): {words.en}",
    )


def _parts(found: MannKendall, values: NDArray[np.float64], period: int) -> tuple[Explanation, ...]:
    return (
        Explanation(
            name=Text("方差 Var(S)", "variance of S"),
            value=_number(found.var_s),
            rule=Text(
                "[n(n−1)(2n+5) − Σt(t−1)(2t+5)]/18，逐季相加", "[n(n−1)(2n+5) − Σt(t−1)(2t+5)]/18, over the seasons"
            ),
        ),
        Explanation(
            name=Text("显著性概率 p", "probability p"),
            value=_number(found.p),
            rule=Text("标准正态分布双侧概率", "two-sided, by the normal distribution"),
        ),
        Explanation(
            name=Text("Kendall τ", "Kendall's tau"),
            value=_number(found.tau),
            rule=Text("S 与可比较的对数之比", "S out of all pairs that can be compared"),
        ),
        explain_sen_slope(values, period),
    )


def _season(number: int, s: float) -> Explanation:
    return Explanation(
        name=Text(f"第 {number} 季的 S", f"S of season {number}"),
        value=None if np.isnan(s) else s,
        rule=Text("同季各对数值中上升对数减下降对数", "pairs of the season that rise, less those that fall"),
    )


def _number(value: NDArray[np.float64]) -> float | None:
    return None if np.isnan(value) else float(value)
