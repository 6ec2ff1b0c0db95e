"""Lakes and reservoirs: first over time at each point, then over the points."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from qingchuan.processing.water.means import Means, means_within_and_over
from qingchuan.processing.water.sections import SectionAssessment, assess_sections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from qingchuan.processing.standards import SurfaceWaterClasses, WaterRounding, WaterStatus


class LakeAssessment(NamedTuple):
    """A lake over one period.

    Attributes
    ----------
    points : SectionAssessment
        Each point by its own means over time.
    means : Means
        Means over the points, of shape (items,); `counts` are those of points.
    lake : SectionAssessment
        The lake by these.
    """

    points: SectionAssessment
    means: Means
    lake: SectionAssessment


def assess_lake(
    samples: ArrayLike,
    items: Sequence[str],
    target: int,
    at_least: int,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
    rounding: WaterRounding,
) -> LakeAssessment:
    """A lake or reservoir judged over one period.

    Parameters
    ----------
    samples : array_like of float, shape (items, points, samples)
        Valid values as they were sent. [unit of the item] NaN where missing.
    target : int
        Class it has to reach; 0 where it has none.
    items, at_least, standard, measures, rounding
        As `rivers.assess_river` has them, of points in the place of sections.

    Returns
    -------
    LakeAssessment

    Raises
    ------
    LookupError, ValueError
        As `period_means` raises them; the samples need all three axes.

    Notes
    -----
    All points weigh the same, however often they were sampled. Parts of a large lake are lakes of their own here; a
    reservoir like a river is a river, and that is metadata.

    References
    ----------
    .. [1] 环办〔2011〕22号, 二、（二）1. (2) and (3).

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> rounding = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> samples = [[[0.02, 0.03, 0.04], [0.07, float("nan"), float("nan")]]]
    >>> found = assess_lake(samples, ("tp",), 3, 1, gb3838, measures, rounding)
    >>> found.points.section, found.means.values, found.lake.section
    (array([3, 4], dtype=uint8), array([0.05]), array(3, dtype=uint8))
    """
    within, over = means_within_and_over(samples, items, rounding, at_least)
    judging = measures.indicators.items
    points = assess_sections(within.values, items, "lake", target, judging, standard, measures)
    lake = assess_sections(over.values, items, "lake", target, judging, standard, measures)
    return LakeAssessment(points, over, lake)
