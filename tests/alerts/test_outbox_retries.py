"""The outbox where targets fail: pauses, rests, and an end after a day."""

from __future__ import annotations

import pytest

from qingchuan.alerts.notifiers import Body
from qingchuan.alerts.outbox import LONGEST_PAUSE, PATIENCE, Outbox, pause
from tests.alerts.support import T0, Place, Recorder, fails, flags, row, run


def test_a_failed_notice_is_tried_again_after_its_pause(waiting: Place) -> None:
    """Not a second earlier; an unclear outcome marks the repeat."""
    recorder = Recorder(fails())
    outbox = Outbox(waiting.state.engine, {"duty": recorder}, waiting.clock)
    assert outbox.deliver() == 0
    assert (row(waiting).state, row(waiting).error) == ("waiting", "example.org answers 503")
    waiting.clock.seconds = T0 + 4.999
    assert outbox.deliver() == 0
    waiting.clock.seconds = T0 + 5
    recorder.act = lambda _: None
    assert outbox.deliver() == 1
    assert (row(waiting).state, row(waiting).error, row(waiting).attempts) == ("sent", "", 2)
    assert flags(recorder) == [False, True]


def test_a_request_that_never_left_is_no_repeat(waiting: Place) -> None:
    """Connection refused: the other side cannot have it."""
    recorder = Recorder(fails(arrived=False))
    outbox = Outbox(waiting.state.engine, {"duty": recorder}, waiting.clock)
    outbox.deliver()
    waiting.clock.seconds += 5
    outbox.deliver()
    assert flags(recorder) == [False, False]


def test_a_permanent_error_ends_the_attempts(waiting: Place) -> None:
    """The other side refuses the request as such."""
    outbox = Outbox(waiting.state.engine, {"duty": Recorder(fails(permanent=True))}, waiting.clock)
    outbox.deliver()
    assert (row(waiting).state, row(waiting).error) == ("failed", "example.org answers 503")
    waiting.clock.seconds += LONGEST_PAUSE
    assert outbox.deliver() == 0
    assert row(waiting).attempts == 1


def test_retries_end_after_a_day(waiting: Place) -> None:
    """About a hundred attempts, then it has failed and says why."""
    recorder = Recorder(fails())
    outbox = Outbox(waiting.state.engine, {"duty": recorder}, waiting.clock)
    while row(waiting).state == "waiting":
        assert outbox.deliver() == 0
        waiting.clock.seconds = max(waiting.clock.seconds, row(waiting).due / 1e6)
    assert (row(waiting).state, row(waiting).error) == ("failed", "example.org answers 503; it was tried for 24 h")
    assert PATIENCE - 15 * 60 <= waiting.clock.seconds - T0 <= PATIENCE
    assert len(recorder.bodies) == row(waiting).attempts == 103


def test_pauses_double_up_to_a_quarter_of_an_hour() -> None:
    """Whatever the number of attempts."""
    pauses = [pause(attempts) for attempts in range(1, 200)]
    assert pauses[:9] == [5, 10, 20, 40, 80, 160, 320, 640, 900]
    assert set(pauses[9:]) == {900}


@pytest.mark.parametrize(("age", "sent"), [(PATIENCE, 1), (PATIENCE + 1, 0)])
def test_a_notice_older_than_a_day_is_not_sent(waiting: Place, age: int, sent: int) -> None:
    """The process was away, or the target was not configured: old news would pass for new."""
    recorder = Recorder()
    waiting.clock.seconds = T0 + age
    assert Outbox(waiting.state.engine, {"duty": recorder}, waiting.clock).deliver() == sent
    assert len(recorder.bodies) == sent
    assert row(waiting).state == ("sent" if sent else "failed")


def test_a_notice_that_one_outbox_gave_up_is_not_sent_by_another(waiting: Place) -> None:
    """Both saw it when it was young enough."""
    first, second = (Outbox(waiting.state.engine, {"duty": Recorder()}, waiting.clock) for _ in range(2))
    rows = second._due()
    waiting.clock.seconds = T0 + PATIENCE + 1
    first.deliver()
    assert [second._claim(each) for each in rows] == [False]
    assert row(waiting).state == "failed"


