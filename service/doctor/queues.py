"""What the broker keeps, tried: sessions, queues, messages in flight, long and retained messages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from qingchuan.processing.standards import Text
from qingchuan.service.doctor.finding import Check, Finding, notice, ok, problem
from qingchuan.service.doctor.patient import Patient
from qingchuan.service.doctor.probe import BrokerError, Probe, forget

STARVED = 100
"""With fewer messages in flight each write to the disk takes in so few that a burst piles up at the broker."""
_SIZES = (16_384, 65_536, 262_144, 900_000)
"""[B]"""
WANTED_SIZE = 65_536
"""Longer than an announcement, a day of minutes, or a frame of HJ 212. [B]"""
_CONF = "deploy/mosquitto/mosquitto.conf"


def check_session(patient: Patient) -> Finding:
    """Whether the broker keeps a session while its client is away: without one it keeps no messages either."""
    patient.check_may_try()
    topic = patient.topic("session")
    with _away(patient, topic) as client_id, Probe(patient.broker, client_id, clean_session=False) as again:
        kept = again.session_present
    if kept:
        return ok("断开后仍在", "is kept over a disconnection")
    return problem(
        Text("断开就没了：服务不在时的消息全丢", "is gone after a disconnection: what comes while we are away is lost"),
        Text("让代理保留持久会话（clean_session = false）", "let the broker keep sessions (clean_session = false)"),
        _CONF,
    )


def check_queue(patient: Patient) -> Finding:
    """How many messages the broker keeps for a client that is away."""
    patient.check_may_try()
    topic, sent = patient.topic("queue"), patient.queued
    with _away(patient, topic) as client_id:
        with patient.probe() as publisher:
            publisher.publish(topic, _numbered(sent))
        with Probe(patient.broker, client_id, clean_session=False) as back:
            came = len({message.payload for message in back.collect(sent)})
    if came == sent:
        return ok(f"离线时发的 {sent} 条全部补到", f"all {sent} messages sent meanwhile came")
    return problem(
        Text(
            f"离线时发了 {sent} 条，只补到 {came} 条，其余已确认却丢了",
            f"{came} of {sent} messages sent meanwhile came; the others were acknowledged and dropped",
        ),
        Text("设 max_queued_messages 0，不设 max_queued_bytes", "set max_queued_messages 0 and no max_queued_bytes"),
        f"{_CONF}: max_queued_messages",
    )


def check_in_flight(patient: Patient) -> Finding:
    """How many messages are sent before the first is acknowledged."""
    patient.check_may_try()
    topic, batch = patient.topic("flight"), patient.settings.collector.batch
    with patient.probe() as taker, patient.probe() as publisher:
        taker.subscribe(topic)
        publisher.publish(topic, _numbered(batch))
        came = len(taker.collect(batch, acknowledge=False))
        taker.acknowledge()
    if came >= batch:
        return ok(f"未确认时可有 {came} 条在途，够一批", f"{came} at once, a whole batch")
    saw = Text(f"未确认时只有 {came} 条在途，一批要 {batch} 条", f"{came} at once, where a batch takes {batch}")
    advice = Text(
        "设 max_inflight_messages 20000；不要设 0，那样会重复使用报文标识",
        "set max_inflight_messages 20000; not 0, which uses packet ids twice",
    )
    judge = problem if came < STARVED else notice
    return judge(saw, advice, f"{_CONF}: max_inflight_messages")


def check_size(patient: Patient) -> Finding:
    """How long a message may be."""
    patient.check_may_try()
    passed = 0
    for size in _SIZES:
        if not _passes(patient, size):
            break
        passed = size
    saw = Text(f"{passed} 字节的消息可以通过", f"messages of {passed} bytes pass")
    if passed >= WANTED_SIZE:
        return Finding("ok", saw)
    advice = Text("设 message_size_limit 1000000", "set message_size_limit 1000000")
    return problem(saw, advice, f"{_CONF}: message_size_limit")


def check_retained(patient: Patient) -> Finding:
    """Whether the broker keeps retained messages: without them a new collector knows no station."""
    patient.check_may_try()
    topic = patient.topic("retained")
    if _keeps_retained(patient, topic):
        return ok("会保留并重新送达", "are kept, and delivered to who comes later")
    return problem(
        Text("不保留：新的采集不认识任何站点", "are not kept: a new collector would know no station"),
        Text("不要设 retain_available false", "do not set retain_available false"),
        _CONF,
    )


def _keeps_retained(patient: Patient, topic: str) -> bool:
    try:
        with patient.probe() as publisher:
            publisher.publish(topic, [b"kept"], retain=True)
        with patient.probe() as later:
            later.subscribe(topic)
            return any(message.retain for message in later.collect(1))
    except BrokerError:
        return False
    finally:
        with suppress(BrokerError), patient.probe() as publisher:
            publisher.publish(topic, [b""], retain=True)


def _passes(patient: Patient, size: int) -> bool:
    topic = patient.topic("size")
    try:
        with patient.probe() as taker, patient.probe() as publisher:
            taker.subscribe(topic)
            publisher.publish(topic, [bytes(size)])
            return [len(message.payload) for message in taker.collect(1)] == [size]
    except BrokerError:
        return False


@contextmanager
def _away(patient: Patient, topic: str) -> Iterator[str]:
    """A client that has subscribed to `topic` and left; nothing of it stays at the broker afterwards."""
    client_id = patient.client_id()
    try:
        with Probe(patient.broker, client_id, clean_session=False) as first:
            first.subscribe(topic)
        yield client_id
    finally:
        forget(patient.broker, client_id)


def _numbered(count: int) -> list[bytes]:
    return [str(number).encode() for number in range(count)]


CHECKS = (
    Check("broker-session", Text("持久会话", "session"), check_session),
    Check("broker-queue", Text("离线队列", "queue while away"), check_queue),
    Check("broker-in-flight", Text("在途消息", "messages in flight"), check_in_flight),
    Check("broker-size", Text("消息长度", "length of messages"), check_size),
    Check("broker-retained", Text("保留消息", "retained messages"), check_retained),
)
