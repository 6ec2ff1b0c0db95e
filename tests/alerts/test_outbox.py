"""The outbox: each notice once, or marked; retries that end; a crash in between."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from qingchuan.alerts.notifiers import Body, DeliveryError
from qingchuan.alerts.outbox import LEASE, Outbox
from qingchuan.store.tables import notice
from tests.alerts.support import T0, Place, Recorder, fails, flags, row, run


def test_a_notice_is_sent_once(waiting: Place) -> None:
    """With its number, unmarked; nothing is left for a second call."""
    recorder = Recorder()
    outbox = Outbox(waiting.state.engine, {"duty": recorder}, waiting.clock)
    assert (outbox.deliver(), outbox.deliver()) == (1, 0)
    assert [(body["notice"], body["transition"]) for body in recorder.bodies] == [(1, "opened")]
    assert flags(recorder) == [False]
    assert (row(waiting).state, row(waiting).attempts, row(waiting).error) == ("sent", 1, "")


def test_the_attempt_is_on_record_before_the_request_goes_out(waiting: Place) -> None:
    """While it is under way the row says so."""
    seen: list[tuple[str, int]] = []
    recorder = Recorder(lambda _: seen.append((row(waiting).state, row(waiting).attempts)))
    Outbox(waiting.state.engine, {"duty": recorder}, waiting.clock).deliver()
    assert seen == [("sending", 1)]


def test_a_crash_between_sending_and_sent_repeats_the_notice_marked(waiting: Place) -> None:
    """The process dies after the other side took it; the next one sends it again when the lease is over."""

    def die(_: Body) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Outbox(waiting.state.engine, {"duty": Recorder(die)}, waiting.clock).deliver()
    assert row(waiting).state == "sending"
    recorder = Recorder()
    outbox = Outbox(waiting.state.engine, {"duty": recorder}, waiting.clock)
    waiting.clock.seconds = T0 + LEASE - 1
    assert outbox.deliver() == 0
    waiting.clock.seconds = T0 + LEASE
    assert outbox.deliver() == 1
    assert flags(recorder) == [True]
    assert (row(waiting).state, row(waiting).attempts, row(waiting).possibly_repeated) == ("sent", 2, True)


def test_two_outboxes_send_a_notice_once(waiting: Place) -> None:
    """Both see it waiting; one claims it."""
    first = Recorder()
    second = Outbox(waiting.state.engine, {"duty": Recorder()}, waiting.clock)
    other = Outbox(waiting.state.engine, {"duty": first}, waiting.clock)
    rows = second._due()
    assert other.deliver() == 1
    assert [second._claim(each) for each in rows] == [False]
    assert flags(first) == [False]


def test_an_outbox_that_was_taken_for_lost_does_not_undo_the_other(waiting: Place) -> None:
    """It comes back from a very long request after another process has claimed the notice anew."""
    other = Outbox(waiting.state.engine, {"duty": Recorder()}, waiting.clock)

    def slow(_: Body) -> None:
        waiting.clock.seconds = T0 + LEASE
        other.deliver()
        raise DeliveryError("no answer", permanent=False)

    Outbox(waiting.state.engine, {"duty": Recorder(slow)}, waiting.clock).deliver()
    assert (row(waiting).state, row(waiting).attempts) == ("sent", 2)


def test_a_broken_notifier_costs_its_notices_time_and_nothing_else(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """Its mistake is logged and kept with the notice; the other target has its notice."""
    place.read(0, tp="0.5")
    run(place.engine(targets=("broken", "duty")))
    recorder = Recorder()
    broken = Recorder(lambda body: body["no such key"])
    assert Outbox(place.state.engine, {"broken": broken, "duty": recorder}, place.clock).deliver() == 1
    assert len(recorder.bodies) == 1
    with place.state.engine.connect() as connection:
        errors = list(connection.execute(select(notice.c.state, notice.c.error).order_by(notice.c.id)))
    assert errors[0] == ("waiting", "broken broke: KeyError('no such key')")
    assert "notifier broken broke on notice 1" in caplog.text


def test_notices_of_other_targets_are_left_alone(waiting: Place) -> None:
    """Each outbox serves its own notifiers."""
    assert Outbox(waiting.state.engine, {"bureau": Recorder()}, waiting.clock).deliver() == 0
    assert row(waiting).state == "waiting"


def test_the_oldest_notice_goes_first(place: Place) -> None:
    """In the order in which they were written."""
    place.read(0, tp="0.5")
    place.read(1, tp="0.1")
    place.clock.seconds = T0 + 3600
    run(place.engine(limit=1))
    recorder = Recorder()
    Outbox(place.state.engine, {"duty": recorder}, place.clock).deliver()
    assert [body["transition"] for body in recorder.bodies] == ["opened", "closed"]


@pytest.fixture
def lost(waiting: Place) -> Place:
    """A notice that a process of long ago left as ``sending``."""
    with waiting.state.engine.begin() as connection:
        connection.execute(update(notice).values(state="sending", attempts=7, due=0))
    return waiting


def test_two_outboxes_claim_a_lost_notice_once(lost: Place) -> None:
    """Its state does not change by the claim; the count of attempts does."""
    first, second = (Outbox(lost.state.engine, {"duty": Recorder()}, lost.clock) for _ in range(2))
    rows = second._due()
    assert [first._claim(each) for each in rows] == [True]
    assert [second._claim(each) for each in rows] == [False]


def test_a_lost_notice_that_fails_again_stays_marked(lost: Place) -> None:
    """Once it may have arrived, every later attempt may repeat it."""
    recorder = Recorder(fails(arrived=False))
    outbox = Outbox(lost.state.engine, {"duty": recorder}, lost.clock)
    outbox.deliver()
    lost.clock.seconds += 15 * 60
    outbox.deliver()
    assert flags(recorder) == [True, True]
