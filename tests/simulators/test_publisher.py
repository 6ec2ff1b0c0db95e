"""Publishing to a real Mosquitto: all of it, bounded, through a restart, and a clear end where there is no broker."""

from __future__ import annotations

from collections.abc import Iterator
from queue import Queue

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

from qingchuan.simulators.messages import Feed, Message
from qingchuan.simulators.network import ningbo
from qingchuan.simulators.observed import Simulation
from qingchuan.simulators.publisher import BrokerUnreachableError, Outgoing, check_listening, publish
from tests.support.mosquitto import Mosquitto
from tests.support.publishing import publishing


def numbered(count: int) -> Iterator[Outgoing]:
    """`count` messages that can be told apart."""
    for number in range(count):
        yield "qingchuan/test/reading", b"%d" % number, False


@pytest.fixture
def listener(mosquitto: Mosquitto) -> Iterator[Queue[MQTTMessage]]:
    """What a subscriber of everything has got so far."""
    got: Queue[MQTTMessage] = Queue()
    ready: Queue[bool] = Queue()
    client = Client(CallbackAPIVersion.VERSION2, "listener", clean_session=False)
    client.on_message = lambda _client, _data, message: got.put(message)
    client.on_connect = lambda client, *_: client.subscribe("#", qos=1)
    client.on_subscribe = lambda *_: ready.put(item=True)
    client.connect(mosquitto.host, mosquitto.port)
    client.loop_start()
    ready.get(timeout=10)
    yield got
    client.disconnect()
    client.loop_stop()


def test_all_messages_arrive_in_order(mosquitto: Mosquitto, listener: Queue[MQTTMessage]) -> None:
    """More than the window, and the count comes back."""
    with publishing(mosquitto.host, mosquitto.port, "publisher") as client:
        assert publish(numbered(3000), client, window=100) == 3000
    assert [int(listener.get(timeout=10).payload) for _ in range(3000)] == list(range(3000))


def test_no_more_than_the_window_is_on_its_way(mosquitto: Mosquitto) -> None:
    """The next message is taken from the iterator only when there is room for it."""
    acknowledged = [0]
    furthest = 0

    def counted() -> Iterator[Outgoing]:
        nonlocal furthest
        for number, message in enumerate(numbered(500)):
            furthest = max(furthest, number - acknowledged[0])
            yield message

    with publishing(mosquitto.host, mosquitto.port, "publisher") as client:
        assert publish(counted(), client, progress=lambda count: acknowledged.__setitem__(0, count), window=10) == 500
    assert furthest <= 10


def test_pace_is_asked_before_each_message_and_progress_ends_with_all(mosquitto: Mosquitto) -> None:
    """Pace gets the number handed over, progress the number acknowledged."""
    asked: list[int] = []
    told: list[int] = []
    with publishing(mosquitto.host, mosquitto.port, "publisher") as client:
        publish(numbered(50), client, asked.append, told.append)
    assert asked == list(range(50))
    assert told == sorted(set(told))
    assert told[-1] == 50


def test_announcements_are_there_for_who_comes_later(mosquitto: Mosquitto) -> None:
    """The broker retains them."""
    feed = Feed(Simulation(ningbo()))
    with publishing(mosquitto.host, mosquitto.port, "publisher") as client:
        assert publish(feed.announcements(), client) == 18
    got: Queue[MQTTMessage] = Queue()
    with publishing(mosquitto.host, mosquitto.port, "late") as late:
        late.on_message = lambda _client, _data, message: got.put(message)
        late.subscribe("qingchuan/+/station", qos=1)
        announced = [got.get(timeout=10) for _ in range(18)]
    assert {message.topic for message in announced} == {message.topic for message in feed.announcements()}


def test_publishing_goes_on_when_the_broker_was_stopped(mosquitto: Mosquitto) -> None:
    """It connects again by itself; all are acknowledged in the end."""

    def interrupted() -> Iterator[Outgoing]:
        for number, message in enumerate(numbered(600)):
            if number == 300:
                mosquitto.stop()
                mosquitto.start()
            yield message

    with publishing(mosquitto.host, mosquitto.port, "publisher") as client:
        assert publish(interrupted(), client, window=50) == 600


def test_a_broker_that_went_away_ends_it_with_a_clear_error(mosquitto: Mosquitto) -> None:
    """It says how far it came and what to do."""

    def interrupted() -> Iterator[Outgoing]:
        yield from numbered(10)
        mosquitto.stop()
        yield from numbered(10)

    with (
        publishing(mosquitto.host, mosquitto.port, "publisher") as client,
        pytest.raises(
            BrokerUnreachableError, match=r"has acknowledged \d+ of 20 messages, none for 0.2 s; see whether"
        ),
    ):
        publish(interrupted(), client, timeout=0.2)


def test_without_a_broker_it_says_where_it_looked(free_port: int) -> None:
    """Address, time and setting stand in the error."""
    with (
        pytest.raises(
            BrokerUnreachableError, match=rf"127.0.0.1:{free_port} .* after 0.2 s \(nobody answered\); start it"
        ),
        publishing("127.0.0.1", free_port, "publisher", timeout=0.2),
    ):
        pytest.fail("there is no broker")


def test_where_nobody_listens_there_is_nothing_to_wait_for(mosquitto: Mosquitto, free_port: int) -> None:
    """Said at once; a broker that is there passes."""
    check_listening(mosquitto.host, mosquitto.port)
    with pytest.raises(BrokerUnreachableError, match=rf"127.0.0.1:{free_port} .*\(Connection refused\); start it"):
        check_listening("127.0.0.1", free_port)


def test_nothing_to_publish_is_nothing_published(mosquitto: Mosquitto) -> None:
    """An empty iterable is done at once."""
    none: list[Message] = []
    with publishing(mosquitto.host, mosquitto.port, "publisher") as client:
        assert publish(none, client) == 0
