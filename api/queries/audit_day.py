"""A natural day of a subject as an auditor looks at it: each value with its flag, what it was, and what was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import msgspec
import numpy as np

from qingchuan.api.answering import iso_time
from qingchuan.api.parameters import Dates, Span
from qingchuan.api.problems import ProblemError
from qingchuan.api.queries.audit import done_answers, steps
from qingchuan.api.queries.items import told_item
from qingchuan.api.schemas.audit import AuditCell, AuditDay, AuditTime
from qingchuan.api.services import Services
from qingchuan.processing import catalogue
from qingchuan.processing.flags import MISSING
from qingchuan.processing.periods import HOUR, hour_label_end, to_beijing
from qingchuan.store import audit, flag_texts
from qingchuan.store.audit_messages import AuditedPeriod
from qingchuan.store.flag_texts import WITHDRAWN, Mark
from qingchuan.store.observations import ONE_FIGURE, PERIOD_SECONDS, Origin
from qingchuan.store.subjects import AirStation, Kind, Subject, domains_of, kind_of

_MOST: Final = 500
_PERIODS: Final[dict[Kind, AuditedPeriod]] = {"section": "instant", "city": "day"}
_DAY: Final = dt.timedelta(days=1)

_Told = dict[tuple[int, str], tuple[str, Mark]]
"""By start and item: number and mark."""


def audit_day(services: Services, subject: str, day: dt.date) -> AuditDay:
    """A day of a subject, now.

    Raises
    ------
    ProblemError
        There is no such subject.
    """
    known = services.state.subjects().get(subject)
    if known is None:
        detail = f"the subject is {subject!r}; /api/v1/stations lists those that announced themselves"
        raise ProblemError(404, "unknown-subject", detail, name=subject, word="站点")
    return _Day(services, subject, known, day).answer()


@dataclass(frozen=True)
class _Day:
    """A day of a subject."""

    services: Services
    subject: str
    known: Subject
    day: dt.date

    @property
    def span(self) -> Span:
        """Its beginning and end."""
        return Dates(self.day, self.day + _DAY).span

    @property
    def period(self) -> AuditedPeriod:
        """Of its values: hours of the air, instants of the water, the day itself of a city."""
        return _PERIODS.get(kind_of(self.known), "hour")

    @cached_property
    def items(self) -> tuple[str, ...]:
        """Those that are told, in the order of the catalogue; of an air station its six at least."""
        tellable = catalogue.tellable(self.period, domains_of(self.known))
        told = {item for values in self.values.values() for _, item in values}
        least = catalogue.told(self.period) if self.period != "instant" and isinstance(self.known, AirStation) else ()
        return tuple(item for item in tellable if item in told or item in least)

    @cached_property
    def values(self) -> dict[Origin, _Told]:
        """What each origin tells."""
        return {origin: self._told(self.period, origin) for origin in (*ONE_FIGURE, "official")}

    def answer(self) -> AuditDay:
        """The day as it is told."""
        engine = self.services.state.engine
        names = steps(self.services)
        cities = {self.subject: self.known.city} if isinstance(self.known, AirStation) else {}
        states = audit.states(engine, [self.subject], *self.span, items=self.items, steps=names, cities=cities)
        about = [self.subject, *cities.values()]
        done = audit.trail(engine, _MOST, subjects=about, start=self.span.start, end=self.span.end)
        confirmed = {name: self._where(states.confirmed[place, :, 0, 0] > 0) for place, name in enumerate(names)}
        return AuditDay(
            sequence=self.services.observations.sequence(),
            subject=self.subject,
            name=self.known.name,
            day=self.day.isoformat(),
            period=self.period,
            items={item: told_item(catalogue.item(item)) for item in self.items},
            steps=confirmed,
            audited=self._where(states.audited(np.array([[self._newest()]]))[:, 0, 0]),
            times=[self._time(start) for start in self._starts()],
            actions=done_answers(self.services, done),
        )

    def _where(self, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[str]:
        return [item for item, is_chosen in zip(self.items, chosen.tolist(), strict=True) if is_chosen]

    def _newest(self) -> int:
        """The newest message behind the values of the day."""
        about, found = ([self.subject], self.items), self.services.observations
        if self.period == "instant":
            return int(found.readings(*about, *self.span).sequence.max(initial=0))
        return int(found.read(*about, self.period, *self.span).sequence.max(initial=0))

    def _starts(self) -> Sequence[int]:
        """All hours of a day; the instants that there are."""
        if self.period in PERIOD_SECONDS:
            return range(self.span.start, self.span.end, PERIOD_SECONDS[self.period])
        return sorted({start for values in self.values.values() for start, _ in values})

    def _time(self, start: int) -> AuditTime:
        return AuditTime(iso_time(start), self._label(start), {item: self._cell(start, item) for item in self.items})

    def _label(self, start: int) -> str:
        if self.period == "day":
            return self.day.isoformat()
        return hour_label_end(start) if self.period == "hour" else to_beijing(start).strftime("%H:%M")

    def _cell(self, start: int, item: str) -> AuditCell:
        key = start, item
        found = [self.values[origin].get(key) for origin in reversed(ONE_FIGURE)]
        standing = next((one for one in found if one is not None), None)
        text, mark = standing or (None, Mark(MISSING))
        reported, official = self.values["reported"].get(key), self.values["official"].get(key)
        return AuditCell(
            value=_raw(text),
            flag=mark.flag,
            by=mark.by,
            reported=_raw(reported and reported[0]),
            audited=key in self.values["audited"],
            official=_raw(official and official[0]),
            dust=self._is_dust(start, item),
        )

    def _is_dust(self, start: int, item: str) -> bool:
        marked = self._dust.get(item)
        return marked is not None and bool(marked[(start - self.span.start) // HOUR, 0])

    @cached_property
    def _dust(self) -> Mapping[str, np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
        if not isinstance(self.known, AirStation):
            return {}
        cities = {self.subject: self.known.city}
        return audit.dust_hours(self.services.state.engine, [self.subject], *self.span, cities=cities)

    def _told(self, period: AuditedPeriod, origin: Origin) -> _Told:
        found: _Told = {}
        for stored in self.services.observations.reported(self.subject, period, *self.span, origin):
            marks = flag_texts.of_items(stored.flags, stored.items)
            for item, (text, _) in stored.items.items():
                if marks[item].by != WITHDRAWN:
                    found[stored.start, item] = text, marks[item]
        return found


def _raw(text: str | None) -> msgspec.Raw | None:
    return None if text is None else msgspec.Raw(text.encode())
