"""How an AQI came about: the two limits about each concentration, formula (1), rounding up, and which item decides."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.air.aqi import evaluate, exceedance_pollutants
from qingchuan.processing.air.item_masks import items_of_mask
from qingchuan.processing.air.wording import number, shown
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.scaled import MISSING
from qingchuan.processing.standards.edition import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qingchuan.processing.air.aqi import AirQuality
    from qingchuan.processing.standards import AirQualityIndex
    from qingchuan.processing.standards.air_index import Averaging


def explain_iaqi(item: str, concentration: int, averaging: Averaging, standard: AirQualityIndex) -> Explanation:
    """How the individual index of one concentration came about.

    Parameters
    ----------
    item : str
        Of the report, `standard.report(averaging)`.
    concentration : int
        [scaled]
    averaging : {"hour", "day"}
    standard : AirQualityIndex
        The edition of HJ 633.

    Returns
    -------
    Explanation
        Its `exact` is rounded up, not half to even: `decimals` is None. Its part is the concentration.

    Raises
    ------
    ValueError
        The report does not have the item.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> told = explain_iaqi("co", 12, "day", standards.load("hj633_2026", standards.AirQualityIndex))
    >>> told.value, told.exact, told.rule.zh
    (30, Fraction(30, 1), '(50−0)÷(2−0)×(1.2−0)+0=30，进位取整为30')
    """
    index = _evaluated({item: concentration}, averaging, standard)[item]
    entry, decimals = catalogue.item(item), standard.decimals.items[item]
    measured = Explanation(
        name=Text(f"{entry.name_zh}浓度", f"concentration of {entry.name_en}"),
        value=number(concentration, decimals),
        unit=entry.unit,
        rule=Text("缺测", "missing") if concentration == MISSING else Text("监测浓度", "as measured"),
    )
    exact = _exact(item, concentration, averaging, standard)
    return Explanation(
        name=Text(f"{entry.name_zh}空气质量分指数", f"individual index of {entry.name_en}"),
        value=index if index >= 0 else None,
        rule=_index_rule(item, concentration, averaging, standard, index),
        source=Source.of(standard, standard.table),
        exact=exact,
        parts=(measured,),
    )


def explain_evaluate(concentrations: Mapping[str, int], averaging: Averaging, standard: AirQualityIndex) -> Explanation:
    """How the AQI of one hour or day came about.

    Parameters
    ----------
    concentrations : mapping of str to int
        [scaled] An item that is left out is missing.
    averaging : {"hour", "day"}
    standard : AirQualityIndex
        The edition of HJ 633.

    Returns
    -------
    Explanation
        Without a value where the AQI may not be published; the rule tells it all the same. Its parts are the indices of
        all items of the report.

    Raises
    ------
    ValueError
        An item that the report does not have.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> day = {"so2": 9, "no2": 31, "pm10": 120, "pm25": 80, "co": 8}
    >>> told = explain_evaluate(day, "day", standard)
    >>> told.value, told.rule.zh
    (119, 'AQI取各分指数的最大值119，首要污染物为细颗粒物，级别为Ⅲ级（轻度污染）；缺臭氧日最大8小时平均')
    """
    air = _air(concentrations, averaging, standard)
    parts = (explain_iaqi(item, int(concentrations.get(item, MISSING)), averaging, standard) for item in air.items)
    missing = [item for item in air.items if concentrations.get(item, MISSING) == MISSING]
    return Explanation(
        name=Text("空气质量指数（AQI）", "air quality index (AQI)"),
        value=int(air.aqi) if air.published else None,
        rule=_joined(_aqi_rule(air, standard), _gaps(air, missing, standard)),
        source=Source.of(standard, standard.primary if air.published else standard.publishing),
        valid=len(air.items) - len(missing),
        expected=len(air.items),
        parts=tuple(parts),
    )


def explain_exceedance_pollutants(
    concentrations: Mapping[str, int], averaging: Averaging, standard: AirQualityIndex
) -> Explanation:
    """Which pollutants exceed their limits, and why.

    Parameters
    ----------
    concentrations, averaging, standard
        As `explain_evaluate` has them.

    Returns
    -------
    Explanation
        Its value are their names. Its parts are the indices of the items of the report; none where the
        edition does not have the term.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("hj633_2012", standards.AirQualityIndex)
    >>> told = explain_exceedance_pollutants({"pm25": 76, "pm10": 150}, "day", standard)
    >>> told.value.zh, told.rule.zh
    ('细颗粒物', 'IAQI大于100的污染物为超标污染物：细颗粒物')
    """
    name = Text("超标污染物", "pollutants above their limits")
    air = _air(concentrations, averaging, standard)
    mask = exceedance_pollutants(air, standard)
    if mask is None or standard.exceedance is None:
        rule = Text(f"{standard.document}未规定超标污染物", f"{standard.document} does not have the term")
        return Explanation(name=name, value=None, rule=rule)
    found, above = _names(items_of_mask(int(mask), air.items)), standard.exceedance.above
    return Explanation(
        name=name,
        value=found,
        rule=Text(
            f"IAQI大于{above}的污染物为超标污染物：{found.zh}",
            f"those whose index is above {above}: {found.en}",
        ),
        source=Source.of(standard, standard.exceedance),
        limit=above,
        parts=tuple(
            explain_iaqi(item, int(concentrations.get(item, MISSING)), averaging, standard) for item in air.items
        ),
    )


def _air(concentrations: Mapping[str, int], averaging: Averaging, standard: AirQualityIndex) -> AirQuality:
    return evaluate({item: np.array(value, np.uint16) for item, value in concentrations.items()}, averaging, standard)


def _evaluated(concentrations: Mapping[str, int], averaging: Averaging, standard: AirQualityIndex) -> dict[str, int]:
    air = _air(concentrations, averaging, standard)
    return dict(zip(air.items, air.iaqi.tolist(), strict=True))


def _segment(
    item: str, concentration: int, averaging: Averaging, standard: AirQualityIndex
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The IAQI and the limits below and above a concentration; None where it is missing or beyond the last limit."""
    value = Fraction(concentration, 10 ** standard.decimals.items[item])
    points = standard.table.column(standard.report(averaging)[item])
    return next(((low, high) for low, high in pairwise(points) if concentration != MISSING and value <= high[1]), None)


