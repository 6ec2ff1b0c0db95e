"""Episodes and notices as the API asks for them."""

from __future__ import annotations

from qingchuan.alerts.outbox import Outbox
from qingchuan.alerts.queries import count, episodes
from tests.alerts.support import T0, Place, Recorder, run


def fill(place: Place) -> None:
    """Three episodes, the newest in event time first by id; one closed, one taken back."""
    engine = place.engine()
    for hours, subject, value in ((4, "dazha", "0.5"), (1, "hu", "0.3"), (2, "hu", "0.01"), (3, "hu", "0.3")):
        place.read(hours, subject, tp=value)
        run(engine)
    place.read(3, "hu", tp="0.01")
    run(engine)


def test_the_newest_in_event_time_come_first(place: Place) -> None:
    """Whenever they became known."""
    fill(place)
    found = episodes(place.state.engine, limit=9)
    assert [((alert.episode.opened - T0) // 3600, alert.subject, alert.state) for alert in found] == [
        (4, "dazha", "open"),
        (3, "hu", "retracted"),
        (1, "hu", "closed"),
    ]


def test_of_two_that_opened_at_once_the_later_known_comes_first(place: Place) -> None:
    """So that pages have an order of their own."""
    for subject in ("dazha", "hu"):
        place.read(0, subject, tp="0.5")
        run(place.engine())
    assert [alert.subject for alert in episodes(place.state.engine, limit=9)] == ["hu", "dazha"]
    assert [alert.subject for alert in episodes(place.state.engine, limit=9, before=2)] == ["dazha"]


def test_they_come_in_pages(place: Place) -> None:
    """Each page begins after the last id of the one before."""
    fill(place)
    everything = [alert.id for alert in episodes(place.state.engine, limit=9)]
    first = episodes(place.state.engine, limit=1)
    second = episodes(place.state.engine, limit=1, before=first[-1].id)
    third = episodes(place.state.engine, limit=9, before=second[-1].id)
    assert [alert.id for alert in first + second + third] == everything
    assert episodes(place.state.engine, limit=9, before=third[-1].id) == []


def test_they_are_chosen_by_state_and_subject(place: Place) -> None:
    """Alone or together."""
    fill(place)
    engine = place.state.engine
    assert [alert.subject for alert in episodes(engine, state="open", limit=9)] == ["dazha"]
    assert [alert.state for alert in episodes(engine, subject="hu", limit=9)] == ["retracted", "closed"]
    assert episodes(engine, state="open", subject="hu", limit=9) == []


def test_an_episode_comes_with_what_became_of_its_notices(place: Place) -> None:
    """Oldest first."""
    fill(place)
    Outbox(place.state.engine, {"duty": Recorder()}, place.clock).deliver()
    (alert,) = episodes(place.state.engine, state="retracted", limit=9)
    assert [(notice.reason, notice.target, notice.state) for notice in alert.notices] == [
        ("opened", "duty", "sent"),
        ("retracted", "duty", "sent"),
    ]


def test_they_are_counted_by_state(place: Place) -> None:
    """For the metrics."""
    assert (count(place.state.engine).episodes, count(place.state.engine).notices) == ({}, {})
    fill(place)
    counts = count(place.state.engine)
    assert counts.episodes == {"open": 1, "closed": 1, "retracted": 1}
    assert counts.notices == {"waiting": 5}
