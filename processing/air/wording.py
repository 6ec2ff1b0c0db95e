"""Words that explanations of the air share: names of items and of periods, and numbers as they are shown."""

from __future__ import annotations

from typing import NamedTuple

from qingchuan.processing import catalogue
from qingchuan.processing.calendar_periods import CalendarPeriod
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards import AirAssessment, Text
from qingchuan.processing.standards.air_limits import Grade

_QUARTERS = "一二三四"
_MONTHS_OF_A_QUARTER = 3
_JULY = 7


GRADES: dict[Grade, Text] = {1: Text("一级", "grade I"), 2: Text("二级", "grade II")}
"""Names of the grades of GB 3095."""


class Named(NamedTuple):
    """How an item is called, its unit and its official decimals.

    Attributes
    ----------
    name : Text
    unit : str
    decimals : int
        [-]
    """

    name: Text
    unit: str
    decimals: int


def named(item: str, rules: AirAssessment) -> Named:
    """Name, unit and decimals of an item that HJ 663 evaluates.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hj663_2013", standards.AirAssessment)
    >>> named("co", rules).name.zh, named("bap", rules).decimals
    ('一氧化碳', 4)
    """
    decimals, other = rules.decimals.items[item], rules.other.items.get(item)
    if other is not None:
        return Named(Text(other.zh, other.en), other.unit, decimals)
    entry = catalogue.item(item)
    return Named(Text(entry.name_zh, entry.name_en), entry.unit, decimals)


def period_name(period: CalendarPeriod) -> Text:
    """Name of a period.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing.calendar_periods import half_year_of, quarter_of, year_to_date
    >>> period_name(quarter_of(date(2026, 5, 1))), period_name(half_year_of(date(2026, 5, 1))).zh
    (Text(zh='2026年第二季度', en='quarter 2 of 2026'), '2026年上半年')
    >>> period_name(year_to_date(date(2026, 8, 31))).zh
    '2026年1月1日至8月31日'
    """
    start, last = period.start, period.last
    if period.kind == "year":
        return Text(f"{start.year}年", f"{start.year}")
    if period.kind == "half_year":
        first = start.month < _JULY
        return Text(f"{start.year}年{'上' if first else '下'}半年", f"half {1 if first else 2} of {start.year}")
    if period.kind == "quarter":
        number = (start.month - 1) // _MONTHS_OF_A_QUARTER
        return Text(f"{start.year}年第{_QUARTERS[number]}季度", f"quarter {number + 1} of {start.year}")
    if period.kind == "month":
        return Text(f"{start.year}年{start.month}月", f"{start:%Y-%m}")
    from_zh = f"{start.year}年{start.month}月{start.day}日"
    if period.kind == "day":
        return Text(from_zh, f"{start}")
    year = "" if last.year == start.year else f"{last.year}年"
    return Text(f"{from_zh}至{year}{last.month}月{last.day}日", f"{start} to {last}")


def shown(scaled: int, decimals: int) -> str:
    """A scaled number as it is shown; "—" where it is missing or there is none.

    Examples
    --------
    >>> shown(6, 1), shown(65535, 0), shown(-1, 2), shown(125, 2)
    ('0.6', '—', '—', '1.25')
    """
    return "—" if scaled == MISSING or scaled < 0 else plain(scaled, decimals)


def plain(scaled: int, decimals: int) -> str:
    """A number in units of its last decimal as it is shown, such as a sum or a difference: nothing stands for missing.

    Examples
    --------
    >>> plain(65535, 1), plain(-90, 1)
    ('6553.5', '−9.0')
    """
    return f"{scaled / 10**decimals:.{decimals}f}".replace("-", "−")


def number(scaled: int, decimals: int) -> float | None:
    """A scaled number as a float; None where it is missing or there is none.

    Examples
    --------
    >>> number(6, 1), number(65535, 0), number(-1, 2)
    (0.6, None, None)
    """
    return None if scaled == MISSING or scaled < 0 else scaled / 10**decimals
