"""Numbers, dates and fractions as a person reads them."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from fractions import Fraction

from qingchuan.api.pages.words import Words
from qingchuan.api.parameters import Dates
from qingchuan.processing.periods import parse_instant, to_beijing

DASH = "—"
_MINUS = "−"
_MORE = 4
"""Digits of a fraction that are shown beyond those it was rounded to. [-]"""

_CLAUSES = (
    (r"notes of tables (\S+) and (\S+)", r"表\1、表\2的注"),
    (r"tables (\S+) and (\S+)", r"表\1、表\2"),
    (r"table (?=[A-Z]?\.?\d)", "表"),
    (r"annex (?=[A-Z]\b)", "附录"),
    (r"note (?=\(?[\da-z]\b)", "注"),
    (r"item (\d+)", r"第\1项"),
    (r"equation (?=\d)", "式"),
    (r",? with (?=GB 3095, \d)", " 及 "),
    (r" ?\(the number of the clause is not at hand\)", "（条款号不详）"),
    (r" ?\([a-z][a-z ,]*\)", ""),
)
"""How a Chinese document names what clauses are told by; what stands in brackets in English only is left out."""

_UNITS = {"d": "unit.day", "h": "unit.hour"}


def number(value: float | None, decimals: int | None = None, *, sign: bool = False) -> str:
    """A number with a true minus; a dash where there is none.

    Parameters
    ----------
    value : float or None
    decimals : int or None
        None: as it is. [-]
    sign : bool
        Whether a plus is written too.

    Examples
    --------
    >>> number(-3.4, 1), number(5, sign=True), number(2.5, 2), number(None), number(0.0, 1, sign=True)
    ('−3.4', '+5', '2.50', '—', '0.0')
    >>> number(0.00005), number(4.0), number(1234567.5), number(100)
    ('0.00005', '4', '1234567.5', '100')
    """
    if value is None:
        return DASH
    text = f"{Decimal(str(abs(value))).normalize():f}" if decimals is None else f"{abs(value):.{decimals}f}"
    plus = "+" if sign and value > 0 else ""
    return f"{_MINUS if value < 0 else plus}{text}"


def unit(text: str, words: Words) -> str:
    """A unit in the language spoken.

    Examples
    --------
    >>> unit("d", Words("zh")), unit("µg/m³", Words("zh"))
    ('天', 'µg/m³')
    """
    return words(_UNITS[text]) if text in _UNITS else text


def first_upper(text: str) -> str:
    """A text that begins with a capital letter, as a heading does.

    Examples
    --------
    >>> first_upper("good-air rate"), first_upper("PM₁₀"), first_upper("")
    ('Good-air rate', 'PM₁₀', '')
    """
    return text[:1].upper() + text[1:]


def fraction(text: str, decimals: int | None) -> str:
    """The decimal digits of an exact fraction, with an ellipsis where they go on.

    Examples
    --------
    >>> fraction("347/12", 1), fraction("57/2", 0), fraction("-1/3", 0)
    ('28.91666…', '28.5', '−0.3333…')
    """
    exact = Fraction(text)
    digits = (decimals or 0) + _MORE
    scaled, left = divmod(abs(exact.numerator) * 10**digits, exact.denominator)
    whole, part = divmod(scaled, 10**digits)
    shown = f"{whole}.{part:0{digits}d}"
    shown = f"{shown}…" if left else shown.rstrip("0").rstrip(".")
    return f"{_MINUS if exact < 0 else ''}{shown}"


def clause(text: str, words: Words) -> str:
    """A clause as the language spoken names tables, annexes and notes; titles stay as they are printed.

    Examples
    --------
    >>> clause("4.2.4, table 3", Words("zh")), clause("Table 1, note (2)", Words("zh"))
    ('4.2.4，表3', '表1，注(2)')
    >>> clause("5.1.1; notes of tables 3 and 4", Words("zh")), clause("5.2; annex B, table B.1", Words("en"))
    ('5.1.1；表3、表4的注', '5.2; annex B, table B.1')
    """
    if words.language == "en":
        return text
    for pattern, put in _CLAUSES:
        text = re.sub(pattern, put, text, flags=re.IGNORECASE)
    return text if re.search("[a-z]{2}", text) else text.replace(", ", "，").replace("; ", "；")


def day(text: str | dt.date, words: Words, *, year: bool = True) -> str:
    """A natural day.

    Examples
    --------
    >>> day("2026-11-25", Words("zh")), day("2026-11-25", Words("en"), year=False)
    ('2026年11月25日', '25 November')
    """
    date = dt.date.fromisoformat(text) if isinstance(text, str) else text
    short = words("date.day", month=_month(date, words), day=date.day)
    return words("date.with_year", day=short, year=date.year) if year else short


def moment(text: str, words: Words) -> str:
    """An instant in Beijing time.

    Examples
    --------
    >>> moment("2026-11-25T08:00:00+08:00", Words("en"))
    '25 November 2026, 08:00'
    """
    found = to_beijing(parse_instant(text))
    return words("date.at", day=day(found.date(), words), time=f"{found:%H:%M}")


def month(date: dt.date, words: Words) -> str:
    """A month.

    Examples
    --------
    >>> month(dt.date(2026, 11, 25), Words("zh")), month(dt.date(2026, 11, 25), Words("en"))
    ('2026年11月', 'November 2026')
    """
    return words("date.month_of", month=_month(date, words), year=date.year)


def period(dates: Dates, words: Words) -> str:
    """Natural days: a year, a month, a day, or from one day to another, both of them included.

    Examples
    --------
    >>> period(Dates(dt.date(2026, 1, 1), dt.date(2026, 11, 25)), Words("zh"))
    '2026年1月1日至11月24日'
    >>> period(Dates(dt.date(2026, 10, 1), dt.date(2026, 11, 1)), Words("en"))
    'October 2026'
    """
    start, last = dates.start, dates.end - dt.timedelta(days=1)
    if dates.days <= 0:
        return DASH
    if start == last:
        return day(start, words)
    if (start.month, start.day, last.month, last.day) == (1, 1, 12, 31) and start.year == last.year:
        return words("date.year", year=start.year)
    if start.day == 1 and dates.end.day == 1 and (start.year, start.month) == (last.year, last.month):
        return month(start, words)
    same = start.year == last.year
    key = f"date.span_{'same' if same else 'other'}_year"
    return words(
        key, first=day(start, words, year=False), last=day(last, words, year=False), of=start.year, to=last.year
    )


def _month(date: dt.date, words: Words) -> str:
    return words("date.months").split()[date.month - 1]
