"""Judges what stations tell of their own quality control, and marks the values of which a failed check says: bad.

A check that fails marks the values of its item after the last good check of its kind, up to itself (see
`processing.quality.station_checks`), with the sequence of its message: what they were before can still be asked for.
The mark stays, whatever the station tells of the same time later; who knows better tells an audited value. A check that
passes takes no mark back. All of it follows from the journal: only messages before a check decide what it marks, and
only checks before a value decide what it is marked with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec
from sqlalchemy import Engine

from qingchuan.collector.decoded import Decoded
from qingchuan.collector.hj212.checks import Checked
from qingchuan.processing import catalogue
from qingchuan.processing.flags import BAD, VALID
from qingchuan.processing.quality.check_limits import shipped
from qingchuan.processing.quality.station_checks import CheckNumbers, bad_since, station_check
from qingchuan.store import flag_texts, station_checks
from qingchuan.store.observations import Observation, Observations, Period, Tally, Write
from qingchuan.store.station_checks import Check

_PERIODS: Final[tuple[Period, ...]] = ("instant", "hour", "minute", "realtime")
"""A day is computed by the station itself, and is not marked."""

_Place = tuple[str, Period, int]
"""Subject, period and start."""


class StationChecks:
    """What the checks of stations do to values.

    Parameters
    ----------
    engine : Engine
        The state database.
    observations : Observations
    """

    def __init__(self, engine: Engine, observations: Observations) -> None:
        self._engine = engine
        self._observations = observations
        self._newest = station_checks.newest_failed(engine, observations.sequence())

    def settle(self, decoded: Decoded) -> None:
        """Mark the values in `decoded`, and judge its checks: a message with checks stands alone in it."""
        if self._newest:
            self._mark_late(decoded)
        if decoded.checks:
            self._judge(decoded)

    def _mark_late(self, decoded: Decoded) -> None:
        """Mark what is told of the time before a check that had failed already."""
        writes = decoded.writes
        late = [place for place, write in enumerate(writes) if self._may_be_marked(write.observation)]
        if not late:
            return
        told = [writes[place].observation for place in late]
        oldest, before = min(observation.start for observation in told), writes[late[0]].sequence
        subjects = {observation.subject for observation in told}
        failed = station_checks.failed_since(self._engine, subjects, oldest, before)
        for place in late:
            before_it = writes[place]
            writes[place] = _marked(before_it, failed.get(before_it.observation.subject, ()))
            if writes[place] is not before_it:
                decoded.decoded.clear()  # they say that nothing came with a flag

    def _may_be_marked(self, told: Observation) -> bool:
        newest = self._newest.get(told.subject)
        return newest is not None and told.start <= newest

    def _judge(self, decoded: Decoded) -> None:
        for checked in decoded.checks:
            check = self._judged(checked)
            if station_checks.is_known(self._engine, check):
                continue
            decoded.judged.append(check)
            if check.flagged is not None:
                self._newest[check.subject] = max(check.time, self._newest.get(check.subject, check.time))
                own = {_place(write.observation): write.observation.items for write in decoded.writes}
                marked = [_marked(write, [check]) for write in decoded.writes]
                decoded.writes[:] = [*marked, *self._marks(check, own)]
        if not decoded.writes:
            decoded.count(decoded.checks[0].subject, Tally(applied=1) if decoded.judged else Tally(duplicate=1))

    def _judged(self, checked: Checked) -> Check:
        told = checked.check
        key = checked.sequence, checked.subject, checked.item, told.kind, told.time
        found = Check(*key, _text(checked), _passed(checked), flagged=None)
        if found.passed is not False:
            return found
        return found._replace(flagged=bad_since(told.time, station_checks.last_good(self._engine, found), shipped()))

    def _marks(self, check: Check, own: Mapping[_Place, object]) -> Iterator[Write]:
        """What is stored of the time before a check that fails, marked; what its own message tells anew is left out."""
        if check.flagged is None:
            return
        for period in _PERIODS:
            span = check.flagged + 1, check.time + 1
            for stored in self._observations.reported(check.subject, period, *span):
                items = stored.items
                if check.item in items and _place(stored) not in own:
                    only = Observation.of(*_place(stored), "reported", {check.item: items[check.item]})
                    mark = flag_texts.of_items(stored.flags, [check.item])[check.item]
                    if mark.flag < BAD:
                        yield _marked(Write(check.sequence, only), [check])


def _marked(write: Write, failed: Sequence[Check]) -> Write:
    """A write with the marks of the checks that failed after what it tells; what is bad already stays as it is."""
    told = write.observation
    if told.origin != "reported" or told.period not in _PERIODS:
        return write
    items = told.items
    marks = flag_texts.of_items(told.flags, items)
    bad = {
        check.item: flag_texts.Mark(BAD, f"check:{check.kind}")
        for check in reversed(failed)
        if check.item in items and _covers(check, told) and marks[check.item].flag < BAD
    }
    if not bad:
        return write
    flags = flag_texts.encode(marks | bad)
    return msgspec.structs.replace(write, observation=msgspec.structs.replace(told, flags=flags))


def _covers(check: Check, told: Observation) -> bool:
    return check.subject == told.subject and check.flagged is not None and check.flagged < told.start <= check.time


def _place(told: Observation) -> _Place:
    return told.subject, told.period, told.start


def _passed(checked: Checked) -> bool | None:
    """By our limits; else as the station thinks itself. What is told of an instrument at fault says nothing."""
    told = checked.check
    if told.flag not in VALID:
        return None
    if not checked.has_limits:
        return told.passed
    numbers = CheckNumbers(
        told.measured, told.standard, told.water, told.concentration, told.volume, told.diluted
    ).in_unit(checked.unit, catalogue.item(checked.item).unit)
    result = station_check(told.kind, checked.item, numbers, shipped())
    return told.passed if result.passed is None else result.passed


def _text(checked: Checked) -> str:
    """The numbers of a check as they were sent, as JSON; what was not told is left out."""
    told = checked.check._asdict()
    for name in ("sender", "kind", "time"):
        del told[name]
    if checked.check.flag in VALID:
        del told["flag"]
    known = {name: value for name, value in told.items() if value not in ("", None)}
    return msgspec.json.encode(known | {"unit": checked.unit}).decode()
