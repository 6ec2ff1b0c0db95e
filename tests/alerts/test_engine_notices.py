"""What people are told of what the engine decides."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from qingchuan.store.tables import notice
from tests.alerts.support import HOUR, T0, Place, run


def bodies(place: Place) -> list[dict[str, Any]]:
    """The bodies of all notices."""
    with place.state.engine.connect() as connection:
        return list(connection.execute(select(notice.c.body).order_by(notice.c.id)).scalars())


def test_history_makes_episodes_and_no_notices(place: Place) -> None:
    """One second more than the hour within which people are told."""
    place.clock.seconds = T0 + HOUR + 1
    place.read(0, tp="0.5")
    run(place.engine())
    (alert,) = place.alerts()
    assert (alert.history, alert.notices) == (True, ())


def test_an_event_of_just_an_hour_ago_is_told(place: Place) -> None:
    """The other side of the limit."""
    place.clock.seconds = T0 + HOUR
    place.read(0, tp="0.5")
    run(place.engine())
    (alert,) = place.alerts()
    assert (alert.history, len(alert.notices)) == (False, 1)


def test_what_people_were_told_about_is_told_to_its_end(place: Place) -> None:
    """The reading that closes it came a day late; who was alarmed hears of it all the same."""
    engine = place.engine()
    place.read(0, tp="0.5")
    run(engine)
    place.clock.seconds = T0 + 24 * HOUR
    place.read(1, tp="0.1")
    run(engine)
    assert place.told() == ["opened", "closed"]


def test_an_episode_of_history_that_gets_worse_now_is_told(place: Place) -> None:
    """It is history no longer."""
    place.clock.seconds = T0 + 24 * HOUR
    engine = place.engine()
    place.read(0, tp="0.35")
    run(engine)
    place.read(24, tp="0.5")
    run(engine)
    (alert,) = place.alerts()
    assert (alert.history, place.told()) == (False, ["rose"])


def test_an_episode_of_history_that_holds_on_now_is_told_as_opened(place: Place) -> None:
    """It opened with a reading that came five hours late; the next is bad too, and in time. People hear of it once."""
    engine = place.engine()
    place.clock.seconds = T0 + 5 * HOUR
    place.read(0, tp="0.5")
    run(engine)
    assert [alert.history for alert in place.alerts()] == [True]
    for hour in (6, 7):
        place.clock.seconds = T0 + hour * HOUR
        place.read(hour, tp="0.5")
        run(engine)
    (alert,) = place.alerts()
    assert (alert.history, place.told()) == (False, ["opened"])
    (body,) = bodies(place)
    assert (body["transition"], body["opened"]) == ("opened", "2026-11-25T08:00:00+08:00")
    assert body["deciding"][0]["time"] == "2026-11-25T14:00:00+08:00"


def test_what_opened_while_nobody_looked_is_told_where_it_holds_on(place: Place) -> None:
    """The process was away for two hours while readings were collected in time: one step sees them all."""
    for hour in (0, 1, 2):
        place.read(hour, tp="0.5")
    place.clock.seconds = T0 + 2 * HOUR
    run(place.engine())
    (alert,) = place.alerts()
    assert (alert.history, place.told()) == (False, ["opened"])


@pytest.mark.parametrize(("late", "told"), [(HOUR, ["opened"]), (HOUR + 1, [])])
def test_replayed_readings_whose_last_is_old_are_told_to_nobody(place: Place, late: int, told: list[str]) -> None:
    """Both sides of the hour within which people are told, counted from the last reading."""
    engine = place.engine(limit=1)
    place.clock.seconds = T0 + 8 * HOUR + late
    for hour in (0, 4, 8):
        place.read(hour, tp="0.5")
        run(engine)
    assert place.told() == told
    assert [alert.history for alert in place.alerts()] == [not told]


def test_each_target_gets_each_notice(place: Place) -> None:
    """And without a target there is none, but the episode is no history."""
    place.read(0, tp="0.5")
    run(place.engine(targets=("duty", "bureau")))
    assert place.told() == ["opened", "opened"]
    place.read(0, "hu", tp="0.5")
    run(place.engine(targets=()))
    assert len(place.told()) == 2
    assert [alert.history for alert in place.alerts()] == [False, False]


def test_the_notice_carries_what_its_reader_needs(place: Place) -> None:
    """Names, classes, values with limits, edition, times in Beijing time."""
    place.read(0, tp="0.45", ph="7.2")
    run(place.engine())
    (body,) = bodies(place)
    assert body["title"] == {
        "zh": "【模拟】大闸：劣Ⅴ类（告警开始）",
        "en": "[simulated] Dazha: class worse than Ⅴ (opened)",
    }
    assert body["time"] == "2026-11-25T08:00:00+08:00"
    assert body["class"] == {"number": 6, "zh": "劣Ⅴ", "en": "worse than Ⅴ"}
    assert [(found["item"], found["value"], found["limit"], found["unit"]) for found in body["deciding"]] == [
        ("tp", 0.45, 0.4, "mg/L")
    ]
    assert body["subject"]["name"] == {"zh": "大闸", "en": "Dazha"}
    assert (body["edition"], body["sequence"], body["simulated"]) == ("GB 3838—2002", 1, True)


def test_notices_are_counted_once_for_each_transition(place: Place) -> None:
    """A value corrected within its class is a change of the reading, and no news."""
    engine = place.engine()
    for value in ("0.5", "0.6"):
        place.read(0, tp=value)
        assert engine.step() == 1
    with place.state.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(notice)).scalar_one() == 1