def _exact(item: str, concentration: int, averaging: Averaging, standard: AirQualityIndex) -> Fraction | None:
    segment = _segment(item, concentration, averaging, standard)
    if segment is None:
        return None
    (index, limit), (next_index, next_limit) = segment
    value = Fraction(concentration, 10 ** standard.decimals.items[item])
    return Fraction(next_index - index, next_limit - limit) * (value - limit) + index


def _index_rule(item: str, concentration: int, averaging: Averaging, standard: AirQualityIndex, index: int) -> Text:
    if concentration == MISSING:
        return Text("缺测，无分指数", "missing: no index")
    segment = _segment(item, concentration, averaging, standard)
    if segment is None:
        return _beyond(standard.report(averaging)[item], standard, index)
    (low, limit), (high, next_limit) = segment
    value = shown(concentration, standard.decimals.items[item])
    exact = _exact(item, concentration, averaging, standard)
    formula = f"({high}−{low})÷({next_limit}−{limit})×({value}−{limit})+{low}={float(exact or 0):.8g}"
    return Text(f"{formula}，进位取整为{index}", f"{formula}, rounded up to {index}")


def _beyond(column: str, standard: AirQualityIndex, index: int) -> Text:
    """What holds above the last limit of a column: a note, or the end of the table."""
    note = next((note for note in standard.notes if note.column == column), None)
    last = standard.table.column(column)[-1][1]
    if note is None:
        return Text(f"浓度高于{last}，分指数取{index}", f"above {last}, the end of the table: {index}")
    told = f"index {index}" if index >= 0 else "no index is computed"
    return Text(f"表注{note.mark}：{note.text}", f"note {note.mark}: above {last} {told}")


def _aqi_rule(air: AirQuality, standard: AirQualityIndex) -> Text:
    aqi, largest = int(air.aqi), int(air.iaqi.max())
    if aqi < 0 and largest < 0:
        return Text("各项均无分指数，无AQI", "no item has an index: there is no AQI")
    if aqi < 0:
        return Text("有一项浓度按表注不计算分指数，无AQI", "a note gives one item no index: there is no AQI")
    level = standard.levels[int(air.level) - 1]
    grade = Text(f"级别为{level.roman}级（{level.zh}）", f"level {level.roman} ({level.en})")
    if aqi > largest:
        return _joined(Text(f"各分指数均为0，AQI取{aqi}", f"all indices are 0, the AQI is {aqi}"), grade)
    first = _names(items_of_mask(int(air.primary), air.items))
    return Text(
        f"AQI取各分指数的最大值{aqi}，首要污染物为{first.zh}，{grade.zh}",
        f"the largest index, {aqi}; primary pollutant: {first.en}; {grade.en}",
    )


def _gaps(air: AirQuality, missing: list[str], standard: AirQualityIndex) -> Text | None:
    """What is missing, and whether the AQI is published all the same."""
    if not missing:
        return None
    names, above = _names(missing), standard.publishing.incomplete_above
    if air.published or air.aqi < 0 or above is None:
        return Text(f"缺{names.zh}", f"missing: {names.en}")
    return Text(
        f"缺{names.zh}，AQI不大于{above}，不发布",
        f"missing: {names.en}; an AQI up to {above} is not published then",
    )


def _names(items: Iterable[str]) -> Text:
    entries = [catalogue.item(item) for item in items]
    zh, en = "、".join(entry.name_zh for entry in entries), ", ".join(entry.name_en for entry in entries)
    return Text(zh or "无", en or "none")


def _joined(first: Text, second: Text | None) -> Text:
    return first if second is None else Text(f"{first.zh}；{second.zh}", f"{first.en}; {second.en}")
