"""Which samples lay below the detection limit, and what they count as in a mean."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.decimals import written
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards import Text
from qingchuan.processing.water.ratios import fraction
from qingchuan.processing.wording import many

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import WaterRounding


def explain_below_detection(
    samples: ArrayLike, below: ArrayLike | None, item: str, rules: WaterRounding
) -> tuple[Explanation, ...]:
    """What the samples of one item that lay below the detection limit count as, one explanation a limit.

    Parameters
    ----------
    samples : array_like of float, any shape
        As `samples.half_below_detection` makes them: with the share of the detection limit where less was found.
        [unit of the item] NaN where missing.
    below : array_like of bool, broadcastable to the shape of `samples`, or None
        Whether the laboratory found less than it can detect; None for nowhere.
    item : str
        Key of the catalogue.
    rules : WaterRounding
        The edition of 总站水字〔2020〕90号, which has the share.

    Returns
    -------
    tuple of Explanation
        By the limit, ascending: the value that counts; `valid` is how many samples have it, and `limit` the detection
        limit. None where all were found.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> [told] = explain_below_detection([0.002, 0.002, 0.03], [True, True, False], "volatile_phenol", rules)
    >>> told.value, told.limit, told.rule.zh
    (0.002, 0.004, '2 个样品低于检出限 0.004 mg/L，按检出限的 1/2，即 0.002 mg/L 参与计算')
    """
    samples = np.asarray(samples, dtype=np.float64)
    chosen = samples[shaped(below, samples) & np.isfinite(samples)]
    halves, counts = np.unique(chosen, return_counts=True)
    return tuple(_told(half, count, item, rules) for half, count in zip(halves.tolist(), counts.tolist(), strict=True))


def shaped(below: ArrayLike | None, samples: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of `samples` lie below the detection limit, in their shape.

    Examples
    --------
    >>> shaped(None, np.zeros(2))
    array([False, False])
    """
    return np.broadcast_to(np.asarray(below is not None and below, dtype=np.bool_), samples.shape)


def _told(half: float, count: int, item: str, rules: WaterRounding) -> Explanation:
    share, unit = Fraction(rules.means.below_detection), catalogue.item(item).unit
    limit = float(fraction(half) / share)
    of, counts = f"{written(limit)} {unit}".strip(), f"{written(half)} {unit}".strip()
    return Explanation(
        name=Text("低于检出限", "below the detection limit"),
        value=half,
        unit=unit,
        rule=Text(
            f"{count} 个样品低于检出限 {of}，按检出限的 {share}，即 {counts} 参与计算",
            f"{many(count, 'sample')} below the detection limit of {of}: {share} of it, {counts}, counts",
        ),
        source=Source.of(rules, rules.means),
        valid=count,
        limit=limit,
    )
