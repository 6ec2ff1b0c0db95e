"""Values of a city or a district: the mean over the stations that are evaluated for it at the time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qingchuan.processing.air.wording import Named, named, number, shown
from qingchuan.processing.calendar_periods import Days
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.scaled import MISSING, Scaled, mean_of_sums
from qingchuan.processing.standards import AirAssessment, Text
from qingchuan.processing.wording import many


class Membership(NamedTuple):
    """A station that is evaluated for an area, for some time.

    Attributes
    ----------
    station : str
    area : str
        Such as the six digits of a city or a district.
    start : date
        First day.
    end : date or None
        First day on which it is evaluated for the area no longer; None while it is.
    level_of_control : str
        ``"national"``, ``"provincial"`` or ``"municipal"``, while this lasts.
    """

    station: str
    area: str
    start: date
    end: date | None
    level_of_control: str


class AreaMean(NamedTuple):
    """Mean over the stations of an area.

    Attributes
    ----------
    mean : ndarray of uint16, shape (..., times)
        [scaled] Missing where too small a share of the stations is valid.
    valid : ndarray of int64, shape (..., times)
        Stations that are evaluated and valid. [-]
    evaluated : ndarray of int64, shape (times,)
        Stations that are evaluated. [-]
    """

    mean: Scaled
    valid: NDArray[np.int64]
    evaluated: NDArray[np.int64]


def evaluated_stations(
    memberships: Iterable[Membership], area: str, stations: Sequence[str], dates: Days, levels: Collection[str]
) -> NDArray[np.bool_]:
    """Which stations are evaluated for an area, day by day.

    Parameters
    ----------
    memberships : iterable of Membership
        A station may have several, also of other areas.
    area : str
    stations : sequence of str
        Order of the last axis.
    dates : ndarray of datetime64[D], shape (times,)
        Natural day of each time.
    levels : collection of str
        Levels of control that count: the national ones for a city in the national network.

    Returns
    -------
    ndarray of bool, shape (times, stations)

    References
    ----------
    .. [1] HJ 663—2013, 3.3, 6.1.4: prefecture-level cities by their national urban stations (国控城市点), county-level
       cities by those of the local network; districts by analogy.

    Examples
    --------
    >>> moved = [
    ...     Membership("1234A", "330200", date(2020, 1, 1), date(2026, 3, 1), "national"),
    ...     Membership("1234A", "330206", date(2026, 3, 1), None, "provincial"),
    ... ]
    >>> dates = np.array(["2026-02-28", "2026-03-01"], "datetime64[D]")
    >>> evaluated_stations(moved, "330200", ["1234A"], dates, {"national"}).tolist()
    [[True], [False]]
    """
    dates, place = np.asarray(dates), {name: at for at, name in enumerate(stations)}
    evaluated = np.zeros((dates.size, len(stations)), np.bool_)
    for spell in memberships:
        if spell.area == area and spell.level_of_control in levels and spell.station in place:
            lasts = dates >= np.datetime64(spell.start, "D")
            if spell.end is not None:
                lasts &= dates < np.datetime64(spell.end, "D")
            evaluated[:, place[spell.station]] |= lasts
    return evaluated


def area_mean_of(values: Scaled, evaluated: ArrayLike, rules: AirAssessment) -> AreaMean:
    """Mean concentration over the stations that are evaluated for an area at each time.

    Parameters
    ----------
    values : ndarray of uint16, shape (..., times, stations)
        The same statistic (hour, 24-hour mean, daily maximum 8-hour mean) of all stations, also of those that are not
        evaluated for the area. [scaled]
    evaluated : array_like of bool, shape (times, stations) or (stations,)
        Of `evaluated_stations`.
    rules : AirAssessment
        The edition of HJ 663.

    Returns
    -------
    AreaMean
        Without a station there is no mean.

    Notes
    -----
    The share that must be valid is one of the stations evaluated then, and so is how many of them are few.

    References
    ----------
    .. [1] HJ 663—2013, 6.1.4 and A.2: 75 % of the stations, 50 % where there are fewer than 4; arithmetic mean.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.in_force("hj663", date(2025, 1, 1))
    >>> values = np.array([[30, 31, 90], [30, 65535, 90]], np.uint16)
    >>> found = area_mean_of(values, [True, True, False], rules)
    >>> found.mean, found.valid, found.evaluated
    (array([30, 30], dtype=uint16), array([2, 1]), array([2, 2]))
    """
    values = np.asarray(values)
    evaluated = np.broadcast_to(np.asarray(evaluated, dtype=np.bool_), values.shape[-2:])
    of_all, counts = evaluated.sum(axis=-1), evaluated & (values != MISSING)
    valid = np.asarray(counts.sum(axis=-1))
    total = np.where(counts, values, 0).sum(axis=-1, dtype=np.int64)
    mean = mean_of_sums(total, valid, valid=rules.area.enough(valid, of_all))
    return AreaMean(mean, valid, np.asarray(of_all))


def explain_area_mean_of(
    item: str, values: Scaled, evaluated: ArrayLike, names: Sequence[Text], rules: AirAssessment
) -> Explanation:
    """How the value of an area came about at one time.

    Parameters
    ----------
    item : str
    values : ndarray of uint16, shape (stations,)
        As `area_mean_of` has them. [scaled]
    evaluated : array_like of bool, shape (stations,)
        Which of the stations are evaluated for the area then.
    names : sequence of Text
        Names of the stations.
    rules : AirAssessment
        The edition of HJ 663.

    Returns
    -------
    Explanation
        Its parts are the stations: the value of each, and whether it counts.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> rules = standards.in_force("hj663", date(2025, 1, 1))
    >>> names = Text("区环保大楼", "District building"), Text("万里学院", "Wanli College")
    >>> told = explain_area_mean_of("co", np.array([6, 9], np.uint16), [True, True], names, rules)
    >>> told.value, told.exact, told.valid
    (0.8, Fraction(3, 4), 2)
    """
    about, values, evaluated = named(item, rules), np.asarray(values), np.asarray(evaluated, np.bool_)
    found = area_mean_of(values[np.newaxis], evaluated, rules)
    mean, valid, of_all = int(found.mean[0]), int(found.valid[0]), int(found.evaluated[0])
    total = int(values[evaluated & (values != MISSING)].sum(dtype=np.int64))
    return Explanation(
        name=Text(f"{about.name.zh}区域浓度", f"{about.name.en} of the area"),
        value=number(mean, about.decimals),
        unit=about.unit,
        rule=_rule(shown(mean, about.decimals), valid, of_all, rules),
        source=Source.of(rules, rules.area),
        exact=None if mean == MISSING else Fraction(total, valid * 10**about.decimals),
        decimals=about.decimals,
        valid=valid,
        expected=of_all,
        parts=tuple(
            _station(name, value, counts, about)
            for name, value, counts in zip(names, values.tolist(), evaluated.tolist(), strict=True)
        ),
    )


def _station(name: Text, value: int, evaluated: bool, about: Named) -> Explanation:  # noqa: FBT001 - told
    rule = Text("有效，计入均值", "valid, in the mean")
    if value == MISSING:
        rule = Text(
            "缺测或无效，不计入均值，但仍计入应有点位数",
            "missing or not valid: not in the mean, but one of those that should be there",
        )
    if not evaluated:
        rule = Text("此时不参评，不计入", "not evaluated for the area then: it does not count")
    return Explanation(name=name, value=number(value, about.decimals), unit=about.unit, rule=rule)


def _rule(told: str, valid: int, of_all: int, rules: AirAssessment) -> Text:
    if not of_all:
        return Text("此时没有参评点位，没有统计结果", "no station is evaluated then: there is no value")
    share, is_few, few = int(rules.area.share_for(of_all)), of_all < rules.area.few, rules.area.few
    if not rules.area.enough(valid, of_all):
        return Text(
            f"有效点位{valid}个，共{of_all}个，不足{share}%{f'（点位少于{few}个）' if is_few else ''}，统计结果无效",
            f"{valid} of {of_all} stations are valid, less than the {share} % that are needed"
            f"{f' where there are fewer than {few}' if is_few else ''}: there is no value",
        )
    return Text(
        f"{valid}个有效点位浓度的算术平均值，按GB/T 8170修约为{told}；"
        f"有效点位{valid}个，共{of_all}个{f'（少于{few}个）' if is_few else ''}，应不低于{share}%",
        f"mean of {many(valid, 'valid station')}, rounded half to even to {told}; {valid} of {of_all} are valid, "
        f"at least {share} % are needed{f' where there are fewer than {few}' if is_few else ''}",
    )
