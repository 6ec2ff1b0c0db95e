"""How the shares of classes came about that a bulletin prints, which sum to 100 %."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.water.bulletin import bulletin_shares, group_names, grouped_counts, shares_sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qingchuan.processing.standards import WaterStatus


def explain_bulletin_shares(counts: Sequence[int], decimals: int, standard: WaterStatus) -> Explanation:
    """How the shares of classes came about that a bulletin prints.

    Parameters
    ----------
    counts : sequence of int
        Sections of each class, from Ⅰ to 劣Ⅴ.
    decimals : int
        Of the shares. [-]
    standard : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    Explanation
        A part for each group of classes; the whole has no figure of its own. The shares are cut off, not rounded: their
        `decimals` are None.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hb2011_22", standards.WaterStatus)
    >>> told = explain_bulletin_shares([1, 20, 28, 9, 6, 19], 1, rules)
    >>> told.parts[1].value, told.parts[1].exact, told.parts[1].rule.zh
    (10.9, Fraction(900, 83), '9÷83×100%=10.8434%，截至1位小数为10.8%，截去部分较大，补0.1')
    """
    groups = grouped_counts(counts, standard)
    shares = bulletin_shares(groups, decimals).tolist()
    total = int(groups.sum())
    return Explanation(
        name=Text("各类别断面比例", "shares of the classes"),
        value=None,
        rule=_rule(counts, decimals, standard) if total else shares_sentence(counts, decimals, standard),
        source=Source.of(standard, standard.shares),
        parts=tuple(
            _share(name, count, total, share, decimals)
            for name, count, share in zip(group_names(standard), groups.tolist(), shares, strict=True)
        ),
    )


def _rule(counts: Sequence[int], decimals: int, standard: WaterStatus) -> Text:
    told = shares_sentence(counts, decimals, standard)
    return Text(
        f"{told.zh}各比例先截至{decimals}位小数，不足100%之数依次补给截去部分最大者，使合计为100%；由公开周报反推，未见原文条款",
        f"{told.en} Each share is cut off, and what is lacking to 100 % is given to those of which most was cut off: "
        "they sum to 100 %; this is found from published bulletins, the clause is not at hand",
    )


def _share(name: Text, count: int, total: int, share: int, decimals: int) -> Explanation:
    exact = Fraction(100 * count, total) if total else None
    return Explanation(
        name=Text(f"{name.zh}断面比例", f"share of {name.en}"),
        value=None if exact is None else share / 10**decimals,
        unit="%",
        rule=Text("无断面参加评价", "no section was judged")
        if exact is None
        else _cut_off(count, total, share, exact, decimals),
        exact=exact,
        valid=count,
        expected=total,
    )


def _cut_off(count: int, total: int, share: int, exact: Fraction, decimals: int) -> Text:
    cut, near = exact * 10**decimals // 1, f"{float(exact):.{decimals + 3}f}"
    given = f"{1 / 10**decimals:.{decimals}f}"
    zh, en = (f"，截去部分较大，补{given}", f"; much was cut off, {given} is given back") if share > cut else ("", "")
    shown = f"{cut / 10**decimals:.{decimals}f}"
    return Text(
        f"{count}÷{total}×100%={near}%，截至{decimals}位小数为{shown}%{zh}",
        f"{count} / {total} × 100 % = {near} %, cut off to {shown} %{en}",
    )
