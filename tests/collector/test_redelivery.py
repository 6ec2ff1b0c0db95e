"""Telling what a broker repeats from what is new."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qingchuan.collector.redelivery import Repeats

_MESSAGES = st.lists(st.sampled_from("abc"), max_size=12)


def _decide(tail: str, arriving: str) -> tuple[int | None, int]:
    """The number of repeats, and how many messages it took to know."""
    repeats = Repeats(tail)
    for count, message in enumerate(arriving, start=1):
        if (decided := repeats.offer(message)) is not None:
            return decided, count
    return None, len(arriving)


def test_the_whole_rest_of_the_tail_is_repeated() -> None:
    """What was received and not acknowledged comes again, to its end."""
    assert _decide("abcd", "cdx") == (2, 2)


def test_a_part_of_the_tail_without_its_end_is_new() -> None:
    """A station that says an older thing again says something new."""
    assert _decide("abcd", "bx") == (0, 2)


def test_nothing_is_a_repeat_for_a_client_that_received_nothing_before() -> None:
    """The first connection has no tail."""
    assert _decide("", "a") == (0, 1)


def test_the_longest_rest_wins() -> None:
    """While a longer rest may still come, a shorter one decides nothing."""
    assert _decide("aba", "aba") == (3, 3)
    assert _decide("aba", "ax") == (1, 2)


def test_a_long_run_of_equal_messages_is_decided() -> None:
    """Equal messages are repeats as far as they reach to the end."""
    assert _decide("aaaa", "aaab") == (3, 4)


@given(_MESSAGES, _MESSAGES)
def test_it_agrees_with_comparing_every_rest(tail: list[str], arriving: list[str]) -> None:
    """The number is that of the longest rest of the tail with which the messages begin."""
    repeats = Repeats(tail)
    decided = next((n for message in arriving if (n := repeats.offer(message)) is not None), None)
    rests = [len(tail) - begin for begin in range(len(tail) + 1)]
    possible = [n for n in rests if arriving[:n] == tail[len(tail) - n :][: len(arriving)]]
    longest = max(possible)
    if decided is None:
        assert longest > len(arriving) or not arriving
    else:
        assert decided == max(n for n in rests if arriving[:n] == tail[len(tail) - n :])


@given(_MESSAGES, st.integers(0, 12), _MESSAGES)
def test_a_true_repeat_is_never_taken_for_new(tail: list[str], count: int, new: list[str]) -> None:
    """Whatever new follows, the repeated rest is among the repeats."""
    rest = tail[max(0, len(tail) - count) :] if count else []
    repeats = Repeats(tail)
    decided = next((n for message in [*rest, *new] if (n := repeats.offer(message)) is not None), None)
    if decided is not None:
        assert decided >= len(rest)
