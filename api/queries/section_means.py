"""Means of sections over periods: which samples go in, automatic or manual ones, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.queries.section_samples import Samples, SectionSamples
from qingchuan.api.queries.water_rules import WaterPeriod, WaterRules
from qingchuan.processing import catalogue
from qingchuan.processing.standards import WaterRounding
from qingchuan.processing.water.means import Means, mean_of_means, period_means
from qingchuan.processing.water.monthly import AUTOMATIC, MANUAL, monthly_values
from qingchuan.processing.water.samples import by_period

_QUARTER_MONTHS, _YEAR_MONTHS = 3, 12
_WEEK = 7


@dataclass(frozen=True, eq=False)
class SectionMeans:
    """Means of several sections over several periods.

    Attributes
    ----------
    items : tuple of str
    samples : ndarray of float64, shape (items, sections, periods, months, samples)
        Those that went in: of a period that is judged by its months one row a month, else one row. NaN fills up.
    below : ndarray of bool, shape of `samples`
        Which of them are half a detection limit, because less was found.
    sources : ndarray of uint8, shape (items, sections, periods, months)
        Where they come from, as `monthly.SOURCES` names them.
    means : Means
        Of shape (items, sections, periods); its `counts` are those of samples, or of months.
    needed : ndarray of int64, shape (items, sections, periods)
        How many of these a mean needs. [-]
    sequence : ndarray of int64, shape (sections, periods)
        Newest message behind the samples; 0 where there is none.
    """

    items: tuple[str, ...]
    samples: NDArray[np.float64]
    below: NDArray[np.bool_]
    sources: NDArray[np.uint8]
    means: Means
    needed: NDArray[np.int64]
    sequence: NDArray[np.int64]


def section_means(
    samples: SectionSamples, sections: int, periods: Sequence[WaterPeriod], rules: WaterRules
) -> SectionMeans:
    """Means of `sections` over `periods`.

    Parameters
    ----------
    samples : SectionSamples
        Of these sections.
    sections : int
        How many. [-]
    periods : sequence of WaterPeriod
        All of one kind, ascending, without overlap.
    rules : WaterRules

    Notes
    -----
    Days and weeks are of the automatic station. From a month on each item of each month is automatic or manual, as
    环办监测函〔2020〕82号 says. What is longer than a month is the mean of its months, each weighing the same. A year
    that is over needs so many months as 环办〔2011〕22号 asks for; of one in progress those count that are there.
    """
    items, by_month = samples.items, periods[0].by_month
    grid = _Grid(sections, periods, _months(periods) if by_month else 1)
    automatic, below = grid.spread(samples.automatic, items, rules.rounding)
    if periods[0].whole.days > _WEEK:
        manual, below_too = grid.spread(samples.manual, items, rules.rounding)
        sources = monthly_values(_presence(automatic), _presence(manual), items, rules.sampling).sources
        chosen = np.concatenate([_from(automatic, sources, AUTOMATIC), _from(manual, sources, MANUAL)], axis=-1)
        below = np.concatenate([below, below_too], axis=-1) & ~np.isnan(chosen)
    else:
        sources = np.where(np.isnan(automatic).all(axis=-1), 0, AUTOMATIC).astype(np.uint8)
        chosen = automatic
    needed = np.broadcast_to(_needed(items, periods, rules), chosen.shape[:3])
    if by_month:
        means = mean_of_means(chosen, items, rules.rounding, needed)
    else:
        means = period_means(chosen[..., 0, :], items, rules.rounding, needed)
    sequence = np.maximum(grid.newest(samples.automatic), grid.newest(samples.manual))
    return SectionMeans(items, chosen, below, sources, means, needed, sequence)


class _Grid:
    """Where the samples of sections belong among periods and their months."""

    def __init__(self, sections: int, periods: Sequence[WaterPeriod], months: int) -> None:
        self._starts = np.array([period.over.start for period in periods], "datetime64[D]")
        self._ends = np.array([period.over.end for period in periods], "datetime64[D]")
        self._shape = (sections, len(periods), months)

    def spread(
        self, samples: Samples, items: Sequence[str], rules: WaterRounding
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """The samples as (items, sections, periods, months, samples), filled up with NaN, and which are below."""
        inside, cells = self._cells(samples)
        taken = samples.take(inside)
        dense = self._dense(taken.rows(items, rules), cells)
        if not taken.below.any():
            return dense, np.zeros(dense.shape, np.bool_)
        return dense, self._dense(taken.rows_below(items), cells) == 1

    def _dense(self, rows: NDArray[np.float64], cells: NDArray[np.int64]) -> NDArray[np.float64]:
        labels, grouped = by_period(rows, cells)
        dense = np.full((len(rows), int(np.prod(self._shape)), grouped.shape[-1]), np.nan)
        dense[:, labels] = grouped
        return dense.reshape(len(rows), *self._shape, grouped.shape[-1])

    def newest(self, samples: Samples) -> NDArray[np.int64]:
        """The newest message behind the samples of each section and period; 0 where there is none."""
        inside, cells = self._cells(samples)
        found = np.zeros(int(np.prod(self._shape)), np.int64)
        np.maximum.at(found, cells, samples.sequence[inside])
        return np.asarray(found.reshape(self._shape).max(axis=-1, initial=0))

    def _cells(self, samples: Samples) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Which samples lie in a period, and the flat place of each of them."""
        period = np.maximum(np.searchsorted(self._starts, samples.days, side="right") - 1, 0)
        inside = (samples.days >= self._starts[period]) & (samples.days < self._ends[period])
        period, days = period[inside], samples.days[inside]
        first = self._starts[period].astype("datetime64[M]")
        month = (days.astype("datetime64[M]") - first).astype(np.int64) if self._shape[2] > 1 else 0
        cells = (samples.section[inside] * self._shape[1] + period) * self._shape[2] + month
        return inside, np.asarray(cells, np.int64)


def _months(periods: Sequence[WaterPeriod]) -> int:
    return max(
        (period.last.year - period.whole.start.year) * _YEAR_MONTHS + period.last.month - period.whole.start.month + 1
        for period in periods
    )


def _presence(samples: NDArray[np.float64]) -> Means:
    """Which months have samples, in the form that `monthly_values` chooses by."""
    counts = (~np.isnan(samples)).sum(axis=-1)
    return Means(np.where(counts > 0, 0.0, np.nan), counts)


def _from(samples: NDArray[np.float64], sources: NDArray[np.uint8], wanted: int) -> NDArray[np.float64]:
    return np.where((sources == wanted)[..., np.newaxis], samples, np.nan)


def _needed(items: Sequence[str], periods: Sequence[WaterPeriod], rules: WaterRules) -> NDArray[np.int64]:
    """How many samples or months a mean needs, broadcastable to (items, sections, periods) [-]."""
    counts, days = rules.measures.samples, periods[0].whole.days
    if days == 1:
        cycles = [catalogue.item(item).cycle_hours for item in items]
        return np.array([rules.rounding.day_at_least(hours) for hours in cycles], np.int64).reshape(-1, 1, 1)
    if days <= _WEEK:
        return np.array(counts.week)
    if not periods[0].by_month:
        return np.array(counts.month)
    of_months = {_QUARTER_MONTHS: counts.quarter, _YEAR_MONTHS: counts.year}
    return np.array([of_months.get(_months([one]), 1) if one.is_over else 1 for one in periods], np.int64)
