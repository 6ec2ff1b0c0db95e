"""How the day in progress came about: each item so far, what it still needs, and what the remaining hours may have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

import numpy as np

from qingchuan.processing.air.budget import NONE, OPEN, OUT_OF_REACH
from qingchuan.processing.air.edges import cut
from qingchuan.processing.air.item_masks import items_of_mask
from qingchuan.processing.air.today import NO_VALUE, DayInProgress, ItemSoFar, day_in_progress
from qingchuan.processing.air.wording import Named, named, number, plain, shown
from qingchuan.processing.explanation import Explanation, Source
from qingchuan.processing.scaled import MISSING, Scaled
from qingchuan.processing.standards import AirAssessment, AirQualityIndex, Text
from qingchuan.processing.wording import many

_ASSUMED = Text(
    "其余小时均按有效计，如有缺测须重新测算；浓度没有上限，一个小时即可能使日均值超标，故当日结束前一般不能断定为优良",
    "every remaining hour is taken to be valid, and if one is missing this is to be asked anew; a concentration has no "
    "upper end and one hour can spoil a mean, so that a day is hardly ever safely good before it is over",
)


def explain_day_in_progress(
    hours: Mapping[str, Scaled], standard: AirQualityIndex, rules: AirAssessment, limit: int
) -> Explanation:
    """How the provisional AQI of one place came about, and what the remaining hours may reach.

    Parameters
    ----------
    hours : mapping of str to ndarray of uint16, shape (hours,)
        [scaled]
    standard, rules, limit
        As `day_in_progress` has them.

    Returns
    -------
    Explanation
        Its value is the AQI so far. Its parts are the items of the day, then what is assumed. The parts of an item are
        what it needs to be valid, with the label of the hour, and what the remaining hours may reach.

    Raises
    ------
    ValueError
        As `day_in_progress` raises it.

    Examples
    --------
    >>> from qingchuan.processing import standards
    >>> standard = standards.load("hj633_2026", standards.AirQualityIndex)
    >>> rules = standards.load("hj663_2013", standards.AirAssessment)
    >>> told = explain_day_in_progress({"pm25": np.full(14, 50, np.uint16)}, standard, rules, 160)
    >>> pm25 = next(part for part in told.parts if part.value == 50)
    >>> pm25.parts[0].rule.zh, pm25.parts[1].rule.zh
    ('须有20个有效小时，已有14个，最早于20时满足', '其余10小时平均不高于75.2 µg/m³，日均值修约后方可不高于60 µg/m³')
    """
    found = day_in_progress({item: np.asarray(of)[:, np.newaxis] for item, of in hours.items()}, standard, rules, limit)
    aqi = int(found.air.aqi[0])
    return Explanation(
        name=Text(f"当日AQI（截至{found.passed}时，临时值）", f"AQI of the day to {found.passed}:00, provisional"),
        value=aqi if aqi >= 0 else None,
        rule=_joined(_index_rule(found, standard, rules), _state_rule(found, standard, rules)),
        source=Source.of(standard, standard.table),
        valid=sum(int(item.so_far[0]) != MISSING for item in found.items.values()),
        expected=len(found.items),
        limit=standard.good_up_to,
        parts=(*(_item(item, hours, found, rules) for item in found.items), _assumed()),
    )


def _index_rule(found: DayInProgress, standard: AirQualityIndex, rules: AirAssessment) -> Text:
    aqi, level = int(found.air.aqi[0]), int(found.air.level[0])
    if aqi < 0:
        return Text(f"截至{found.passed}时尚无AQI", f"there is no AQI to {found.passed}:00")
    row = standard.levels[level - 1]
    primary = _names(items_of_mask(int(found.air.primary[0]), found.air.items), rules)
    return Text(
        f"按截至{found.passed}时的累计浓度，AQI为{aqi}（{row.zh}），首要污染物：{primary.zh or '无'}",
        f"by what there is to {found.passed}:00 the AQI is {aqi} ({row.en}); primary pollutant: {primary.en or 'none'}",
    )


def _state_rule(found: DayInProgress, standard: AirQualityIndex, rules: AirAssessment) -> Text:
    state, good, left = int(found.state[0]), standard.good_up_to, found.left
    names = _names((item for item, of in found.items.items() if of.state[0] == state), rules)
    if state == OUT_OF_REACH:
        return Text(
            f"其余{left}小时即使浓度均为0，{names.zh}仍使全日AQI高于{good}",
            f"even with none of it in the {left} hours that remain, {names.en} keeps the AQI above {good}",
        )
    if state == NO_VALUE:
        return Text(
            f"{names.zh}有效数据已不足，当日将无有效值：全日AQI不高于{good}时，当日不计入有效天数",
            f"too few valid data of {names.en} can still come: unless the AQI is above {good} the day does not count",
        )
    if state == OPEN:
        return Text(
            f"其余{left}小时各项均不超过所列上限，全日AQI方可不高于{good}",
            f"the AQI stays at {good} or below if no item has more than told in the {left} hours that remain",
        )
    return Text(f"全日AQI不高于{good}", f"the AQI of the day is not above {good}")


def _item(item: str, hours: Mapping[str, Scaled], found: DayInProgress, rules: AirAssessment) -> Explanation:
    so_far, about = found.items[item], named(item, rules)
    source = rules.daily_maximum.items.get(item)
    known = [] if source or item not in hours else [int(hour) for hour in hours[item] if hour != MISSING]
    rule = rules.daily_mean if source is None else rules.daily_maximum
    value, good = int(so_far.so_far[0]), so_far.good_up_to
    return Explanation(
        name=Text(f"{about.name.zh}（截至{found.passed}时）", f"{about.name.en} to {found.passed}:00"),
        value=number(value, about.decimals),
        unit=about.unit,
        rule=_maximum_rule(so_far, about, rules) if source else _mean_rule(known, value, about),
        source=Source.of(rules, rule),
        exact=Fraction(sum(known), len(known) * 10**about.decimals) if known else None,
        decimals=about.decimals,
        valid=int(so_far.valid[0]),
        expected=_expected(found.passed, rules) if source else found.passed,
        limit=number(good, about.decimals),
        parts=(_validity(so_far, found, rules, source), _rest(so_far, found, about)),
    )


def _expected(passed: int, rules: AirAssessment) -> int:
    """Windows that have ended."""
    return max(passed - rules.daily_maximum.first_label + 1, 0)


def _mean_rule(known: list[int], value: int, about: Named) -> Text:
    if not known:
        return Text("尚无有效小时", "no hour is valid yet")
    total, mean = plain(sum(known), about.decimals), shown(value, about.decimals)
    return Text(
        f"1时以来{len(known)}个有效小时浓度之和{total}÷{len(known)}，修约为{mean}",
        f"the sum of {many(len(known), 'valid hour')} since 1:00, {total} ÷ {len(known)}, rounded to {mean}",
    )


def _maximum_rule(so_far: ItemSoFar, about: Named, rules: AirAssessment) -> Text:
    window, count = rules.daily_maximum.window, int(so_far.valid[0])
    if not count:
        return Text(f"尚无有效的{window}小时平均", f"no {window}-hour mean is valid yet")
    largest = shown(int(so_far.so_far[0]), about.decimals)
    return Text(
        f"已结束的{count}个有效{window}小时平均中最大者为{largest}",
        f"the largest of {count} valid {window}-hour means that have ended is {largest}",
    )


def _validity(so_far: ItemSoFar, found: DayInProgress, rules: AirAssessment, source: str | None) -> Explanation:
    """How many valid data the day needs, and by when it can have them."""
    earliest, count = int(so_far.earliest[0]), int(so_far.valid[0])
    maximum, mean = rules.daily_maximum, rules.daily_mean
    wanted = mean.at_least if source is None else maximum.windows_at_least
    what = (
        Text("小时", "hours") if source is None else Text(f"{maximum.window}小时平均", f"{maximum.window}-hour means")
    )
    if earliest == NONE:
        told = Text("已无法满足", "that cannot be reached any more")
    elif earliest <= found.passed:
        told = Text(f"已于{earliest}时满足", f"reached at {earliest}:00")
    else:
        told = Text(f"最早于{earliest}时满足", f"reached at {earliest}:00 at the earliest")
    return Explanation(
        name=Text("当日有效性", "validity of the day"),
        value=None if earliest == NONE else earliest,
        unit="h",
        rule=Text(
            f"须有{wanted}个有效{what.zh}，已有{count}个，{told.zh}",
            f"{wanted} valid {what.en} are needed, {count} are there; {told.en}",
        ),
        source=Source.of(rules, mean if source is None else maximum),
        valid=count,
        expected=wanted,
    )


def _rest(so_far: ItemSoFar, found: DayInProgress, about: Named) -> Explanation:
    """What the remaining hours may reach: in the mean, or each of them where a maximum decides."""
    total, level, left = int(so_far.largest_total[0]), int(so_far.largest_level[0]), found.left
    name = Text(f"其余{left}小时浓度上限", f"most in the {left} hours that remain")
    if so_far.state[0] != OPEN:
        return Explanation(name=name, value=None, unit=about.unit, rule=_closed(so_far, left))
    good = f"{shown(so_far.good_up_to, about.decimals)} {about.unit}"
    if total == NONE:
        most = shown(level, about.decimals)
        rule = Text(
            f"其余{left}小时均不高于{most} {about.unit}，各时段滑动平均修约后方可均不高于{good}",
            f"with none of the {left} hours above {most} {about.unit} every rounded mean is at most {good}",
        )
        return Explanation(name=name, value=number(level, about.decimals), unit=about.unit, rule=rule)
    exact = Fraction(total, left * 10**about.decimals)
    most_mean = cut(exact, about.decimals + 1)
    rule = Text(
        f"其余{left}小时平均不高于{most_mean} {about.unit}，日均值修约后方可不高于{good}",
        f"with a mean of {most_mean} {about.unit} over the {left} hours the rounded mean of the day is at most {good}",
    )
    return Explanation(name=name, value=most_mean, unit=about.unit, rule=rule, exact=exact)


def _closed(so_far: ItemSoFar, left: int) -> Text:
    """Why nothing is left to decide."""
    if so_far.state[0] == OUT_OF_REACH:
        return Text("即使为0也已超标", "above the limit even with none of it")
    if so_far.state[0] == NO_VALUE:
        return Text("当日将无有效值", "the day will have no value")
    if left:
        return Text(
            "其余小时已不能构成有效的滑动平均，当日值已定", "no window can be valid any more: the value is settled"
        )
    return Text("当日已结束", "the day is over")


def _assumed() -> Explanation:
    return Explanation(name=Text("测算前提", "what is assumed"), value=None, rule=_ASSUMED)


def _names(items: Iterable[str], rules: AirAssessment) -> Text:
    names = [named(item, rules).name for item in items]
    return Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))


def _joined(first: Text, second: Text) -> Text:
    return Text(f"{first.zh}；{second.zh}", f"{first.en}; {second.en}")
