"""Episodes in event time: what opens one, holds it open, changes its level and closes it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

import msgspec

from qingchuan.alerts.rules import Rule


class Reason(StrEnum):
    """Why an episode is told about, or (`STANDS`, `HELD`) is not.

    The first six are what one more reading does; the others come from readings that were late or were corrected.
    """

    OPENED = "opened"
    ROSE = "rose"
    FELL = "fell"
    CLOSED = "closed"
    STANDS = "stands"
    HELD = "held"
    PASSED = "passed"
    MOVED = "moved"
    EXTENDED = "extended"
    SHORTENED = "shortened"
    REVISED = "revised"
    SPLIT = "split"
    MERGED = "merged"
    RETRACTED = "retracted"


UNTOLD = frozenset({Reason.STANDS, Reason.HELD})
"""Reasons for which no notice goes out: nothing changed for people."""
WITHDRAWN = frozenset({Reason.MERGED, Reason.RETRACTED})
"""Reasons that take an episode back."""


class Measured(msgspec.Struct, frozen=True):
    """A valid value of one item.

    Attributes
    ----------
    item : str
    value : float
        In the unit of the item.
    level : int
        What the rule compares: the class of the item, 1 to 6.
    limit : float or None
        The limit that the value exceeds: that of the next better level. In the unit of the item.
    time : int
        When it was measured. [s since 1970-01-01 UTC]
    """

    item: str
    value: float
    level: int
    limit: float | None
    time: int


class Moment(msgspec.Struct, frozen=True):
    """What is known of a subject when one of its readings has come.

    Attributes
    ----------
    time : int
        Instant of the reading. [s since 1970-01-01 UTC]
    sequence : int
        Message behind the reading.
    edition, clause : str
        By what the levels were decided.
    measured : tuple of Measured
        The latest valid value of each item that is not older than its cycle.
    """

    time: int
    sequence: int
    edition: str
    clause: str
    measured: tuple[Measured, ...]


class Episode(msgspec.Struct, frozen=True):
    """One stretch of event time in which a rule holds on a subject: ``[opened, closed)``.

    Attributes
    ----------
    opened : int
        First reading that made it true. [s since 1970-01-01 UTC]
    closed : int or None
        First reading after which nothing held it open; None while it is open. [s since 1970-01-01 UTC]
    through : int
        Last reading that was looked at. [s since 1970-01-01 UTC]
    level, worst : int
        Level now, or before it closed; the worst level it had.
    sequence : int
        Newest message behind it.
    holding : tuple of Measured
        The last valid values that hold it open, worst first; after it closed, those that held it last.
    moment : Moment
        When it opened, or its level last changed, or it closed.
    """

    opened: int
    closed: int | None
    through: int
    level: int
    worst: int
    sequence: int
    holding: tuple[Measured, ...]
    moment: Moment


class Transition(NamedTuple):
    """A change of an episode, with its reason.

    Attributes
    ----------
    reason : Reason
    episode : Episode
        As it is now; for one that is taken back, as it was.
    before : Episode or None
        As it was.
    decided : int
        Now, when it was decided. [s since 1970-01-01 UTC]
    id : int or None
        Of the stored episode that it changes; None for a new one.
    """

    reason: Reason
    episode: Episode
    before: Episode | None
    decided: int
    id: int | None = None

    @property
    def delay(self) -> int:
        """Time from the event to the decision, in seconds."""
        return self.decided - self.episode.moment.time


def decide(previous: Episode | None, evidence: Moment, rule: Rule, now: int) -> Transition | None:
    """What a reading does to the episode that is open, or to none.

    Parameters
    ----------
    previous : Episode or None
        The open episode before the reading.
    evidence : Moment
        The reading, later than all before, and what is known with it.
    rule : Rule
    now : int
        [s since 1970-01-01 UTC]

    Returns
    -------
    Transition or None
        None where no episode was open and none opens.

    Notes
    -----
    An item holds an episode open from a valid value at or above the threshold until it has a valid value below: a
    missing item neither closes an episode nor lowers its level.
    """
    holding = _holding(previous, evidence, rule)
    if previous is None:
        return Transition(Reason.OPENED, _open(evidence, holding), None, now) if holding else None
    reason = _reason(previous, evidence, holding)
    changes = {"through": evidence.time, "sequence": max(previous.sequence, evidence.sequence)}
    episode = msgspec.structs.replace(previous, **changes)
    if reason not in UNTOLD:
        episode = msgspec.structs.replace(episode, moment=evidence)
    if not holding:
        return Transition(reason, msgspec.structs.replace(episode, closed=evidence.time), previous, now)
    level = holding[0].level
    episode = msgspec.structs.replace(episode, holding=holding, level=level, worst=max(previous.worst, level))
    return Transition(reason, episode, previous, now)


def derive(moments: Iterable[Moment], rule: Rule, standing: Episode | None, now: int) -> list[Episode]:
    """The episodes of one subject, in order of time.

    Parameters
    ----------
    moments : iterable of Moment
        The readings of a stretch of time, in order.
    rule : Rule
    standing : Episode or None
        The episode that was open just before the first of them; it continues.
    now : int
        [s since 1970-01-01 UTC]
    """
    ended: list[Episode] = []
    current = standing
    for moment in moments:
        transition = decide(current, moment, rule, now)
        current = transition.episode if transition else None
        if current and current.closed is not None:
            ended.append(current)
            current = None
    return [*ended, current] if current else ended


def _holding(previous: Episode | None, evidence: Moment, rule: Rule) -> tuple[Measured, ...]:
    fresh = {measured.item: measured for measured in evidence.measured if measured.time == evidence.time}
    kept = [measured for measured in previous.holding if measured.item not in fresh] if previous else []
    new = [measured for measured in fresh.values() if measured.level >= rule.at_least]
    return tuple(sorted(kept + new, key=lambda measured: (-measured.level, measured.item)))


def _open(evidence: Moment, holding: tuple[Measured, ...]) -> Episode:
    level = holding[0].level
    return Episode(evidence.time, None, evidence.time, level, level, evidence.sequence, holding, evidence)


def _reason(previous: Episode, evidence: Moment, holding: tuple[Measured, ...]) -> Reason:
    if not holding:
        return Reason.CLOSED
    level = holding[0].level
    if level != previous.level:
        return Reason.ROSE if level > previous.level else Reason.FELL
    return Reason.STANDS if any(measured.time == evidence.time for measured in holding) else Reason.HELD
