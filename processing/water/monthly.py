"""The month of a section out of its automatic station and its laboratory, with the source of each item."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.water.rows import rows_among

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import WaterSampling
    from qingchuan.processing.water.means import Means

NO_SOURCE, AUTOMATIC, MANUAL = 0, 1, 2

SOURCES = ("", "automatic", "manual")
"""Names of the sources, by their number."""


class MonthlyValues(NamedTuple):
    """Values of a month, each from one source.

    Attributes
    ----------
    values : ndarray of float64, shape (items, ...)
        [unit of the item] NaN where neither source has one.
    counts : ndarray of int64, shape (items, ...)
        How many samples each rests on. [-]
    sources : ndarray of uint8, shape (items, ...)
        `NO_SOURCE`, `AUTOMATIC` or `MANUAL`; `SOURCES` has their names.
    """

    values: NDArray[np.float64]
    counts: NDArray[np.int64]
    sources: NDArray[np.uint8]


def monthly_values(automatic: Means, manual: Means, items: Sequence[str], rules: WaterSampling) -> MonthlyValues:
    """Values of a month: automatic ones where the document prefers them and has them, else those of the laboratory.

    Parameters
    ----------
    automatic, manual : Means
        Of the same items and sections, shape (items, ...).
    items : sequence of str
        Keys of the first axis.
    rules : WaterSampling
        The edition of 环办监测函〔2020〕82号.

    Returns
    -------
    MonthlyValues

    Raises
    ------
    ValueError
        The means do not have the same shape, with a row an item.

    Notes
    -----
    An automatic value of another item (chemical oxygen demand of a station that has such an analyser) is not used: the
    document names six items.

    References
    ----------
    .. [1] 环办监测函〔2020〕82号: automatic data first for pH, DO, CODMn, NH3-N, TP and TN.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> from qingchuan.processing.water.means import Means
    >>> rules = standards.load("hb2020_82", standards.WaterSampling)
    >>> automatic = Means(np.array([3.1, np.nan, 14.0]), np.array([180, 0, 90]))
    >>> manual = Means(np.array([3.4, 0.2, np.nan]), np.array([1, 1, 0]))
    >>> found = monthly_values(automatic, manual, ("codmn", "tp", "cod"), rules)
    >>> found.values, [SOURCES[source] for source in found.sources]
    (array([3.1, 0.2, nan]), ['automatic', 'manual', ''])
    """
    if automatic.values.shape != manual.values.shape or manual.values.shape[:1] != (len(items),):
        msg = (
            f"the automatic means have the shape {automatic.values.shape}, the manual ones {manual.values.shape}; both "
            f"must have a row for each of {', '.join(items)}"
        )
        raise ValueError(msg)
    preferred = rows_among(items, rules.automatic.items, manual.values.ndim)
    first = preferred & ~np.isnan(automatic.values)
    values = np.where(first, automatic.values, manual.values)
    sources = np.where(first, AUTOMATIC, np.where(np.isnan(values), NO_SOURCE, MANUAL))
    return MonthlyValues(values, np.where(first, automatic.counts, manual.counts), sources.astype(np.uint8))


def automatic_only(sources: ArrayLike, classes: ArrayLike) -> NDArray[np.bool_]:
    """Whether a class rests on automatic items alone, so that it says nothing of what only a laboratory measures.

    Parameters
    ----------
    sources : array_like of uint8, shape (items, ...)
        As `MonthlyValues` has them.
    classes : array_like of uint8, shape (items, ...)
        Classes of the items that judge; 0 for all others.

    Returns
    -------
    ndarray of bool, shape (...)
        False where there is no class.

    Examples
    --------
    >>> automatic_only([[1, 1], [1, 2]], [[2, 2], [3, 3]])
    array([ True, False])
    """
    judged, sources = np.asarray(classes) > 0, np.asarray(sources)
    return np.asarray(judged.any(axis=0) & ~(judged & (sources != AUTOMATIC)).any(axis=0))
