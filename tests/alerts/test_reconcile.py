"""What turns stored episodes into derived ones."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.alerts.episodes import WITHDRAWN, Episode, Reason
from qingchuan.alerts.reconcile import Stored, reconcile
from tests.alerts.support import HOUR, T0, episode, moment


def stored(*episodes: Episode) -> list[Stored]:
    """Episodes as they are read back, with ids from 1 on."""
    return [Stored(number, history=False, episode=each) for number, each in enumerate(episodes, start=1)]


def changes(before: list[Episode], after: list[Episode]) -> list[tuple[Reason, int | None]]:
    """Reasons, and the ids of the episodes they are about."""
    return [(change.reason, change.id) for change in reconcile(stored(*before), after, T0)]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (episode(0), episode(0, 2), Reason.CLOSED),
        (episode(0), episode(0, level=6), Reason.ROSE),
        (episode(0, level=6), episode(0, level=5, worst=6), Reason.FELL),
        (episode(0), episode(1), Reason.MOVED),
        (episode(1, 3), episode(0, 3), Reason.MOVED),
        (episode(0, 2), episode(0, 3), Reason.EXTENDED),
        (episode(0, 2), episode(0), Reason.EXTENDED),
        (episode(0, 3), episode(0, 2), Reason.SHORTENED),
        (episode(0, 2), episode(0, 2, worst=6), Reason.REVISED),
        (episode(0, 2), episode(0, 2, level=6), Reason.REVISED),
    ],
)
def test_a_change_of_an_episode_has_its_reason(before: Episode, after: Episode, reason: Reason) -> None:
    """The episode keeps its id."""
    assert changes([before], [after]) == [(reason, 1)]


def test_what_is_new_has_no_id_yet() -> None:
    """Open, or closed before anyone looked."""
    assert changes([], [episode(0, 1), episode(2)]) == [(Reason.PASSED, None), (Reason.OPENED, None)]


def test_what_no_longer_follows_from_the_readings_is_retracted() -> None:
    """A corrected value took it back."""
    assert changes([episode(0, 1), episode(2)], []) == [(Reason.RETRACTED, 1), (Reason.RETRACTED, 2)]


def test_an_episode_that_falls_into_two_keeps_its_first_part() -> None:
    """A good value came late."""
    assert changes([episode(0, 5)], [episode(0, 2), episode(3, 5)]) == [(Reason.SHORTENED, 1), (Reason.SPLIT, None)]


def test_two_episodes_that_become_one_keep_the_first() -> None:
    """The good value between them was corrected to a bad one."""
    assert changes([episode(0, 2), episode(3, 5)], [episode(0, 5)]) == [(Reason.MERGED, 2), (Reason.EXTENDED, 1)]


def test_episodes_that_only_meet_are_two() -> None:
    """One closed at the instant another opened: they do not overlap."""
    assert changes([episode(0, 2)], [episode(2, 3)]) == [(Reason.RETRACTED, 1), (Reason.PASSED, None)]


def test_one_more_reading_without_news_is_not_told() -> None:
    """It stands by a fresh value, or is held by an old one."""
    before = episode(0)
    later = msgspec.structs.replace(before, through=T0 + HOUR)
    fresh = msgspec.structs.replace(later, holding=(moment(1, ("tp", 5)).measured[0],))
    assert changes([before], [fresh]) == [(Reason.STANDS, 1)]
    assert changes([before], [later]) == [(Reason.HELD, 1)]


@st.composite
def timelines(draw: st.DrawFn) -> list[Episode]:
    """Episodes of one subject, apart from each other; the last may be open."""
    bounds = sorted(draw(st.sets(st.integers(0, 30), max_size=8)))
    spans = list(zip(bounds[::2], [*bounds[1::2], None], strict=False))
    return [episode(opened, closed, draw(st.integers(5, 6)), 6) for opened, closed in spans]


@given(timelines(), timelines())
def test_applying_the_changes_gives_what_is_derived(before: list[Episode], after: list[Episode]) -> None:
    """Each stored episode is changed at most once, and a second comparison finds nothing."""
    rows = {old.id: old.episode for old in stored(*before)}
    found = reconcile(stored(*before), after, T0)
    touched = [change.id for change in found if change.id is not None]
    assert len(touched) == len(set(touched))
    for change in found:
        key = max(rows, default=0) + 1 if change.id is None else change.id
        rows[key] = change.episode
        if change.reason in WITHDRAWN:
            del rows[key]
    assert sorted(rows.values(), key=lambda each: each.opened) == after
    assert reconcile([Stored(key, history=False, episode=each) for key, each in rows.items()], after, T0) == []
