"""Quality control on entry: what is on its way into the store gets its flags."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from operator import attrgetter
from typing import Any, Final, get_args

import msgspec

from qingchuan.collector.decoded import Decoded
from qingchuan.collector.quality.alone import by_itself_texts
from qingchuan.collector.quality.history import History
from qingchuan.collector.quality.pending import Pending
from qingchuan.collector.quality.period import PeriodQuality
from qingchuan.collector.quality.rules import IN_TIME, Rules
from qingchuan.processing.quality.thresholds import Thresholds, read, shipped
from qingchuan.store.faults import FaultRuns
from qingchuan.store.observations import Observation, Observations, Origin, Period, Write
from qingchuan.store.state import Announcement
from qingchuan.store.subjects import Site, Subject, parse_subject

_OBSERVATION, _PERIOD, _ORIGIN = map(attrgetter, ("observation", "period", "origin"))
_KIND = attrgetter("period", "origin")

_Kind = tuple[Period, Origin]

_JUDGED: Final = frozenset({"reported", "derived"})
"""What a laboratory, an authority or an auditor tells has been judged already."""


class Quality:
    """Judges values when their messages are applied.

    Parameters
    ----------
    thresholds : Thresholds
    observations : Observations
        What they hold of the last days is what values are compared with.
    subjects : dict of str to Subject
        What each announced itself as first.
    """

    def __init__(self, thresholds: Thresholds, observations: Observations, subjects: dict[str, Subject]) -> None:
        self._thresholds = thresholds
        self._observations = observations
        self._rules = {period: Rules(thresholds, period) for period in get_args(Period)}
        self._subjects = subjects
        self._sites = {name for name, subject in subjects.items() if isinstance(subject, Site)}
        self._periods = {
            period: PeriodQuality(self._history(period), Pending(observations, period), self._exempt(period))
            for period in IN_TIME
        }

    def under(self, thresholds: Thresholds) -> Quality:
        """Judges values by other thresholds from now on; everything so far is in the store."""
        if thresholds == self._thresholds:
            return self
        return Quality(thresholds, self._observations, self._subjects)

    def judge(self, decoded: Decoded) -> None:
        """Give the values in `decoded` their flags, and add to it what follows for others and for faults.

        What is in `decoded` is in the store before this is called again.
        """
        self._meet(decoded.announcements)
        writes, values = decoded.writes, _values(decoded)
        kinds = _kinds(writes)
        others: list[tuple[int, Write]] = []
        if len(kinds) == 1 and _is_compared(*kinds[0]):
            others += self._periods[kinds[0][0]].judge(writes, values, decoded.faults)
        else:
            for kind in kinds:
                others += self._judge_kind(kind, writes, values, decoded.faults)
        if others:
            writes[:] = _with_others(writes, others)

    def _judge_kind(
        self, kind: _Kind, writes: list[Write], values: Sequence[Any], faults: list[FaultRuns]
    ) -> list[tuple[int, Write]]:
        """Judge those of some writes that are of one kind; others that they make necessary, with their places."""
        period, origin = kind
        if origin not in _JUDGED:
            return []
        others: list[tuple[int, Write]] = []
        here = [place for place, write in enumerate(writes) if _KIND(write.observation) == kind]
        some = [writes[place] for place in here]
        if _is_compared(period, origin):
            told = [values[place] for place in here] if values else []
            others += [(here[place], write) for place, write in self._periods[period].judge(some, told, faults)]
        else:
            some = [self._by_itself(write) for write in some]
        for place, write in zip(here, some, strict=True):
            writes[place] = write
        return others

    def _meet(self, announcements: Sequence[Announcement]) -> None:
        """Take note of subjects that are new; what they announce later makes no difference, whatever came with it."""
        for told in announcements:
            if told.subject not in self._subjects:
                subject = self._subjects[told.subject] = parse_subject(told.announcement.encode())
                if isinstance(subject, Site):
                    self._sites.add(told.subject)

    def _exempt(self, period: Period) -> Collection[str]:
        """Whose values pass as they come: what sites tell of water is sewage; thresholds are not made for it."""
        return self._sites if period == "instant" else ()

    def _history(self, period: Period) -> History:
        rules = self._rules[period]
        return History(rules, self._observations.recent(period, rules.days), self._exempt(period))

    def _by_itself(self, write: Write) -> Write:
        told = write.observation
        texts = by_itself_texts(self._rules[told.period], told)
        observation = Observation(told.subject, told.period, told.start, told.origin, *texts)
        return Write(write.sequence, observation, write.revises, write.message)


def _is_compared(period: Period, origin: Origin) -> bool:
    """Whether values of a kind are compared with what came before."""
    return origin == "reported" and period in IN_TIME


def _kinds(writes: Sequence[Write]) -> list[_Kind]:
    """The kinds of observations that there are, in order; mostly it is a single one, and that is seen quickly."""
    told = list(map(_OBSERVATION, writes))
    periods, origins = list(map(_PERIOD, told)), list(map(_ORIGIN, told))
    if told and periods.count(periods[0]) == len(told) == origins.count(origins[0]):
        return [(periods[0], origins[0])]
    return sorted(set(zip(periods, origins, strict=True)))


def _values(decoded: Decoded) -> list[Any]:
    """For each write its values as they were decoded; nothing unless all are at hand."""
    found = [one for _, values in decoded.decoded for one in values]
    return found if len(found) == len(decoded.writes) else []


def _with_others(writes: Sequence[Write], before: Sequence[tuple[int, Write]]) -> Iterator[Write]:
    """Writes, and before some of them others that follow from them."""
    done = 0
    for place, other in sorted(before, key=lambda entry: entry[0]):
        yield from writes[done:place]
        yield other
        done = place
    yield from writes[done:]


class _Settings(msgspec.Struct, frozen=True):
    """What of the settings that decoding depends on concerns us."""

    thresholds: str = ""


def thresholds_of(settings: str | None) -> Thresholds:
    """The thresholds that settings (JSON) name; those that ship where they name none.

    Examples
    --------
    >>> thresholds_of(None) == thresholds_of('{"version":"1"}')
    True
    """
    text = msgspec.json.decode(settings, type=_Settings).thresholds if settings else ""
    return (read(text, "collector.thresholds") if text else shipped()).on_entry()
