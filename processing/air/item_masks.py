"""Some of the items of a report as a byte: bit i stands for item i, so that several can be chosen at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import ArrayLike

ItemMask = NDArray[np.uint8]
"""Bytes of which bit i stands for item i."""


def put_item_mask(chosen: Iterable[NDArray[np.bool_]], mask: ItemMask) -> None:
    """Write into `mask` which items are chosen.

    Parameters
    ----------
    chosen : iterable of ndarray of bool, shape (...)
        Of each item in turn, eight at most.
    mask : ndarray of uint8, shape (...)

    Examples
    --------
    >>> mask = np.empty(3, np.uint8)
    >>> put_item_mask([np.array([True, False, True]), np.array([True, True, False])], mask)
    >>> mask
    array([3, 2, 1], dtype=uint8)
    """
    mask[...] = 0
    for place, this in enumerate(chosen):
        mask |= this.view(np.uint8) * np.uint8(1 << place)


def mask_by_item(mask: ArrayLike, items: Sequence[str]) -> NDArray[np.bool_]:
    """Whether each item is in a mask.

    Parameters
    ----------
    mask : array_like of uint8, shape (...)
    items : sequence of str
        Those that its bits stand for, in order.

    Returns
    -------
    ndarray of bool, shape (items, ...)

    Examples
    --------
    >>> mask_by_item(np.array([3, 2, 0], np.uint8), ("so2", "no2"))
    array([[ True, False, False],
           [ True,  True, False]])
    """
    mask = np.asarray(mask)
    return np.array([mask & (1 << place) for place in range(len(items))]).astype(np.bool_)


def items_of_mask(mask: int, items: Sequence[str]) -> tuple[str, ...]:
    """Names of the items in one mask.

    Parameters
    ----------
    mask : int
    items : sequence of str
        Those that its bits stand for, in order.

    Examples
    --------
    >>> items_of_mask(5, ("so2", "no2", "pm10"))
    ('so2', 'pm10')
    """
    return tuple(item for place, item in enumerate(items) if mask >> place & 1)
