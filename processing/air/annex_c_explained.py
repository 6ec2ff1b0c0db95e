"""How the indices of HJ 663, annex C, came about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from qingchuan.processing.air.annex_c import AnnexCIndex, Ratios, annex_c_index, annex_c_ratios
from qingchuan.processing.air.statistics import ItemStatistics
from qingchuan.processing.air.wording import named, number, shown
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards import AirAssessment, AmbientAirLimits, Text


def explain_annex_c_index(
    statistics: Mapping[str, ItemStatistics],
    limits: AmbientAirLimits,
    rules: AirAssessment,
    *,
    on: date,
    decimals: int,
) -> Explanation:
    """How the composite index of a place by annex C came about.

    Parameters
    ----------
    statistics : mapping of str to ItemStatistics, shape ()
        Of one place.
    limits, rules, on, decimals
        As `annex_c_index` has them.

    Returns
    -------
    Explanation
        Its parts are the single indices, with mean and percentile, and the largest of them.

    Examples
    --------
    >>> import numpy as np
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.air.statistics import period_statistics
    >>> from qingchuan.processing.calendar_periods import year_of
    >>> year = year_of(date(2025, 1, 1))
    >>> rules, limits = standards.in_force("hj663", year.last), standards.in_force("gb3095", year.last)
    >>> means = {"so2": 8, "no2": 30, "pm10": 50, "pm25": 28, "co": 9, "o3_8h": 140}
    >>> days = {item: np.full(365, value, np.uint16) for item, value in means.items()}
    >>> statistics = period_statistics(days, year.dates, year, rules)
    >>> told = explain_annex_c_index(statistics, limits, rules, on=year.last, decimals=2)
    >>> told.value, told.parts[3].rule.zh
    (3.5, 'max(平均值28÷35, 第95百分位数28÷75)，按GB/T 8170修约为0.80')
    """
    found = annex_c_index(statistics, limits, rules, on=on, decimals=decimals)
    whole, total = bool(found.total >= 0), shown(int(found.total), decimals)
    exact = Fraction(int(found.exact.sum()), found.denominator) if whole else None
    added = Text(
        f"各单项指数之和，按GB/T 8170修约为{total}", f"sum of the single indices, rounded half to even to {total}"
    )
    return Explanation(
        name=Text("环境空气质量综合指数（HJ 663附录C）", "composite index of ambient air quality (HJ 663, annex C)"),
        value=number(int(found.total), decimals),
        rule=added if whole else _missing(),
        source=Source.of(rules, rules.comparison),
        exact=exact,
        decimals=decimals,
        parts=(
            *(
                _single(found, place, statistics.get(item), annex_c_ratios(item, limits, rules, on=on), rules)
                for place, item in enumerate(found.items)
            ),
            _largest(found, rules),
        ),
    )


def _single(
    found: AnnexCIndex, place: int, statistics: ItemStatistics | None, ratios: Ratios, rules: AirAssessment
) -> Explanation:
    item, single, exact = found.items[place], int(found.single[place]), int(found.exact[place])
    about, told = named(item, rules), shown(single, found.decimals)
    return Explanation(
        name=Text(f"{about.name.zh}单项指数", f"single index of {about.name.en.lower()}"),
        value=number(single, found.decimals),
        rule=_missing() if statistics is None or exact < 0 else _worse(statistics, ratios, about.decimals, told),
        source=Source.of(rules, rules.comparison),
        exact=None if exact < 0 else Fraction(exact, found.denominator),
        decimals=found.decimals,
        valid=0 if statistics is None else int(statistics.count),
        expected=None if statistics is None else statistics.period.days,
    )


def _worse(statistics: ItemStatistics, ratios: Ratios, decimals: int, told: str) -> Text:
    """The larger of mean by limit and percentile by limit, as far as they take part."""
    zh, en = [], []
    if ratios.mean is not None:
        quotient = f"{shown(int(statistics.mean), decimals)}÷{shown(ratios.mean, decimals)}"
        zh.append(f"平均值{quotient}")
        en.append(f"mean {quotient}")
    if ratios.percentile is not None:
        quotient = f"{shown(int(statistics.percentile), decimals)}÷{shown(ratios.percentile, decimals)}"
        zh.append(f"第{statistics.percent}百分位数{quotient}")
        en.append(f"percentile {statistics.percent} {quotient}")
    return Text(f"{_greatest(zh)}，按GB/T 8170修约为{told}", f"{_greatest(en)}, rounded half to even to {told}")


def _greatest(terms: list[str]) -> str:
    return f"max({', '.join(terms)})" if len(terms) > 1 else terms[0]


def _largest(found: AnnexCIndex, rules: AirAssessment) -> Explanation:
    largest = shown(int(found.largest), found.decimals)
    most = Text(f"单项指数最大者，{largest}", f"the largest single index, {largest}")
    return Explanation(
        name=Text("环境空气质量最大指数", "largest index"),
        value=number(int(found.largest), found.decimals),
        rule=most if found.largest >= 0 else _missing(),
        source=Source.of(rules, rules.comparison),
    )


def _missing() -> Text:
    return Text("有项目缺测或统计值无效，不计算", "an item is missing or not valid: there is none")
