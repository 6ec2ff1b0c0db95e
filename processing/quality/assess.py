"""All tests on all items of a stretch of time, and the flag that comes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.flags import BAD, MISSING, NOT_EVALUATED, valid
from qingchuan.processing.quality.aggregate import QualityResult, aggregate
from qingchuan.processing.quality.by_thresholds import among_others, by_itself, in_time
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.processing.quality.gap import gap
from qingchuan.processing.quality.logic import part_above_whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.quality.by_thresholds import ByTest
    from qingchuan.processing.quality.thresholds import Thresholds


class Outcomes(NamedTuple):
    """What each test said.

    Attributes
    ----------
    by_test : dict of QualityTest to ndarray of uint8, shape (items, ..., time)
        Flags; 2 where a test was not run.
    seen : ndarray of float64, shape (items, ..., time)
        Values as the tests on the series saw them: NaN where a value is bad by itself. [unit of the item]
    counts : ndarray of bool, shape (items, ..., time)
        Which values others were compared with.
    """

    by_test: ByTest
    seen: NDArray[np.float64]
    counts: NDArray[np.bool_]


def assess(
    values: ArrayLike,
    items: Sequence[str],
    times: ArrayLike,
    incoming: ArrayLike,
    thresholds: Thresholds,
    neighbours: ArrayLike | None,
) -> QualityResult:
    """Flag of each value after all tests, and which test set it.

    Parameters
    ----------
    values : array_like of float, shape (items, ..., time), with neighbours (items, ..., stations, time)
        As sent. [unit of the item] NaN where missing.
    items : sequence of str
        Keys of the first axis. An item that is told more rarely than another is given in a call of its own, at its
        own times: between its values there would be nothing but gaps.
    times : array_like of int or datetime64, shape (time,)
        Ascending. [s since 1970-01-01 UTC]
    incoming : array_like of int, shape of `values`
        Flags the values came with; 2 where nothing was said of them. What a device says in its own letters stays with
        the caller.
    thresholds : Thresholds
    neighbours : array_like of int, shape (stations, most), or None
        As `surroundings` has them; None where stations are not compared.

    Returns
    -------
    QualityResult
        Shape of `values`.

    Raises
    ------
    UnknownItem
        The catalogue does not have an item.
    ValueError
        The shapes do not fit one another, the times are not strictly ascending, a number is no flag, or a neighbour is
        not there.

    Notes
    -----
    First each value is judged by itself (range, sign, zero, logic). What is bad by itself is hidden from the tests on
    the series, so that it does not drag down its neighbours in time; and what is not valid after those is left out of
    the history and of the neighbours that others are compared with.

    A suspect value may be true: spills and plumes are outliers too. It does not count in a figure, but whoever raises
    alerts should look at `test` before passing over it.

    Examples
    --------
    >>> from qingchuan.processing.quality import thresholds
    >>> ph, do = [7.1, 0.0, 7.2, 7.2], [8.0, 8.1, 60.0, np.nan]
    >>> found = assess([ph, do], ("ph", "do"), 3600 * np.arange(4), np.full((2, 4), 2), thresholds.shipped(), None)
    >>> found.flag
    array([[1, 4, 1, 1],
           [1, 1, 4, 9]], dtype=uint8)
    >>> [[QualityTest(test).name for test in row] for row in found.test]
    [['NONE', 'ZERO', 'NONE', 'NONE'], ['NONE', 'NONE', 'GROSS_RANGE', 'GAP']]
    """
    return aggregate(incoming, outcomes(values, items, times, incoming, thresholds, neighbours).by_test)


def outcomes(
    values: ArrayLike,
    items: Sequence[str],
    times: ArrayLike,
    incoming: ArrayLike,
    thresholds: Thresholds,
    neighbours: ArrayLike | None,
) -> Outcomes:
    """Flags by each test, as `assess` makes one of them.

    Parameters
    ----------
    values, items, times, incoming, thresholds, neighbours
        As `assess` has them.

    Returns
    -------
    Outcomes

    Raises
    ------
    UnknownItem, ValueError
        As `assess`.

    Examples
    --------
    >>> from qingchuan.processing.quality import thresholds
    >>> found = outcomes([[7.1, 0.0]], ("ph",), [0, 3600], [[2, 2]], thresholds.shipped(), None).by_test
    >>> found[QualityTest.ZERO], found[QualityTest.SPIKE]
    (array([[1, 4]], dtype=uint8), array([[2, 2]], dtype=uint8))
    """
    values = _by_item(values, items)
    found = {test: np.full(values.shape, NOT_EVALUATED, dtype=np.uint8) for test in QualityTest if test in _RUN}
    found[QualityTest.GAP] = gap(values)
    for row, key in enumerate(items):
        _put(found, row, by_itself(values[row], key, thresholds.of(key)), values)
    _put_logic(found, values, items, thresholds)
    seen = np.where(aggregate(incoming, found).flag == BAD, np.nan, values)
    for row, key in enumerate(items):
        _put(found, row, in_time(seen[row], times, key, thresholds.of(key)), values)
    counts = valid(aggregate(incoming, found).flag)
    for row, key in enumerate(items):
        _put(found, row, among_others(seen[row], counts[row], times, thresholds.of(key), neighbours), values)
    return Outcomes(found, seen, counts)


_RUN = frozenset(QualityTest) - {QualityTest.NONE, QualityTest.INCOMING}


def _by_item(values: ArrayLike, items: Sequence[str]) -> NDArray[np.float64]:
    values = np.asarray(values, dtype=np.float64)
    if values.ndim < 2 or len(values) != len(items):  # noqa: PLR2004 - items and time
        msg = f"the values have the shape {values.shape}; it must be (items, …, time) for {', '.join(items)}"
        raise ValueError(msg)
    return values


def _put(found: ByTest, row: int, told: ByTest, values: NDArray[np.float64]) -> None:
    """Take over what tests said of an item; a value that was hidden from a test was not evaluated by it."""
    for test, flags in told.items():
        found[test][row] = np.where((flags == MISSING) & np.isfinite(values[row]), NOT_EVALUATED, flags)


def _put_logic(found: ByTest, values: NDArray[np.float64], items: Sequence[str], thresholds: Thresholds) -> None:
    """Worst flag of all pairs that an item is in."""
    rows = {key: row for row, key in enumerate(items)}
    for pair in thresholds.logic:
        if pair.part in rows and pair.whole in rows:
            places = rows[pair.part], rows[pair.whole]
            told = part_above_whole(values[places[0]], values[places[1]], pair.tolerance)
            for place, flags in zip(places, told, strict=True):
                before = {QualityTest.LOGIC: found[QualityTest.LOGIC][place]}
                found[QualityTest.LOGIC][place] = aggregate(flags, before).flag
