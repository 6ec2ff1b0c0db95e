"""A section judged: classes, what decides them, by how much limits are exceeded, and the main pollutants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.water.classes import item_classes, section_class
from qingchuan.processing.water.pollutants import main_pollutants, multiples, told_multiples
from qingchuan.processing.water.rows import item_rows, rows_among

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import SurfaceWaterClasses, WaterStatus
    from qingchuan.processing.standards.water_limits import WaterBody
    from qingchuan.processing.standards.water_status import WaterClass


@dataclass(frozen=True, slots=True, eq=False)
class SectionAssessment:
    """Sections judged, at one moment or over one period each.

    Attributes
    ----------
    items : tuple of str
        First axis of the arrays that have it.
    classes : ndarray of uint8, shape (items, ...)
        Class of each item that judges: 1 … 6; 0 where it is missing or does not judge.
    section : ndarray of uint8, shape (...)
        The worst of them; 0 where there is none.
    deciding : ndarray of bool, shape (items, ...)
        Items of that class, where it is worse than Ⅰ.
    multiples : ndarray of float64, shape (items, ...)
        By how many times each item that judges exceeds the limit of Ⅲ, as published. [-] NaN where it does not.
    target_multiples : ndarray of float64, shape (items, ...)
        The same against the limit of the section's target. [-]
    main : ndarray of uint8, shape (items, ...)
        1, 2, 3 for the first to the third main pollutant, else 0.
    """

    items: tuple[str, ...]
    classes: NDArray[np.uint8]
    section: NDArray[np.uint8]
    deciding: NDArray[np.bool_]
    multiples: NDArray[np.float64]
    target_multiples: NDArray[np.float64]
    main: NDArray[np.uint8]

    def named(self, *place: int) -> tuple[str, ...]:
        """Main pollutants of one section, in their order.

        Parameters
        ----------
        *place : int
            Its index in the shape of `section`; none where that is a scalar.
        """
        ranks = np.moveaxis(self.main, 0, -1)[place]
        return tuple(self.items[index] for index in np.argsort(ranks, kind="stable").tolist() if ranks[index])

    def status(self, measures: WaterStatus, *place: int) -> WaterClass | None:
        """Name, status and colour of the class of one section; None where it has no class.

        Parameters
        ----------
        measures : WaterStatus
            The edition of 环办〔2011〕22号.
        *place : int
            As `named` has it.
        """
        return measures.water_class(int(self.section[place]))


def assess_sections(
    values: ArrayLike,
    items: Sequence[str],
    water_body: WaterBody,
    target: ArrayLike,
    judging: Sequence[str],
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
    saturated: ArrayLike | None = None,
) -> SectionAssessment:
    """Sections judged by their worst item.

    Parameters
    ----------
    values : array_like of float, shape (items, ...)
        In real time exact values as they were sent, over a period means rounded to the decimals of evaluation
        (`period_means`). [unit of the item] NaN where missing.
    items : sequence of str
        Keys of the first axis.
    water_body : {"river", "lake"}
    target : array_like of int, broadcastable to shape (...)
        Class that each section has to reach, 1 … 5; 0 where it has none.
    judging : sequence of str
        Items that judge: `standard.real_time.items` in real time, `measures.indicators.items` over a period.
    standard : SurfaceWaterClasses
        The edition of GB 3838.
    measures : WaterStatus
        The edition of 环办〔2011〕22号.
    saturated : array_like of bool, optional
        As `item_classes` has it.

    Returns
    -------
    SectionAssessment

    Raises
    ------
    ValueError
        `values` does not have a row an item, or a target is no class.

    References
    ----------
    .. [1] 环办〔2011〕22号, 二、（一）1. and 3. (1).

    Examples
    --------
    A week of 黑龙江同江 of 2007 with four items:

    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> items = ("ph", "do", "codmn", "nh3n")
    >>> tongjiang = assess_sections([7.66, 6.03, 13.3, 1.77], items, "river", 3, items, gb3838, measures)
    >>> int(tongjiang.section), tongjiang.named(), tongjiang.multiples.tolist()
    (5, ('codmn', 'nh3n'), [nan, nan, 1.2, 0.8])
    >>> found = tongjiang.status(measures)
    >>> (found.status.zh, found.colour_zh) if found else None
    ('中度污染', '橙色')
    """
    values = item_rows(values, items)
    judges = rows_among(items, judging, values.ndim)
    values = np.where(judges, values, np.nan)
    classes = item_classes(values, items, water_body, standard, saturated)
    section, deciding = section_class(classes)
    limit = measures.main_pollutants.worse_than
    exceeded = multiples(values, items, water_body, limit, standard, measures)
    return SectionAssessment(
        items=tuple(items),
        classes=classes,
        section=section,
        deciding=deciding,
        multiples=told_multiples(values, items, water_body, limit, standard, measures),
        target_multiples=told_multiples(values, items, water_body, target, standard, measures),
        main=main_pollutants(classes, exceeded, items, measures),
    )


def reference_classes(
    values: ArrayLike,
    items: Sequence[str],
    water_body: WaterBody,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
) -> NDArray[np.uint8]:
    """Classes of the items of reference (参考指标), which are told apart and decide nothing.

    Parameters
    ----------
    values, items, water_body, standard, measures
        As `assess_sections` has them.

    Returns
    -------
    ndarray of uint8, shape of `values`
        1 … 6; 0 where an item is no reference, or not in this kind of water body, has no classes, or is missing.

    References
    ----------
    .. [1] 环办〔2011〕22号, 一、（一）1.: faecal coliforms, and total nitrogen in lakes; temperature has no classes.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> reference_classes([1.2, 300.0, 9.0], ("tn", "faecal_coliforms", "codmn"), "lake", gb3838, measures)
    array([4, 2, 0], dtype=uint8)
    """
    rule = measures.indicators
    told = [item for item in rule.reference if water_body == "lake" or item not in rule.reference_in_lakes_only]
    values = item_rows(values, items)
    apart = rows_among(items, told, values.ndim)
    return item_classes(np.where(apart, values, np.nan), items, water_body, standard)
