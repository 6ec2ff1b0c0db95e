"""Computing a block: a function of arrays and names of editions, which gives the same bytes wherever it runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

import qingchuan
from qingchuan.api.queries.air import judge
from qingchuan.api.queries.city_values import city_values
from qingchuan.api.queries.day_values import daily_values
from qingchuan.api.queries.editions import runs
from qingchuan.api.queries.told import Told
from qingchuan.processing import catalogue
from qingchuan.processing.air.dust import without_dust
from qingchuan.processing.air.item_masks import mask_by_item
from qingchuan.processing.calendar_periods import span
from qingchuan.processing.flags import valid
from qingchuan.processing.periods import DAY, day_start, natural_days
from qingchuan.processing.scaled import Scaled, to_scaled
from qingchuan.processing.standards import in_force
from qingchuan.service.recomputing.inputs import Inputs, on_entry
from qingchuan.service.recomputing.judging import counts, judged_hours
from qingchuan.service.recomputing.plan import editions_between
from qingchuan.service.recomputing.tables import DAY_ITEMS, HOUR_ITEMS, packed


class AnotherProgramError(Exception):
    """A worker has another version of the program, or of its standards, than who asks it."""


def compute(inputs: Inputs) -> bytes:
    """The arrays of a block, as `unpacked` has them.

    Raises
    ------
    AnotherProgramError
        This is not the program that the results are to be of.
    """
    _check_program(inputs)
    judged = judged_hours(inputs.values, inputs.flags, inputs.judged, on_entry(inputs.thresholds))
    flags, tests = (_within(part, inputs) for part in judged)
    values = np.where(counts(flags, tests), _within(inputs.values, inputs), np.nan)
    hours = _told(HOUR_ITEMS, _times(inputs, 24), _scaled(values, HOUR_ITEMS))
    stations = daily_values(hours, DAY_ITEMS, _times(inputs, 1))
    clean = _without_dust(hours, inputs)
    own = np.where(valid(inputs.city_flags), inputs.city_values, np.nan)
    told = _scaled(own, DAY_ITEMS)
    cities = _cities(inputs, told, stations)
    assessed = cities if clean is hours else _cities(inputs, told, daily_values(clean, DAY_ITEMS, _times(inputs, 1)))
    arrays = {"station_hour_flags": flags, "station_hour_tests": tests, "city_days_without_dust": _days_last(assessed)}
    return packed({**arrays, **_judged_days("station", inputs, stations), **_judged_days("city", inputs, cities)})


def _check_program(inputs: Inputs) -> None:
    last = inputs.start + dt.timedelta(days=inputs.days)
    here = editions_between(span(inputs.start, last))
    known = all(set(names) <= set(inputs.editions[family]) for family, names in here.items())
    if inputs.program != qingchuan.__version__ or not known:
        raise AnotherProgramError(
            f"this worker has Qingchuan {qingchuan.__version__} with the editions {here}; the results are to be those "
            f"of {inputs.program} with {dict(inputs.editions)}: install the same version there"
        )


def _within(array: NDArray[Any], inputs: Inputs) -> NDArray[Any]:
    """The hours of the days, without those that only the tests look at."""
    before = inputs.around[0]
    return array[:, before : before + 24 * inputs.days]


def _times(inputs: Inputs, parts: int) -> NDArray[np.datetime64]:
    """Starts of the hours, or of the days, in UTC."""
    start = day_start(inputs.start)
    return np.arange(start, start + inputs.days * DAY, DAY // parts).astype("datetime64[s]")


def _scaled(values: NDArray[np.float64], items: tuple[str, ...]) -> Scaled:
    scaled = np.empty(values.shape, np.uint16)
    for place, item in enumerate(items):
        scaled[place] = to_scaled(values[place], catalogue.item(item).decimals)
    return scaled


def _told(items: tuple[str, ...], times: NDArray[np.datetime64], scaled: Scaled) -> Told:
    """Values of which only what counts matters."""
    nothing = np.empty(0)
    return Told(items, times, nothing, nothing.astype(np.uint8), scaled, nothing.astype(np.int64))


def _without_dust(hours: Told, inputs: Inputs) -> Told:
    """The hours without those of dust, by the rule in force on each day; the same where there are none."""
    if not inputs.dust:
        return hours
    scaled = hours.scaled.copy()
    for part, rules in runs(natural_days(hours.times), lambda day: in_force("hb2016_120", day)):
        if rules is not None:
            for item, affected in inputs.dust.items():
                place = HOUR_ITEMS.index(item)
                scaled[place, part] = without_dust({item: scaled[place, part]}, affected[part], rules)[item]
    return _told(HOUR_ITEMS, hours.times, scaled)


def _cities(inputs: Inputs, own: Scaled, stations: Scaled) -> Scaled:
    """Daily values of the cities, shape (items, days, cities): what was told of each, or else of its stations."""
    found, times = own.copy(), _times(inputs, 1)
    for city, group in enumerate(_groups(inputs)):
        if group.size:
            told, of_stations = (_told(DAY_ITEMS, times, part) for part in (own[..., city], stations[..., group]))
            found[..., city] = city_values(told, of_stations, inputs.began[group]).scaled
    return found


def _groups(inputs: Inputs) -> Iterator[NDArray[np.intp]]:
    """Of each city the places of the stations that are evaluated for it."""
    for end, number in zip(accumulate(inputs.cities), inputs.cities, strict=True):
        yield end - number + np.flatnonzero(inputs.evaluated[end - number : end])


def _judged_days(of: str, inputs: Inputs, scaled: Scaled) -> dict[str, NDArray[Any]]:
    """Values, index, level and primary pollutants of days, the axis of days last."""
    _, _, air = judge(_told(DAY_ITEMS, _times(inputs, 1), scaled), "day", None)
    order = [air.items.index(item) for item in DAY_ITEMS]
    primary = mask_by_item(air.primary, air.items)[order] & air.published
    masks = np.packbits(primary, axis=0, bitorder="little")[0]
    return {
        f"{of}_days": _days_last(scaled),
        f"{of}_day_aqi": air.aqi.T,
        f"{of}_day_levels": air.level.T,
        f"{of}_day_primary": masks.T,
    }


def _days_last(days: Scaled) -> Scaled:
    return days.swapaxes(-1, -2)
