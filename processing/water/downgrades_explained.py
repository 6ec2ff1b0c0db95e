"""How a change of the class of a section came about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.water.classes import NO_CLASS
from qingchuan.processing.water.downgrades import ClassChange, class_change, target_change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    from qingchuan.processing.standards import WaterStatus


def explain_class_change(
    earlier: ArrayLike, later: ArrayLike, items: Sequence[str], against: Text, standard: WaterStatus
) -> Explanation:
    """How the class of one section changed.

    Parameters
    ----------
    earlier, later : array_like of uint8, shape (items,)
        Classes of the items that judge. 0 where missing.
    items : sequence of str
        Their keys.
    against : Text
        What it is compared with, such as 上年同期 and the same period last year.
    standard : WaterStatus
        The edition of 环办〔2011〕22号, for the names of the classes.

    Returns
    -------
    Explanation
        Its value is the number of classes, above 0 where the water got worse; a part an item.

    Raises
    ------
    ValueError
        They have other numbers of items.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> words = standards.load("hb2011_22", standards.WaterStatus)
    >>> last_year = Text("上年同期", "the same period last year")
    >>> explain_class_change([2, 3], [4, 3], ("nh3n", "tp"), last_year, words).rule.zh
    '较上年同期由Ⅲ类降为Ⅳ类，下降1个类别；影响项目：氨氮（Ⅱ→Ⅳ）'
    """
    found = class_change(earlier, later)
    before, after = (np.asarray(classes, dtype=np.uint8).tolist() for classes in (earlier, later))
    return Explanation(
        name=Text("水质类别变化", "change of class"),
        value=int(found.classes) if found.compared else None,
        rule=_rule(found, before, after, items, against, standard),
        source=Source.of(standard, standard.classes),
        valid=sum(one > NO_CLASS and two > NO_CLASS for one, two in zip(before, after, strict=True)),
        expected=len(items),
        parts=tuple(_item(item, one, two, standard) for item, one, two in zip(items, before, after, strict=True)),
    )


def explain_target_change(target: int, later: ArrayLike, items: Sequence[str], standard: WaterStatus) -> Explanation:
    """How far the class of one section is from its target class.

    Parameters
    ----------
    target : int
        Target class; 0 where it has none.
    later : array_like of uint8, shape (items,)
        Classes of the items that judge. 0 where missing.
    items : sequence of str
        Their keys.
    standard : WaterStatus
        The edition of 环办〔2011〕22号, for the names of the classes.

    Returns
    -------
    Explanation
        Its value is the number of classes, above 0 where the target is missed.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> words = standards.load("hb2011_22", standards.WaterStatus)
    >>> explain_target_change(3, [4, 2], ("nh3n", "tp"), words).rule.zh
    'Ⅳ类，未达到水质目标Ⅲ类，相差1个类别；超标项目：氨氮（Ⅳ）'
    """
    found = target_change(target, later)
    after = np.asarray(later, dtype=np.uint8).tolist()
    return Explanation(
        name=Text("与水质目标相比", "against the target"),
        value=int(found.classes) if found.compared else None,
        rule=_target_rule(found, after, items, standard),
        source=Source.of(standard, standard.classes),
        valid=sum(number > NO_CLASS for number in after),
        expected=len(items),
        limit=target or None,
        parts=tuple(_item(item, target, number, standard) for item, number in zip(items, after, strict=True)),
    )


def _rule(
    found: ClassChange,
    before: Sequence[int],
    after: Sequence[int],
    items: Sequence[str],
    against: Text,
    standard: WaterStatus,
) -> Text:
    if not found.compared:
        return Text(f"本期或{against.zh}无水质类别，不比较", f"no class now or in {against.en}, so nothing is compared")
    old, new = _name(int(found.earlier), standard), _name(int(found.later), standard)
    steps = int(found.classes)
    if not steps:
        return _unchanged(found, old, new, against)
    causes = [place for place, caused in enumerate(found.causes.tolist()) if caused]
    zh = "、".join(
        f"{catalogue.item(items[k]).name_zh}（{_name(before[k], standard).zh}→{_name(after[k], standard).zh}）"
        for k in causes
    )
    en = ", ".join(
        f"{catalogue.item(items[k]).name_en} ({_name(before[k], standard).en} to {_name(after[k], standard).en})"
        for k in causes
    )
    move, verb = (Text("降", "down"), "下降") if steps > 0 else (Text("升", "up"), "上升")
    held = Text("（缺测项目按原类别计）", " (what is missing now stands with its earlier class)")
    more = held if int(found.earlier) + steps > found.later else Text("", "")
    return Text(
        f"较{against.zh}由{old.zh}类{move.zh}为{new.zh}类，{verb}{abs(steps)}个类别{more.zh}；影响项目：{zh}",
        f"from {old.en} in {against.en} to {new.en}, {move.en} by {abs(steps)}{more.en}; because of {en}",
    )


def _unchanged(found: ClassChange, old: Text, new: Text, against: Text) -> Text:
    if found.later < found.earlier:
        return Text(
            f"较{against.zh}由{old.zh}类变为{new.zh}类，但原定类项目本期缺测，不计为好转",
            f"{new.en} after {old.en} in {against.en}, but what had decided it is missing now: not counted as better",
        )
    return Text(f"与{against.zh}同为{new.zh}类，类别不变", f"{new.en}, as in {against.en}")


def _target_rule(found: ClassChange, after: Sequence[int], items: Sequence[str], standard: WaterStatus) -> Text:
    if not found.compared:
        return Text("无水质类别或无水质目标，不判定达标", "no class or no target, so nothing is compared")
    goal, new = _name(int(found.earlier), standard), _name(int(found.later), standard)
    if found.classes <= 0:
        return Text(f"{new.zh}类，达到水质目标{goal.zh}类", f"{new.en} meets the target {goal.en}")
    causes = [place for place, caused in enumerate(found.causes.tolist()) if caused]
    zh = "、".join(f"{catalogue.item(items[k]).name_zh}（{_name(after[k], standard).zh}）" for k in causes)
    en = ", ".join(f"{catalogue.item(items[k]).name_en} ({_name(after[k], standard).en})" for k in causes)
    return Text(
        f"{new.zh}类，未达到水质目标{goal.zh}类，相差{found.classes}个类别；超标项目：{zh}",
        f"{new.en} misses the target {goal.en} by {found.classes}; because of {en}",
    )


def _item(item: str, before: int, after: int, standard: WaterStatus) -> Explanation:
    entry, old, new = catalogue.item(item), _name(before, standard), _name(after, standard)
    return Explanation(
        name=Text(entry.name_zh, entry.name_en),
        value=after - before if before and after else None,
        rule=Text(f"{old.zh}→{new.zh}", f"{old.en} to {new.en}"),
    )


def _name(number: int, standard: WaterStatus) -> Text:
    found = standard.water_class(number)
    return Text("无", "none") if found is None else found.label
