"""Attainment of the standard by all items together (多项目综合评价), and by a region of several areas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.air.attainment import ItemAttainment
from qingchuan.processing.air.short_term import NO_MULTIPLE
from qingchuan.processing.standards import AirAssessment


@dataclass(frozen=True, slots=True, eq=False)
class CombinedAttainment:
    """Attainment of all basic items together.

    Attributes
    ----------
    items : tuple of str
        The first axis of `missing`, `exceeding` and `multiple`.
    attained : ndarray of bool, shape (...)
        Every item is valid and attained.
    missing : ndarray of bool, shape (items, ...)
        Items that are not there, or not valid: each is named with the judgement.
    exceeding : ndarray of bool, shape (items, ...)
        Items that are valid and not attained.
    multiple : ndarray of int64, shape (items, ...)
        Larger exceedance multiple of each item, in units of its last decimal; -1 where nothing is exceeded.
    """

    items: tuple[str, ...]
    attained: NDArray[np.bool_]
    missing: NDArray[np.bool_]
    exceeding: NDArray[np.bool_]
    multiple: NDArray[np.int64]


class Exceedance(NamedTuple):
    """An item that exceeds its limit, and its larger exceedance multiple in units of its last decimal."""

    item: str
    multiple: int


def combined_attainment(items: Mapping[str, ItemAttainment], rules: AirAssessment) -> CombinedAttainment:
    """Attainment of all basic items together (多项目综合评价): all must be there, valid and attained.

    Parameters
    ----------
    items : mapping of str to ItemAttainment, shapes that broadcast to (...)
        One that is left out is missing; one that is no basic item is not looked at.
    rules : AirAssessment
        The edition of HJ 663.

    Returns
    -------
    CombinedAttainment
        Where all that was measured is attained and something is missing, `exceeding` is False everywhere and
        `attained` all the same.

    References
    ----------
    .. [1] HJ 663—2013, 5.1.2 and 6.2.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> found = combined_attainment({}, standards.load("hj663_2013", standards.AirAssessment))
    >>> found.attained, found.missing.all()
    (array(False), np.True_)
    """
    names = rules.basic.day
    shape = np.broadcast_shapes(*(items[item].valid.shape for item in names if item in items))
    valid, attained = np.zeros((len(names), *shape), np.bool_), np.zeros((len(names), *shape), np.bool_)
    multiple = np.full((len(names), *shape), NO_MULTIPLE, np.int64)
    for place, item in enumerate(names):
        if item in items:
            valid[place], attained[place], multiple[place] = (
                items[item].valid,
                items[item].attained,
                items[item].multiple,
            )
    return CombinedAttainment(
        items=names,
        attained=np.asarray(attained.all(axis=0)),
        missing=~valid,
        exceeding=valid & ~attained,
        multiple=multiple,
    )


def in_order(combined: CombinedAttainment) -> tuple[Exceedance, ...]:
    """Items of one place that exceed, the largest exceedance multiple first; those that tie as the standard lists them.

    Parameters
    ----------
    combined : CombinedAttainment
        Without leading axes.

    References
    ----------
    .. [1] HJ 663—2013, 5.1.2.2: 超标污染物及超标倍数（按照大小顺序排列）.
    """
    found = [
        Exceedance(item, int(multiple))
        for item, multiple, exceeds in zip(combined.items, combined.multiple, combined.exceeding, strict=True)
        if exceeds
    ]
    return tuple(sorted(found, key=lambda exceedance: -exceedance.multiple))


def region_attainment(areas: ArrayLike) -> NDArray[np.bool_]:
    """Attainment of a region: every city of it, and every regional station outside the cities, attains the standard.

    Parameters
    ----------
    areas : array_like of bool, shape (..., areas)
        `attained` of each.

    Returns
    -------
    ndarray of bool, shape (...)
        False of a region without any area: nothing shows that it attains the standard.

    References
    ----------
    .. [1] HJ 663—2013, 5.1.1.4, A.3.

    Examples
    --------
    >>> region_attainment([[True, True], [True, False]])
    array([ True, False])
    """
    areas = np.atleast_1d(np.asarray(areas, dtype=np.bool_))
    return np.asarray(areas.all(axis=-1) & (areas.shape[-1] > 0))
