"""Comparing episodes as they are stored with episodes as they follow from the readings now. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from qingchuan.alerts.episodes import Episode, Reason, Transition

_NEVER = 1 << 62


class Stored(NamedTuple):
    """An episode in the state database.

    Attributes
    ----------
    id : int
    history : bool
        Whether nobody was told about it, since it was not recent.
    episode : Episode
    """

    id: int
    history: bool
    episode: Episode


def reconcile(stored: Sequence[Stored], derived: Sequence[Episode], now: int) -> list[Transition]:
    """What turns the `stored` episodes of one rule and subject into the `derived` ones; nothing where they are equal.

    Parameters
    ----------
    stored : sequence of Stored
        Those that touch the derived stretch of time, in order of time.
    derived : sequence of Episode
        In order of time.
    now : int
        [s since 1970-01-01 UTC]

    Returns
    -------
    list of Transition
        Taken back ones first, then in order of time.

    Notes
    -----
    A derived episode continues the stored one that it overlaps and whose beginning is nearest. A second one that
    overlaps it is split off; a stored one that nothing continues is retracted, or merged into the one that covers it.
    """
    free = list(stored)
    changes: list[Transition] = []
    for episode in derived:
        overlapping = [candidate for candidate in free if _overlap(candidate.episode, episode)]
        if overlapping:
            match = min(overlapping, key=lambda candidate: abs(candidate.episode.opened - episode.opened))
            free.remove(match)
            changes += _continued(match, episode, now)
        else:
            changes.append(Transition(_beginning(stored, episode), episode, None, now))
    gone = [Transition(_end(derived, old), old.episode, old.episode, now, old.id) for old in free]
    return gone + changes


def _continued(match: Stored, episode: Episode, now: int) -> list[Transition]:
    if match.episode == episode:
        return []
    return [Transition(_difference(match.episode, episode), episode, match.episode, now, match.id)]


def _difference(before: Episode, after: Episode) -> Reason:
    if after.opened != before.opened:
        return Reason.MOVED
    if after.closed != before.closed:
        return _ending(before, after)
    if after.level != before.level and after.closed is None:
        return Reason.ROSE if after.level > before.level else Reason.FELL
    if (after.level, after.worst) != (before.level, before.worst):
        return Reason.REVISED
    fresh = after.through in {measured.time for measured in after.holding}
    return Reason.STANDS if fresh else Reason.HELD


def _ending(before: Episode, after: Episode) -> Reason:
    if before.closed is None:
        return Reason.CLOSED
    return Reason.EXTENDED if _until(after) > before.closed else Reason.SHORTENED


def _beginning(stored: Sequence[Stored], episode: Episode) -> Reason:
    if any(_overlap(old.episode, episode) for old in stored):
        return Reason.SPLIT
    return Reason.OPENED if episode.closed is None else Reason.PASSED


def _end(derived: Sequence[Episode], old: Stored) -> Reason:
    return Reason.MERGED if any(_overlap(old.episode, episode) for episode in derived) else Reason.RETRACTED


def _overlap(one: Episode, other: Episode) -> bool:
    return one.opened < _until(other) and other.opened < _until(one)


def _until(episode: Episode) -> int:
    return _NEVER if episode.closed is None else episode.closed
