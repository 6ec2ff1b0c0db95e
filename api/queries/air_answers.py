"""The air as it is told: arrays become structs column by column; a year of hours takes tens of milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from msgspec import UNSET, UnsetType
from numpy.typing import NDArray

from qingchuan.api.answering import indices, iso_times, numbers
from qingchuan.api.queries.air import AirPeriods
from qingchuan.api.queries.days import counted, validity_rules
from qingchuan.api.schemas.air import AirItem, Day, DayBrief, Hour, HourBrief, Rules
from qingchuan.api.schemas.common import Level, StationCount
from qingchuan.api.schemas.explanation import Explanation
from qingchuan.processing.periods import natural_days
from qingchuan.store.figure_states import FigureState

_HOUR = np.timedelta64(1, "h")
_NO_LEVEL = 0


def hour_answers(
    hours: AirPeriods,
    explanations: Sequence[Explanation | None] | None = None,
    states: Sequence[FigureState] | None = None,
) -> list[Hour]:
    """One answer an hour; with how each came about, where that is given, and its state, provisional without."""
    times = iso_times(hours.times), iso_times(hours.times + _HOUR)
    sequence = hours.sequence.tolist()
    rules = rules_answers(hours) if hours.of is not None else [UNSET] * len(sequence)
    told = _origins(hours), sequence, _states(states, hours), _stations(hours), rules, _told(explanations, hours)
    return list(map(Hour, *times, *_judged(hours), *told))


def day_answers(
    days: AirPeriods,
    explanations: Sequence[Explanation | None] | None = None,
    states: Sequence[FigureState] | None = None,
) -> list[Day]:
    """One answer a day; with how each came about, where that is given, and its state, provisional without."""
    columns = counted(days).tolist(), _origins(days), rules_answers(days), days.sequence.tolist()
    return list(
        map(
            Day,
            _dates(days),
            *_judged(days),
            *columns,
            _states(states, days),
            _stations(days),
            _told(explanations, days),
        )
    )


def _told(
    explanations: Sequence[Explanation | None] | None, periods: AirPeriods
) -> Sequence[Explanation | UnsetType | None]:
    return [UNSET] * len(periods.times) if explanations is None else explanations


def _states(states: Sequence[FigureState] | None, periods: AirPeriods) -> Sequence[FigureState]:
    return ["provisional"] * len(periods.times) if states is None else states


def rules_answers(periods: AirPeriods) -> list[Rules | None]:
    """The rules of validity of each hour or day."""
    found = validity_rules(periods)
    return [None if edition is None else Rules(edition.document, edition.stands_in_for) for edition in found]


def hour_briefs(hours: AirPeriods) -> list[HourBrief]:
    """The index of each hour."""
    return list(map(HourBrief, iso_times(hours.times + _HOUR), _aqi(hours), _colours(hours)))


def day_briefs(days: AirPeriods) -> list[DayBrief]:
    """The index of each day."""
    judged = _aqi(days), _level_numbers(days), _colours(days), _primary(days)
    missing = _named(days.items, ~days.valid & days.valid.any(axis=0))
    return list(map(DayBrief, _dates(days), *judged, counted(days).tolist(), missing))


def _judged(periods: AirPeriods) -> tuple[list[Any], ...]:
    """The columns from edition to items that hours and days share."""
    documents = [*(edition.document for edition in periods.editions), None]  # the last where no edition covers it
    return (
        [documents[index] for index in periods.edition.tolist()],
        _aqi(periods),
        periods.published.tolist(),
        periods.complete.tolist(),
        _levels(periods),
        _primary(periods),
        _items(periods),
    )


def _items(periods: AirPeriods) -> list[dict[str, AirItem]]:
    columns = [
        map(AirItem, numbers(values), indices(iaqi), flags.tolist(), valid.tolist())
        for values, iaqi, flags, valid in zip(periods.values, periods.iaqi, periods.flags, periods.valid, strict=True)
    ]
    return [dict(zip(periods.items, row, strict=True)) for row in zip(*columns, strict=True)]


def _aqi(periods: AirPeriods) -> list[int | None]:
    return indices(np.where(periods.published, periods.aqi, -1))


def _primary(periods: AirPeriods) -> list[list[str]]:
    return _named(periods.items, periods.primary)


def _named(items: Sequence[str], chosen: NDArray[np.bool_]) -> list[list[str]]:
    """The keys that are chosen in each period, of shape (items, periods); equal lists are the same list."""
    bits = 1 << np.arange(len(items))
    codes = (chosen * bits[:, np.newaxis]).sum(axis=0).tolist()
    lists = {code: [item for item, bit in zip(items, bits, strict=True) if code & bit] for code in set(codes)}
    return [lists[code] for code in codes]


def _levels(periods: AirPeriods) -> list[Level | None]:
    table: dict[tuple[int, int], Level | None] = {
        (index, level.number): Level(level.number, level.roman, level.zh, level.en, level.colour)
        for index, edition in enumerate(periods.editions)
        for level in edition.levels
    }
    shown = np.where(periods.published, periods.level, _NO_LEVEL)
    return [table.get(key) for key in zip(periods.edition.tolist(), shown.tolist(), strict=True)]


def _level_numbers(periods: AirPeriods) -> list[int | None]:
    return [level.number if level else None for level in _levels(periods)]


def _colours(periods: AirPeriods) -> list[str | None]:
    return [level.colour if level else None for level in _levels(periods)]


def _origins(periods: AirPeriods) -> list[str]:
    sent = ["reported" if reported else "derived" for reported in periods.reported.tolist()]
    if periods.official is None:
        return sent
    return ["official" if told else origin for told, origin in zip(periods.official.tolist(), sent, strict=True)]


def _stations(periods: AirPeriods) -> list[StationCount | UnsetType | None]:
    if periods.of is None:
        return [UNSET] * len(periods.times)
    counts = zip(periods.stations.tolist(), periods.of.tolist(), strict=True)
    return [StationCount(valid, of) if valid >= 0 else None for valid, of in counts]


def _dates(days: AirPeriods) -> list[str]:
    texts: list[str] = np.datetime_as_string(natural_days(days.times)).tolist()
    return texts
