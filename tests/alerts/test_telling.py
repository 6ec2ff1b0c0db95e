"""Which changes of an episode people are told about."""

from __future__ import annotations

import msgspec
import pytest

from qingchuan.alerts.episodes import UNTOLD, WITHDRAWN, Episode, Reason, Transition
from qingchuan.alerts.telling import told_as
from tests.alerts.support import HOUR, T0, episode


def told(
    reason: Reason, found: Episode, hours: float, *, history: bool = True, number: int | None = 7
) -> Reason | None:
    """What is told `hours` after T0 about a change of an episode, with `HOUR` for recent."""
    transition = Transition(reason, found, None, T0 + int(hours * HOUR), number)
    return told_as(transition, history=history, within=HOUR)


def seen(through: float, closed: float | None = None) -> Episode:
    """An episode that opened at T0 by phosphorus and was last looked at `through` hours later."""
    return msgspec.structs.replace(episode(0, closed), through=T0 + int(through * HOUR))


@pytest.mark.parametrize("reason", sorted(set(Reason) - UNTOLD))
def test_people_are_told_what_becomes_of_what_they_know(reason: Reason) -> None:
    """However late."""
    assert told(reason, seen(9), 99, history=False) == reason


@pytest.mark.parametrize("reason", sorted(UNTOLD))
def test_people_are_not_told_again_that_it_holds_on(reason: Reason) -> None:
    """What they know stands."""
    assert told(reason, seen(4), 4, history=False) is None


@pytest.mark.parametrize(("hours", "reason"), [(5, Reason.OPENED), (5.001, None)])
def test_what_holds_on_by_a_recent_reading_is_told_as_opened(hours: float, reason: Reason | None) -> None:
    """Whatever the reading did to it, people hear of it for the first time."""
    for change in (Reason.STANDS, Reason.HELD, Reason.MOVED, Reason.EXTENDED):
        assert told(change, seen(4), hours) == reason


@pytest.mark.parametrize(("through", "reason"), [(4, Reason.OPENED), (4.001, None)])
def test_a_value_older_than_its_cycle_shows_nothing_about_now(through: float, reason: Reason | None) -> None:
    """Phosphorus is measured every four hours; readings without it hold the episode open and prove nothing after."""
    assert told(Reason.HELD, seen(through), through) == reason


@pytest.mark.parametrize("reason", [Reason.OPENED, Reason.SPLIT])
def test_a_new_episode_that_holds_on_keeps_its_reason(reason: Reason) -> None:
    """One that was split off another says so."""
    assert told(reason, seen(4), 4, number=None) == reason


def test_what_is_over_or_taken_back_does_not_hold_on() -> None:
    """It is told only where it is recent itself."""
    assert told(Reason.CLOSED, seen(2, closed=2), 3) == Reason.CLOSED
    assert told(Reason.CLOSED, seen(2, closed=2), 3.001) is None
    for reason in WITHDRAWN:
        assert told(reason, seen(4), 4) is None
