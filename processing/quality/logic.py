"""Logic between items (逻辑关系, LRF): a part that is larger than its whole, such as PM2.5 above PM10."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.flags import GOOD, NOT_EVALUATED, SUSPECT
from qingchuan.processing.quality.series import tidy, without_missing

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def part_above_whole(
    part: ArrayLike, whole: ArrayLike, tolerance: float
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Flags of two items of which one is a part of the other.

    Parameters
    ----------
    part, whole : array_like of float, the same shape
        Of the same stations and times, such as PM2.5 and PM10, or ammonia nitrogen and total nitrogen. [the same unit]
        NaN where missing.
    tolerance : float
        By how much the part may be the larger one. [the same unit]

    Returns
    -------
    part, whole : ndarray of uint8, shape of the values
        1 good; 3, both of them, where the part is larger by more than the tolerance: which is wrong cannot be told;
        2 where the other one is missing; 9 missing.

    Raises
    ------
    ValueError
        The two have different shapes.

    References
    ----------
    .. [1] Automatic audit of water stations as one vendor does it: NH3-N above TN at the same time (LRF).

    Examples
    --------
    >>> part_above_whole([80, 60, np.nan], [69.9, 50, 40], 10)
    (array([3, 1, 9], dtype=uint8), array([3, 1, 2], dtype=uint8))
    """
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    if part.shape != whole.shape:
        msg = f"the part has the shape {part.shape}; it must be {whole.shape}, that of the whole"
        raise ValueError(msg)
    both = np.isfinite(part) & np.isfinite(whole)
    flags = np.where(both, GOOD, NOT_EVALUATED).astype(np.uint8)
    flags[both & (part > tidy(whole + tolerance))] = SUSPECT
    return without_missing(flags, part), without_missing(flags, whole)
