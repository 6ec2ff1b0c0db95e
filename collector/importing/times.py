"""The times of a file: text to the start of a period, by the format, the offset and the label that the mapping says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Literal

import msgspec

from qingchuan.collector.refusal import RefusedError
from qingchuan.processing import periods
from qingchuan.store.observations import PERIOD_SECONDS, Period

_USUAL = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H时%M分",
    "%Y年%m月%d日 %H时",
    "%Y年%m月%d日%H时",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日",
    "%Y%m%d %H",
    "%Y%m%d%H",
    "%Y%m%d",
)
"""Formats that are tried where the mapping says none: all begin with the year, so that each text has one meaning."""

_OF_A_TABLE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)?")
"""How a time stands here that the file holds as a time, not as a text."""

_MIDNIGHT = re.compile(r"(?<!\d)24(?=(:00(:00)?|时(00分)?|点)?$)|(?<=^\d{8})24(?=(00(00)?)?$)")
"""The hour 24:00, which ends a natural day; also where it stands right behind the eight digits of the day."""


class TimeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which column has the time, and what it means.

    Attributes
    ----------
    column : str or tuple of str
        A column; of several headings the first that the file has.
    hour : str or None
        A further column, whose text follows with a blank between.
    format : str or tuple of str
        As of ``datetime.strptime``; the first that fits. Without any, usual ones that begin with the year.
    zone : str
        Offset of the clock of the file.
    label : {"start", "end"} or None
        What of its period a time names; an instant has none.
    """

    column: str | tuple[str, ...]
    hour: str | None = None
    format: str | tuple[str, ...] = ()
    zone: str = "+08:00"
    label: Literal["start", "end"] | None = None


def check_time_rule(rule: TimeRule, period: Period) -> Iterator[str]:
    """What is wrong with a rule.

    Examples
    --------
    >>> list(check_time_rule(TimeRule(column="time"), "day"))
    ["time.label is missing; whether the time of a 'day' is its start or its end is never guessed: start or end"]
    """
    length = PERIOD_SECONDS.get(period)
    if length is None and rule.label is not None:
        yield f"time.label is {rule.label!r}; a period '{period}' is an instant and has no label"
    if length is not None and rule.label is None:
        yield (
            f"time.label is missing; whether the time of a '{period}' is its start or its end is never guessed: "
            "start or end"
        )
    try:
        datetime.fromisoformat(f"2026-01-01T00:00:00{rule.zone}")
    except ValueError:
        yield f"time.zone is {rule.zone!r}; an offset such as +08:00 would do"


class TimeReader:
    """Reads times by a rule.

    Parameters
    ----------
    rule : TimeRule
    period : {"hour", "day", "instant", "minute", "realtime"}

    Examples
    --------
    >>> read = TimeReader(TimeRule(column="time", label="end"), "hour")
    >>> periods.to_beijing(read("2026-03-01 24:00")).isoformat()
    '2026-03-01T23:00:00+08:00'
    """

    def __init__(self, rule: TimeRule, period: Period) -> None:
        self._formats = (rule.format,) if isinstance(rule.format, str) else rule.format or _USUAL
        self._zone = rule.zone
        self._back = PERIOD_SECONDS.get(period, 0) if rule.label == "end" else 0
        self._read = lru_cache(maxsize=65_536)(self._moment)  # many rows tell of one time

    def __call__(self, text: str) -> int:
        """Start of the period, or the instant, that a text names. [s since 1970-01-01 UTC].

        Raises
        ------
        RefusedError
            It does not fit the format.
        """
        return self._read(" ".join(text.split())) - self._back

    def _moment(self, text: str) -> int:
        for form in self._formats:
            moment = self._by(text, form)
            if moment is not None:
                return moment
        of_a_table = _OF_A_TABLE.fullmatch(text)
        if of_a_table:
            return periods.parse_instant(text if of_a_table[1] else f"{text}{self._zone}")
        shown = ", ".join(self._formats)
        raise RefusedError("wrong-time", f"the time is {text[:60]!r}; it does not fit time.format ({shown})")

    def _by(self, text: str, form: str) -> int | None:
        """By one format; what it cannot read as it stands may be the end of a day, as 10:24 is not."""
        moment = self._fit(text, form)
        if moment is None and "%H" in form and (early := _MIDNIGHT.sub("00", text)) != text:
            moment = self._fit(early, form)
            return None if moment is None else moment + periods.DAY
        return moment

    def _fit(self, text: str, form: str) -> int | None:
        zone = "" if "%z" in form else f" {self._zone}"
        try:
            moment = datetime.strptime(f"{text}{zone}", f"{form}{' %z' if zone else ''}")  # noqa: DTZ007 - it has %z
            return periods.from_datetime(moment)
        except ValueError:
            return None
