"""Gross range: values outside what the instrument may tell, or outside what is usual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.flags import BAD, GOOD, SUSPECT
from qingchuan.processing.quality.series import without_missing

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def gross_range(values: ArrayLike, fail: tuple[float, float], suspect: tuple[float, float]) -> NDArray[np.uint8]:
    """Flags of values against two ranges.

    Parameters
    ----------
    values : array_like of float, any shape
        [unit of the item] NaN where missing.
    fail : (float, float)
        Least and largest value that is not bad. [unit of the item]
    suspect : (float, float)
        Least and largest value that is not suspect, within `fail`. [unit of the item]

    Returns
    -------
    ndarray of uint8, shape of `values`
        1 good, 3 suspect, 4 bad, 9 missing. An end of a range lies within it.

    Raises
    ------
    ValueError
        A range has its ends the wrong way round, or `suspect` reaches beyond `fail`.

    Notes
    -----
    Flag for flag ``ioos_qc.qartod.gross_range_test``, but for an infinite value: it is missing here, as in every other
    test, where ioos_qc calls it failed in this test alone. ioos_qc sorts the ends of a range; here they are refused.

    References
    ----------
    .. [1] QARTOD, test 4: gross range.

    Examples
    --------
    >>> gross_range([-1, 0, 2, 4, 6, np.nan], (0, 5), (1, 3))
    array([4, 3, 1, 3, 4, 9], dtype=uint8)
    """
    if not fail[0] <= suspect[0] <= suspect[1] <= fail[1]:
        msg = f"the suspect range has the ends {suspect}; they must lie in order within the fail range {fail}"
        raise ValueError(msg)
    values = np.asarray(values, dtype=np.float64)
    flags = np.full(values.shape, GOOD, dtype=np.uint8)
    flags[(values < suspect[0]) | (values > suspect[1])] = SUSPECT
    flags[(values < fail[0]) | (values > fail[1])] = BAD
    return without_missing(flags, values)
