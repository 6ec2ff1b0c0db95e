"""How the verdict on a source of drinking water came about, item by item, and how the rates of sources did."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.decimals import written
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards import Text
from qingchuan.processing.water.classes import item_classes
from qingchuan.processing.water.compliance import COMPLIES, FAILS, NOT_EVALUATED
from qingchuan.processing.water.items_explained import explain_item
from qingchuan.processing.water.sources import SourceRates, assess_sources, source_rates
from qingchuan.processing.wording import many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from qingchuan.processing.standards import SurfaceWaterClasses, WaterStatus
    from qingchuan.processing.standards.water_limits import WaterBody


_VERDICTS = {
    COMPLIES: Text("达标", "complies"),
    FAILS: Text("未达标", "fails"),
    NOT_EVALUATED: Text("未评价", "not evaluated"),
}


def explain_source(
    values: ArrayLike,
    items: Sequence[str],
    water_body: WaterBody,
    standard: SurfaceWaterClasses,
    measures: WaterStatus,
) -> Explanation:
    """How the verdict on one source of drinking water came about.

    Parameters
    ----------
    values : array_like of float, shape (items,)
        As `assess_sources` has them. [unit of the item]
    items, water_body, standard, measures
        As `assess_sources` has them.

    Returns
    -------
    Explanation
        Its value is 达标 or 未达标; its parts are the items that decide.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> gb3838 = standards.load("gb3838_2002", standards.SurfaceWaterClasses)
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> told = explain_source([0.1, 0.12], ("tp", "manganese"), "river", gb3838, measures)
    >>> told.value.zh, told.rule.zh, told.parts[1].rule.zh
    ('未达标', '2 项参评，1 项超标：锰', '0.12 mg/L 超过限值 0.1')
    """
    values = np.asarray(values, dtype=np.float64)
    found = assess_sources(values, items, water_body, standard, measures)
    over = [catalogue.item(item) for item, exceeds in zip(items, found.exceeding, strict=True) if exceeds]
    judged = int(found.judged.sum())
    verdict = int(found.complies)
    classes = item_classes(values, items, water_body, standard)
    zh = f"，{len(over)} 项超标：{'、'.join(item.name_zh for item in over)}" if over else "，均不超标"
    en = (
        f", {len(over)} above the limit: {', '.join(item.name_en for item in over)}"
        if over
        else ", none above its limit"
    )
    return Explanation(
        name=Text("饮用水水源达标", "source of drinking water"),
        value=None if verdict == NOT_EVALUATED else _VERDICTS[verdict],
        rule=Text(f"{judged} 项参评{zh}", f"{many(judged, 'item')} judged{en}")
        if judged
        else Text("没有参评项目，不评价", "no item that decides was measured"),
        source=Source.of(measures, measures.drinking_water),
        valid=judged,
        parts=tuple(
            _item(float(values[place]), items[place], int(classes[place]), water_body, standard)
            for place in np.flatnonzero(found.judged).tolist()
        ),
    )


def explain_source_rates(
    complying: ArrayLike, amounts: ArrayLike, names: Sequence[Text], measures: WaterStatus
) -> Explanation:
    """How the rates of the sources of one place and month came about.

    Parameters
    ----------
    complying, amounts : array_like, shape (sources,)
        As `source_rates` has them.
    names : sequence of Text
        Names of the sources.
    measures : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    Explanation
        Of the rate by number [%]; its first part is the rate by amount, the others are the sources.

    Raises
    ------
    ValueError
        As `source_rates` raises it.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> measures = standards.load("hb2011_22", standards.WaterStatus)
    >>> names = [Text(f"水源{number}", f"source {number}") for number in range(1, 5)]
    >>> told = explain_source_rates([1, 1, 0, -1], [300.5, 100.0, 99.5, 7.0], names, measures)
    >>> told.rule.zh, told.parts[0].value
    ('4 个水源中 3 个参评，2 个达标，水源达标率 2/3 = 66.7%；1 个未评价，不计入分母', 80.1)
    """
    verdicts = np.asarray(complying).tolist()
    found = source_rates(complying, amounts, measures)
    reached, evaluated, left = int(found.complying), int(found.evaluated), len(verdicts) - int(found.evaluated)
    return Explanation(
        name=Text("水源达标率", "compliance rate of the sources"),
        value=float(found.rate) if evaluated else None,
        unit="%",
        rule=_rates_rule(found, left) if evaluated else Text("没有水源参评", "no source is evaluated"),
        source=Source.of(measures, measures.shares),
        exact=Fraction(100 * reached, evaluated) if evaluated else None,
        decimals=measures.shares.decimals,
        valid=evaluated,
        expected=len(verdicts),
        parts=(
            _by_amount(found, measures),
            *(
                _verdict(*source, measures)
                for source in zip(names, verdicts, np.broadcast_to(amounts, len(verdicts)).tolist(), strict=True)
            ),
        ),
    )


def _rates_rule(found: SourceRates, left: int) -> Text:
    reached, evaluated = int(found.complying), int(found.evaluated)
    share = f"{reached}/{evaluated} = {written(float(found.rate))}"
    zh, en = (f"；{left} 个未评价，不计入分母", f"; {left} not evaluated left out") if left else ("", "")
    return Text(
        f"{evaluated + left} 个水源中 {evaluated} 个参评，{reached} 个达标，水源达标率 {share}%{zh}",
        f"of {evaluated + left} sources {evaluated} are evaluated and {reached} comply: rate {share} %{en}",
    )


def _by_amount(found: SourceRates, measures: WaterStatus) -> Explanation:
    known = not np.isnan(found.rate_by_amount)
    told = Text(
        "达标水源取水量占参评水源取水总量的比例", "water from sources that comply, out of all that are evaluated"
    )
    none = Text("取水量不全或为零，不计算", "an amount is missing, or nothing was taken: there is none")
    return Explanation(
        name=Text("水量达标率", "compliance rate by amount"),
        value=float(found.rate_by_amount) if known else None,
        unit="%",
        rule=told if known else none,
        source=Source.of(measures, measures.shares),
        decimals=measures.shares.decimals,
    )


def _verdict(name: Text, verdict: int, amount: float, measures: WaterStatus) -> Explanation:
    words, taken = _VERDICTS[verdict], "" if np.isnan(amount) else f" {written(amount)}"
    return Explanation(
        name=name,
        value=None if verdict == NOT_EVALUATED else words,
        rule=Text(
            f"{words.zh}，取水量{taken} 万吨" if taken else f"{words.zh}，取水量不详",
            f"{words.en}; {taken.strip()} × 10⁴ t were taken" if taken else f"{words.en}; what was taken is not known",
        ),
        source=Source.of(measures, measures.drinking_water),
    )


def _item(value: float, item: str, number: int, water_body: WaterBody, standard: SurfaceWaterClasses) -> Explanation:
    rows = [row for row in standard.sources.rows if row.item == item]
    if not rows:
        return explain_item(value, item, number, water_body, standard)
    limit, entry, shown = rows[0].limit, catalogue.item(item), f"{written(value)} {rows[0].unit}"
    exceeds = value > limit
    return Explanation(
        name=Text(entry.name_zh, entry.name_en),
        value=value,
        unit=entry.unit,
        rule=Text(
            f"{shown} {'超过' if exceeds else '不超过'}限值 {written(limit)}",
            f"{shown} {'exceeds' if exceeds else 'does not exceed'} the limit {written(limit)}",
        ),
        source=Source.of(standard, standard.sources),
        limit=limit,
    )
