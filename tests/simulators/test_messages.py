"""Messages: what the collector takes, in order, and live data that join history."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import msgspec
import numpy as np
import pytest

from qingchuan.collector.codecs.native import decode_announcement, decode_observation
from qingchuan.collector.topics import parse_topic
from qingchuan.processing import standards
from qingchuan.processing.periods import day_start, natural_day, parse_instant
from qingchuan.processing.water.classes import item_classes, section_class
from qingchuan.simulators.faults import NO_FAULTS
from qingchuan.simulators.incident import soon_after
from qingchuan.simulators.messages import Due, Feed, Message
from qingchuan.simulators.network import ningbo
from qingchuan.simulators.observed import Simulation

NOW = parse_instant("2026-11-25T09:08:20+08:00")
HOUR = 3600
MIDNIGHT = day_start(natural_day(NOW))
FEED = Feed(Simulation(ningbo(), incident=soon_after(NOW)))


@pytest.fixture(scope="module")
def history() -> list[Message]:
    """Sixty days and the daily results before them."""
    count, messages = FEED.history(NOW)
    listed = list(messages)
    assert len(listed) == count
    return listed


def event(message: Message) -> datetime:
    """End of the hour or day, or time of the reading."""
    told = msgspec.json.decode(message.payload)
    return datetime.fromisoformat(told.get("end") or told["time"])


def test_every_message_is_taken_by_the_collector(history: list[Message]) -> None:
    """No value of any message is refused, and every time has its offset."""
    live = [due.message for due in FEED.due(NOW, NOW + 12 * HOUR)]
    for message in [*history, *live]:
        topic = parse_topic(message.topic, "qingchuan")
        _, refused = decode_observation(message.payload, topic, latest=NOW + 12 * HOUR)
        assert not refused
        assert event(message).utcoffset() is not None
        assert not message.retain


def test_announcements_are_retained_and_come_for_every_subject() -> None:
    """A city, eight stations, nine sections; the collector reads them."""
    announcements = list(FEED.announcements())
    assert len(announcements) == 18
    for message in announcements:
        assert message.retain
        assert parse_topic(message.topic, "qingchuan").message == "station"
        assert decode_announcement(message.payload).simulated


def test_history_holds_sixty_days_and_the_days_since_the_year_before_last(history: list[Message]) -> None:
    """24 hours of 17 stations each day, nearly; then one result a day from 2024-01-01 to the first hour."""
    by_kind: dict[str, list[Message]] = defaultdict(list)
    for message in history:
        by_kind[message.topic.rsplit("/")[-1]].append(message)
    assert 0.96 < len(by_kind["hour"]) / (60.37 * 24 * 8) < 1.01
    assert 0.96 < len(by_kind["reading"]) / (60.38 * 24 * 9) < 1.01
    days = [event(message).date().isoformat() for message in by_kind["day"]]
    assert (days[0], days[-1]) == ("2024-01-02", "2026-09-26")
    assert len(days) == 999
    first = min(event(message) for message in by_kind["hour"])
    assert first == datetime.fromisoformat("2026-09-26T01:00:00+08:00")


def test_history_is_in_time_order_but_for_what_is_late(history: list[Message]) -> None:
    """A message is rarely more than an hour behind the newest before it, and never more than eight."""
    times = np.array([event(message).timestamp() for message in history])
    behind = np.maximum.accumulate(times) - times
    assert np.mean(behind > HOUR) < 0.01
    assert 0 < behind.max() < 8 * HOUR


def test_history_ends_now_and_live_begins_there(history: list[Message]) -> None:
    """Both together are what one longer history is: nothing is missing and nothing comes twice."""
    later = NOW + 5 * HOUR
    _, longer = FEED.history(later)
    assert history + [due.message for due in FEED.due(NOW, later)] == list(longer)


def test_what_was_told_before_is_left_out_of_a_history(history: list[Message]) -> None:
    """A demo that starts again goes on where it was, also when it was away for longer than there are hours."""
    later = NOW + 5 * HOUR
    assert list(FEED.history(later, after=NOW)[1]) == [due.message for due in FEED.due(NOW, later)]
    away = NOW - 62 * 24 * HOUR
    count, messages = FEED.history(NOW, after=away)
    told = list(messages)
    assert count == len(told)
    days = [event(message).date().isoformat() for message in told if message.topic.endswith("/day")]
    assert days == ["2026-09-25", "2026-09-26"]
    assert [message for message in told if not message.topic.endswith("/day")] == [
        message for message in history if not message.topic.endswith("/day")
    ]


def test_what_is_due_does_not_depend_on_how_it_is_asked_for() -> None:
    """Asked for minute by minute it is the same as at once."""
    at_once = FEED.due(NOW, NOW + 6 * HOUR)
    by_minute = [due for minute in range(360) for due in FEED.due(NOW + 60 * minute, NOW + 60 * minute + 60)]
    assert by_minute == at_once
    assert FEED.due(NOW, NOW) == []


def test_another_feed_of_the_same_simulation_says_the_same(history: list[Message]) -> None:
    """Nothing is remembered between calls."""
    again = Feed(Simulation(ningbo(), incident=soon_after(NOW)))
    assert list(again.history(NOW)[1]) == history


def test_another_seed_says_something_else(history: list[Message]) -> None:
    """Most payloads differ."""
    _, other = Feed(Simulation(ningbo(), seed=6)).history(NOW)
    same = {message.payload for message in history} & {message.payload for message in other}
    assert len(same) < 0.05 * len(history)


def test_sequence_numbers_of_a_station_increase_with_the_time_of_the_event(history: list[Message]) -> None:
    """Over history and live; the same number is the same message again."""
    live = [due.message for due in FEED.due(NOW, NOW + 4 * HOUR)]
    by_topic: dict[str, set[tuple[datetime, int, bytes]]] = defaultdict(set)
    for message in [*history, *live]:
        by_topic[message.topic].add((event(message), msgspec.json.decode(message.payload)["seq"], message.payload))
    assert len(by_topic) == 18
    for told in by_topic.values():
        numbers = [number for _, number, _ in sorted(told)]
        assert all(np.diff(numbers) > 0)
        assert numbers[0] > 0


def test_repeated_and_late_messages_occur(history: list[Message]) -> None:
    """A few of each in sixty days."""
    assert 20 < len(history) - len(set(history)) < 200
    numbers: dict[str, int] = defaultdict(int)
    late = 0
    for message in history:
        number = msgspec.json.decode(message.payload)["seq"]
        late += number < numbers[message.topic]
        numbers[message.topic] = max(number, numbers[message.topic])
    assert 10 < late < 300


def test_without_faults_every_message_comes_once() -> None:
    """24 hours of 17 stations."""
    calm = Feed(Simulation(ningbo(), faults=NO_FAULTS))
    messages = [due.message for due in calm.due(MIDNIGHT, MIDNIGHT + 24 * HOUR)]
    assert len(messages) == len(set(messages)) == 24 * 17


def test_numbers_are_written_with_the_decimals_of_the_instrument() -> None:
    """7.60 stays 7.60: the text decides, not a float."""
    calm = Feed(Simulation(ningbo(), faults=NO_FAULTS))
    readings = [due.message.payload for due in calm.due(NOW, NOW + 24 * HOUR) if due.message.topic.endswith("reading")]
    told = [msgspec.json.decode(payload, type=dict[str, msgspec.Raw]) for payload in readings]
    values = [msgspec.json.decode(payload["values"], type=dict[str, msgspec.Raw]) for payload in told]
    assert all(len(bytes(reading["ph"]).partition(b".")[2]) == 2 for reading in values)
    assert any(bytes(reading["ph"]).endswith(b"0") for reading in values)


def test_messages_of_an_hour_come_within_ten_minutes_of_its_end() -> None:
    """In order, and none before its time."""
    calm = Feed(Simulation(ningbo(), faults=NO_FAULTS))
    due = calm.due(NOW, NOW + 3 * HOUR)
    assert [one.time for one in due] == sorted(one.time for one in due)
    assert all(0 < one.time - event(one.message).timestamp() < 600 for one in due)


def classes_of(due: list[Due], section: str) -> list[tuple[int, int]]:
    """Time of sending and class of each complete reading of a river section."""
    gb3838 = standards.in_force("gb3838", natural_day(NOW))
    items = ("ph", "do", "codmn", "nh3n", "tp")
    found = []
    for one in due:
        told = msgspec.json.decode(one.message.payload)["values"]
        if one.message.topic == f"qingchuan/{section}/reading" and set(items) <= set(told):
            judged = section_class(item_classes([told[item] for item in items], items, "river", gb3838))[0]
            found.append((one.time, int(judged)))
    return found


def test_a_demo_sees_class_five_within_its_first_minutes_and_the_end_of_it() -> None:
    """At 四灶浦闸: before five minutes have passed, then worse than Ⅴ, and better than Ⅴ in the end."""
    classes = classes_of(FEED.due(NOW, NOW + 4 * HOUR), "ningbo-sizaopu-zha")
    assert classes[0][1] <= 4
    assert min(time for time, judged in classes if judged >= 5) - NOW < 300
    assert max(judged for _, judged in classes) == 6
    assert classes[-1][1] <= 4


def test_history_of_fewer_days_begins_later() -> None:
    """Its first hour is the first of a natural day, and the daily results reach up to it."""
    _, messages = FEED.history(NOW, days=2)
    listed = list(messages)
    days = [event(message) for message in listed if message.topic.endswith("/day")]
    first = min(event(message) for message in listed if message.topic.endswith("/hour"))
    assert first.timestamp() == MIDNIGHT - 2 * 24 * HOUR + HOUR
    assert max(days).timestamp() == first.timestamp() - HOUR


def test_the_prefix_of_the_topics_is_an_argument() -> None:
    """Two services may share a broker."""
    feed = Feed(Simulation(ningbo()), prefix="test/ningbo")
    assert next(feed.announcements()).topic == "test/ningbo/330200/station"
    assert all(due.message.topic.startswith("test/ningbo/") for due in feed.due(NOW, NOW + HOUR))
