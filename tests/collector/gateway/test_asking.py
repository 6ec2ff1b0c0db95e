"""Asking a logger for hours that are missing: one after the other, a few times each."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.collector.gateway.asking import Asking, Stretch
from qingchuan.collector.gateway.gaps import between, holes
from qingchuan.collector.hj212.answers import Site, request_answer, result
from qingchuan.collector.hj212.segment import Segment, parse_segment

FIRST, SECOND = Stretch("hour", 1470009600, 1470013200), Stretch("hour", 1470020400, 1470020400)
MINUTE = 60_000_000


def _asking(*stretches: Stretch) -> Asking:
    asking = Asking(Site("A1", "123456", "21", "hj212-2017"))
    asking.want(stretches)
    return asking


def _segment(frame: bytes | None) -> Segment:
    assert frame is not None
    return parse_segment(frame[6:-6])


def _answer(frame: bytes) -> Segment:
    return parse_segment(frame[6:-6])


def test_the_next_is_asked_for_when_the_first_is_done() -> None:
    """Done is said by 9012."""
    asking = _asking(FIRST, SECOND)
    request = _segment(asking.due(0))
    assert (request.cn, request.data) == (2061, "BeginTime=20160801080000;EndTime=20160801090000")
    asking.answered(_answer(request_answer(request)))
    assert asking.due(1) is None
    asking.answered(_answer(result(request)))
    assert _segment(asking.due(2)).data == "BeginTime=20160801110000;EndTime=20160801110000"


@pytest.mark.parametrize("code", [2, 100])
def test_what_the_logger_refuses_is_left(code: int) -> None:
    """It will be asked again when gaps are looked for again."""
    asking = _asking(FIRST)
    asking.answered(_answer(request_answer(_segment(asking.due(0)), code)))
    assert (asking.open, asking.due(1)) == (0, None)


def test_a_logger_that_says_nothing_is_asked_three_times() -> None:
    """A minute apart; then the next stretch is tried."""
    asking = _asking(FIRST, SECOND)
    sent = [asking.due(time) for time in range(0, 6 * MINUTE, MINUTE // 2)]
    asked = [_segment(frame).data[:24] for frame in sent if frame is not None]
    assert asked == ["BeginTime=20160801080000"] * 3 + ["BeginTime=20160801110000"] * 3


def test_an_answer_to_something_else_changes_nothing() -> None:
    """Its number is another."""
    asking = _asking(FIRST)
    asking.due(0)
    asking.answered(parse_segment(b"QN=20200101000000000;ST=91;CN=9012;MN=A1;CP=&&ExeRtn=1&&"))
    assert asking.open == 1


def test_a_stretch_that_waits_already_is_not_wanted_twice() -> None:
    """Gaps are looked for again and again."""
    asking = _asking(FIRST)
    asking.want([FIRST, SECOND])
    assert asking.open == 2


@given(there=st.lists(st.booleans(), max_size=40))
def test_holes_are_the_hours_that_are_not_there_after_the_first_that_is(there: list[bool]) -> None:
    """Each once, in order; neighbours in one stretch."""
    starts = np.arange(len(there)) * 3600
    found = holes(starts, np.array(there, bool))
    hours = [hour for stretch in found for hour in range(stretch.begin, stretch.end + 1, 3600)]
    begun = there.index(True) if True in there else len(there)
    assert hours == [3600 * place for place, known in enumerate(there) if place > begun and not known]
    assert all(later.begin - earlier.end > 3600 for earlier, later in pairwise(found))


def test_readings_leave_a_gap_where_they_are_further_apart_than_usual() -> None:
    """By half; and from three readings nobody knows what is usual."""
    over = 29 * 3600
    assert between(np.array([0, 4, 8, 12, 18, 22, 26]) * 3600, "hour", over) == []
    gap = [Stretch("hour", 16 * 3600, 16 * 3600)]
    assert between(np.array([0, 4, 8, 12, 20, 24, 28]) * 3600, "hour", over) == gap
    assert between(np.array([0, 4, 20]) * 3600, "hour", over) == []


def test_the_open_end_is_due_when_its_cycle_is_over() -> None:
    """An hour that is named by its start is told when it has ended."""
    times = np.array([0, 4, 8, 12]) * 3600
    assert between(times, "hour", 17 * 3600 - 1) == []
    assert between(times, "hour", 17 * 3600) == [Stretch("hour", 16 * 3600, 16 * 3600)]
    assert between(times, "hour", 26 * 3600) == [Stretch("hour", 16 * 3600, 24 * 3600)]
