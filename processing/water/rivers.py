"""Rivers and basins judged: by the mean of few sections, by the shares of the classes of more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from qingchuan.processing.water.means import Means, means_within_and_over
from qingchuan.processing.water.sections import SectionAssessment, assess_sections
from qingchuan.processing.water.shares import ClassShares, class_shares, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import SurfaceWaterClasses, Text, WaterRounding, WaterStatus
    from qingchuan.processing.standards.water_limits import WaterBody
    from qingchuan.processing.standards.water_status import RiverRow

NO_STATUS = 0
"""The status where there is none: no section has a class."""


class Exceedance(NamedTuple):
    """An item that exceeds class Ⅲ in sections of a river.

    Attributes
    ----------
    item : str
    sections : int
        How many sections are worse than Ⅲ for it. [-]
    rate : float
        Share of all evaluated sections (断面超标率). [%]
    """

    item: str
    sections: int
    rate: float


@dataclass(frozen=True, slots=True, eq=False)
class RiverAssessment:
    """A river or basin over one period.

    Attributes
    ----------
    method : {"mean", "shares", "none"}
        Which way it was judged; "none" where no section has a class.
    sections : SectionAssessment
        Each of its sections: told beside the mean, and what the shares are made of.
    shares : ClassShares
    means : Means or None
        Means of the items over the sections, rounded to the decimals of evaluation; None where shares decide.
    mean : SectionAssessment or None
        What the means come to; None where shares decide.
    number : int
        Class of the means, 1 … 6, or row of the table of rivers, 1 … 5; 0 where there is none.
    status : Text or None
        水质状况.
    colour_zh, colour : str or None
        As the document names it, and as it is shown.
    main : tuple of Exceedance
        Where shares decide, the items with the largest rates. Empty where the mean does: each section then has its own
        main pollutants.
    """

    method: Literal["mean", "shares", "none"]
    sections: SectionAssessment
    shares: ClassShares
    means: Means | None
    mean: SectionAssessment | None
    number: int
    status: Text | None
    colour_zh: str | None
    colour: str | None
    main: tuple[Exceedance, ...]


def river_status(good: ArrayLike, worst: ArrayLike, sections: ArrayLike, measures: WaterStatus) -> NDArray[np.uint8]:
    """Status of rivers by the shares of their sections.

    Parameters
    ----------
    good, worst : array_like of int, broadcastable
        How many sections are of Ⅰ … Ⅲ, and how many are worse than Ⅴ. [-]
    sections : array_like of int, broadcastable
        How many have a class. [-]
    measures : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    ndarray of uint8, the broadcast shape
        Number of the row of `measures.river`: 1 优 … 5 重度污染; 0 where no section has a class.

    Raises
    ------
    ValueError
        More sections are good or worst than there are, or fewer than none.

    Notes
    -----
    Shares are compared exactly, not as they are rounded for print.

    References
    ----------
    .. [1] 环办〔2011〕22号, 二、（一）2., table 2.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> river_status([9, 3, 6, 2], [0, 0, 4, 1], [10, 4, 10, 4], measures)
    array([1, 2, 5, 4], dtype=uint8)
    """
    good, worst, sections = np.broadcast_arrays(*(np.asarray(n, dtype=np.int64) for n in (good, worst, sections)))
    if good.size and ((good < 0) | (worst < 0) | (good + worst > sections)).any():
        raise ValueError("a river has more good and worst sections than sections; count those with a class only")
    found = np.full(good.shape, measures.river.otherwise, dtype=np.uint8)
    for row in measures.river.rows:
        found = np.where(_fits(row, good, worst, sections), row.number, found).astype(np.uint8)
    return np.where(sections > 0, found, NO_STATUS).astype(np.uint8)


def assess_river(
    samples: ArrayLike,
    items: Sequence[str],
    water_body: WaterBody,
    target: ArrayLike,
    at_least: int,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
    rounding: WaterRounding,
) -> RiverAssessment:
    """A river or basin judged over one period.

    Parameters
    ----------
    samples : array_like of float, shape (items, sections, samples)
        Valid values of the period as they were sent, as `period_means` has them; one a section will do. [unit of the
        item] NaN where missing.
    items : sequence of str
        Keys of the first axis.
    water_body : {"river", "lake"}
    target : array_like of int, broadcastable to shape (sections,)
        Class that each section has to reach; 0 where it has none.
    at_least : int
        How many samples the value of a section needs; one that has fewer counts for nothing. [-]
    standard : SurfaceWaterClasses
        The edition of GB 3838.
    measures : WaterStatus
        The edition of 环办〔2011〕22号.
    rounding : WaterRounding
        The edition of 总站水字〔2020〕90号.

    Returns
    -------
    RiverAssessment

    Raises
    ------
    LookupError, ValueError
        As `period_means` raises them; the samples need all three axes.

    Notes
    -----
    Sections count that have a class: one that is stopped or dry is none of them. With fewer than five the
    concentrations are averaged, never the classes, and rounded once, after the mean over the sections. Main pollutants
    of a river of five or more are ranked by the share of sections, and by the order of `items` where that is equal;
    they are told whatever the status is, as the document leaves them out of good sections only.

    References
    ----------
    .. [1] 环办〔2011〕22号, 二、（一）2. and 3. (2).

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> rounding = standards.load("cnemc2020_90", standards.WaterRounding)
    >>> few = assess_river([[[4.0], [7.0], [8.0]]], ("codmn",), "river", 3, 1, gb3838, measures, rounding)
    >>> few.method, few.means.values, few.status.zh, few.sections.section
    ('mean', array([6.3]), '轻度污染', array([2, 4, 4], dtype=uint8))
    >>> five = [[[4.0], [7.0], [8.0], [4.0], [5.0]]]
    >>> more = assess_river(five, ("codmn",), "river", 3, 1, gb3838, measures, rounding)
    >>> more.method, float(more.shares.good), more.status.zh, more.main
    ('shares', 60.0, '轻度污染', (Exceedance(item='codmn', sections=2, rate=40.0),))
    """
    within, over = means_within_and_over(samples, items, rounding, at_least)
    sections = assess_sections(within.values, items, water_body, target, measures.indicators.items, standard, measures)
    return judged_river(sections, over, water_body, standard, measures)


def judged_river(
    sections: SectionAssessment,
    over: Means,
    water_body: WaterBody,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
) -> RiverAssessment:
    """A river or basin whose sections have been judged.

    Parameters
    ----------
    sections : SectionAssessment
        Of shape (items, sections).
    over : Means
        Means of the same items over the sections that have a value, of shape (items,); told and judged only where there
        are few.
    water_body : {"river", "lake"}
    standard : SurfaceWaterClasses
        The edition of GB 3838.
    measures : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    RiverAssessment
    """
    shares = class_shares(sections.section, measures)
    if not shares.evaluated:
        return RiverAssessment("none", sections, shares, None, None, NO_STATUS, None, None, None, ())
    if shares.evaluated >= measures.river.few:
        return _by_shares(sections, shares, measures)
    mean = assess_sections(over.values, sections.items, water_body, 0, measures.indicators.items, standard, measures)
    found = measures.classes.rows[int(mean.section) - 1]
    told = (found.number, found.status, found.colour_zh, found.colour)
    return RiverAssessment("mean", sections, shares, over, mean, *told, ())


def exceedance_rates(sections: SectionAssessment, measures: WaterStatus) -> tuple[Exceedance, ...]:
    """Items that exceed class Ⅲ somewhere, by the share of sections where they do (断面超标率), the largest first.

    Parameters
    ----------
    sections : SectionAssessment
        Of shape (items, sections).
    measures : WaterStatus
        The edition of 环办〔2011〕22号.

    References
    ----------
    .. [1] 环办〔2011〕22号, 二、（一）3. (2); the share is that of all evaluated sections, also of those that lack the
       item, as 2016's state of the environment counts it.
    """
    beyond = (sections.classes > measures.main_pollutants.worse_than).sum(axis=-1)
    rates = percent(beyond, (sections.section > 0).sum(), measures.shares.decimals)
    order = np.argsort(-beyond, kind="stable")
    return tuple(
        Exceedance(sections.items[place], int(beyond[place]), float(rates[place]))
        for place in order.tolist()
        if beyond[place]
    )


def _by_shares(sections: SectionAssessment, shares: ClassShares, measures: WaterStatus) -> RiverAssessment:
    good = shares.counts[: measures.river.good_up_to].sum()
    number = int(river_status(good, shares.counts[measures.river.worst - 1], shares.evaluated, measures))
    found = measures.river.rows[number - 1]
    main = exceedance_rates(sections, measures)[: measures.main_pollutants.most]
    told = (found.number, found.status, found.colour_zh, found.colour)
    return RiverAssessment("shares", sections, shares, None, None, *told, main)


def _fits(
    row: RiverRow, good: NDArray[np.int64], worst: NDArray[np.int64], sections: NDArray[np.int64]
) -> NDArray[np.bool_]:
    fits = np.ones(good.shape, dtype=np.bool_)
    bounds = ((good, row.good_at_least, row.good_below), (worst, row.worst_at_least, row.worst_below))
    for count, at_least, below in bounds:
        if at_least is not None:
            fits &= 100 * count >= at_least * sections
        if below is not None:
            fits &= 100 * count < below * sections
    return fits
