"""Why a value has its flag: every test that was run on it, with its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue, flags
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.quality.aggregate import aggregate
from qingchuan.processing.quality.assess import outcomes
from qingchuan.processing.quality.codes import QualityTest
from qingchuan.processing.quality.judged import Finding, Judged
from qingchuan.processing.quality.sentences import finding
from qingchuan.processing.standards.edition import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.quality.assess import Outcomes
    from qingchuan.processing.quality.thresholds import Thresholds

FLAG_NAMES = {
    flags.GOOD: Text("有效", "good"),
    flags.NOT_EVALUATED: Text("未评价", "not evaluated"),
    flags.SUSPECT: Text("可疑", "suspect"),
    flags.BAD: Text("不合格", "bad"),
    flags.MISSING: Text("缺测", "missing"),
}
"""What each flag is called."""

_NOT_RUN = Text(
    "未作评价：缺少相邻数据、历史数据或邻近点位的数据，或该值已由其他检验判为不合格",
    "not evaluated: there is too little before, after or around it, or it is bad by another test",
)


def explain_flag(
    values: ArrayLike,
    items: Sequence[str],
    times: ArrayLike,
    incoming: ArrayLike,
    thresholds: Thresholds,
    neighbours: ArrayLike | None,
    item: str,
    at: tuple[int, ...],
) -> Explanation:
    """How the flag of one value came about.

    Parameters
    ----------
    values, items, times, incoming, thresholds, neighbours
        As `assess` has them.
    item : str
        Key of the value's item.
    at : tuple of int
        Where it stands along the other axes, time last. From the beginning, not negative.

    Returns
    -------
    Explanation
        `value` is the flag that `assess` gives. The parts are the value itself, the flag it came with, and each test
        that was run, with what it measured, its threshold and its own flag in the sentence.

    Raises
    ------
    LookupError
        The item is none of `items`, or nothing stands at this place.
    UnknownItem, ValueError
        As `assess`.

    Examples
    --------
    >>> from qingchuan.processing.quality import thresholds
    >>> told = [[30, 32, 480, 31]]
    >>> shipped = thresholds.shipped()
    >>> found = explain_flag(told, ("pm25",), 3600 * np.arange(4), np.full((1, 4), 2), shipped, None, "pm25", (2,))
    >>> found.value, found.rule.en.split(": ")[0]
    (3, 'The flag is 3 (suspect), set by the spike test')
    >>> found.parts[4].name.zh, found.parts[4].value, found.parts[4].limit
    ('尖峰检验', 448.0, 190.0)
    """
    told = outcomes(values, items, times, incoming, thresholds, neighbours)
    result = aggregate(incoming, told.by_test)
    place = _place(items, item, at, result.flag.shape)
    judged = _judged(np.asarray(values, dtype=np.float64), items, times, told, thresholds, neighbours, place)
    findings = {test: _finding(test, judged, told, place) for test in _asked_for(judged)}
    findings[QualityTest.INCOMING] = (int(np.asarray(incoming)[place]), _CAME_WITH)
    flag, test = int(result.flag[place]), QualityTest(int(result.test[place]))
    return Explanation(
        name=Text("质量标记", "quality flag"),
        value=flag,
        rule=_rule(flag, test, findings[test][1].rule if test else _NO_OBJECTION),
        parts=(_value(judged), *(_part(test, *findings[test], judged, thresholds) for test in sorted(findings))),
    )


_CAME_WITH = Finding(None, "", None, Text("报送时所带的标记", "the flag it came with"))
_NO_OBJECTION = Text("所做检验均未提出异议", "none of the tests objected")
_UNDONE = Finding(None, "", None, _NOT_RUN)


def _place(items: Sequence[str], item: str, at: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
    if item not in items:
        msg = f"the item has the key {item!r}; assessed are {', '.join(items)}"
        raise LookupError(msg)
    if len(at) != len(shape) - 1 or not all(0 <= index < size for index, size in zip(at, shape[1:], strict=True)):
        msg = f"the value has the place {at}; the other axes have the lengths {shape[1:]}"
        raise LookupError(msg)
    return (tuple(items).index(item), *at)


def _judged(
    values: NDArray[np.float64],
    items: Sequence[str],
    times: ArrayLike,
    told: Outcomes,
    thresholds: Thresholds,
    neighbours: ArrayLike | None,
    place: tuple[int, ...],
) -> Judged:
    row, at = place[0], place[1:]
    column = {key: float(values[(other, *at)]) for other, key in enumerate(items)}
    pairs = [pair for pair in thresholds.logic if items[row] in {pair.part, pair.whole} <= set(items)]
    return Judged(
        key=items[row],
        value=float(values[place]),
        seen=told.seen[row],
        counts=told.counts[row],
        times=times,
        rules=thresholds.of(items[row]),
        neighbours=None if neighbours is None else np.asarray(neighbours, dtype=np.int64),
        at=at,
        pairs=tuple((pair, column[pair.part], column[pair.whole]) for pair in pairs),
    )


def _asked_for(judged: Judged) -> list[QualityTest]:
    """Tests that the thresholds ask for."""
    always = [QualityTest.GAP, QualityTest.GROSS_RANGE]
    logic = [QualityTest.LOGIC] if judged.pairs else []
    by_rule = [test for test in _BY_RULE if getattr(judged.rules, test.name.lower()) is not None]
    if judged.neighbours is None and QualityTest.NETWORK in by_rule:
        by_rule.remove(QualityTest.NETWORK)
    return [*always, *logic, *by_rule]


_BY_RULE = (
    QualityTest.SPIKE,
    QualityTest.RATE_OF_CHANGE,
    QualityTest.FLAT_LINE,
    QualityTest.NEGATIVE,
    QualityTest.ZERO,
    QualityTest.CONSTANT,
    QualityTest.OUTLIER_LARGE,
    QualityTest.NETWORK,
)
"""Tests with thresholds of an item, which bear the test's name in small letters."""


