"""The page of the same days under two editions of the index and under the limits of 2031, side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from markupsafe import Markup

from qingchuan.api.pages import pictures
from qingchuan.api.pages.asked import Asked
from qingchuan.api.pages.figures import DASH
from qingchuan.api.pages.figures import day as spoken_day
from qingchuan.api.pages.figures import month as spoken_month
from qingchuan.api.pages.figures import period as spoken
from qingchuan.api.pages.frame import Shown
from qingchuan.api.pages.pictures import Band, Piece, bar
from qingchuan.api.parameters import THREE_YEARS
from qingchuan.api.queries.city_editions import editions_answer
from qingchuan.api.queries.scales import level_scale
from qingchuan.api.schemas.city_editions import Column, ComparedDay, EditionsAnswer, Lost
from qingchuan.api.schemas.common import LevelRange

_MONTH = len("2026-11")


class Shape(NamedTuple):
    """A column of the comparison.

    Attributes
    ----------
    column : Column
    lost : Lost or None
        None of the column that the others are compared with, and of that of each day's own edition.
    items : list of tuple of str and int
        Symbols of the items that cost days, and how many, the most first.
    picture : Markup
        Good and bad days.
    """

    column: Column
    lost: Lost | None
    items: list[tuple[str, int]]
    picture: Markup


class Month(NamedTuple):
    """A month of the calendar.

    Attributes
    ----------
    name : str
    picture : Markup
    good : tuple of int
        Good days under both editions and under the limits. [d]
    """

    name: str
    picture: Markup
    good: tuple[int, int, int]


def editions_page(asked: Asked) -> Shown:
    """What the page of the editions shows."""
    period = asked.period(asked.year_to_date, THREE_YEARS)
    answer = editions_answer(asked.services, asked.code, period, as_of=asked.as_of)
    levels = level_scale(asked.today).levels
    return Shown(
        values={
            "answer": answer,
            "period": period,
            "told": spoken(asked.span(answer.asked.start, answer.asked.over), asked.words),
            "choices": asked.choices(to_date=True),
            "shapes": _shapes(answer, asked),
            "months": _months(answer, levels, asked),
            "levels": levels,
        },
        simulated=answer.simulated,
        standards=[asked.words.named(column.name) for column in (answer.first, answer.second, answer.limits)],
        rules=[answer.rules] if answer.rules else (),
        revision=answer.revision,
        answers=[asked.address(f"cities/{asked.code}/editions", start=period.start, end=period.end)],
    )


def _shapes(answer: EditionsAnswer, asked: Asked) -> list[Shape]:
    pairs = (
        (answer.first, None),
        (answer.second, answer.lost_by_second),
        (answer.limits, answer.lost_by_limits),
        (answer.own, None),
    )
    return [Shape(column, lost, _costly(lost, answer), _good_and_bad(column, answer, asked)) for column, lost in pairs]


def _costly(lost: Lost | None, answer: EditionsAnswer) -> list[tuple[str, int]]:
    found = [] if lost is None else [(answer.items[key].symbol, days) for key, days in lost.by_item.items() if days]
    return sorted(found, key=lambda one: -one[1])


def _good_and_bad(column: Column, answer: EditionsAnswer, asked: Asked) -> Markup:
    words, over = asked.words, answer.asked.days_over
    if not over:
        return Markup()
    days = {"good": column.good, "bad": column.counted - column.good, "nothing": over - column.counted}
    pieces = [Piece(number / over, kind, words(f"budget.piece_{kind}", n=number)) for kind, number in days.items()]
    return bar(pieces, words("editions.days", good=column.good, counted=column.counted), 0.75)


def _months(answer: EditionsAnswer, levels: Sequence[LevelRange], asked: Asked) -> list[Month]:
    several = len({day.date[:4] for day in answer.days}) > 1
    grouped = groupby(answer.days, key=lambda day: day.date[:_MONTH])
    return [_month(list(days), answer, levels, asked, year=several) for _, days in grouped]


def _month(
    days: list[ComparedDay], answer: EditionsAnswer, levels: Sequence[LevelRange], asked: Asked, *, year: bool
) -> Month:
    words, first = asked.words, dt.date.fromisoformat(days[0].date)
    short = words("date.month_short", name=words("date.months_short").split()[first.month - 1])
    goods = [(day.first_good, day.second_good, day.limits_good) for day in days]
    counts = [sum(good is True for good in column) for column in zip(*goods, strict=True)]
    name = spoken_month(first, words)
    drawn = [_day(day, answer, levels, asked) for day in days]
    picture = pictures.month(drawn, words("editions.month_picture", month=name))
    return Month(name if year else short, picture, (counts[0], counts[1], counts[2]))


def _day(day: ComparedDay, answer: EditionsAnswer, levels: Sequence[LevelRange], asked: Asked) -> pictures.Day:
    words = asked.words
    told = {None: DASH, True: words("editions.kept"), False: words("editions.exceeded")}[day.limits_good]
    indices = [DASH if aqi is None else aqi for aqi in (day.first, day.second)]
    date = spoken_day(day.date, words)
    title = words("editions.day", date=date, first=indices[0], second=indices[1], limits=told)
    if day.missing:
        symbols = words("frame.comma").join(answer.items[item].symbol for item in day.missing)
        title += words("editions.lacking", items=symbols)
    limits = {None: "nothing", True: "kept", False: "exceeded"}[day.limits_good]
    lacks = [bool(day.missing) and good is None for good in (day.first_good, day.second_good)]
    by_index = zip((day.first, day.second), lacks, strict=True)
    bands = (*(_band(aqi, levels)._replace(apart=apart) for aqi, apart in by_index), Band(limits))
    goods = {good for good in (day.first_good, day.second_good, day.limits_good) if good is not None}
    return pictures.Day(int(day.date[-2:]), bands, title, differs=len(goods) > 1)


def _band(aqi: int | None, levels: Sequence[LevelRange]) -> Band:
    if aqi is None:
        return Band("nothing")
    return Band("level", next(level.colour for level in levels if level.most is None or aqi <= level.most))
