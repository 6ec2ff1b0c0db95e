"""The checker that the scenarios of `make chaos` trust: it finds what is wrong, and nothing else."""

from __future__ import annotations

from collections import Counter

import pytest

from qingchuan.store.observations import Counts
from tests.support.history import Judgement, Stored, judge
from tests.support.publishes import History, Outcome, Publish, messages

KEY = ("1235A", 0)
OLD, NEW, NEWEST = (Publish(number, KEY, 20 + number) for number in range(3))


def _judged(*outcomes: Outcome, values: list[int], counts: Counts | None = None) -> Judgement:
    """What comes of an hour that was told and corrected, where the store had `values` of it, one after the other."""
    told = History([OLD, NEW, NEWEST][: len(outcomes)], list(outcomes))
    applied = len(set(values))
    received = Counter({("topic", bytes([value])): 1 for value in values})
    return judge(told, Stored({KEY: values}, received, counts or Counts(applied, applied, 0, 0, 0)))


@pytest.mark.parametrize(
    ("outcomes", "values"),
    [
        (("ok", "ok", "ok"), [20, 21, 22]),
        (("ok", "unknown", "ok"), [20, 21, 22]),
        (("ok", "unknown", "ok"), [20, 22]),
        (("failed", "ok", "failed"), [21]),
    ],
)
def test_what_ended_ok_is_there_and_what_is_unknown_may_be(outcomes: tuple[Outcome, ...], values: list[int]) -> None:
    """Nothing is wrong with that."""
    assert _judged(*outcomes, values=values).holds()


def test_what_ended_ok_and_is_not_there_is_lost() -> None:
    """Though what corrected it is there."""
    judgement = _judged("ok", "ok", values=[21])
    assert judgement.lost == [OLD]
    assert not judgement.holds()


def test_a_value_that_stands_after_its_correction_has_returned() -> None:
    """It was counted twice, and undid a newer one."""
    judgement = _judged("ok", "ok", values=[20, 21, 20])
    assert (judgement.twice, judgement.returned) == ([OLD], [OLD])
    assert not judgement.holds()


def test_values_in_another_order_than_they_were_told_have_returned() -> None:
    """Each was counted once, and the wrong one is the last."""
    judgement = _judged("ok", "ok", values=[21, 20])
    assert (judgement.twice, judgement.returned) == ([], [OLD])
    assert not judgement.holds()


def test_what_was_never_sent_and_is_there_is_invented() -> None:
    """Failed means that it never left the station."""
    assert _judged("ok", "failed", values=[20, 21]).invented == [(KEY, 21)]
    assert _judged("ok", values=[20, 99]).invented == [(KEY, 99)]


@pytest.mark.parametrize(
    "counts", [Counts(2, 1, 0, 0, 1), Counts(2, 1, 0, 0, 0), Counts(2, 1, 0, 1, 0), Counts(2, 2, 0, 0, 0)]
)
def test_counts_that_do_not_add_up_are_told(counts: Counts) -> None:
    """Waiting, missing, refused, or counted as applied twice."""
    assert _judged("ok", values=[20], counts=counts).wrong_counts


def test_no_two_messages_of_an_hour_tell_the_same_and_many_are_corrections() -> None:
    """So that each value in the store comes from one message."""
    said = list(messages(5000, 7))
    assert len({(one.key, one.value) for one in said}) == 5000
    assert [one.number for one in said] == list(range(5000))
    assert 300 < len(said) - len({one.key for one in said}) < 700