def _finding(test: QualityTest, judged: Judged, told: Outcomes, place: tuple[int, ...]) -> tuple[int, Finding]:
    flag = int(told.by_test[test][place])
    run = flag != flags.NOT_EVALUATED and (np.isfinite(judged.value) or test is QualityTest.GAP)
    return flag, finding(test, judged) if run else _UNDONE


def _value(judged: Judged) -> Explanation:
    entry = catalogue.item(judged.key)
    return Explanation(
        name=Text(entry.name_zh, entry.name_en),
        value=judged.value if np.isfinite(judged.value) else None,
        unit=entry.unit,
        rule=Text("监测值，按报送原值", "the value as it was sent"),
    )


def _part(test: QualityTest, flag: int, found: Finding, judged: Judged, thresholds: Thresholds) -> Explanation:
    name = FLAG_NAMES[flag]
    return Explanation(
        name=test.label,
        value=found.measure,
        unit=found.unit,
        rule=Text(f"{found.rule.zh}；判为 {flag}（{name.zh}）", f"{found.rule.en}: {flag}, {name.en}"),
        source=_source(test, judged, thresholds),
        limit=found.limit,
    )


def _source(test: QualityTest, judged: Judged, thresholds: Thresholds) -> Source | None:
    """What the thresholds of a test rest on; None for one that has none."""
    evidence = [pair.evidence for pair, _, _ in judged.pairs] if test is QualityTest.LOGIC else []
    rule = getattr(judged.rules, test.name.lower(), None)
    keys = dict.fromkeys([rule.evidence] if rule else evidence)
    if not keys:
        return None
    basis = "; ".join(thresholds.evidence[key] for key in keys)
    return Source(thresholds.name, thresholds.title.zh, f"{judged.key}, {test.name.lower()}: {basis}", None)


def _rule(flag: int, test: QualityTest, why: Text) -> Text:
    name = FLAG_NAMES[flag]
    if not test:
        return Text(f"标记为 {flag}（{name.zh}），{why.zh}", f"The flag is {flag} ({name.en}): {why.en}.")
    return Text(
        f"标记为 {flag}（{name.zh}），由{test.label.zh}判定：{why.zh}",
        f"The flag is {flag} ({name.en}), set by the {test.label.en}: {why.en}.",
    )
