"""One value with all that its tests looked at, and what a test found of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.decimals import written
from qingchuan.processing.standards.edition import Text

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.quality.thresholds import ItemThresholds, Logic


class Judged(NamedTuple):
    """One value, and all that the tests of it looked at.

    Attributes
    ----------
    key : str
        Of the item.
    value : float
        [unit of the item] NaN where missing.
    seen : ndarray of float64, shape (..., time)
        Values of the item as the tests on the series see them. [unit of the item]
    counts : ndarray of bool, shape of `seen`
        Which of them are valid for the comparison with others.
    times : array_like of int or datetime64, shape (time,)
    rules : ItemThresholds
    neighbours : ndarray of int64, shape (stations, most), or None
    at : tuple of int
        Where the value stands in `seen`.
    pairs : tuple of (Logic, float, float)
        Pairs of items it is in, with the values of part and whole at its place.
    """

    key: str
    value: float
    seen: NDArray[np.float64]
    counts: NDArray[np.bool_]
    times: ArrayLike
    rules: ItemThresholds
    neighbours: NDArray[np.int64] | None
    at: tuple[int, ...]
    pairs: tuple[tuple[Logic, float, float], ...]

    @property
    def unit(self) -> str:
        """Behind a number, with a space before it; empty for pH."""
        return f" {catalogue.item(self.key).unit}".rstrip()

    def series(self) -> NDArray[np.float64]:
        """Values of its own series, shape (time,)."""
        return np.asarray(self.seen[self.at[:-1]])

    def before(self) -> str:
        """Value before it, as a text."""
        return plain(self.series()[self.at[-1] - 1]) if self.at[-1] else "—"

    def after(self) -> str:
        """Value after it, as a text."""
        series = self.series()
        return plain(series[self.at[-1] + 1]) if self.at[-1] + 1 < series.size else "—"


def plain(number: float) -> str:
    """Text of a number as a person writes it; a dash for none.

    Examples
    --------
    >>> plain(12.0), plain(0.1 + 0.2), plain(0.00005), plain(float("nan"))
    ('12', '0.3', '0.00005', '—')
    """
    return written(float(f"{number:.10g}")) if np.isfinite(number) else "—"


class Finding(NamedTuple):
    """What a test measured of a value.

    Attributes
    ----------
    measure : float or None
        [`unit`] None where the test measures nothing.
    unit : str
    limit : float or None
        Beyond this the value is suspect. [`unit`]
    rule : Text
    """

    measure: float | None
    unit: str
    limit: float | None
    rule: Text
