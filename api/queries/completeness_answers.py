"""The ledger of what is missing, as answers tell it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qingchuan.api.parameters import Dates, moment
from qingchuan.api.queries.completeness import Ledger, added_up, ledger, percent
from qingchuan.api.queries.faults import name_of
from qingchuan.api.queries.subjects import evaluated_for, is_simulated
from qingchuan.api.schemas.completeness import (
    CauseName,
    CompletenessAnswer,
    DayCompleteness,
    FlaggedBy,
    MonthCompleteness,
)
from qingchuan.api.services import Services
from qingchuan.processing.completeness import CAUSES, Cause
from qingchuan.processing.flags import VALID
from qingchuan.processing.quality.codes import counted
from qingchuan.store.subjects import AirStation, Name, Section, Site, Subject, kind_of

_NAMES: Final[dict[Cause, tuple[Name, Name]]] = {
    "calibrating": (
        Name("校准维护", "Calibrating"),
        Name(
            "有值，仪器处于校准或维护状态，不参与计算", "A value is there; its instrument was calibrated or maintained"
        ),
    ),
    "flagged": (
        Name("标记无效", "Flagged"),
        Name("有值，标记为可疑或无效，不参与计算", "A value is there, flagged suspect or bad"),
    ),
    "refused": (
        Name("拒收", "Refused"),
        Name("该时段的消息或数值被拒收，见死信", "It came and was refused: a dead letter"),
    ),
    "service-away": (
        Name("服务中断", "Service away"),
        Name("应报时采集服务未运行", "The collector did not run when it was due"),
    ),
    "broker-away": (
        Name("消息代理中断", "Broker away"),
        Name("应报时消息代理不可用", "The broker could not be reached when it was due"),
    ),
    "lost": (
        Name("途中丢失", "Lost on the way"),
        Name(
            "站点消息编号出现缺号，或消息代理丢失会话",
            "The count of the station passes it over, or the broker had lost the session",
        ),
    ),
    "offline": (
        Name("站点离线", "Station offline"),
        Name(
            "该站连续三个最短监测周期以上无任何数据", "Nothing of any item for three of its shortest cycles or longer"
        ),
    ),
    "not-sent": (
        Name("未上报", "Not sent"),
        Name("站点在线，但未上报该项目", "The station was heard of, and did not send it"),
    ),
}
_LEGEND: Final = [CauseName(cause, *_NAMES[cause]) for cause in CAUSES]


def completeness_answer(
    services: Services, name: str, subject: AirStation | Section | Site, dates: Dates, as_of: int | None = None
) -> CompletenessAnswer:
    """How complete the data of a subject are on the days of `dates`, and in their months."""
    return _answer(services, name, subject, {name: subject}, dates, as_of, simulated=subject.simulated)


def city_completeness_answer(
    services: Services, name: str, subjects: Mapping[str, Subject], dates: Dates, as_of: int | None = None
) -> CompletenessAnswer:
    """How complete the hours of a city are: those of the stations that are evaluated for it, added up."""
    stations = {station: subjects[station] for station in evaluated_for(subjects, name)}
    return _answer(services, name, subjects[name], stations, dates, as_of, simulated=is_simulated(subjects, name))


def _answer(
    services: Services,
    name: str,
    subject: Subject,
    of: Mapping[str, Subject],
    dates: Dates,
    as_of: int | None,
    *,
    simulated: bool,
) -> CompletenessAnswer:
    """The ledger of the subjects `of`, added up, as that of `subject`."""
    sequence = moment(services, as_of)
    found = added_up(ledger(services, of, dates, as_of)) if of and dates.days else None
    return CompletenessAnswer(
        name,
        kind_of(subject),
        subject.name,
        simulated,
        sequence,
        list(found.items) if found else [],
        _LEGEND,
        _days(found, dates) if found else [],
        _months(found) if found else [],
        _flagged(services, subject, list(of), found.items, dates, sequence) if found else [],
    )


def _flagged(
    services: Services, subject: Subject, of: Sequence[str], items: Sequence[str], dates: Dates, at: int
) -> list[FlaggedBy]:
    """What set the flags of values on the days of `dates` that do not count."""
    marks = services.observations.marks(of, "instant" if isinstance(subject, Section) else "hour", *dates.span, at)
    told = {(mark.subject, mark.start, mark.item): mark for mark in marks}
    counts = Counter(
        (mark.item, mark.by)
        for mark in told.values()
        if counted(mark.flag, mark.by) not in VALID and mark.item in items
    )
    return [FlaggedBy(item, by, name_of(by), count) for (item, by), count in sorted(counts.items())]


def _days(found: Ledger, dates: Dates) -> list[DayCompleteness]:
    expected, there, missing = found.expected[:, 0], found.there[:, 0], found.missing[:, :, 0]
    first = (dates.start - _day(found.days[0])).days
    shares = percent(there, expected)
    return [
        DayCompleteness(
            _day(found.days[place]).isoformat(),
            int(expected[place]),
            int(there[place]),
            _told(missing[:, place]),
            shares[place],
        )
        for place in range(first, first + dates.days)
    ]


def _months(found: Ledger) -> list[MonthCompleteness]:
    names, begins = np.unique(found.days.astype("datetime64[M]"), return_index=True)
    sums = (np.add.reduceat(counts, begins, axis=-1) for counts in (found.expected[:, 0], found.there[:, 0]))
    expected, there = sums
    missing = np.add.reduceat(found.missing[:, :, 0], begins, axis=-1)
    shares = percent(there, expected)
    return [
        MonthCompleteness(str(name), int(expected[place]), int(there[place]), _told(missing[:, place]), shares[place])
        for place, name in enumerate(names)
    ]


def _told(counts: NDArray[np.int64]) -> dict[Cause, int]:
    return {cause: count for cause, count in zip(CAUSES, counts.tolist(), strict=True) if count}


def _day(day: np.datetime64) -> dt.date:
    found: dt.date = day.astype(dt.date)
    return found
