"""Hours judged anew: the quality tests on all hours of many stations, under what is stored of them already."""

from __future__ import annotations

import math
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from qingchuan.collector.quality.rules import Rules
from qingchuan.processing.flags import BAD, GOOD, MISSING, NOT_EVALUATED, SUSPECT, valid
from qingchuan.processing.periods import HOUR
from qingchuan.processing.quality.aggregate import QualityResult, aggregate
from qingchuan.processing.quality.assess import outcomes
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.processing.quality.flat_line import flat_line
from qingchuan.processing.quality.thresholds import FlatLine, Thresholds
from qingchuan.service.recomputing.tables import HOUR_ITEMS

_MAY_BE_TRUE: Final = np.array([test.may_be_true for test in QualityTest], np.bool_)


def judged_hours(
    values: NDArray[np.float64],
    stored: NDArray[np.uint8],
    kept: NDArray[np.bool_] | None,
    thresholds: Thresholds,
) -> QualityResult:
    """Flags of hours, and which test set each.

    Parameters
    ----------
    values : ndarray of float64, shape (items, hours, stations)
        Consecutive hours of `HOUR_ITEMS`. [unit of the item] NaN where missing.
    stored : ndarray of uint8, shape of `values`
        Flags as they are stored. What they call suspect or bad stays so at least: it may rest on what no test knows, as
        the word of the instrument. Such a flag is named `QualityTest.INCOMING` where no test finds the same.
    kept : ndarray of bool, shape of `values`, or None
        Values that were judged by a person, and keep their flags.
    thresholds : Thresholds

    Returns
    -------
    QualityResult
        Shape of `values`.

    Notes
    -----
    What the instrument called bad is hidden from the tests on the series, as it is when values come in; what a test
    called bad because of the values before it is not. Which it was does not stand in the store: what the tests find by
    themselves was theirs.
    """
    by_station = values.transpose(0, 2, 1)
    before = stored.transpose(0, 2, 1)
    flag, test = _assessed(by_station, np.full(before.shape, NOT_EVALUATED, np.uint8), thresholds)
    told_bad = (before == BAD) & (flag < BAD)
    stations = np.flatnonzero(told_bad.any(axis=(0, 2)))
    if stations.size:
        incoming = np.where(told_bad[:, stations], np.uint8(BAD), np.uint8(NOT_EVALUATED))
        flag[:, stations], test[:, stations] = _assessed(by_station[:, stations], incoming, thresholds)
    stays = ~valid(before) & counts(flag, test)
    if kept is not None:
        stays |= kept.transpose(0, 2, 1)
    flag = np.where(stays, before, flag)
    test = np.where(stays, np.where(valid(before), np.uint8(QualityTest.NONE), np.uint8(QualityTest.INCOMING)), test)
    return QualityResult(flag.transpose(0, 2, 1), test.transpose(0, 2, 1))


def counts(flag: NDArray[np.uint8], test: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which values are computed with, as `qingchuan.processing.quality.codes.counted` has it.

    Examples
    --------
    >>> flags, tests = np.array([1, 3, 3, 9], np.uint8), np.array([0, 4, 6, 1], np.uint8)
    >>> counts(flags, tests)
    array([ True,  True, False, False])
    """
    return np.asarray(valid(flag) | ((flag == SUSPECT) & _MAY_BE_TRUE[test]))


def _assessed(values: NDArray[np.float64], incoming: NDArray[np.uint8], thresholds: Thresholds) -> QualityResult:
    """What all tests say, shape (items, stations, hours)."""
    times, rules = np.arange(values.shape[-1]) * HOUR, Rules(thresholds, "hour")
    found = outcomes(values, HOUR_ITEMS, times, incoming, _without_flat_lines(thresholds), None)
    for row, item in enumerate(HOUR_ITEMS):
        flat = thresholds.of(item).flat_line
        if flat is not None:
            lookback = int(rules.lookback[rules.items.index(item)]) // HOUR
            flags = _flat_lines(found.seen[row], times, flat, np.isfinite(values[row]), lookback)
            hidden = (flags == MISSING) & np.isfinite(values[row])
            found.by_test[QualityTest.FLAT_LINE][row] = np.where(hidden, np.uint8(NOT_EVALUATED), flags)
    return aggregate(incoming, found.by_test)


def _without_flat_lines(thresholds: Thresholds) -> Thresholds:
    items = tuple(msgspec.structs.replace(entry, flat_line=None) for entry in thresholds.items)
    return msgspec.structs.replace(thresholds, items=items)


def _flat_lines(
    seen: NDArray[np.float64], times: NDArray[np.int64], rule: FlatLine, told: NDArray[np.bool_], lookback: int
) -> NDArray[np.uint8]:
    """Flags of flat lines as values get them when they come in: a line begins with a value, not with a gap.

    Parameters
    ----------
    seen : ndarray of float64, shape (stations, hours)
    times : ndarray of int64, shape (hours,)
        [s]
    rule : FlatLine
    told : ndarray of bool, shape (stations, hours)
        Where there is a value, seen or not.
    lookback : int
        How far back the tests of the item look. [h]
    """
    flags = np.full(seen.shape, GOOD, np.uint8)
    for suspect, fail in ((rule.suspect_hours, math.inf), (math.inf, rule.fail_hours)):
        hours = min(suspect, fail)
        if math.isfinite(hours):
            found = flat_line(seen, times, suspect * HOUR, fail * HOUR, rule.tolerance, rule.present)
            reaches = _any_between(told, int(hours), lookback) | (found == MISSING)
            np.maximum(flags, np.where(reaches, found, np.uint8(GOOD)), out=flags)
    return flags


def _any_between(told: NDArray[np.bool_], nearest: int, farthest: int) -> NDArray[np.bool_]:
    """Whether something is told in the hours that lie from `nearest` to `farthest` back."""
    total = np.zeros((told.shape[0], told.shape[1] + farthest + 1), np.int32)
    np.cumsum(told, axis=1, out=total[:, farthest + 1 :])
    hours = told.shape[1]
    return np.asarray(total[:, farthest + 1 - nearest :][:, :hours] != total[:, :hours])