def test_a_notice_that_is_given_up_says_why(waiting: Place) -> None:
    """With its age, the limit, and what the last attempt ran into."""
    Outbox(waiting.state.engine, {"duty": Recorder(fails())}, waiting.clock).deliver()
    waiting.clock.seconds = T0 + 30 * PATIENCE
    Outbox(waiting.state.engine, {"duty": Recorder()}, waiting.clock).deliver()
    assert (row(waiting).state, row(waiting).attempts, row(waiting).possibly_repeated) == ("failed", 1, True)
    assert row(waiting).error == (
        "notice is 720 h old; none is sent after 24 h, see docs/webhook.md; before: example.org answers 503"
    )


@pytest.fixture
def two(place: Place) -> Place:
    """A place in whose outbox two notices wait for ``duty``."""
    place.read(0, "dazha", tp="0.5")
    place.read(0, "hu", tp="0.5")
    run(place.engine())
    return place


def tried(place: Place, recorder: Recorder, seconds: list[float]) -> list[list[int]]:
    """The notices that were tried at each of these times after T0, the outbox being called three times at each."""
    outbox = Outbox(place.state.engine, {"duty": recorder}, place.clock)
    found = []
    for at in seconds:
        before, place.clock.seconds = len(recorder.bodies), T0 + at
        for _ in range(3):
            outbox.deliver()
        found.append([body["notice"] for body in recorder.bodies[before:]])
    return found


def test_a_target_that_fails_rests_with_all_its_notices(two: Place) -> None:
    """One attempt, then a pause that doubles, however many notices wait; they take turns."""
    assert tried(two, Recorder(fails()), [0, 4.999, 5, 14.999, 15]) == [[1], [], [2], [], [1]]


def test_a_target_that_works_again_is_sent_what_waits(two: Place) -> None:
    """After its rest everything that is due goes out at once, and the next failure is a first one again."""
    down = [True]

    def act(body: Body) -> None:
        if down[0]:
            fails()(body)

    recorder = Recorder(act)
    outbox = Outbox(two.state.engine, {"duty": recorder}, two.clock)
    assert outbox.deliver() == 0
    two.clock.seconds, down[0] = T0 + 5, False
    assert (outbox.deliver(), outbox.deliver()) == (2, 0)
    two.read(0, "hu", tp="0.01")
    run(two.engine())
    down[0] = True
    assert outbox.deliver() == 0
    two.clock.seconds, down[0] = T0 + 10, False
    assert outbox.deliver() == 1


def test_one_notice_that_a_target_cannot_take_does_not_stop_the_others(two: Place) -> None:
    """The other side breaks on the first; the second goes out after a rest of seconds."""

    def act(body: Body) -> None:
        if body["notice"] == 1:
            fails()(body)

    assert tried(two, Recorder(act), [0, 5]) == [[1], [2, 1]]


def test_a_target_that_refuses_a_notice_for_good_is_there(two: Place) -> None:
    """It answers: its next failure is a first one, with the shortest rest."""

    def act(body: Body) -> None:
        fails(permanent=body["notice"] == 2)(body)

    recorder = Recorder(act)
    outbox = Outbox(two.state.engine, {"duty": recorder}, two.clock)
    outbox.deliver()
    two.clock.seconds = T0 + 5
    two.read(1, "hu", tp="0.01")
    run(two.engine())
    outbox.deliver()
    two.clock.seconds = T0 + 10
    outbox.deliver()
    assert [body["notice"] for body in recorder.bodies] == [1, 2, 1, 3]


def test_a_target_that_fails_does_not_hold_up_another(place: Place) -> None:
    """Two targets in one outbox."""
    place.read(0, tp="0.5")
    place.read(1, tp="0.1")
    run(place.engine(targets=("down", "duty"), limit=1))
    recorder = Recorder()
    outbox = Outbox(place.state.engine, {"down": Recorder(fails()), "duty": recorder}, place.clock)
    assert outbox.deliver() == len(recorder.bodies) == 2
