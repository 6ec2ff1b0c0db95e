"""The results as tables for people: CSV files that a spreadsheet opens, with headings in Chinese and by key."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.queries.dead_letter_export import harmless
from qingchuan.processing import catalogue
from qingchuan.processing.air.composite_index import NO_INDEX, CompositeIndex
from qingchuan.processing.air.item_masks import items_of_mask
from qingchuan.processing.calendar_periods import CalendarPeriod
from qingchuan.processing.ranks import UNRANKED
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards.by_day import editions_of
from qingchuan.service.recomputing.figures import (
    Days,
    PeriodFigures,
    key_cities_in,
    months_of,
    period_figures,
    years_of,
)
from qingchuan.service.recomputing.plan import Plan, PlannedCity
from qingchuan.service.recomputing.tables import DAY_ITEMS, Arrays
from qingchuan.service.tables import both

_BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it a spreadsheet takes UTF-8 for the code page of its machine."""

_WHO: Final = ("城市代码 city", "城市 name")
_RANK: Final = ("名次 rank", "参与排名 of", "综合指数 index", "首要污染物 primary", "优良天数比例[%] rate")
_MONTH, _YEAR = slice(7), slice(4)
"""What of a date names a month, or a year."""

_NOTHING: Final = -1
"""An index or a rate that there is not."""

_Cells = Sequence[str]
_Texts = NDArray[np.object_]


def sheets(plan: Plan, arrays: Arrays) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file."""
    days = Days(plan, np.asarray(arrays["city_days"]), np.asarray(arrays["city_days_without_dust"]))
    yield "days_of_cities.csv", _file(("日期 date", *_WHO, *_day_columns()), _days(plan, arrays))
    for name, heading, periods, part in (
        ("months", "月份 month", months_of(plan), _MONTH),
        ("years", "年份 year", years_of(plan), _YEAR),
    ):
        yield f"{name}_of_cities.csv", _file((heading, *_WHO, *_period_columns()), _figures(days, periods, part))
        yield f"ranks_of_{name}.csv", _file((heading, *_WHO, *_RANK), _ranks(days, periods, part))


def _file(heading: _Cells, rows: Iterable[_Cells]) -> bytes:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows(rows)
    return (_BYTE_ORDER_MARK + text.getvalue()).encode()


def _day_columns() -> _Cells:
    return (*map(_heading, DAY_ITEMS), "AQI aqi", "级别 level", "首要污染物 primary", "标准 edition")


def _days(plan: Plan, arrays: Arrays) -> Iterator[_Cells]:
    """The days on which something of a city is there, day by day."""
    who = [_who(city) for city in plan.cities]
    dates = np.datetime64(plan.start, "D") + np.arange(plan.days)
    editions = editions_of(dates, "hj633")
    documents = [*(edition.document for edition in editions.editions), ""]
    told = (np.asarray(arrays["city_days"]) != MISSING).any(axis=0)
    columns = [
        *(
            _texts(values, MISSING, catalogue.item(item).decimals)
            for item, values in zip(DAY_ITEMS, arrays["city_days"], strict=True)
        ),
        _texts(arrays["city_day_aqi"], _NOTHING),
        _texts(arrays["city_day_levels"], 0),
        _names(arrays["city_day_primary"], DAY_ITEMS),
    ]
    for day, date in enumerate(np.datetime_as_string(dates).tolist()):
        edition = documents[int(editions.index[day])]
        for city in np.flatnonzero(told[:, day]).tolist():
            yield (date, *who[city], *(column[city, day] for column in columns), edition)


def _period_columns() -> _Cells:
    columns = ["天数 days"]
    for item in DAY_ITEMS:
        entry = catalogue.item(item)
        columns += [f"{entry.symbol}平均[{entry.unit}] {item}_mean"]
        columns += [f"{entry.symbol}百分位数[{entry.unit}] {item}_percentile", f"{entry.symbol}有效天数 {item}_days"]
    return (*columns, "综合指数 index", "首要污染物 primary", "优良天数 good", "有效天数 valid", "优良天数比例[%] rate")


def _figures(days: Days, periods: Sequence[CalendarPeriod], part: slice) -> Iterator[_Cells]:
    """Statistics, index and rate of each city of which a day is there, period by period."""
    for period in periods:
        found = period_figures(days, period)
        if found is not None:
            yield from _figures_of(days.plan, found, period.start.isoformat()[part])


def _figures_of(plan: Plan, found: PeriodFigures, name: str) -> Iterator[_Cells]:
    columns: list[_Texts] = []
    for item in DAY_ITEMS:
        told, decimals = found.statistics[item], catalogue.item(item).decimals
        columns += [_texts(told.mean, MISSING, decimals), _texts(told.percentile, MISSING, decimals)]
        columns += [_texts(told.count, _NOTHING)]
    index, rate = found.index, found.rate
    nothing = np.full(len(plan.cities), "", np.object_)
    columns += [nothing, nothing] if index is None else [_texts(index.total, NO_INDEX, index.decimals), _first(index)]
    columns += [_texts(rate.good, _NOTHING), _texts(rate.valid, _NOTHING), _texts(rate.rate, _NOTHING, rate.decimals)]
    there = np.max([told.count for told in found.statistics.values()], axis=0)
    for city in np.flatnonzero(there).tolist():
        yield (name, *_who(plan.cities[city]), str(found.period.days), *(column[city] for column in columns))


def _ranks(days: Days, periods: Sequence[CalendarPeriod], part: slice) -> Iterator[_Cells]:
    """The ranked key cities of each period, the best first."""
    names = {city.code: _who(city) for city in days.plan.cities}
    for period in periods:
        found = key_cities_in(days, period)
        if found is None:
            continue
        index, ranking, rate = found.ranked.index, found.ranked.ranking, found.rate
        columns = (
            _texts(ranking.ranks, UNRANKED),
            np.full(ranking.ranks.shape, str(int(ranking.number)), np.object_),
            _texts(index.total, NO_INDEX, index.decimals),
            _first(index),
            _texts(rate.rate, _NOTHING, rate.decimals),
        )
        for place in np.argsort(ranking.ranks, kind="stable").tolist():
            if ranking.ranks[place] != UNRANKED:
                who = names[found.days.cities[place]]
                yield (period.start.isoformat()[part], *who, *(column[place] for column in columns))


def _who(city: PlannedCity) -> _Cells:
    return city.code, harmless(both(city.name))


def _heading(item: str) -> str:
    entry = catalogue.item(item)
    return f"{entry.symbol}[{entry.unit}] {item}"


def _first(index: CompositeIndex) -> _Texts:
    """The items that weigh most in the index of each city."""
    masks = np.packbits(index.primary, axis=0, bitorder="little")[0]
    return _names(masks, index.items)


def _names(masks: NDArray[np.uint8], items: Sequence[str]) -> _Texts:
    """The items of each mask."""
    return _written(masks, lambda mask: " ".join(items_of_mask(mask, items)))


def _texts(numbers: NDArray[np.integer], nothing: int, decimals: int = 0) -> _Texts:
    """Whole numbers in units of their last decimal, with all of their decimals; empty for `nothing`."""
    return _written(numbers, lambda number: "" if number == nothing else f"{number / 10**decimals:.{decimals}f}")


def _written(values: NDArray[np.integer], text: Callable[[int], str]) -> _Texts:
    """The text of each value; there are few that differ."""
    distinct, place = np.unique(values, return_inverse=True)
    return np.array([text(value) for value in distinct.tolist()], np.object_)[place].reshape(values.shape)
