"""What a report says, in Chinese and in English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from qingchuan.api.schemas.reports import ReportCity, ReportRate, ReportSection
from qingchuan.processing import catalogue
from qingchuan.processing.calendar_periods import CalendarPeriod
from qingchuan.processing.standards import Text

_POOR = 5
"""From this class on a section is named: Ⅴ and worse."""
_MOST_CITIES = 5
"""So many cities are named in the text; the others are in the data."""


def title_of(period: CalendarPeriod, *, simulated: bool) -> Text:
    """The title of the report on a day or a month.

    Examples
    --------
    >>> from datetime import date
    >>> from qingchuan.processing.calendar_periods import one_day
    >>> title_of(one_day(date(2026, 11, 24)), simulated=False)
    Text(zh='2026年11月24日环境质量日报', en='Environment on 2026-11-24')
    """
    first = period.start
    if period.kind == "day":
        zh, en = f"{first.year}年{first.month}月{first.day}日环境质量日报", f"Environment on {first.isoformat()}"
    else:
        zh, en = f"{first.year}年{first.month}月环境质量月报", f"Environment in {first:%Y-%m}"
    return Text(f"【模拟】{zh}" if simulated else zh, f"[simulated] {en}" if simulated else en)


def text_of(
    period: CalendarPeriod, cities: Sequence[ReportCity], sections: Sequence[ReportSection], open_alerts: int
) -> Text:
    """The report in sentences.

    Parameters
    ----------
    period : CalendarPeriod
    cities : sequence of ReportCity
    sections : sequence of ReportSection
    open_alerts : int
        How many alerts are open. [-]
    """
    told = [*_air(period, cities), *_water(sections), _alerts(open_alerts)]
    return Text("".join(each.zh for each in told), " ".join(each.en for each in told))


def _air(period: CalendarPeriod, cities: Sequence[ReportCity]) -> Iterator[Text]:
    for city in cities[:_MOST_CITIES]:
        of = _day(city) if period.kind == "day" else _month(city)
        year = _rate(city.year)
        yield Text(
            f"{city.name.zh}：{of.zh}，今年以来优良率 {year.zh}。",
            f"{city.name.en}: {of.en}; good-air rate of the year {year.en}.",
        )
    if (more := len(cities) - _MOST_CITIES) > 0:
        yield Text(f"另有{more}个城市。", f"And {more} more cities.")


def _day(city: ReportCity) -> Text:
    if city.aqi is None:
        return Text("AQI 无效", "no valid AQI")
    symbols = "、".join(catalogue.item(item).symbol for item in city.primary)
    level = Text(city.level.zh, city.level.en) if city.level else Text("", "")
    if not symbols:
        return Text(f"AQI {city.aqi}，{level.zh}", f"AQI {city.aqi}, {level.en}")
    return Text(
        f"AQI {city.aqi}，{level.zh}，首要污染物 {symbols}",
        f"AQI {city.aqi}, {level.en}, primary pollutant {symbols.replace('、', ', ')}",
    )


def _month(city: ReportCity) -> Text:
    rate = _rate(city.period)
    zh, en = f"优良率 {rate.zh}", f"good-air rate {rate.en}"
    if city.index is not None:
        zh, en = f"{zh}，综合指数 {city.index:.2f}", f"{en}, composite index {city.index:.2f}"
    if city.rank is not None and city.ranked > 1:
        zh = f"{zh}，在已知的{city.ranked}个重点城市中排第{city.rank}"
        en = f"{en}, rank {city.rank} of the {city.ranked} key cities that are known"
    return Text(zh, en)


def _rate(rate: ReportRate) -> Text:
    if rate.rate is None:
        return Text("无有效天", "without a valid day")
    return Text(f"{rate.rate} %（{rate.good}/{rate.valid}天）", f"{rate.rate} % ({rate.good} of {rate.valid} days)")


def _water(sections: Sequence[ReportSection]) -> Iterator[Text]:
    classes = Counter(section.class_.name for section in reversed(sections) if section.class_)
    if not sections:
        return
    if not classes:
        yield Text("断面均无有效数据。", "No section has valid data.")
        return
    judged = sum(classes.values())
    yield Text(
        f"参评断面{judged}个：{'，'.join(f'{name}类{count}个' for name, count in classes.items())}。",
        f"Sections judged: {judged} ({', '.join(f'{count} of class {name}' for name, count in classes.items())}).",
    )
    poor = [section for section in sections if section.class_ and section.class_.number >= _POOR]
    if poor:
        zh = "、".join(f"{section.name.zh}（{_items(section)}）" for section in poor)
        en = ", ".join(f"{section.name.en} ({_items(section)})" for section in poor)
        yield Text(f"Ⅴ类及劣Ⅴ类：{zh}。", f"Class Ⅴ or worse: {en}.")


def _items(section: ReportSection) -> str:
    return ", ".join(catalogue.item(item).symbol for item in section.deciding)


def _alerts(count: int) -> Text:
    if not count:
        return Text("无未解除的告警。", "No alert is open.")
    return Text(f"未解除的告警{count}个。", f"Open alerts: {count}.")
