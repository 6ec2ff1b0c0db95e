"""Class shares as a bulletin prints them (水质通报): they sum to 100 %, and the sentence that tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qingchuan.processing import catalogue
from qingchuan.processing.standards.edition import Text
from qingchuan.processing.wording import many

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import ArrayLike, NDArray

    from qingchuan.processing.standards import WaterStatus

NO_SHARE = -1
"""The share where there are no sections."""


class Week(NamedTuple):
    """A week of a weekly bulletin, as its publisher counts weeks.

    Attributes
    ----------
    year, number : int
    first, last : date
        Its first and its last day.
    """

    year: int
    number: int
    first: date
    last: date


def grouped_counts(counts: ArrayLike, standard: WaterStatus) -> NDArray[np.int64]:
    """How many sections are good (Ⅰ–Ⅲ), and how many are of each class beyond.

    Parameters
    ----------
    counts : array_like of int, shape (..., classes)
        `ClassShares.counts`, from Ⅰ to 劣Ⅴ.
    standard : WaterStatus
        The edition of 环办〔2011〕22号.

    Returns
    -------
    ndarray of int64, shape (..., groups)

    Raises
    ------
    ValueError
        There is not one count a class.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> grouped_counts([1, 20, 28, 9, 6, 19], standards.load("hb2011_22", standards.WaterStatus))
    array([49,  9,  6, 19])
    """
    counts, classes = np.asarray(counts, dtype=np.int64), len(standard.classes.rows)
    if counts.shape[-1:] != (classes,):
        raise ValueError(
            f"the counts have the shape {counts.shape}; the last axis must have one for each of {classes} classes"
        )
    good = standard.river.good_up_to
    return np.concatenate([counts[..., :good].sum(axis=-1, keepdims=True), counts[..., good:]], axis=-1)


def group_names(standard: WaterStatus) -> list[Text]:
    """What the groups of `grouped_counts` are called.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> [name.zh for name in group_names(standards.load("hb2011_22", standards.WaterStatus))]
    ['Ⅰ～Ⅲ类水质', 'Ⅳ类', 'Ⅴ类', '劣Ⅴ类']
    """
    first = standard.classes.rows[0].label
    good, *others = (row.label for row in standard.classes.rows[standard.river.good_up_to - 1 :])
    return [
        Text(f"{first.zh}～{good.zh}类水质", f"{first.en}–{good.en}"),
        *(Text(f"{one.zh}类", one.en) for one in others),
    ]


def bulletin_shares(counts: ArrayLike, decimals: int) -> NDArray[np.int64]:
    """Shares in percent that sum to 100 exactly, in whole units of their last decimal.

    Parameters
    ----------
    counts : array_like of int, shape (..., groups)
        Sections of each group; 0 or more.
    decimals : int
        Of the shares. [-]

    Returns
    -------
    ndarray of int64, shape (..., groups)
        With one decimal 59.0 % is 590. -1 where there are no sections.

    Raises
    ------
    ValueError
        A count is negative.

    Notes
    -----
    Largest remainder: each share is cut off after its last decimal, and what is lacking to 100 is given in units of the
    last decimal to those of which most was cut off; of equal ones to the first. It reproduces all published sets that
    are at hand (national weekly bulletins of 2007, 2012, 2013, Jiangsu 2015, Zhenjiang 2018), of which rounding each
    share gives two that sum to 99.9. A single share, such as 132 of 146, is rounded half to even as any other figure.

    Examples
    --------
    >>> bulletin_shares([[49, 9, 6, 19], [100, 14, 7, 6]], 1)
    array([[590, 109,  72, 229],
           [788, 110,  55,  47]])
    """
    counts = np.atleast_1d(np.asarray(counts, dtype=np.int64))
    if (counts < 0).any():
        raise ValueError(f"a count of sections has {counts.min()}; it is 0 or more")
    total = counts.sum(axis=-1, keepdims=True)
    whole = 100 * 10**decimals
    shares, cut_off = np.divmod(whole * counts, np.maximum(total, 1))
    lacking = whole - shares.sum(axis=-1, keepdims=True)
    order = np.argsort(-cut_off, axis=-1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.broadcast_to(np.arange(counts.shape[-1]), order.shape), axis=-1)
    return np.where(total > 0, shares + (place < lacking), NO_SHARE)


def shares_sentence(counts: Sequence[int], decimals: int, standard: WaterStatus) -> Text:
    """What a bulletin says of the classes of its sections.

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
    Text

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hb2011_22", standards.WaterStatus)
    >>> shares_sentence([1, 20, 28, 9, 6, 19], 1, rules).zh
    'Ⅰ～Ⅲ类水质的断面为49个，占59.0%；Ⅳ类的断面为9个，占10.9%；Ⅴ类的断面为6个，占7.2%；劣Ⅴ类的断面为19个，占22.9%。'
    """
    groups = grouped_counts(counts, standard)
    if not groups.sum():
        return Text("无断面参加评价。", "No section was judged.")
    shares = [f"{share / 10**decimals:.{decimals}f}" for share in bulletin_shares(groups, decimals).tolist()]
    told = list(zip(group_names(standard), groups.tolist(), shares, strict=True))
    return Text(
        "；".join(f"{name.zh}的断面为{count}个，占{share}%" for name, count, share in told) + "。",
        "; ".join(f"{name.en}: {many(count, 'section')}, {share} %" for name, count, share in told) + ".",
    )


def weekly_sentence(
    week: Week, network: str, items: Sequence[str], counts: Sequence[int], decimals: int, standard: WaterStatus
) -> str:
    """First sentences of a weekly bulletin, in Chinese.

    Parameters
    ----------
    week : Week
    network : str
        Whose sections these are, such as 全国主要水系.
    items : sequence of str
        Keys of the items that are measured.
    counts : sequence of int
        Sections of each class, from Ⅰ to 劣Ⅴ.
    decimals : int
        Of the shares. [-]
    standard : WaterStatus
        The edition of 环办〔2011〕22号.

    References
    ----------
    .. [1] 《全国主要流域重点断面水质自动监测周报》, 2007-02.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing import standards
    >>> rules = standards.load("hb2011_22", standards.WaterStatus)
    >>> week = Week(2007, 2, date(2007, 1, 8), date(2007, 1, 14))
    >>> weekly_sentence(week, "全国主要水系", ("ph", "do"), [1, 20, 28, 9, 6, 19], 1, rules)[:68]
    '2007年第2周（1月8日～1月14日），全国主要水系83个重点断面水质自动监测站2项指标（pH值、溶解氧）的监测结果表明：Ⅰ～Ⅲ类水质'
    """
    days = f"{week.first.month}月{week.first.day}日～{week.last.month}月{week.last.day}日"
    names = "、".join(catalogue.item(item).name_zh for item in items)
    return (
        f"{week.year}年第{week.number}周（{days}），{network}{sum(counts)}个重点断面水质自动监测站"
        f"{len(items)}项指标（{names}）的监测结果表明：{shares_sentence(counts, decimals, standard).zh}"
    )


def changes_sentence(better: Sequence[str], worse: Sequence[str]) -> str:
    """What a weekly bulletin says of the sections whose class changed, in Chinese.

    Parameters
    ----------
    better, worse : sequence of str
        Names of the sections.

    Examples
    --------
    >>> changes_sentence(["黑河"], ["肇源"])
    '本周黑河断面，水质状况有所好转；肇源断面，水质状况有所下降。'
    >>> changes_sentence([], [])
    '本周各断面水质类别无变化。'
    """
    told = [("好转", better), ("下降", worse)]
    parts = [f"{'、'.join(names)}断面，水质状况有所{word}" for word, names in told if names]
    return f"本周{'；'.join(parts)}。" if parts else "本周各断面水质类别无变化。"
