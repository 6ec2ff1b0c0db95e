"""The trophic state of a lake or reservoir (营养状态), by the index TLI(Σ) of five items."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.decimals import written
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.rounding import round_half_even
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.water.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import TrophicAssessment
    from qingchuan.processing.standards.trophic import TrophicItem

NO_STATE = 0
"""The trophic state where there is none."""


class TrophicIndex(NamedTuple):
    """The index of a lake, and what it is made of.

    Attributes
    ----------
    single : ndarray of float64, shape (items of the standard, ...)
        TLI(j) in the order of `TrophicAssessment.items`, not rounded. [-] NaN where the value is
        missing or not above 0.
    total : ndarray of float64, shape (...)
        TLI(Σ), rounded to the decimals of the edition. [-] NaN where any of the items has none.
    state : ndarray of uint8, shape (...)
        1 poor … 5 rich; 0 where there is no index.
    """

    single: NDArray[np.float64]
    total: NDArray[np.float64]
    state: NDArray[np.uint8]


def trophic_index(values: ArrayLike, items: Sequence[str], standard: TrophicAssessment) -> TrophicIndex:
    """Index of the trophic state, with the state and the index of each item.

    Parameters
    ----------
    values : array_like of float, shape (items, ...)
        Means over time and points. [unit of the catalogue: chlorophyll a in mg/L, transparency in cm] NaN
        where missing.
    items : sequence of str
        Keys of the first axis, in any order.
    standard : TrophicAssessment
        The edition.

    Returns
    -------
    TrophicIndex

    Raises
    ------
    ValueError
        `values` does not have a row an item.

    Notes
    -----
    All items of the edition are needed: a share of the weights is no index. A value of 0 has no logarithm; what is
    below the detection limit is given as the rules of means say (half the limit), never as 0. The formula wants
    chlorophyll a in mg/m³ and transparency in m; the values are moved there by the powers of ten of the edition. The
    index is rounded before it meets a bound, as every computed value is.

    References
    ----------
    .. [1] 总站生字〔2001〕090号, 1 and 3.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("trophic_2001", standards.TrophicAssessment)
    >>> lake = trophic_index([0.010, 0.05, 1.0, 100.0, 4.0], ("chla", "tp", "tn", "transparency", "codmn"), standard)
    >>> lake.single.round(4), float(lake.total), int(lake.state)
    (array([50.0061, 45.7093, 54.53  , 51.18  , 37.9793]), 48.0181, 2)
    """
    rows = standard.formulas.rows
    wanted = rows_of(values, items, standard.items)
    wanted[~(wanted > 0)] = np.nan
    single = np.stack([_single(wanted[place], row, standard.formulas.scale) for place, row in enumerate(rows)])
    weights = np.array([float(weight) for weight in standard.formulas.weights])
    index = round_half_even(np.tensordot(weights, single, axes=1), standard.formulas.decimals)
    return TrophicIndex(single, index, trophic_state(index, standard))


def trophic_state(index: ArrayLike, standard: TrophicAssessment) -> NDArray[np.uint8]:
    """Trophic state of an index.

    Parameters
    ----------
    index : array_like of float, any shape
        TLI(Σ). [-] NaN where there is none.
    standard : TrophicAssessment
        The edition.

    Returns
    -------
    ndarray of uint8, shape of `index`
        1 poor … 5 rich; 0 where there is no index.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("trophic_2001", standards.TrophicAssessment)
    >>> trophic_state([29.9999, 30, 50, 50.0001, 60, 60.0001, 70, 70.0001, np.nan], standard)
    array([1, 2, 2, 3, 3, 4, 4, 5, 0], dtype=uint8)
    """
    index = np.asarray(index, dtype=np.float64)
    state = np.ones(index.shape, dtype=np.uint8)
    for row in standard.states.rows:
        if row.below is not None:
            state += index >= row.below
        elif row.up_to is not None:
            state += index > row.up_to
    return np.where(np.isnan(index), np.uint8(NO_STATE), state)


def explain_trophic_index(values: ArrayLike, items: Sequence[str], standard: TrophicAssessment) -> Explanation:
    """How the index of one lake came about.

    Parameters
    ----------
    values : array_like of float, shape (items,)
        [unit of the catalogue] NaN where missing.
    items : sequence of str
        Keys of the values, in any order.
    standard : TrophicAssessment
        The edition.

    Returns
    -------
    Explanation
        A part an item: its TLI(j), and in it the value in the unit of the formula.

    Raises
    ------
    ValueError
        `values` does not have a row an item.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("trophic_2001", standards.TrophicAssessment)
    >>> explain_trophic_index([0.010, 0.05, 1.0, 100.0, 4.0], standard.items, standard).rule.zh
    'TLI(Σ)=ΣWⱼ·TLI(j)=0.2663×50.0061+0.1879×45.7093+0.1790×54.5300+0.1834×51.1800+0.1834×37.9793=48.0181，属中营养'
    """
    found = trophic_index(values, items, standard)
    given = rows_of(values, items, standard.items)
    single = [None if np.isnan(one) else round(float(one), standard.formulas.decimals) for one in found.single]
    return Explanation(
        name=Text("综合营养状态指数", "trophic index"),
        value=None if np.isnan(found.total) else float(found.total),
        rule=_rule(found, single, standard),
        source=Source.of(standard, standard.formulas),
        decimals=standard.formulas.decimals,
        valid=sum(one is not None for one in single),
        expected=len(single),
        parts=tuple(
            _explain_single(row, float(value), one, standard)
            for row, value, one in zip(standard.formulas.rows, given, single, strict=True)
        ),
    )


def _single(values: NDArray[np.float64], row: TrophicItem, scale: int) -> NDArray[np.float64]:
    return np.asarray(scale * (row.intercept + row.slope * (np.log(values) + row.shift * math.log(10))))


def _rule(found: TrophicIndex, single: Sequence[float | None], standard: TrophicAssessment) -> Text:
    state = standard.state(int(found.state))
    if state is None:
        names = [row.zh for row, one in zip(standard.formulas.rows, single, strict=True) if one is None]
        english = [
            catalogue.item(row.item).name_en
            for row, one in zip(standard.formulas.rows, single, strict=True)
            if one is None
        ]
        return Text(
            f"{len(single)}项指标须齐全且大于0，缺少{'、'.join(names)}，不计算指数",
            f"all {len(single)} items are needed, each above 0; {', '.join(english)} missing, so there is no index",
        )
    terms = "+".join(
        f"{float(weight):.4f}×{one:.4f}" for weight, one in zip(standard.formulas.weights, single, strict=True)
    )
    value = f"{float(found.total):.{standard.formulas.decimals}f}"
    return Text(
        f"TLI(Σ)=ΣWⱼ·TLI(j)={terms}={value}，属{state.state.zh}",
        f"TLI(Σ) = ΣWⱼ·TLI(j) = {terms} = {value}: {state.state.en.lower()}",
    )


def _explain_single(row: TrophicItem, value: float, single: float | None, standard: TrophicAssessment) -> Explanation:
    entry, shown = catalogue.item(row.item), round(value * 10.0**row.shift, 9)
    formula = f"TLI({row.symbol})={standard.formulas.scale}×({row.intercept}{row.slope:+}×ln {written(shown)})"
    missing = Text("缺测或不大于0，无指数", "missing or not above 0, so it has no index")
    told = missing if single is None else Text(f"{formula}={single:.4f}", f"{formula} = {single:.4f}")
    measured = Explanation(
        name=Text(row.zh, entry.name_en),
        value=None if np.isnan(value) else shown,
        unit=row.unit,
        rule=Text(f"平均浓度，以{row.unit}计", f"mean, in {row.unit}"),
    )
    return Explanation(
        name=Text(f"{row.zh}营养状态指数", f"trophic index of {entry.name_en}"),
        value=single,
        rule=told,
        source=Source.of(standard, standard.formulas),
        parts=(measured,),
    )
