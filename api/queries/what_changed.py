"""What changed between two messages, and why: figures that differ, each with the readings that caused it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from qingchuan.api.answering import iso_time
from qingchuan.api.queries.between import Between
from qingchuan.api.queries.revised_air import Figure, revised_air
from qingchuan.api.queries.revised_readings import Reading, Sent, revised_readings, sent_by, why
from qingchuan.api.queries.revised_water import revised_water
from qingchuan.api.queries.revised_words import reading_in_words, source
from qingchuan.api.schemas.revisions import RevisedFigure, RevisedReading, RevisionsAnswer, Why
from qingchuan.processing.periods import HOUR, natural_day
from qingchuan.processing.standards import Text
from qingchuan.store.subjects import Name

_MOST_READINGS: Final = 1000
_MOST_CAUSES: Final = 20
_SECOND: Final = 1_000_000
_MONTH, _YEAR = 7, 4
"""How long the texts of a month and a year are."""

WHY: Final[dict[Why, Name]] = {
    "late": Name("迟报", "late"),
    "corrected": Name("更正", "corrected"),
    "flagged": Name("标记变更", "flagged"),
    "station-check": Name("质控核查不合格", "failed station check"),
    "audited": Name("审核", "audited"),
    "again": Name("再次应用", "applied again"),
    "imported": Name("导入", "imported"),
    "announced": Name("站点公告变更", "announced anew"),
}


def what_changed(of: Between) -> RevisionsAnswer:
    """What changed between two messages, and why.

    Raises
    ------
    ProblemError
        Too many readings differ.
    """
    found = revised_readings(of)
    sent = sent_by(of, [one.sequence for one in found[:_MOST_READINGS]])
    readings = [_reading(of, one, sent.get(one.sequence)) for one in found[:_MOST_READINGS]]
    causes = _Causes(found)
    differing = [*revised_air(of, found), *revised_water(of, found)]
    places = [causes.of(one) for one in differing]
    behind = {place for of_figure in places for place in of_figure}
    times = [of.services.received(message) for message in (of.first, of.last)]
    begun, ended = (None if time is None else iso_time(time // _SECOND) for time in times)
    return RevisionsAnswer(
        from_sequence=of.first,
        to_sequence=of.last,
        from_time=begun,
        to_time=ended,
        over=of.over.isoformat(),
        figures=[
            _figure(of, one, of_figure, causes.newest(of_figure), readings)
            for one, of_figure in zip(differing, places, strict=True)
        ],
        readings=readings,
        without_figure=[place for place in range(len(readings)) if place not in behind],
        readings_in_all=len(found),
    )


class _Causes:
    """The readings by subject and time, so that those of a figure are found quickly."""

    def __init__(self, readings: Sequence[Reading]) -> None:
        self._readings = readings
        self._timed: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        self._announced: defaultdict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(readings):
            if one.start is None:
                self._announced[one.subject].append(place)
            else:
                self._timed[one.subject].append((one.start, place))

    def of(self, figure: Figure) -> list[int]:
        """Places of the readings that a figure rests on, in order; of its item, where it is of one."""
        span = figure.days.span
        found: list[int] = []
        for subject in figure.rests_on:
            timed = self._timed.get(subject, [])
            first, last = bisect_left(timed, (span.start, -1)), bisect_right(timed, (span.end, -1))
            found += [place for _, place in timed[first:last]] + self._announced.get(subject, [])
        return sorted(place for place in found if self._concerns(place, figure.item))

    def newest(self, places: Sequence[int]) -> int:
        """The newest message of some readings."""
        return max((self._readings[place].sequence for place in places), default=0)

    def _concerns(self, place: int, item: str | None) -> bool:
        one = self._readings[place]
        return item is None or not one.values or not {item, source(item)}.isdisjoint(one.values)


def _reading(of: Between, one: Reading, sent: Sent | None) -> RevisedReading:
    reason = why(one, sent)
    return RevisedReading(
        subject=one.subject,
        name=of.known[one.subject].name,
        period=one.period,
        start=None if one.start is None else iso_time(one.start),
        why=reason,
        why_name=WHY[reason],
        values=one.values,
        origin=one.origin,
        sequence=one.sequence,
        received=None if sent is None else iso_time(sent.received // _SECOND),
        topic="" if sent is None else sent.topic,
        link=_link(one),
    )


def _link(one: Reading) -> str | None:
    """Where the reading is told as it was after its message."""
    if one.period in {"subject", "dust"} or one.start is None:
        return f"/api/v1/audit?{urlencode({'subject': one.subject})}" if one.period == "dust" else None
    begin, length = one.start, {"hour": HOUR, "instant": 1}.get(one.period, 0)
    if one.period == "day":
        day = natural_day(begin)
        span = {"start": day.isoformat(), "end": natural_day(begin + 24 * HOUR).isoformat()}
    else:
        span = {"start": iso_time(begin), "end": iso_time(begin + length)}
    route = {"hour": "stations/{}/hours", "day": "cities/{}/days", "instant": "sections/{}/classes"}[one.period]
    return f"/api/v1/{route.format(one.subject)}?{urlencode({**span, 'as_of': one.sequence})}"


def _figure(
    of: Between, one: Figure, places: Sequence[int], sequence: int, readings: Sequence[RevisedReading]
) -> RevisedFigure:
    period = one.days.start.isoformat()
    period = {"month": period[:_MONTH], "year": period[:_YEAR]}.get(one.unit, period)
    name = of.known[one.subject].name if one.subject in of.known else Name(one.subject, one.subject)
    told = [readings[place] for place in places if place < len(readings)]
    return RevisedFigure(
        kind=one.kind,
        name=one.name,
        item=one.item,
        subject=one.subject,
        subject_name=name,
        unit=one.unit,
        period=period,
        old=one.old,
        new=one.new,
        sequence=sequence,
        causes=[place for place in places if place < len(readings)][:_MOST_CAUSES],
        caused_by=len(places),
        sentence=_sentence(one, name, period, told, len(places)),
    )


def _sentence(one: Figure, name: Name, period: str, told: Sequence[RevisedReading], count: int) -> Text:
    """What changed and why, in words."""
    old, new = (Text("无", "none") if value is None else Text(f"{value}", f"{value}") for value in (one.old, one.new))
    measure = f" {one.measure}" if one.measure else ""
    zh = f"{name.zh} {period} {one.name.zh}由 {old.zh} 变为 {new.zh}{measure}"
    en = f"{one.name.en} of {name.en}, {period}: {old.en} became {new.en}{measure}"
    if not told:
        return Text(f"{zh}。", f"{en}.")
    first = reading_in_words(told[0], one.item)
    if count == 1:
        return Text(f"{zh}：{first.zh}。", f"{en}: {first.en}.")
    return Text(f"{zh}：{first.zh}，等共 {count} 条读数。", f"{en}: {first.en}, and {count - 1} more.")
