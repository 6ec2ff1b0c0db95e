"""How the water quality index of a city came about."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.decimals import written
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.water.city_index import GIVEN, REASONS, city_index, exact_single, limit_rows
from qingchuan.processing.water.classes import counting
from qingchuan.processing.water.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike

    from qingchuan.processing.standards import CityWaterRanking, SurfaceWaterClasses
    from qingchuan.processing.standards.water_limits import WaterBody, WaterLimit

_BODIES: dict[WaterBody, Text] = {"river": Text("河流", "rivers"), "lake": Text("湖库", "lakes")}


def explain_city_index(
    means: Mapping[WaterBody, ArrayLike],
    weights: Mapping[WaterBody, int],
    items: Sequence[str],
    rule: CityWaterRanking,
    limits: SurfaceWaterClasses,
) -> Explanation:
    """How the index of one city and period came about.

    Parameters
    ----------
    means : mapping of {"river", "lake"} to array_like of float, shape (items,)
        Mean of each item over the sections of the city. [unit of the item] NaN where missing.
    weights : mapping of {"river", "lake"} to int
        The numbers of sections and of points. [-]
    items : sequence of str
        Keys of the means, in any order.
    rule, limits
        As `city_index` has them.

    Returns
    -------
    Explanation
        A part for rivers and one for lakes, and in each a part an item.

    Raises
    ------
    LookupError, ValueError
        As `city_index` raises them.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rule = standards.load("hb2017_51", standards.CityWaterRanking)
    >>> limits = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> river = [8.0 if item in {"ph", "do"} else 0.0 for item in rule.index.items]
    >>> explain_city_index({"river": river}, {"river": 3}, rule.index.items, rule, limits).rule.zh
    'CWQI=(1.1250×3)/3=1.1250'
    """
    found = city_index(means, weights, items, rule, limits)
    bodies = [body for body in means if weights[body] > 0]
    parts = tuple(_body(body, means[body], items, rule, limits) for body in bodies)
    given = int(found.reason) == GIVEN
    weighed = [weights[body] for body in bodies]
    exact = _weighted(parts, weighed) if given else None
    value = int(found.total) / 10**rule.index.decimals if given else None
    return Explanation(
        name=Text("城市水质指数", "water quality index of the city"),
        value=value,
        rule=REASONS[int(found.reason)] if value is None else _rule(parts, weighed, value, rule.index.decimals),
        source=Source.of(rule, rule.index),
        exact=exact,
        decimals=rule.index.decimals,
        valid=sum(part.valid or 0 for part in parts),
        expected=sum(part.expected or 0 for part in parts),
        parts=parts,
    )


def _weighted(parts: Sequence[Explanation], weights: Sequence[int]) -> Fraction:
    total = sum(
        (weight * part.exact for part, weight in zip(parts, weights, strict=True) if part.exact is not None), Fraction()
    )
    return total / sum(weights)


def _rule(parts: Sequence[Explanation], weights: Sequence[int], value: float, decimals: int) -> Text:
    terms = "+".join(f"{part.value:.{decimals}f}×{weight}" for part, weight in zip(parts, weights, strict=True))
    told, shown = f"({terms})/{sum(weights)}", f"{value:.{decimals}f}"
    return Text(f"CWQI={told}={shown}", f"CWQI = {told} = {shown}, weighted by numbers of sections")


def _body(
    body: WaterBody, means: ArrayLike, items: Sequence[str], rule: CityWaterRanking, limits: SurfaceWaterClasses
) -> Explanation:
    rows = limit_rows(body, rule, limits)
    values = counting(rows_of(means, items, rule.index.items), rule.index.items).tolist()
    parts = tuple(_item(value, row, rule, limits) for value, row in zip(values, rows, strict=True))
    exact = sum((part.exact for part in parts if part.exact is not None), Fraction())
    known = sum(part.exact is not None for part in parts)
    complete = known == len(parts)
    words = _BODIES[body]
    return Explanation(
        name=Text(f"{words.zh}水质指数", f"water quality index of the {words.en}"),
        value=round(exact * 10**rule.index.decimals) / 10**rule.index.decimals if complete else None,
        rule=Text(f"{len(parts)}项指标的单项指数之和", f"the sum of the indices of {len(parts)} items"),
        source=Source.of(rule, rule.index),
        exact=exact if complete else None,
        decimals=rule.index.decimals,
        valid=known,
        expected=len(parts),
        parts=parts,
    )


def _item(value: float, row: WaterLimit, rule: CityWaterRanking, limits: SurfaceWaterClasses) -> Explanation:
    entry = catalogue.item(row.item)
    name = Text(f"{row.zh}单项指数", f"index of {entry.name_en}")
    source = Source.of(limits, limits.table)
    if (none := _none(value, row)) is not None:
        return Explanation(name=name, value=None, rule=none, source=source)
    exact = exact_single(value, row, rule)
    limit, told = _formula(value, row, rule)
    shown = f"{float(exact):.{rule.index.decimals}f}"
    return Explanation(
        name=name,
        value=float(exact),
        rule=Text(f"{told}={shown}", f"{told} = {shown}"),
        source=source,
        exact=exact,
        limit=limit,
        parts=(
            Explanation(
                name=Text(row.zh, entry.name_en),
                value=value,
                unit=row.unit,
                rule=Text("断面平均浓度", "mean of sections"),
            ),
        ),
    )


def _none(value: float, row: WaterLimit) -> Text | None:
    """Why an item has no index; None where it has one."""
    if np.isnan(value):
        return Text("缺测", "missing")
    if value == 0 and row.compare != "at_most":
        return Text("均值为0，无定义", "not defined for a mean of 0")
    return None


def _formula(value: float, row: WaterLimit, rule: CityWaterRanking) -> tuple[float, str]:
    shown, neutral = written(value), written(rule.index.neutral)
    if row.compare == "within":
        least, most = row.limits
        if value <= rule.index.neutral:
            return least, f"({neutral}−{shown})/({neutral}−{written(least)})"
        return most, f"({shown}−{neutral})/({written(most)}−{neutral})"
    limit = row.limits[rule.index.number - 1]
    return limit, f"{written(limit)}/{shown}" if row.compare == "at_least" else f"{shown}/{written(limit)}"
