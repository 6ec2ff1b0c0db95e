"""Samples made ready for their means: grouped by period, with half the detection limit where less was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import WaterRounding


def by_period(samples: ArrayLike, labels: ArrayLike) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Samples with an axis of periods: those of each label side by side.

    Parameters
    ----------
    samples : array_like of float, shape (..., samples)
    labels : array_like, shape (samples,)
        The period of each sample, such as its natural day, or that as ``datetime64[M]`` for the month.

    Returns
    -------
    labels : ndarray, shape (periods,)
        Ascending.
    samples : ndarray of float64, shape (..., periods, most samples of one)
        Filled up with NaN.

    Raises
    ------
    ValueError
        There is not one label a sample.

    Examples
    --------
    >>> by_period([1.0, 2.0, 3.0], np.array(["2026-01", "2026-02", "2026-01"], dtype="datetime64[M]"))
    (array(['2026-01', '2026-02'], dtype='datetime64[M]'), array([[ 1.,  3.], [ 2., nan]]))
    """
    samples, labels = np.asarray(samples, dtype=np.float64), np.asarray(labels)
    if labels.ndim != 1 or samples.ndim == 0 or samples.shape[-1] != labels.size:
        msg = f"the labels have the shape {labels.shape} and the samples {samples.shape}; give one label a sample"
        raise ValueError(msg)
    periods, place, counts = np.unique(labels, return_inverse=True, return_counts=True)
    order = np.argsort(place, kind="stable")
    within = np.arange(labels.size) - np.repeat(np.cumsum(counts) - counts, counts)
    grouped = np.full((*samples.shape[:-1], periods.size, int(counts.max(initial=0))), np.nan)
    grouped[..., place[order], within] = samples[..., order]
    return periods, grouped


def half_below_detection(
    values: ArrayLike, below: ArrayLike, limits: ArrayLike, rules: WaterRounding
) -> NDArray[np.float64]:
    """Values with half the detection limit in the place of those that lie below it.

    Parameters
    ----------
    values : array_like of float, any shape
        [unit of the item] NaN where missing.
    below : array_like of bool, shape of `values`
        Whether the laboratory found less than it can detect.
    limits : array_like of float, broadcastable to the shape of `values`
        The detection limit of each. [unit of the item]
    rules : WaterRounding
        The edition of 总站水字〔2020〕90号, which has the share.

    Returns
    -------
    ndarray of float64, shape of `values`

    Notes
    -----
    Exact: the double of a float is the double of the decimal that it stands for. Where a limit is unknown, or
    not above 0, the value is missing.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> half_below_detection([0.3, np.nan, 0.2], [False, True, False], 0.025, rules)
    array([0.3   , 0.0125, 0.2   ])
    """
    values = np.asarray(values, dtype=np.float64)
    limits = np.asarray(limits, dtype=np.float64)
    share = np.where(limits > 0, limits * rules.means.below_detection, np.nan)
    return np.where(np.asarray(below, dtype=np.bool_), share, values)
