"""How a check of a station came out: its numbers, its figure, its limits."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from qingchuan.processing import catalogue
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.quality.station_checks import CheckNumbers, station_check
from qingchuan.processing.standards.edition import Text

if TYPE_CHECKING:
    from fractions import Fraction

    from qingchuan.processing.quality.check_limits import CheckLimits, Figure, Row, Rule

_PARTS: Final = {
    "measured": Text("测定值", "measured"),
    "standard": Text("标准值", "standard"),
    "water": Text("水样测定值", "of the water itself"),
    "concentration": Text("母液浓度", "concentration of the mother solution"),
    "volume": Text("母液体积", "volume of the mother solution"),
    "diluted": Text("加标后体积", "volume with it"),
}
_AS_TOLD: Final = Text("站点上报", "as the station told it")
_VOLUMES: Final = frozenset({"volume", "diluted"})

_HOW: Final[dict[Figure, Text]] = {
    "difference": Text("测定值 − 标准值", "measured less standard"),
    "relative": Text("（测定值 − 标准值）÷ 标准值 × 100%", "measured less standard, of the standard"),
    "recovery": Text(
        "（加标后测定值 − 水样测定值）÷ 加标量 × 100%，加标量 = 母液浓度 × 母液体积 ÷ 加标后体积",
        "what the spike added of what was added: its concentration times its volume, over the volume with it",
    ),
}
_OUTCOME: Final = {True: Text("合格", "passed"), False: Text("不合格", "failed")}
_NOT_JUDGED: Final = Text("不作判定", "not judged")


def explain_station_check(kind: str, item: str, numbers: CheckNumbers, limits: CheckLimits) -> Explanation:
    """How `station_check` judges a check.

    Parameters
    ----------
    kind, item, numbers, limits
        As `station_check` has them.

    Returns
    -------
    Explanation
        Its value is 合格 (passed), 不合格 (failed) or 不作判定 (not judged).

    Examples
    --------
    >>> from qingchuan.processing.quality.check_limits import shipped
    >>> print(explain_station_check("zero", "nh3n", CheckNumbers("0.03", "0"), shipped()).rule.zh)
    测定值 − 标准值 = 0.03 mg/L，修约为 0.03 mg/L，允许 −0.2 ～ 0.2 mg/L：合格
    """
    entry = catalogue.item(item)
    found = limits.find(kind, item)
    result = station_check(kind, item, numbers, limits)
    told = _told(numbers, entry.unit)
    if found is None or result.exact is None or result.figure is None or result.passed is None:
        return Explanation(name=_name(None, kind, item), value=_NOT_JUDGED, rule=_why_not(found, kind), parts=told)
    rule, row = found
    unit = entry.unit if rule.figure == "difference" else "%"
    outcome = _OUTCOME[result.passed]
    return Explanation(
        name=_name(rule, kind, item),
        value=outcome,
        rule=_rule(rule, row, (result.exact, result.figure), unit, outcome),
        source=Source(limits.name, limits.title.zh, rule.clause, rule.page),
        exact=result.exact,
        decimals=rule.decimals,
        unit=unit,
        limit=float(row.largest),
        parts=told,
    )


def _name(rule: Rule | None, kind: str, item: str) -> Text:
    entry = catalogue.item(item)
    name = Text(kind, f"{kind} check") if rule is None else rule.name
    return Text(f"{entry.name_zh}{name.zh}", f"{entry.name_en}, {name.en}")


def _rule(rule: Rule, row: Row, figures: tuple[Fraction, Fraction], unit: str, outcome: Text) -> Text:
    exact, rounded = (_shown(figure, rule.decimals + 3) for figure in figures)
    how, span = _HOW[rule.figure], (_shown_text(row.least), _shown_text(row.largest))
    return Text(
        f"{how.zh} = {exact} {unit}，修约为 {rounded} {unit}，允许 {span[0]} ～ {span[1]} {unit}：{outcome.zh}",
        f"{how.en} is {exact} {unit}, rounded {rounded} {unit}; {span[0]} to {span[1]} {unit} pass: {outcome.en}",
    )


def _why_not(found: tuple[Rule, Row] | None, kind: str) -> Text:
    if found is None:
        return Text("没有该项目此类核查的限值", f"no limit is known for a {kind} check of this item")
    how = _HOW[found[0].figure]
    return Text(f"缺少计算所需的数值：{how.zh}", f"a number that it needs was not told: {how.en}")


def _told(numbers: CheckNumbers, unit: str) -> tuple[Explanation, ...]:
    return tuple(
        Explanation(name=_PARTS[name], value=float(text), unit="" if name in _VOLUMES else unit, rule=_AS_TOLD)
        for name, text in numbers._asdict().items()
        if text
    )


def _shown(figure: Fraction, decimals: int) -> str:
    """A figure with the decimals that it has, at most so many."""
    whole = round(figure * 10**decimals)
    return _shown_text(format(Decimal(whole).scaleb(-decimals).normalize(), "f"))


def _shown_text(number: str) -> str:
    return number.replace("-", "−")
