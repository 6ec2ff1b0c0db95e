"""What sites told, as it was told: nothing is derived of it, and no standard judges it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.answering import iso_times, numbers
from qingchuan.api.parameters import Span
from qingchuan.api.queries.items import told_item
from qingchuan.api.schemas.common import Item
from qingchuan.api.schemas.sites import SiteHour, SiteReading, SiteValue
from qingchuan.processing import catalogue
from qingchuan.processing.flags import MISSING, valid
from qingchuan.processing.water.classes import counting
from qingchuan.store.observations import Observations, Period
from qingchuan.store.subjects import Site, domains_of

_HOUR = np.timedelta64(1, "h")


def site_items(site: Site, period: Period) -> dict[str, Item]:
    """The items that a site may tell of a period, by key."""
    return {key: told_item(catalogue.item(key)) for key in catalogue.tellable(period, domains_of(site))}


def site_hours(observations: Observations, subject: str, items: tuple[str, ...], span: Span, at: int) -> list[SiteHour]:
    """The hours of a site that start in `span`; those about which nothing was told are left out."""
    grid = observations.read([subject], items, "hour", *span, at)
    sequence = grid.sequence[:, 0]
    known = sequence > 0
    values = _values(items, grid.values[:, known, 0], grid.flags[:, known, 0])
    times = grid.times[known]
    return list(map(SiteHour, iso_times(times), iso_times(times + _HOUR), values, sequence[known].tolist()))


def site_readings(
    observations: Observations, subject: str, items: tuple[str, ...], span: Span, at: int
) -> list[SiteReading]:
    """The readings of a site in `span`."""
    found = observations.readings([subject], items, *span, at)
    values = _values(items, found.values, found.flags)
    return list(map(SiteReading, iso_times(found.times), values, found.sequence.tolist()))


def _values(
    items: tuple[str, ...], values: NDArray[np.float64], flags: NDArray[np.uint8]
) -> list[dict[str, SiteValue]]:
    """The items of each time; one about which nothing was told is left out."""
    counts = valid(flags) & ~np.isnan(counting(values, items))
    columns = [
        map(SiteValue, numbers(column), flag.tolist(), counted.tolist())
        for column, flag, counted in zip(values, flags, counts, strict=True)
    ]
    rows = zip(*columns, strict=True)
    return [{item: told for item, told in zip(items, row, strict=True) if told.flag != MISSING} for row in rows]
