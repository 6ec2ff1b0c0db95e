"""One flag of many: the worst wins, and it says which test set it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing import flags
from qingchuan.processing.quality.codes import QualityTest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

_ORDER = (flags.NOT_EVALUATED, flags.GOOD, flags.SUSPECT, flags.BAD, flags.MISSING)
"""From the flag that gives way to each other one to the one that gives way to none."""

_TESTS = 16
"""More than there are."""
_FLAGS = np.repeat(np.array(_ORDER, np.uint8), _TESTS)
_BY = np.tile(np.arange(_TESTS - 1, -1, -1, dtype=np.uint8), len(_ORDER))
"""Flag and test of each number that `_numbers` gives: the larger, the worse."""
_UNJUDGED = _TESTS - 1
"""The number of a value that no test was run on."""
_STRANGE = np.iinfo(np.uint8).max
"""The number of what is no flag."""


class QualityResult(NamedTuple):
    """Flags of values, and which test set each.

    Attributes
    ----------
    flag : ndarray of uint8
        1 good, 2 not evaluated, 3 suspect, 4 bad, 9 missing.
    test : ndarray of uint8, shape of `flag`
        A `QualityTest`; 0 where no test objected, which is where the flag is 1 or 2.
    """

    flag: NDArray[np.uint8]
    test: NDArray[np.uint8]


def aggregate(incoming: ArrayLike, outcomes: Mapping[QualityTest, NDArray[np.uint8]]) -> QualityResult:
    """Worst flag of each value, and the test that set it.

    Parameters
    ----------
    incoming : array_like of int, any shape
        Flags the values came with; 2 where nothing was said of them.
    outcomes : mapping of QualityTest to ndarray of uint8, shape of `incoming`
        Flags by each test; 2 where it was not run.

    Returns
    -------
    QualityResult

    Raises
    ------
    ValueError
        A number is no flag, or the shapes differ.

    Notes
    -----
    4 wins over 3, 3 over 1, and 1 over 2: a value that passed one test *was* evaluated, though another test could not
    be run on it. That is the order of ``ioos_qc.qartod.qartod_compare``; unlike there 9 wins over all, so that what one
    says is missing never becomes a value that counts. Of tests that set the same flag the one with the smallest number
    is named.

    References
    ----------
    .. [1] Manual for the Use of Real-Time Oceanographic Data Quality Control Flags, version 1.2.

    Examples
    --------
    >>> spikes = np.array([1, 3, 2, 1], dtype=np.uint8)
    >>> ranges = np.array([1, 4, 2, 9], dtype=np.uint8)
    >>> aggregate([2, 2, 2, 1], {QualityTest.SPIKE: spikes, QualityTest.GROSS_RANGE: ranges})
    QualityResult(flag=array([1, 4, 2, 9], dtype=uint8), test=array([0, 3, 0, 3], dtype=uint8))
    """
    told = np.asarray(incoming)
    judged = {**outcomes, QualityTest.INCOMING: told}
    worst = np.full(told.shape, _UNJUDGED, np.uint8)
    for which in sorted(judged):
        numbers = _numbers(judged[which], which, told.shape)
        if numbers is not None:
            np.maximum(worst, numbers, out=worst)
    return QualityResult(_FLAGS[worst], _BY[worst])


def _numbers(told: NDArray[np.integer], which: QualityTest, shape: tuple[int, ...]) -> NDArray[np.uint8] | None:
    """Each flag and the test as one number; where no test objected it is that of none. None where it was not run."""
    if told.shape != shape:
        msg = f"the flags of {which.name} have the shape {told.shape}; it must be {shape}, that of the incoming flags"
        raise ValueError(msg)
    if (told == flags.NOT_EVALUATED).all():
        return None
    table = np.full(_STRANGE + 1, _STRANGE, np.uint8)
    for rank, flag in enumerate(_ORDER):
        table[flag] = rank * _TESTS + _TESTS - 1 - (QualityTest.NONE if flag in flags.VALID else which)
    small = told if told.dtype == np.uint8 else np.clip(told, 0, _STRANGE).astype(np.uint8)
    numbers: NDArray[np.uint8] = table[small]
    if numbers.max(initial=0) == _STRANGE:
        known = ", ".join(map(str, flags.ALL))
        msg = f"a flag of {which.name} has the value {told[numbers == _STRANGE].min()}; the flags are {known} (QARTOD)"
        raise ValueError(msg)
    return numbers
