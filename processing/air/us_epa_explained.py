"""How an index of the US EPA came about: truncation, range, equation, rounding; and which item decides."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.air.us_epa import evaluate, iaqi
from qingchuan.processing.air.wording import plain
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.rounding import scaled_truncated
from qingchuan.processing.standards.edition import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qingchuan.processing.standards import UsAirQualityIndex
    from qingchuan.processing.standards.edition import Part
    from qingchuan.processing.standards.us_epa import EpaNote


def explain_iaqi(concentration: float, item: str, standard: UsAirQualityIndex) -> Explanation:
    """How the index of one concentration came about.

    Parameters
    ----------
    concentration : float
        [unit of the column] NaN where missing.
    item : str
        A column of the table.
    standard : UsAirQualityIndex
        The edition.

    Returns
    -------
    Explanation
        Its `exact` is rounded to the nearest integer with halves up, not half to even: `decimals` is None.

    Raises
    ------
    ValueError
        The edition has no such column.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("epa2024", standards.UsAirQualityIndex)
    >>> told = explain_iaqi(0.07853333, "o3_8h", standard)
    >>> told.value, told.exact
    (126, Fraction(251, 2))
    >>> told.rule.en
    'truncated to 0.078 ppm; (150 − 101)/(0.085 − 0.071) × (0.078 − 0.071) + 101, to the nearest integer, halves up'
    """
    index = int(iaqi(concentration, item, standard))
    exact = _exact(concentration, item, standard) if index >= 0 else None
    column = standard.items[item]
    measured = Explanation(
        name=Text(column.zh, column.en),
        value=float(concentration) if np.isfinite(concentration) else None,
        unit=column.unit,
        rule=Text(f"{column.hours}小时平均浓度", f"mean over {column.hours} h"),
    )
    return Explanation(
        name=Text(f"{column.zh}的空气质量分指数（美国）", f"US index of {column.en}"),
        value=index if index >= 0 else None,
        rule=_rule(concentration, item, standard),
        source=Source.of(standard, _part(concentration, item, standard)),
        exact=exact,
        parts=(measured,),
    )


def explain_evaluate(concentrations: Mapping[str, float], standard: UsAirQualityIndex) -> Explanation:
    """How the AQI of one day came about.

    Parameters
    ----------
    concentrations : mapping of str to float
        Columns of the table. [unit of the column] NaN where missing.
    standard : UsAirQualityIndex
        The edition.

    Returns
    -------
    Explanation
        Its parts are the indices of the items that were given.

    Raises
    ------
    ValueError
        A column that the edition does not have.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("epa2024", standards.UsAirQualityIndex)
    >>> told = explain_evaluate({"o3_8h": 0.078, "pm25": 35.9, "co": 8.4}, standard)
    >>> told.value, [part.value for part in told.parts]
    (126, [126, 102, 90])
    >>> told.rule.zh
    '取各项分指数的最大值126，首要污染物为臭氧8小时平均，类别为对敏感人群不健康（101–150）'
    """
    air = evaluate(concentrations, standard)
    aqi, category = int(air.aqi), int(air.category)
    given = [item for item in air.items if item in concentrations]
    parts = tuple(explain_iaqi(concentrations[item], item, standard) for item in given)
    primary = [standard.items[item] for item, first in zip(air.items, air.primary, strict=True) if first]
    return Explanation(
        name=Text("空气质量指数 AQI（美国）", "US air quality index (AQI)"),
        value=aqi if aqi >= 0 else None,
        rule=_largest(aqi, [item.zh for item in primary], [item.en for item in primary], category, standard),
        source=Source.of(standard, standard.largest),
        valid=sum(part.value is not None for part in parts),
        expected=len(air.items),
        parts=parts,
    )


def _exact(concentration: float, item: str, standard: UsAirQualityIndex) -> Fraction | None:
    """The index before it is rounded; None where a note gives it."""
    scaled, place = _found(concentration, item, standard)
    if _note(scaled, item, standard) is not None:
        return None
    segments = standard.segments[item]
    rise = int(segments.index_high[place] - segments.index_low[place])
    run = int(segments.high[place] - segments.low[place])
    return Fraction((scaled - int(segments.low[place])) * rise, run) + int(segments.index_low[place])


def _rule(concentration: float, item: str, standard: UsAirQualityIndex) -> Text:
    if not np.isfinite(concentration):
        return Text("缺测，不计算", "missing: there is none")
    scaled, place = _found(concentration, item, standard)
    note = _note(scaled, item, standard)
    told = _line(scaled, place, item, standard) if note is None else _beyond(note, standard)
    shown = f"{_decimal(scaled, item, standard)} {standard.items[item].unit}"
    if concentration < 0:
        return Text(f"负值按{shown}计；{told.zh}", f"negative, counts as {shown}; {told.en}")
    return Text(f"截断为{shown}；{told.zh}", f"truncated to {shown}; {told.en}")


def _line(scaled: int, place: int, item: str, standard: UsAirQualityIndex) -> Text:
    """The equation with its numbers, or that the concentration is below the first range."""
    segments = standard.segments[item]
    low, high = (_decimal(int(ends[max(place, 0)]), item, standard) for ends in (segments.low, segments.high))
    if place < 0:
        return Text(f"低于表中最低浓度{low}，不计算", f"below {low}, where the table begins: there is none")
    index_low, index_high = int(segments.index_low[place]), int(segments.index_high[place])
    shown = _decimal(scaled, item, standard)
    line = f"({index_high} − {index_low})/({high} − {low}) × ({shown} − {low}) + {index_low}"
    return Text(f"{line}，四舍五入取整", f"{line}, to the nearest integer, halves up")


def _beyond(note: EpaNote, standard: UsAirQualityIndex) -> Text:
    instead, last = standard.items[note.instead], f"{note.above:.{standard.truncation.items[note.item]}f}"
    if note.index is None:
        return Text(f"超过{last}，由{instead.zh}计算", f"above {last}: {instead.en} defines the index")
    return Text(
        f"超过{last}，固定为{note.index}，更高的指数由{instead.zh}计算",
        f"above {last} it is {note.index} exactly; {instead.en} defines higher ones",
    )


def _largest(aqi: int, zh: list[str], en: list[str], category: int, standard: UsAirQualityIndex) -> Text:
    if aqi < 0:
        return Text("没有可用的分指数，不计算", "no index to take: there is none")
    found = next(known for known in standard.categories if known.number == category)
    span = f"{found.least}–{found.most}" if found.most is not None else f"≥ {found.least}"
    return Text(
        f"取各项分指数的最大值{aqi}，首要污染物为{'、'.join(zh)}，类别为{found.zh}（{span}）",
        f"the largest index, {aqi}, of {' and '.join(en)}; category {found.en} ({span})",
    )


def _part(concentration: float, item: str, standard: UsAirQualityIndex) -> Part:
    """Where it is written what decided the index."""
    if not np.isfinite(concentration):
        return standard.table
    if concentration < 0:
        return standard.negative
    return _note(_found(concentration, item, standard)[0], item, standard) or standard.table


def _found(concentration: float, item: str, standard: UsAirQualityIndex) -> tuple[int, int]:
    """Concentration in units of the last decimal, and the place of its range; -1 below the first."""
    counted = standard.negative.counts_as if concentration < 0 else concentration
    scaled = int(scaled_truncated(counted, standard.truncation.items[item]))
    return scaled, int(np.searchsorted(standard.segments[item].low, scaled, side="right")) - 1


def _note(scaled: int, item: str, standard: UsAirQualityIndex) -> EpaNote | None:
    """The note that speaks of a concentration."""
    beyond = scaled > int(standard.segments[item].high[-1])
    return standard.note(item) if beyond else None


def _decimal(scaled: int, item: str, standard: UsAirQualityIndex) -> str:
    return plain(scaled, standard.truncation.items[item])
