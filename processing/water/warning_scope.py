"""Where the early warning of the Yangtze basin (水质预警) applies, by the place of a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.standards.edition import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qingchuan.processing.standards import WarningScope


def in_scope(places: Sequence[str | None], scope: WarningScope) -> NDArray[np.bool_]:
    """Whether each section lies in a province where the measures apply.

    Parameters
    ----------
    places : sequence of str or None
        Code of GB/T 2260 of the place of each section; None where it is not known.
    scope : WarningScope
        The edition.

    Returns
    -------
    ndarray of bool, shape (sections,)
        False where the place is not known.

    Notes
    -----
    The measures apply in a part or all of each province, as far as it lies in the basin. Nothing but the province is
    looked at here: where the basin of a section is known, whoever calls this has to look at it as well.

    References
    ----------
    .. [1] 长江流域水环境质量监测预警办法（试行）: 适用范围.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> scope = standards.load("warning_scope2018", standards.WarningScope)
    >>> in_scope(["330200", "110000", None], scope)
    array([ True, False, False])
    """
    return np.array([scope.province(place) is not None for place in places], np.bool_)


def explain_in_scope(place: str | None, scope: WarningScope) -> Explanation:
    """Whether the measures apply to one section, and why.

    Parameters
    ----------
    place : str or None
    scope : WarningScope
        As `in_scope` has them.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> scope = standards.load("warning_scope2018", standards.WarningScope)
    >>> explain_in_scope("110000", scope).value.zh
    '不适用'
    """
    provinces = [row.name for row in scope.scope.rows]
    zh, first, last = "、".join(name.zh for name in provinces), provinces[:-1], provinces[-1]
    en = f"{', '.join(name.en for name in first)} and {last.en}"
    value, why = _verdict(place, scope)
    return Explanation(
        name=Text("预警办法适用范围", "where the measures of early warning apply"),
        value=value,
        rule=Text(
            f"预警办法适用于长江流域{zh}等{len(provinces)}省（市）部分或全部的国土区域；{why.zh}",
            f"the early warning is for the Yangtze basin, in a part or all of {en}; {why.en}",
        ),
        source=Source.of(scope, scope.scope),
    )


def _verdict(place: str | None, scope: WarningScope) -> tuple[Text, Text]:
    province = scope.province(place)
    if province is not None:
        return Text("适用", "applies"), Text(
            f"断面位于{province.name.zh}；断面信息中没有所在流域，仅按省份判断",
            f"the section lies in {province.name.en}; its basin is not known, so this is told by the province alone",
        )
    if place is None:
        return Text("不详", "not known"), Text(
            "断面未登记所在城市，无法判断是否适用，不预警",
            "the city of the section is not known, so there is no warning",
        )
    return Text("不适用", "does not apply"), Text(
        f"断面所在地 {place} 不在其中，不预警",
        f"the place of the section, {place}, is not in them: there is no warning",
    )
