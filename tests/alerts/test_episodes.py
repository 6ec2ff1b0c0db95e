"""What opens an episode, holds it open, changes its level and closes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.alerts.episodes import Episode, Moment, Reason, decide, derive
from tests.alerts.support import HOUR, RULE, T0, moment, of, span


def follow(*moments: Moment) -> list[str]:
    """The reasons given for one reading after the other; "" for none."""
    current: Episode | None = None
    reasons = []
    for each in moments:
        transition = decide(current, each, RULE, T0)
        reasons.append(transition.reason.value if transition else "")
        current = transition.episode if transition and transition.episode.closed is None else None
    return reasons


@pytest.mark.parametrize(("level", "reason"), [(4, ""), (5, "opened"), (6, "opened")])
def test_an_episode_opens_at_the_threshold(level: int, reason: str) -> None:
    """Class Ⅴ is the first that is bad enough."""
    assert follow(moment(0, ("tp", level))) == [reason]


def test_a_reading_without_valid_values_opens_nothing() -> None:
    """Missing is not bad."""
    assert follow(moment(0)) == [""]


def test_a_value_carried_from_an_earlier_reading_opens_nothing() -> None:
    """The earlier reading has had its turn."""
    late = Moment(T0 + HOUR, 2, "GB 3838", "Table 1", (of("tp", 6, T0),))
    assert follow(late) == [""]


def test_the_level_rises_and_falls_with_the_worst_item() -> None:
    """Ⅴ, 劣Ⅴ, Ⅴ, then better."""
    readings = [moment(hour, ("tp", level)) for hour, level in enumerate((5, 6, 6, 5, 4))]
    assert follow(*readings) == ["opened", "rose", "stands", "fell", "closed"]


def test_a_missing_item_never_closes_an_episode() -> None:
    """Total phosphorus was bad and is missing; good ammonia does not make up for it."""
    assert follow(moment(0, ("tp", 5)), moment(1, ("nh3n", 1)), moment(99)) == ["opened", "held", "held"]


def test_a_missing_item_never_lowers_the_level() -> None:
    """劣Ⅴ by phosphorus remains 劣Ⅴ while phosphorus is missing and ammonia is Ⅴ."""
    readings = moment(0, ("tp", 6)), moment(1, ("nh3n", 5)), moment(2, ("tp", 1))
    assert follow(*readings) == ["opened", "stands", "fell"]


def test_every_item_that_held_it_must_be_valid_and_better() -> None:
    """Two items hold it; each is let go by a value of its own."""
    readings = moment(0, ("tp", 5), ("nh3n", 5)), moment(1, ("tp", 4)), moment(2, ("nh3n", 4))
    assert follow(*readings) == ["opened", "held", "closed"]


def test_an_item_that_joins_later_holds_it_too() -> None:
    """Oxygen turns bad while phosphorus recovers."""
    readings = moment(0, ("tp", 5)), moment(1, ("tp", 1), ("do", 5)), moment(2, ("tp", 1)), moment(3, ("do", 1))
    assert follow(*readings) == ["opened", "stands", "held", "closed"]


def test_the_episode_explains_itself() -> None:
    """It keeps what held it, the worst level, and the evidence of its last change."""
    readings = moment(0, ("tp", 5)), moment(1, ("tp", 6)), moment(2, ("tp", 5), sequence=9), moment(3, ("tp", 2))
    (found,) = derive(readings, RULE, None, T0)
    assert span(found) == (0, 3, 5, 6)
    assert found.holding == (of("tp", 5, T0 + 2 * HOUR),)
    assert (found.moment, found.sequence) == (readings[3], 9)


def test_the_delay_is_from_the_event_to_the_decision() -> None:
    """A reading that came two hours late."""
    transition = decide(None, moment(0, ("tp", 5)), RULE, T0 + 2 * HOUR)
    assert transition is not None
    assert (transition.reason, transition.delay) == (Reason.OPENED, 2 * HOUR)


def test_without_readings_there_is_what_there_was() -> None:
    """Nothing, or the episode that stands."""
    (standing,) = derive([moment(0, ("tp", 5))], RULE, None, T0)
    assert derive([], RULE, None, T0) == []
    assert derive([], RULE, standing, T0) == [standing]


levels = st.dictionaries(st.sampled_from(["ph", "do", "tp"]), st.integers(1, 6))


@given(st.lists(levels, max_size=12), st.integers(0, 12))
def test_deriving_in_two_parts_gives_the_same_as_in_one(readings: list[dict[str, int]], cut: int) -> None:
    """An episode is resumed from its stored form without its readings."""
    moments = [moment(hour, *found.items()) for hour, found in enumerate(readings)]
    first = derive(moments[:cut], RULE, None, T0)
    standing = first.pop() if first and first[-1].closed is None else None
    assert first + derive(moments[cut:], RULE, standing, T0) == derive(moments, RULE, None, T0)


@given(st.lists(levels, max_size=12))
def test_an_episode_is_open_exactly_while_an_items_last_valid_value_is_bad(readings: list[dict[str, int]]) -> None:
    """The same by a plain count, reading by reading."""
    moments = [moment(hour, *found.items()) for hour, found in enumerate(readings)]
    found = derive(moments, RULE, None, T0)
    last: dict[str, int] = {}
    for each, told in zip(moments, readings, strict=True):
        last |= told
        is_open = any(e.opened <= each.time and (e.closed is None or each.time < e.closed) for e in found)
        assert is_open == any(level >= RULE.at_least for level in last.values())
