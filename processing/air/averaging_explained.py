"""How a daily mean and a daily maximum 8-hour mean came about: valid hours, sums, rounding, and why they are valid."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.air.averaging import daily_max_8h, daily_mean
from qingchuan.processing.air.wording import named, number, plain, shown
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.rounding import divide_half_even
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.wording import many

if TYPE_CHECKING:
    from qingchuan.processing.air.wording import Named
    from qingchuan.processing.standards import AirAssessment


class _Window(NamedTuple):
    """The 8-hour mean of one label: its valid hours, and whether they are enough."""

    label: int
    hours: list[int]
    enough: bool

    @property
    def exact(self) -> Fraction:
        """Not rounded. [scaled]."""
        return Fraction(sum(self.hours), len(self.hours))


def explain_daily_mean(item: str, hours: Scaled, rules: AirAssessment) -> Explanation:
    """How the 24-hour mean of one natural day came about.

    Parameters
    ----------
    item : str
    hours : ndarray of uint16, shape (24,)
        Hourly means of one place, the first labelled 1:00. [scaled]
    rules : AirAssessment
        The edition of HJ 663.

    Returns
    -------
    Explanation
        Its parts are the hours.

    Raises
    ------
    ValueError
        The hours are not those of one day.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hj663_2013", standards.AirAssessment)
    >>> told = explain_daily_mean("pm25", np.arange(24, dtype=np.uint16), rules)
    >>> told.value, told.exact, told.rule.zh
    (12.0, Fraction(23, 2), '24个有效小时浓度之和276÷24=11.5，修约为12')
    """
    hours, about = _one_day(hours, rules), named(item, rules)
    mean = int(daily_mean(hours[:, np.newaxis], rules)[0, 0])
    valid, wanted = [hour for hour in hours.tolist() if hour != MISSING], rules.daily_mean.at_least
    exact = Fraction(sum(valid), len(valid)) if mean != MISSING else None
    return Explanation(
        name=Text(
            f"{about.name.zh}{rules.daily_mean.hours}小时平均浓度",
            f"{rules.daily_mean.hours}-hour mean of {about.name.en}",
        ),
        value=number(mean, about.decimals),
        unit=about.unit,
        rule=Text(
            f"有效小时{len(valid)}个，少于{wanted}个，日均值无效",
            f"{many(len(valid), 'valid hour')}, fewer than {wanted}: there is no mean",
        )
        if exact is None
        else _quotient(valid, exact, shown(mean, about.decimals), about),
        source=Source.of(rules, rules.daily_mean),
        exact=None if exact is None else exact / 10**about.decimals,
        decimals=about.decimals,
        valid=len(valid),
        expected=rules.daily_mean.hours,
        parts=tuple(_hour(label, hour, about) for label, hour in enumerate(hours.tolist(), start=1)),
    )


def explain_daily_max_8h(item: str, hours: Scaled, rules: AirAssessment, limit: int) -> Explanation:
    """How the daily maximum 8-hour mean of one natural day came about.

    Parameters
    ----------
    item : str
        Such as ``"o3_8h"``.
    hours : ndarray of uint16, shape (24,)
        Hourly means of one place, the first labelled 1:00. [scaled]
    rules : AirAssessment
        The edition of HJ 663.
    limit : int
        As `daily_max_8h` has it. [scaled]

    Returns
    -------
    Explanation
        Counted are the windows. Its parts are their means; the first of the largest is the one that decides.

    Raises
    ------
    ValueError
        The hours are not those of one day.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hj663_2013", standards.AirAssessment)
    >>> told = explain_daily_max_8h("o3_8h", np.arange(0, 240, 10, dtype=np.uint16), rules, 160)
    >>> told.value, told.rule.zh
    (195.0, '17个8小时平均中17个有效；最大者为24时的8小时平均：8个有效小时浓度之和1560÷8=195，修约为195')
    """
    hours, about, rule = _one_day(hours, rules), named(item, rules), rules.daily_maximum
    largest = int(daily_max_8h(hours[:, np.newaxis], rules, limit)[0, 0])
    windows = _windows(hours, rules)
    enough = [window for window in windows if window.enough]
    decisive = max(enough, key=lambda window: window.exact) if largest != MISSING else None
    counted = _counted(len(enough), len(windows), decisive, rules, limit, about)
    way = None if decisive is None else _decisive(decisive, shown(largest, about.decimals), about, rule.window)
    return Explanation(
        name=Text(f"{about.name.zh}浓度", about.name.en),
        value=number(largest, about.decimals),
        unit=about.unit,
        rule=counted if way is None else Text(f"{counted.zh}；{way.zh}", f"{counted.en}; {way.en}"),
        source=Source.of(rules, rule),
        exact=None if decisive is None else decisive.exact / 10**about.decimals,
        decimals=about.decimals,
        valid=len(enough),
        expected=len(windows),
        limit=limit / 10**about.decimals,
        parts=tuple(_mean_of(window, about, rules) for window in windows),
    )


def _one_day(hours: Scaled, rules: AirAssessment) -> Scaled:
    hours = np.asarray(hours)
    if hours.shape != (rules.daily_mean.hours,):
        raise ValueError(f"the hours have the shape {hours.shape}; one day has ({rules.daily_mean.hours},)")
    return hours


def _windows(hours: Scaled, rules: AirAssessment) -> list[_Window]:
    rule, windows = rules.daily_maximum, []
    for label in range(rule.first_label, rule.last_label + 1):
        valid = [hour for hour in hours[label - rule.window : label].tolist() if hour != MISSING]
        windows.append(_Window(label, valid, len(valid) >= rule.at_least))
    return windows


def _counted(
    enough: int, windows: int, decisive: _Window | None, rules: AirAssessment, limit: int, about: Named
) -> Text:
    """Whether there are enough windows, or which rule holds where there are not."""
    rule = rules.daily_maximum
    told = Text(
        f"{windows}个{rule.window}小时平均中{enough}个有效",
        f"{enough} of {windows} {rule.window}-hour means are valid",
    )
    if enough >= rule.windows_at_least:
        return told
    end, limit_shown = rule.windows_at_least, shown(limit, about.decimals)
    if decisive is None:
        return Text(
            f"{told.zh}，少于{end}个，且最大值未超过{limit_shown}，无效",
            f"{told.en}, fewer than {end}, and none exceeds {limit_shown}: there is no maximum",
        )
    return Text(
        f"{told.zh}，虽少于{end}个，但最大值超过{limit_shown}，仍有效",
        f"{told.en}, fewer than {end}, yet the maximum exceeds {limit_shown} and is valid",
    )


def _decisive(window: _Window, told: str, about: Named, length: int) -> Text:
    way = _quotient(window.hours, window.exact, told, about)
    return Text(
        f"最大者为{window.label}时的{length}小时平均：{way.zh}",
        f"the largest is that of {window.label}:00: {way.en}",
    )


def _quotient(valid: list[int], exact: Fraction, told: str, about: Named) -> Text:
    way = f"{plain(sum(valid), about.decimals)}÷{len(valid)}={float(exact / 10**about.decimals):.8g}"
    return Text(
        f"{len(valid)}个有效小时浓度之和{way}，修约为{told}",
        f"the sum of {many(len(valid), 'valid hour')}, {way}, rounded to {told}",
    )


def _mean_of(window: _Window, about: Named, rules: AirAssessment) -> Explanation:
    """A window: its mean, or why it has none."""
    rule = rules.daily_maximum
    mean = int(divide_half_even(sum(window.hours), len(window.hours))) if window.enough else MISSING
    count = len(window.hours)
    return Explanation(
        name=Text(f"{window.label}时的{rule.window}小时平均", f"{rule.window}-hour mean of {window.label}:00"),
        value=number(mean, about.decimals),
        unit=about.unit,
        rule=_quotient(window.hours, window.exact, shown(mean, about.decimals), about)
        if window.enough
        else Text(
            f"有效小时{count}个，少于{rule.at_least}个", f"{many(count, 'valid hour')}, fewer than {rule.at_least}"
        ),
        source=Source.of(rules, rule),
        exact=window.exact / 10**about.decimals if window.enough else None,
        decimals=about.decimals,
        valid=count,
        expected=rule.window,
    )


def _hour(label: int, value: int, about: Named) -> Explanation:
    return Explanation(
        name=Text(f"{label}时", f"{label}:00"),
        value=number(value, about.decimals),
        unit=about.unit,
        rule=Text("缺测", "missing") if value == MISSING else Text("小时平均浓度", "hourly mean"),
    )
