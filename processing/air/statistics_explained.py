"""How a mean or a percentile of a period came about, and why it is valid or not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import numpy as np

from qingchuan.processing.air.percentiles_explained import explain_percentile
from qingchuan.processing.air.statistics import ItemStatistics, monthly_means, period_statistics
from qingchuan.processing.air.wording import Named, named, number, period_name, plain, shown
from qingchuan.processing.calendar_periods import CalendarPeriod, Days, month_of
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import AirAssessment, Text
from qingchuan.processing.wording import many

_VALID = Text("有效", "valid")
_NOT_VALID = Text("无效", "not valid")


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
    return Explanation(
        name=Text(f"{about.name.zh}{of.zh}平均浓度", f"mean of {about.name.en}, {of.en}"),
        value=number(int(found.mean), places),
        unit=about.unit,
        rule=_mean_rule(kept, about, told),
        source=Source.of(rules, rules.means),
        exact=exact,
        decimals=places,
        valid=int(found.count),
        expected=period.days,
        parts=(explain_enough_days(found, rules),),
    )


def explain_monthly_means(
    item: str, days: Scaled, dates: Days, rules: AirAssessment, *, decimals: int = 0
) -> Explanation:
    """How the means of the months came about that some days lie in.

    Parameters
    ----------
    item : str
    days : ndarray of uint16, shape (days,)
        Daily values of one place. [scaled]
    dates, decimals
        As `monthly_means` has them.
    rules : AirAssessment
        The edition of HJ 663, for the decimals.

    Returns
    -------
    Explanation
        A part for each month; the whole has no figure of its own.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hj663_2013", standards.AirAssessment)
    >>> dates = np.array(["2026-01-30", "2026-01-31", "2026-02-01"], "datetime64[D]")
    >>> told = explain_monthly_means("pm25", np.array([30, 33, 65535], np.uint16), dates, rules)
    >>> [(part.name.zh, part.value, part.exact, part.valid, part.expected) for part in told.parts]
    [('2026年1月', 32.0, Fraction(63, 2), 2, 31), ('2026年2月', None, None, 0, 28)]
    """
    found, about = monthly_means(days, dates, decimals=decimals), named(item, rules)
    means = zip(found.months.astype(dt.date).tolist(), found.mean.tolist(), found.counts.tolist(), strict=True)
    return Explanation(
        name=Text(f"{about.name.zh}月平均浓度", f"monthly means of {about.name.en}"),
        value=None,
        rule=Text(
            "各月平均浓度为该月有效日值的算术平均值", "the mean of a month is the arithmetic mean of its valid days"
        ),
        source=Source.of(rules, rules.means),
        parts=tuple(
            _month(month_of(first), mean, count, _kept(days, dates, month_of(first)), about, decimals)
            for first, mean, count in means
        ),
    )


def _month(
    month: CalendarPeriod, mean: int, count: int, kept: list[int], about: Named, more_decimals: int
) -> Explanation:
    places = about.decimals + more_decimals
    return Explanation(
        name=period_name(month),
        value=number(mean, places),
        unit=about.unit,
        rule=_mean_rule(kept, about, shown(mean, places)),
        exact=Fraction(sum(kept), len(kept) * 10**about.decimals) if kept else None,
        decimals=places,
        valid=count,
        expected=month.days,
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
        Its value is 有效, valid, or 无效, not valid.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.calendar_periods import year_of
    >>> year, rules = year_of(dt.date(2025, 1, 1)), standards.load("hj663_2013", standards.AirAssessment)
    >>> days = {"pm25": np.full(365, 30, np.uint16)}
    >>> told = explain_enough_days(period_statistics(days, year.dates, year, rules)["pm25"], rules)
    >>> told.value.en, told.rule.en
    ('valid', '365 valid days, at least 324 needed; every month has enough')
    """
    minimum = rules.minimum(statistics.period.kind, statistics.item)
    count, expected = int(statistics.count), statistics.period.days
    name = Text("数据统计有效性", "validity of the statistic")
    value = _VALID if statistics.valid else _NOT_VALID
    if minimum is None:
        rule = Text(
            f"有效日{count}天（共{expected}天）；标准对该时段未规定最少有效天数",
            f"{many(count, 'valid day')} of {expected}; the standard asks for no number in such a period",
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
            f"{many(count, 'valid day')}, at least {minimum.at_least} needed; "
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


def _mean_rule(kept: list[int], about: Named, told: str) -> Text:
    """A mean in a sentence: its sum, by how many it is divided, and what it is rounded to."""
    if not kept:
        return _none()
    total = plain(sum(kept), about.decimals)
    return Text(
        f"{len(kept)}个有效日均值之和{total}除以{len(kept)}，按GB/T 8170修约为{told}",
        f"the sum {total} of {many(len(kept), 'valid day')}, divided by {len(kept)}, rounded half to even to {told}",
    )


def _none() -> Text:
    return Text("时段内无有效日值", "no day of the period is valid")
