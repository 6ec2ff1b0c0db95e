"""The water quality index of a city (城市水质指数, CWQI): the sum of its items' means over their limits."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing.standards.edition import Text
from qingchuan.processing.water.classes import counting
from qingchuan.processing.water.ratios import fraction, whole_half_even
from qingchuan.processing.water.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import CityWaterRanking, SurfaceWaterClasses
    from qingchuan.processing.standards.water_limits import WaterBody, WaterLimit

NO_INDEX = -1
"""The index where there is none."""

GIVEN, NO_SECTIONS, ITEM_MISSING, NOT_DEFINED = range(4)
"""There is an index; or nothing takes part, a mean is missing, a mean is 0 that may not be."""

REASONS = {
    GIVEN: Text("已计算", "given"),
    NO_SECTIONS: Text("无参评断面（点位）", "no section takes part"),
    ITEM_MISSING: Text("指标不全", "the mean of an item is missing"),
    NOT_DEFINED: Text("指标均值为0，单项指数无定义", "the mean of an item is 0, for which no index is defined"),
}


class CityIndex(NamedTuple):
    """The index of a city.

    Attributes
    ----------
    single : dict of WaterBody to ndarray of float64, shape (items of the rule, ...)
        Index of each item in rivers and in lakes, not rounded. [-] NaN where there is none.
    total : ndarray of int64, shape (...)
        The index, in units of its last decimal: 4.6325 is 46325. -1 where there is none.
    reason : ndarray of uint8, shape (...)
        `GIVEN`, or why there is none; `REASONS` has the words.
    """

    single: dict[WaterBody, NDArray[np.float64]]
    total: NDArray[np.int64]
    reason: NDArray[np.uint8]


def city_index(
    means: Mapping[WaterBody, ArrayLike],
    weights: Mapping[WaterBody, ArrayLike],
    items: Sequence[str],
    rule: CityWaterRanking,
    limits: SurfaceWaterClasses,
) -> CityIndex:
    """Index of a city from the means of its rivers and of its lakes.

    Parameters
    ----------
    means : mapping of {"river", "lake"} to array_like of float, shape (items, ...)
        Mean of each item over the sections of the city in the period. [unit of the item] NaN where missing; negative
        and infinite ones are missing.
    weights : mapping of {"river", "lake"} to array_like of int, shape (...)
        What rivers and lakes count: the numbers of sections and of points. What weighs 0 needs no means. [-]
    items : sequence of str
        Keys of the first axis, in any order.
    rule : CityWaterRanking
        The edition of 环办监测〔2017〕51号.
    limits : SurfaceWaterClasses
        The edition of GB 3838.

    Returns
    -------
    CityIndex
        With rivers alone in both mappings it is the index of the rivers (河流水质指数), with lakes alone of the lakes.

    Raises
    ------
    LookupError
        The limits lack an item of the rule.
    ValueError
        The mappings name other kinds of water, a row an item is lacking, or a weight is negative.

    Notes
    -----
    An index needs every item of the rule. The means are taken as the decimals that ``repr`` prints; single indices are
    not rounded, their weighted sum is, once, half to even. At 0 an item that must be at least its limit, or lie
    between two, has no index.

    References
    ----------
    .. [1] 环办监测〔2017〕51号.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("hb2017_51", standards.CityWaterRanking)
    >>> limits = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> river = [8.0 if item in {"ph", "do"} else 0.0 for item in rule.index.items]
    >>> found = city_index({"river": river}, {"river": 3}, rule.index.items, rule, limits)
    >>> found.single["river"][:2], found.total, found.reason
    (array([0.5  , 0.625]), array(11250), array(0, dtype=uint8))
    """
    values, weighed = _taking_part(means, weights, items, rule)
    rows = {body: limit_rows(body, rule, limits) for body in values}
    single = {body: _single(values[body], rows[body], rule) for body in values}
    total_weight = np.asarray(sum(weighed.values()))
    weighted = [np.where(weighed[body] > 0, one.sum(axis=0), 0.0) * weighed[body] for body, one in single.items()]
    reason = _reason(values, rows, weighed)

    def exactly(index: tuple[int, ...]) -> Fraction:
        total = Fraction()
        for body, weight in weighed.items():
            if weight[index]:
                taken = zip(values[body], rows[body], strict=True)
                total += int(weight[index]) * sum(exact_single(float(value[index]), row, rule) for value, row in taken)
        return total / int(total_weight[index])

    nearly = np.where(reason == GIVEN, np.asarray(sum(weighted)) / np.maximum(total_weight, 1), np.nan)
    whole = whole_half_even(nearly, rule.index.decimals, exactly)
    return CityIndex(single, np.where(reason == GIVEN, whole, NO_INDEX), reason)


def exact_single(mean: float, limit: WaterLimit, rule: CityWaterRanking) -> Fraction:
    """Index of one item, exactly.

    Parameters
    ----------
    mean : float
        As a decimal; above 0 where `city_index` says so. [unit of the item]
    limit : WaterLimit
        Its row of GB 3838.
    rule : CityWaterRanking
        The edition of 环办监测〔2017〕51号.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("hb2017_51", standards.CityWaterRanking)
    >>> limits = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> exact_single(7.8, limits.limit("ph", "river"), rule), exact_single(0.1, limits.limit("tp", "lake"), rule)
    (Fraction(2, 5), Fraction(2, 1))
    """
    value = fraction(mean)
    if limit.compare == "within":
        neutral = fraction(rule.index.neutral)
        bound = fraction(limit.limits[0] if value <= neutral else limit.limits[1])
        return (value - neutral) / (bound - neutral)
    bound = fraction(limit.limits[rule.index.number - 1])
    return bound / value if limit.compare == "at_least" else value / bound


def limit_rows(water_body: WaterBody, rule: CityWaterRanking, limits: SurfaceWaterClasses) -> tuple[WaterLimit, ...]:
    """Rows of GB 3838 that the items of the rule are divided by.

    Raises
    ------
    LookupError
        The limits lack an item of the rule.
    """
    rows = {item: limits.limit(item, water_body) for item in rule.index.items}
    lacking = [item for item, row in rows.items() if row is None]
    if lacking:
        raise LookupError(f"{limits.document} has no limit of {', '.join(lacking)}; {rule.document} asks for it")
    return tuple(row for row in rows.values() if row is not None)


def _taking_part(
    means: Mapping[WaterBody, ArrayLike],
    weights: Mapping[WaterBody, ArrayLike],
    items: Sequence[str],
    rule: CityWaterRanking,
) -> tuple[dict[WaterBody, NDArray[np.float64]], dict[WaterBody, NDArray[np.int64]]]:
    """Values of the items of the rule, and weights, all of one shape."""
    if not means or set(means) != set(weights):
        raise ValueError(
            f"means are of {', '.join(means) or 'nothing'} and weights of {', '.join(weights) or 'nothing'}; "
            "give both of the same kinds of water, river or lake"
        )
    values = {body: counting(rows_of(means[body], items, rule.index.items), rule.index.items) for body in means}
    weighed = {body: np.asarray(weights[body], dtype=np.int64) for body in means}
    for body, weight in weighed.items():
        if (weight < 0).any():
            raise ValueError(f"a weight of {body} has {weight.min()}; a number of sections is 0 or more")
    shape = np.broadcast_shapes(*(one.shape[1:] for one in values.values()), *(one.shape for one in weighed.values()))
    return (
        {body: np.broadcast_to(_spread(one, shape), (len(one), *shape)) for body, one in values.items()},
        {body: np.broadcast_to(one, shape) for body, one in weighed.items()},
    )


def _spread(values: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    return values.reshape(len(values), *[1] * (len(shape) - values.ndim + 1), *values.shape[1:])


def _single(values: NDArray[np.float64], rows: Sequence[WaterLimit], rule: CityWaterRanking) -> NDArray[np.float64]:
    single = np.empty_like(values)
    for place, row in enumerate(rows):
        value = np.where(_undefined(values[place], row), np.nan, values[place])
        if row.compare == "within":
            least, most = row.limits
            side = np.where(value <= rule.index.neutral, least, most)
            single[place] = (value - rule.index.neutral) / (side - rule.index.neutral)
        else:
            bound = row.limits[rule.index.number - 1]
            with np.errstate(over="ignore"):
                single[place] = bound / value if row.compare == "at_least" else value / bound
    return single


def _undefined(value: NDArray[np.float64], row: WaterLimit) -> NDArray[np.bool_]:
    return np.asarray((value == 0) & (row.compare != "at_most"))


def _reason(
    values: Mapping[WaterBody, NDArray[np.float64]],
    rows: Mapping[WaterBody, Sequence[WaterLimit]],
    weights: Mapping[WaterBody, NDArray[np.int64]],
) -> NDArray[np.uint8]:
    heavy = {body: weight > 0 for body, weight in weights.items()}
    reason = np.where(np.any(list(heavy.values()), axis=0), np.uint8(GIVEN), np.uint8(NO_SECTIONS))
    for body, items in values.items():
        undefined = np.any([_undefined(value, row) for value, row in zip(items, rows[body], strict=True)], axis=0)
        reason = np.where(heavy[body] & undefined, np.uint8(NOT_DEFINED), reason)
    for body, items in values.items():
        reason = np.where(heavy[body] & np.isnan(items).any(axis=0), np.uint8(ITEM_MISSING), reason)
    return np.asarray(reason)
