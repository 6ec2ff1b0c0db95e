"""What a test found of one value, in a sentence with its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.periods import DAY, HOUR
from qingchuan.processing.quality.by_thresholds import usual
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.processing.quality.constant import repeats
from qingchuan.processing.quality.flat_line import spans_of, steps
from qingchuan.processing.quality.judged import Finding, Judged, plain
from qingchuan.processing.quality.network import surroundings
from qingchuan.processing.quality.outlier import history
from qingchuan.processing.quality.rate_of_change import rates
from qingchuan.processing.quality.series import tidy
from qingchuan.processing.quality.spike import heights_over_average, heights_over_both
from qingchuan.processing.standards.edition import Text

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")


def finding(test: QualityTest, judged: Judged) -> Finding:
    """What a test that was run found of a value.

    Parameters
    ----------
    test : QualityTest
        One that was run.
    judged : Judged

    Returns
    -------
    Finding

    Raises
    ------
    LookupError
        The thresholds do not ask for this test.
    """
    return _FINDINGS[test](judged)


def _gap(judged: Judged) -> Finding:
    if np.isfinite(judged.value):
        return Finding(None, "", None, Text("该时刻有监测值", "there is a value"))
    return Finding(None, "", None, Text("该时刻没有监测值", "there is no value"))


def _gross_range(judged: Judged) -> Finding:
    plausible, common = catalogue.item(judged.key).plausible, usual(judged.key, judged.rules)
    if _within(judged.value, common):
        where = Text("在常见范围内", "it lies within the usual range")
    elif _within(judged.value, plausible):
        where = Text("超出常见范围", "it lies outside the usual range")
    else:
        where = Text("超出可信范围", "it lies outside the plausible range")
    rule = Text(
        f"监测值 {plain(judged.value)}{judged.unit}，常见范围 {_range(common)}，可信范围 {_range(plausible)}，"
        f"{where.zh}",
        f"the value is {plain(judged.value)}{judged.unit}, usual are {_range(common)}, plausible {_range(plausible)}; "
        f"{where.en}",
    )
    return Finding(judged.value, judged.unit.strip(), common[int(judged.value >= common[0])], rule)


def _negative(judged: Judged) -> Finding:
    drift = plain(-_asked(judged.rules.negative).drift)
    rule = Text(
        f"监测值 {plain(judged.value)}{judged.unit}，低于 0 为可疑，低于零点漂移范围 {drift}{judged.unit} 为不合格",
        f"the value is {plain(judged.value)}{judged.unit}; below 0 it is suspect, below {drift}{judged.unit}, which is "
        "beyond the drift of zero, bad",
    )
    return Finding(judged.value, judged.unit.strip(), None, rule)


def _zero(judged: Judged) -> Finding:
    told = Text("恰好为 0", "it is exactly 0") if judged.value == 0 else Text("不为 0", "it is not 0")
    rule = Text(
        f"监测值 {plain(judged.value)}{judged.unit}，{told.zh}", f"the value is {plain(judged.value)}: {told.en}"
    )
    return Finding(judged.value, judged.unit.strip(), None, rule)


def _logic(judged: Judged) -> Finding:
    zh, en = [], []
    for pair, part, whole in judged.pairs:
        smaller, larger = catalogue.item(pair.part).symbol, catalogue.item(pair.whole).symbol
        told = plain(part), plain(whole), f"{plain(pair.tolerance)}{judged.unit}"
        zh.append(f"{smaller} {told[0]}、{larger} {told[1]}，前者高出后者不应大于 {told[2]}")
        en.append(f"{smaller} is {told[0]} and {larger} {told[1]}; the former may be larger by no more than {told[2]}")
    return Finding(None, judged.unit.strip(), None, Text("；".join(zh), "; ".join(en)))


def _spike(judged: Judged) -> Finding:
    rule = _asked(judged.rules.spike)
    average = rule.method == "average"
    height = float((heights_over_average if average else heights_over_both)(judged.series())[judged.at[-1]])
    told = _against(height, rule.suspect, rule.fail, judged.unit)
    zh = "与前后两值平均之差为" if average else "高出（低于）前后两值至少"
    en = "distance from the mean of its neighbours" if average else "height over (depth below) both neighbours"
    value, before, after = plain(judged.value), judged.before(), judged.after()
    text = Text(
        f"前值 {before}、本值 {value}、后值 {after}，{zh} {told.zh}",
        f"before it comes {before}, it is {value}, and after it {after}; its {en} is {told.en}",
    )
    return Finding(height, judged.unit.strip(), rule.suspect, text)


def _rate_of_change(judged: Judged) -> Finding:
    rule = _asked(judged.rules.rate_of_change)
    rate = float(tidy(rates(judged.series(), judged.times)[judged.at[-1]] * HOUR))
    unit = f"{judged.unit}/h"
    if np.isnan(rate):
        text = Text("前一时刻没有可比的值，按通过处理", "there is no value before it to compare with, so it passes")
        return Finding(None, unit.strip(), rule.suspect, text)
    told = _against(rate, rule.suspect, rule.fail, unit)
    text = Text(
        f"前值 {judged.before()}，本值 {plain(judged.value)}，变化率为 {told.zh}",
        f"the value before it is {judged.before()}, it is {plain(judged.value)}; its rate of change is {told.en}",
    )
    return Finding(rate, unit.strip(), rule.suspect, text)


def _flat_line(judged: Judged) -> Finding:
    rule = _asked(judged.rules.flat_line)
    zh, en, spans = [], [], []
    for hours in (rule.suspect_hours, rule.fail_hours):
        count = steps(judged.times, judged.series(), hours * HOUR)
        if 1 <= count <= judged.at[-1]:
            span, told = (part[judged.at[-1]] for part in spans_of(judged.series(), count))
            spans.append(float(span))
            zh.append(f"{plain(hours)} 小时 {count + 1} 个值中有 {told} 个，最大与最小之差 {plain(span)}{judged.unit}")
            en.append(f"in {plain(hours)} h {told} of {count + 1} values are there, {plain(span)}{judged.unit} apart")
    text = Text(
        f"{'；'.join(zh) or '此前时段不足'}；差小于 {plain(rule.tolerance)}{judged.unit}、"
        f"数据获取率不低于 {rule.present}% 为平直线",
        f"{'; '.join(en) or 'too little time before it'}; less than {plain(rule.tolerance)}{judged.unit} apart with "
        f"{rule.present} % there is a flat line",
    )
    return Finding(spans[0] if spans and np.isfinite(spans[0]) else None, judged.unit.strip(), rule.tolerance, text)


def _constant(judged: Judged) -> Finding:
    further = int(repeats(judged.series(), judged.times, catalogue.item(judged.key).cycle_hours * HOUR)[judged.at[-1]])
    wanted = _asked(judged.rules.constant).further
    rule = Text(
        f"数值 {plain(judged.value)} 首次出现后又连续出现 {further} 个周期，达到 {wanted} 个周期为恒值",
        f"the value {plain(judged.value)} was told in {further} further periods; {wanted} or more are a constant value",
    )
    return Finding(further, "", wanted - 1, rule)


def _outlier_large(judged: Judged) -> Finding:
    rule = _asked(judged.rules.outlier_large)
    past = history(judged.series(), judged.counts[judged.at[:-1]], judged.times, rule.days * DAY)
    count, largest = int(past.valid[judged.at[-1]]), plain(past.largest[judged.at[-1]])
    mean = plain(past.total[judged.at[-1]] / count)
    text = Text(
        f"监测值 {plain(judged.value)}{judged.unit}，前 {rule.days} 日 {count} 个有效值的最大值 {largest}、"
        f"均值 {mean}，大于最大值且大于均值的 {plain(rule.factor)} 倍为异常高值",
        f"the value is {plain(judged.value)}{judged.unit}; of {count} valid values of {rule.days} days before, the "
        f"largest is {largest} and the mean {mean}; above it and above {plain(rule.factor)} × the mean is an outlier",
    )
    return Finding(judged.value, judged.unit.strip(), None, text)


def _network(judged: Judged) -> Finding:
    rule = _asked(judged.rules.network)
    moment = slice(judged.at[-1], judged.at[-1] + 1)
    seen, counts = (np.asarray(part[judged.at[:-2]])[:, moment] for part in (judged.seen, judged.counts))
    numbers = rule.at_least, rule.least_spread, rule.consistency
    found = surroundings(seen, counts, _asked(judged.neighbours), *numbers)
    valid, median, spread, z = (float(part[judged.at[-2], 0]) for part in found)
    told = _against(z, rule.threshold, np.inf, "")
    text = Text(
        f"{plain(valid)} 个邻近点位的中位数 {plain(median)}{judged.unit}、离散度 {plain(spread)}{judged.unit}，"
        f"本值 {plain(judged.value)}{judged.unit}，稳健 z 值为 {told.zh}",
        f"the median of {plain(valid)} neighbours is {plain(median)}{judged.unit}, their spread "
        f"{plain(spread)}{judged.unit}, its own value {plain(judged.value)}{judged.unit}; its robust z is {told.en}",
    )
    return Finding(z, "", rule.threshold, text)


def _against(measure: float, suspect: float, fail: float, unit: str) -> Text:
    """How a measure stands to its thresholds."""
    zh = en = f"{plain(measure)}{unit}"
    for limit, name_zh, name_en in ((suspect, "可疑", "suspect"), (fail, "不合格", "bad")):
        if np.isfinite(limit):
            zh += f"，{'大于' if measure > limit else '不大于'}{name_zh}阈值 {plain(limit)}{unit}"
            en += f", {'more' if measure > limit else 'not more'} than {plain(limit)}{unit}, which is {name_en}"
    return Text(zh, en)


def _within(value: float, ends: tuple[float, float]) -> bool:
    return ends[0] <= value <= ends[1]


def _range(ends: tuple[float, float]) -> str:
    return f"{plain(ends[0])} … {plain(ends[1])}"


def _asked(rule: _T | None) -> _T:
    if rule is None:
        msg = "the test has no thresholds; explain one that was run"
        raise LookupError(msg)
    return rule


_FINDINGS: dict[QualityTest, Callable[[Judged], Finding]] = {
    QualityTest.GAP: _gap,
    QualityTest.GROSS_RANGE: _gross_range,
    QualityTest.SPIKE: _spike,
    QualityTest.RATE_OF_CHANGE: _rate_of_change,
    QualityTest.FLAT_LINE: _flat_line,
    QualityTest.NEGATIVE: _negative,
    QualityTest.ZERO: _zero,
    QualityTest.LOGIC: _logic,
    QualityTest.CONSTANT: _constant,
    QualityTest.OUTLIER_LARGE: _outlier_large,
    QualityTest.NETWORK: _network,
}
