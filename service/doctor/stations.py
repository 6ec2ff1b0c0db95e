"""Stations that announced themselves and are silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
import numpy as np

from qingchuan.api.queries.manual_only import manual_only
from qingchuan.processing import catalogue
from qingchuan.processing.periods import BEIJING
from qingchuan.processing.standards import Text
from qingchuan.service.clock import SECOND
from qingchuan.service.doctor.finding import Check, Finding, NotTriedError, notice, ok, problem
from qingchuan.service.doctor.history import first_since
from qingchuan.service.doctor.patient import Patient
from qingchuan.store.observations import Observations
from qingchuan.store.subjects import AirStation, Kind

_HOUR = 3600
"""[s]"""
_LOOK_BACK = 168 * _HOUR
"""How far back the newest observation is looked for. [s]"""
_SITES = 3 * _HOUR
"""Sites send at least hourly, and some by the minute. [s]"""
_NOT_IN_A_WEEK = Text("七天以上", "for over 7 days")
_PAGE = 10_000
_NAMED = 5
"""Silent stations that are named."""


class Expectation(NamedTuple):
    """What a kind of subject sends.

    Attributes
    ----------
    title : Text
    period : {"hour", "day", "instant"}
    length : int
        From the start of a period to its end. [s]
    silent_after : int
        How long after the end of the newest period a subject is silent: its cycle, and what sending may take. [s]
    """

    title: Text
    period: catalogue.Period
    length: int
    silent_after: int


EXPECTED: dict[Kind, Expectation] = {
    "air-station": Expectation(Text("空气站", "air stations"), "hour", _HOUR, 2 * _HOUR),
    "section": Expectation(Text("断面", "sections"), "instant", 0, 5 * _HOUR),
    "city": Expectation(Text("城市", "cities"), "day", 24 * _HOUR, 36 * _HOUR),
}
"""Air every hour; water at least every 4 h, as the slow analysers do; a day of a city by noon of the next."""


def check_silent(kind: Kind, patient: Patient) -> Finding:
    """Which subjects of a `kind` were announced and have sent nothing for longer than their cycle."""
    expected = EXPECTED[kind]
    announced = patient.state.subjects(kind)
    subjects = list(announced)
    if kind == "city":
        subjects = _sending_days(patient, subjects)
    if not subjects:
        raise NotTriedError(Text(f"没有{expected.title.zh}", f"there are no {expected.title.en}"))
    now = patient.clock.now() // SECOND
    newest = newest_of(patient.observations, subjects, expected, now)
    silent = {name: end for name in subjects if (end := newest.get(name)) is None or end < now - expected.silent_after}
    sampled = _sampled(patient, silent, now) if kind == "section" else set()
    for name in sampled:
        del silent[name]
    simulated = {name for name in subjects if announced[name].simulated}
    found = _finding(len(subjects) - len(sampled), silent, _NOT_IN_A_WEEK, simulated)
    return _with_manual(found, len(sampled)) if sampled else found


def check_sites(patient: Patient) -> Finding:
    """Which sites were announced and have sent nothing of late, of whatever period."""
    announced = patient.state.subjects("site")
    sites = set(announced)
    if not sites:
        raise NotTriedError(Text("没有监控点位", "there are no sites"))
    after = first_since(patient.journal, patient.clock.now() - _SITES * SECOND) - 1
    heard: set[str] = set()
    while changes := patient.observations.changed(after, _PAGE):
        heard |= {change.subject for change in changes}
        after = changes[-1].sequence
    simulated = {name for name in sites if announced[name].simulated}
    return _finding(len(sites), dict.fromkeys(sites - heard), Text("三小时以上", "for over 3 hours"), simulated)


def _finding(expected: int, silent: Mapping[str, int | None], never: Text, simulated: AbstractSet[str]) -> Finding:
    """What it means that of so many subjects these are silent; each with the end of its newest period, if known.

    Where all of these are `simulated` nothing is lost: their history ends there.
    """
    if not silent:
        return ok(f"{expected} 个都有新数据", f"all {expected} have sent")
    saw = Text(
        f"{expected} 个中 {len(silent)} 个没有新数据：{_named(silent, never.zh)}",
        f"{len(silent)} of {expected} are silent: {_named(silent, never.en)}",
    )
    if silent.keys() <= simulated:
        saw = Text(f"{saw.zh}；都是模拟数据", f"{saw.en}; all of these are simulated")
        return notice(saw, Text("无需处理", "nothing needs to be done"), "docs/mqtt.md: Observations")
    advice = Text(
        "半数以上：先查代理、网络和采集；个别：查站点和它的用户权限",
        "if most: look at broker, network and collector; if few: at the station, and the rights of its user",
    )
    judge = problem if 2 * len(silent) > expected else notice
    return judge(saw, advice, "docs/mqtt.md: Observations")


def _sampled(patient: Patient, silent: Mapping[str, int | None], now: int) -> set[str]:
    """Those of the `silent` sections that only a laboratory samples."""
    never = [name for name, end in silent.items() if end is None]
    return manual_only(patient.observations, patient.state, never, now + _HOUR)


def _with_manual(found: Finding, sampled: int) -> Finding:
    """A finding with the number of sections of which nothing is expected."""
    saw = Text(f"{found.saw.zh}；另有 {sampled} 个手工监测", f"{found.saw.en}; {sampled} more are manual only")
    return msgspec.structs.replace(found, saw=saw)


def _sending_days(patient: Patient, cities: Sequence[str]) -> list[str]:
    """Those of `cities` that have sent days, and whose days do not come from hours of their own stations."""
    stations = patient.state.subjects("air-station").values()
    by_hours = {station.city for station in stations if isinstance(station, AirStation)}
    return [city for city in patient.observations.first(cities, "day") if city not in by_hours]


def newest_of(observations: Observations, subjects: Sequence[str], expected: Expectation, now: int) -> dict[str, int]:
    """The end of the newest period of each of `subjects` that has one in the last week, in s since 1970 UTC."""
    start, end = now - _LOOK_BACK, now + _HOUR
    if expected.period == "instant":
        readings = observations.readings(subjects, (), start, end)
        told = zip(readings.subject.tolist(), readings.times.astype(np.int64).tolist(), strict=True)
        return {subjects[index]: time for index, time in told}
    grid = observations.read(subjects, (), expected.period, start, end)
    told_at = grid.times.astype(np.int64)[:, None] + expected.length
    newest = np.where(grid.sequence > 0, told_at, 0).max(axis=0, initial=0)
    return {name: int(end) for name, end in zip(subjects, newest.tolist(), strict=True) if end}


def _named(silent: Mapping[str, int | None], never: str) -> str:
    first = sorted(silent, key=lambda name: (silent[name] or 0, name))[:_NAMED]
    told = ", ".join(f"{name} ({_shown(silent[name], never)})" for name in first)
    return told + (" …" if len(silent) > _NAMED else "")


def _shown(moment: int | None, never: str) -> str:
    return never if moment is None else datetime.fromtimestamp(moment, UTC).astimezone(BEIJING).strftime("%m-%d %H:%M")


def _check_air(patient: Patient) -> Finding:
    return check_silent("air-station", patient)


def _check_sections(patient: Patient) -> Finding:
    return check_silent("section", patient)


def _check_cities(patient: Patient) -> Finding:
    return check_silent("city", patient)


CHECKS = (
    Check("stations-air", Text("空气站", "air stations"), _check_air),
    Check("stations-water", Text("断面", "sections"), _check_sections),
    Check("stations-sites", Text("监控点位", "sites"), check_sites),
    Check("stations-cities", Text("城市日值", "days of cities"), _check_cities),
)
