"""Which changes of an episode people are told about, and under which reason. Pure."""

from __future__ import annotations

from qingchuan.alerts.episodes import UNTOLD, WITHDRAWN, Episode, Reason, Transition
from qingchuan.processing import catalogue
from qingchuan.processing.periods import HOUR


def told_as(transition: Transition, *, history: bool, within: int) -> Reason | None:
    """The reason under which people are told about `transition`; None where they are not.

    Parameters
    ----------
    transition : Transition
    history : bool
        Whether they have not been told about the episode so far.
    within : int
        What is no older is recent. [s]

    Notes
    -----
    They are told what is recent, and whatever becomes of an episode that they were told about. Of one that began long
    ago they are told as soon as it is seen to hold now: for them it opens then, with its true beginning.
    """
    reason = transition.reason
    if reason not in UNTOLD and (not history or transition.delay <= within):
        return reason
    if not history or reason in WITHDRAWN or not _holds(transition.episode, transition.decided - within):
        return None
    return reason if transition.id is None else Reason.OPENED


def _holds(episode: Episode, since: int) -> bool:
    """Whether a reading not older than `since` shows the episode open, by a value within its cycle."""
    known = any(episode.through - measured.time <= _cycle(measured.item) for measured in episode.holding)
    return episode.closed is None and episode.through >= since and known


def _cycle(item: str) -> int:
    return catalogue.item(item).cycle_hours * HOUR
