"""A flag and the test that set it as one small number, of which the worst is the largest.

So the worst of many is their maximum, as `qingchuan.processing.quality.aggregate` has it: 9 before 4 before 3 before 1
before 2, and of tests that set the same flag the one with the smallest number.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qingchuan.processing.flags import BAD, GOOD, MISSING, NOT_EVALUATED, SUSPECT, VALID
from qingchuan.processing.quality.codes import QualityTest, test_named
from qingchuan.store.flag_texts import Mark

Grades = NDArray[np.uint8]

NOT_TOLD: Final = 0
"""Stands for a value that is not there."""

_ORDER = (NOT_EVALUATED, GOOD, SUSPECT, BAD, MISSING)
_TESTS = 16
_IN_TIME: Final = {
    QualityTest.SPIKE,
    QualityTest.RATE_OF_CHANGE,
    QualityTest.FLAT_LINE,
    QualityTest.CONSTANT,
    QualityTest.OUTLIER_LARGE,
}
_FAULTS: Final[dict[int, int]] = {
    QualityTest.ZERO: SUSPECT,
    QualityTest.CONSTANT: SUSPECT,
    QualityTest.FLAT_LINE: SUSPECT,
    QualityTest.LOGIC: SUSPECT,
    QualityTest.NEGATIVE: BAD,
    QualityTest.GROSS_RANGE: BAD,
}
"""The tests that find a fault of an instrument, and from which flag on."""


def grade(flag: int, test: QualityTest = QualityTest.NONE) -> int:
    """The number of a flag and the test that set it.

    Examples
    --------
    >>> grade(4, QualityTest.ZERO) > grade(3, QualityTest.SPIKE) > grade(3, QualityTest.ZERO) > grade(1) > grade(2)
    True
    """
    return _ORDER.index(flag) * _TESTS + _TESTS - 1 - (QualityTest.NONE if flag in VALID else test)


def flag_of(graded: int) -> int:
    """The flag of a number.

    Examples
    --------
    >>> flag_of(grade(4, QualityTest.ZERO))
    4
    """
    return _ORDER[graded // _TESTS]


def test_of(graded: int) -> QualityTest:
    """The test of a number.

    Examples
    --------
    >>> test_of(grade(4, QualityTest.ZERO)).name
    'ZERO'
    """
    return QualityTest(_TESTS - 1 - graded % _TESTS)


test_of.__test__ = False  # type: ignore[attr-defined]  # to pytest its name is that of a test


@lru_cache(maxsize=1024)
def graded(mark: Mark) -> int:
    """The number of a mark as it is stored; what no test of ours set came in.

    Examples
    --------
    >>> test_of(graded(Mark(3, "spike"))).name, test_of(graded(Mark(4, "device:M"))).name, graded(Mark(1)) == grade(1)
    ('SPIKE', 'INCOMING', True)
    """
    return grade(mark.flag, test_named(mark.by) or QualityTest.INCOMING)


@lru_cache(maxsize=1024)
def marked(number: int, incoming: Mark) -> Mark:
    """The mark of a number, as it is stored; what came in keeps its name.

    Examples
    --------
    >>> marked(grade(3, QualityTest.SPIKE), Mark(2)), marked(grade(4, QualityTest.INCOMING), Mark(4, "device:M"))
    (Mark(flag=3, by='spike'), Mark(flag=4, by='device:M'))
    """
    test = test_of(number)
    if test == QualityTest.INCOMING:
        return incoming
    return Mark(flag_of(number), "" if test == QualityTest.NONE else test.key)


def grades(flags: NDArray[np.uint8], test: QualityTest) -> Grades:
    """The numbers of the flags that a test gave; 9 is what it could not look at.

    Examples
    --------
    >>> grades(np.array([1, 9], dtype=np.uint8), QualityTest.SPIKE).tolist() == [grade(1), grade(2)]
    True
    """
    table = np.full(MISSING + 1, grade(NOT_EVALUATED), np.uint8)
    for flag in (GOOD, SUSPECT, BAD):
        table[flag] = grade(flag, test)
    return table[flags]


_ALL: Final = range(len(_ORDER) * _TESTS)


def _told(number: int) -> int:
    """The test of a number, which need not be one."""
    return _TESTS - 1 - number % _TESTS


def _is_hidden(number: int) -> bool:
    return flag_of(number) == BAD and _told(number) not in _IN_TIME


def _counts(number: int) -> bool:
    return number != NOT_TOLD and (flag_of(number) in VALID or number == grade(SUSPECT, QualityTest.OUTLIER_LARGE))


def _fault(number: int) -> int:
    test = _told(number)
    return test if flag_of(number) in (_FAULTS.get(test), BAD) and test in _FAULTS else 0


HIDDEN: Final[NDArray[np.bool_]] = np.array(list(map(_is_hidden, _ALL)))
"""Which values the tests in time do not see: those that are bad by themselves, or came in as bad."""

COUNTS: Final[NDArray[np.bool_]] = np.array(list(map(_counts, _ALL)))
"""Which values others are compared with: the valid ones, and those that are suspect for being large only."""

FAULTS: Final[NDArray[np.uint8]] = np.array(list(map(_fault, _ALL)), np.uint8)
"""The test that found a fault of the instrument; 0 where none did."""

INCOMING: Final[NDArray[np.bool_]] = np.array([_told(number) == QualityTest.INCOMING for number in _ALL])
"""Which flags came in and were not set by us."""

UNJUDGED: Final = grade(NOT_EVALUATED)
PASSED: Final = grade(GOOD)

SUSPECTED: Final = 2 * _TESTS
"""From here on a test objects."""
