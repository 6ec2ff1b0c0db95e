"""A reading that differs, in words: when it was, what it told before and after, and which message did it."""

from __future__ import annotations

from typing import Final

from qingchuan.api.queries.section_periods import item_name
from qingchuan.api.schemas.revisions import RevisedReading, RevisedValue
from qingchuan.processing import catalogue
from qingchuan.processing.flags import BAD, GOOD, NOT_EVALUATED, SUSPECT
from qingchuan.processing.standards import Text

_MINUTE, _DAY = 16, 10
"""How long the texts of a time to the minute, and of a day, are."""
_SHOWN: Final = 3
"""So many items of a reading are told in a sentence."""
_VALID: Final = frozenset({GOOD, NOT_EVALUATED})
_MARKS: Final = {BAD: Text(" 标为无效", " marked invalid"), SUSPECT: Text(" 标为可疑", " marked suspect")}
_VALID_AGAIN: Final = Text(" 恢复有效", " valid again")
_NOTHING: Final = Text("", "")
_SAMPLE: Final = Text(" 手工", " laboratory")
"""What is said of a sample of a laboratory."""


def source(item: str) -> str:
    """The item of the hours that an item of the days is made of.

    Examples
    --------
    >>> source("o3_8h"), source("pm25")
    ('o3', 'pm25')
    """
    return item.removesuffix("_8h")


def reading_in_words(one: RevisedReading, item: str | None = None) -> Text:
    """What became of a reading: its values of `item`, the item of a figure, or else the first few."""
    chosen = [key for key in one.values if item is not None and key in {item, source(item)}] or list(one.values)
    told = [_value(key, one.values[key]) for key in chosen[:_SHOWN]]
    more = ["…"] if len(chosen) > _SHOWN else []
    zh, en = "、".join([*(each.zh for each in told), *more]), ", ".join([*(each.en for each in told), *more])
    time, sample = _time(one), _SAMPLE if one.origin == "manual" else _NOTHING
    by = Text(f"消息 {one.sequence}", f"message {one.sequence}")
    return Text(
        f"{one.name.zh}{time.zh}{sample.zh} {one.why_name.zh}（{'，'.join(filter(None, [zh, by.zh]))}）",
        f"{one.name.en}{time.en}{sample.en} {one.why_name.en} ({', '.join(filter(None, [en, by.en]))})",
    )


def _value(item: str, value: RevisedValue) -> Text:
    """An item before and after; where the number is the same, what its flag became."""
    symbol = catalogue.item(item).symbol or item_name(item).zh
    number = _number(value.new) if value.old == value.new else f"{_number(value.old)}→{_number(value.new)}"
    mark = _mark(value)
    return Text(f"{symbol} {number}{mark.zh}", f"{symbol} {number}{mark.en}")


def _mark(value: RevisedValue) -> Text:
    """What the flag became, where that says more than the number does."""
    if value.old_flag == value.new_flag or value.new is None:
        return _NOTHING
    if value.new_flag in _VALID:
        return _VALID_AGAIN if value.old_flag in _MARKS else _NOTHING
    return _MARKS.get(value.new_flag, _NOTHING)


def _time(one: RevisedReading) -> Text:
    """When it was measured, in words; an hour is named by its end."""
    if one.start is None:
        return _NOTHING
    day, minute = one.start[:_DAY], one.start[_DAY + 1 : _MINUTE]
    if one.period == "hour":
        hour = int(minute[:2]) + 1
        return Text(f" {day} {hour}时", f" {day} hour {hour}")
    shown = day if one.period in {"day", "dust"} else f"{day} {minute}"
    return Text(f" {shown}", f" {shown}")


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:g}"
