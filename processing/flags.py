"""Quality flags of a value: QARTOD's five numbers, and which of them may be computed with.

The numbers and their order are those of the QARTOD manuals (IOOS): the worse a value, the larger its flag.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

GOOD = 1
NOT_EVALUATED = 2
SUSPECT = 3
BAD = 4
MISSING = 9

VALID = (GOOD, NOT_EVALUATED)
"""Flags of values that count in means, indices and classes."""

ALL = (GOOD, NOT_EVALUATED, SUSPECT, BAD, MISSING)


def valid(flags: ArrayLike) -> NDArray[np.bool_]:
    """Whether each value may be computed with.

    Parameters
    ----------
    flags : array_like of int, any shape

    Returns
    -------
    ndarray of bool, shape of `flags`

    Examples
    --------
    >>> valid([GOOD, NOT_EVALUATED, SUSPECT, BAD, MISSING])
    array([ True,  True, False, False, False])
    """
    flags = np.asarray(flags)
    return np.asarray((flags == GOOD) | (flags == NOT_EVALUATED))
