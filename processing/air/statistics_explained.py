"""How a mean or a percentile of a period came about, and why it is valid or not."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from qingchuan.processing.air.percentiles_explained import explain_percentile
from qingchuan.processing.air.statistics import ItemStatistics, period_statistics
from qingchuan.processing.air.wording import named, number, period_name, plain, shown
from qingchuan.processing.calendar_periods import CalendarPeriod, Days
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import AirAssessment, Text


def explain_period_mean(
    item: str, days: Scaled, dates: Days, period: CalendarPeriod, rules: AirAssessment, *, decimals: int = 0
) -> Explanation:
    """How the mean of an item in a period came about.

    Parameters
    ----------
    item : str
    days : ndarray of uint16, shape (days,)
        Daily values of one place. [scaled]
    dates, period, rules, decimals
        As `period_statistics` has them.

    Returns
    -------
    Explanation
        Its part says whether the mean is valid.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.calendar_periods import month_of
    >>> period = month_of(date(2025, 2, 1))
    >>> days = np.array([30, 31] * 14, np.uint16)
    >>> told = explain_period_mean("pm25", days, period.dates, period, standards.in_force("hj663", period.last))
    >>> told.value, told.exact, told.rule.zh
    (30.0, Fraction(61, 2), '28个有效日均值之和854除以28，按GB/T 8170修约为30')
    """
    found = period_statistics({item: days}, dates, period, rules, decimals=decimals)[item]
    about, places = named(item, rules), named(item, rules).decimals + decimals
    kept = _kept(days, dates, period)
    exact = Fraction(sum(kept), len(kept) * 10**about.decimals) if kept else None
    of, told = period_name(period), shown(int(found.mean), places)
    total = plain(sum(kept), about.decimals)
    return Explanation(
        name=Text(f"{about.name.zh}{of.zh}平均浓度", f"mean of {about.name.en}, {of.en}"),
        value=number(int(found.mean), places),
        unit=about.unit,
        rule=_none()
        if exact is None
        else Text(
            f"{len(kept)}个有效日均值之和{total}除以{len(kept)}，按GB/T 8170修约为{told}",
            f"the sum {total} of {len(kept)} valid days, divided by {len(kept)}, rounded half to even to {told}",
        ),
        source=Source.of(rules, rules.means),
        exact=exact,
        decimals=places,
        valid=int(found.count),
        expected=period.days,
        parts=(explain_enough_days(found, rules),),
    )


def explain_period_percentile(
    item: str, days: Scaled, dates: Days, period: CalendarPeriod, rules: AirAssessment, *, decimals: int = 0
) -> Explanation:
    """How the percentile of an item in a period came about, the one that the edition judges.

    Parameters
    ----------
    item : str
    days : ndarray of uint16, shape (days,)
        Daily values of one place. [scaled]
    dates, period, rules, decimals
        As `period_statistics` has them.

    Returns
    -------
    Explanation
        Its parts are the two values about the place, where there is any, and whether the percentile is valid.

    Raises
    ------
    LookupError
        The edition judges no percentile of the item.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.calendar_periods import month_of
    >>> period, rules = month_of(date(2025, 4, 1)), standards.in_force("hj663", date(2025, 4, 30))
    >>> days = np.arange(10, 310, 10, dtype=np.uint16)
    >>> told = explain_period_percentile("o3_8h", days, period.dates, period, rules)
    >>> told.value, told.exact, told.rule.zh
    (271.0, Fraction(271, 1), '30个值升序排列，序数k=1+(30−1)×90%=27.1，m=270+(280−270)×0.1=271，修约为271')
    """
    found = period_statistics({item: days}, dates, period, rules, decimals=decimals)[item]
    if found.percent is None:
        raise LookupError(f"the item has the key {item!r}; no percentile of it is judged ({rules.document}, table 2)")
    about, of = named(item, rules), period_name(period)
    told = explain_percentile(item, np.asarray(days)[period.holds(dates)], found.percent, rules, decimals=decimals)
    return replace(
        told,
        name=Text(
            f"{about.name.zh}{of.zh}第{found.percent}百分位数",
            f"percentile {found.percent} of {about.name.en}, {of.en}",
        ),
        expected=period.days,
        parts=(*told.parts, explain_enough_days(found, rules)),
    )


def explain_enough_days(statistics: ItemStatistics, rules: AirAssessment) -> Explanation:
    """Why a statistic is valid, or not: how many days there are, in all and in the months, and how many there must be.

    Parameters
    ----------
    statistics : ItemStatistics
        Of one place.
    rules : AirAssessment
        The edition of HJ 663.

    Returns
    -------
    Explanation
        Its value is 有效 or 无效.
    """
    minimum = rules.minimum(statistics.period.kind, statistics.item)
    count, expected = int(statistics.count), statistics.period.days
    name = Text("数据统计有效性", "validity of the statistic")
    value = "有效" if statistics.valid else "无效"
    if minimum is None:
        rule = Text(
            f"有效日{count}天（共{expected}天）；标准对该时段未规定最少有效天数",
            f"{count} valid days of {expected}; the standard asks for no number in such a period",
        )
        return Explanation(
            name=name,
            value=value,
            rule=rule,
            source=Source.of(rules, rules.validity),
            valid=count,
            expected=expected,
        )
    short = _short(statistics, rules)
    zh = "，".join(f"{month}月{had}天（应不少于{wanted}天）" for month, had, wanted in short)
    en = ", ".join(f"month {month} has {had} of {wanted}" for month, had, wanted in short)
    return Explanation(
        name=name,
        value=value,
        rule=Text(
            f"有效日{count}天，应不少于{minimum.at_least}天；"
            + (f"不足的月份：{zh}" if short else "各月有效天数均满足要求"),
            f"{count} valid days, at least {minimum.at_least} needed; "
            + (f"too few: {en}" if short else "every month has enough"),
        ),
        source=Source.of(rules, rules.validity),
        valid=count,
        expected=expected,
        limit=minimum.at_least,
    )


def _short(statistics: ItemStatistics, rules: AirAssessment) -> list[tuple[int, int, int]]:
    """Months that have too few days: number, how many there are, how many there must be."""
    minimum = rules.minimum(statistics.period.kind, statistics.item)
    if minimum is None:
        return []
    wanted = minimum.of_months(statistics.months).tolist()
    counted = zip(statistics.months.tolist(), statistics.month_counts.tolist(), wanted, strict=True)
    return [(month.month, had, needed) for month, had, needed in counted if had < needed]


def _kept(days: Scaled, dates: Days, period: CalendarPeriod) -> list[int]:
    return [int(value) for value in np.asarray(days)[period.holds(dates)] if value != MISSING]


def _none() -> Text:
    return Text("时段内无有效日值", "no day of the period is valid")
