"""What a message of the journal means: an observation, an announcement, or a dead letter."""

from __future__ import annotations

from contextlib import suppress

import msgspec
import structlog

from qingchuan.collector import senders
from qingchuan.collector.about import About
from qingchuan.collector.codecs import native
from qingchuan.collector.codecs.named import Named, named
from qingchuan.collector.codecs.registry import codecs
from qingchuan.collector.codecs.sparkplug import Sparkplug
from qingchuan.collector.decoded import Decoded, digest
from qingchuan.collector.devices import CodecName, Device, Format, codec_of
from qingchuan.collector.refusal import Refusal, RefusedError
from qingchuan.collector.resolving import Resolver
from qingchuan.collector.topics import Topic, parse_topic
from qingchuan.collector.traces import Traces, moment_of, session_present
from qingchuan.store.messages import FROM_STATIONS, Batch, Message
from qingchuan.store.observations import Observations, Tally, Write
from qingchuan.store.state import Announcement, DeadLetter
from qingchuan.store.subjects import Subject, kind_of
from qingchuan.store.traces import Trace

_NO_LIMIT = 1 << 62
_APPLIED, _DUPLICATE, _DEAD_LETTER = Tally(applied=1), Tally(duplicate=1), Tally(dead_letter=1)


class Decoding(msgspec.Struct, frozen=True):
    """The settings that decoding depends on; they are messages too, so that a journal always gives the same store.

    Attributes
    ----------
    version : str
        Of the program.
    prefix : str
        First level of the topics.
    future_tolerance : int
        How far after its receipt the time of a message may lie. [s]
    formats : tuple of Format
        Which codec takes which topics; the first that fits.
    devices : tuple of Device
        Those that do not speak the native format.
    """

    version: str = ""
    prefix: str = "qingchuan"
    future_tolerance: int = 3600
    formats: tuple[Format, ...] = ()
    devices: tuple[Device, ...] = ()


_Expected = tuple[Topic, native.Form, Trace]
"""What a topic carries, in which form, and the trace of its subject."""


class Decoder:
    """Decodes messages one after the other; what they announce holds for those that follow.

    Parameters
    ----------
    subjects : dict of str to Subject
        Those that were announced before the first message.
    announced : set of (str, Subject)
        All that subjects had announced before the first message.
    decoding : Decoding
        The settings before the first message.
    traces : Traces
        What the messages leave behind.
    """

    def __init__(
        self, subjects: dict[str, Subject], announced: set[tuple[str, Subject]], decoding: Decoding, traces: Traces
    ) -> None:
        self._subjects = subjects
        self._announced = announced
        self._traces = traces
        self._session_present = True
        self._expected: dict[str, _Expected] = {}
        self._sparkplug = Sparkplug()
        self._follow(decoding)
        self._log = structlog.get_logger("collector")

    def decode_all(self, batch: Batch, into: Decoded) -> None:
        """Decode the messages of a batch into `into`; what is usual goes by the shortest way."""
        careful, received = native.needs_care(batch.messages), batch.received
        latest = self._latest(received)
        for sequence, message in enumerate(batch.messages, batch.sequence):
            expected = self._expected.get(message.topic)
            if careful or expected is None or message.retained:
                self.decode(sequence, received, message, into)
                latest = self._latest(received)
                continue
            topic, form, trace = expected
            usual = native.decode_usual(message.payload, topic, latest, form)
            if usual is None:
                self.decode(sequence, received, message, into)
                continue
            observation, number, moment = usual
            into.writes.append(Write(sequence, observation))
            if number is not None:
                if number == trace.next:
                    trace.next = number + 1
                else:
                    self._traces.count(trace, number, moment, sequence, received)
            if moment > trace.moment:
                if received != trace.received:
                    self._traces.measure(trace, moment, received, message.source, observation.period)
                trace.moment = moment

    def decode(self, sequence: int, received: int, message: Message, into: Decoded) -> None:
        """Decode one message into `into`."""
        if message.kind in FROM_STATIONS:
            try:
                self._decode(sequence, received, message, into)
            except RefusedError as refused:
                self._refuse(sequence, received, message, refused, into)
            except Exception as error:  # noqa: BLE001 - acknowledged already: it must not stop every start from now on
                self._log.exception("message not understood", sequence=sequence, topic=message.topic)
                reason = f"the program failed on it ({error!r}); report it together with this message"
                self._refuse(sequence, received, message, RefusedError("internal", reason), into)
        elif message.kind == "settings":
            self._follow(msgspec.json.decode(message.payload, type=Decoding))
            into.settings.append((sequence, message.payload.decode()))
        elif message.kind == "connection":
            self._session_present = session_present(message)

    def tells_nothing_new(self, message: Message, observations: Observations) -> bool:
        """Whether `message` is understood, and all it tells is known."""
        try:
            topic = parse_topic(message.topic, self._decoding.prefix)
            if topic.message == "station":
                return self._subjects.get(topic.subject) == native.decode_announcement(message.payload)
            observation, refused = native.decode_observation(message.payload, topic, _NO_LIMIT)
        except RefusedError:
            return False
        return not refused and observations.holds(observation)

    def is_of_unknown_subject(self, message: Message) -> bool:
        """Whether `message` is of a subject that was never announced."""
        try:
            return parse_topic(message.topic, self._decoding.prefix).subject not in self._subjects
        except RefusedError:
            return False

    def repeat(self, sequence: int, message: Message, into: Decoded) -> None:
        """Note a message that a broker had sent before."""
        into.repeated.append(sequence)
        into.count(self._about(message.topic), _DUPLICATE)

    def _decode(self, sequence: int, received: int, message: Message, into: Decoded) -> None:
        if message.kind == "refused":
            told = msgspec.json.decode(message.payload, type=Refusal)
            raise RefusedError(told.code, told.reason)
        if message.retained:
            into.digests[message.topic] = digest(message.payload)
        expected = self._expected.get(message.topic)
        if expected is not None:
            self._decode_observation(expected, sequence, received, message, into)
            return
        codec = self._codec_of(message)
        if codec != "native":
            self._decode_foreign(codec, sequence, received, message, into)
            return
        topic = parse_topic(message.topic, self._decoding.prefix)
        if topic.message == "station":
            into.digests[message.topic] = digest(message.payload)
            self._announce(sequence, topic, message, into)
            return
        self._decode_observation(self._expect(topic, message), sequence, received, message, into)

    def _decode_observation(
        self, expected: _Expected, sequence: int, received: int, message: Message, into: Decoded
    ) -> None:
        topic, form, trace = expected
        observation, refused = native.decode_observation(message.payload, topic, self._latest(received), form)
        into.writes.append(Write(sequence, observation, not message.retained))
        into.refuse(_letter(sequence, received, message, topic.subject, observation.start), refused)
        moment, number = moment_of(observation.period, observation.start), named(message.payload, topic).number
        if number is not None:
            self._traces.count(trace, number, moment, sequence, received)
        self._traces.told(trace, moment, received, message, observation.period)

    def _decode_foreign(self, codec: CodecName, sequence: int, received: int, message: Message, into: Decoded) -> None:
        """What another format tells; a message that tells nothing, such as a sign of life, is applied all the same."""
        content = self._codecs[codec](message.payload, message.topic, received)
        for note in content.notes:
            self._log.warning("noticed", sequence=sequence, topic=message.topic, note=note)
        observations, refused = self._resolver.resolve(content, self._latest(received))
        into.writes += [Write(sequence, observation, not message.retained) for observation in observations]
        about = self._about(message.topic)
        start = observations[0].start if observations else None
        into.refuse(_letter(sequence, received, message, about, start), refused)
        for told in observations:
            trace, moment = self._traces.of(told.subject), moment_of(told.period, told.start)
            self._traces.told(trace, moment, received, message, told.period)
        if not observations:
            into.count(about, _APPLIED)

    def _follow(self, decoding: Decoding) -> None:
        """Go by other settings from now on."""
        self._decoding = decoding
        devices = {device.id: device for device in decoding.devices}
        self._codecs = codecs(devices, self._sparkplug)
        self._resolver = Resolver(devices, self._subjects)
        self._about = About(decoding.prefix, self._subjects, devices)
        self._expected.clear()

    def _codec_of(self, message: Message) -> CodecName:
        return "hj212" if message.kind == "hj212" else codec_of(message.topic, self._decoding.formats)

    def _latest(self, received: int) -> int:
        return received // 1_000_000 + self._decoding.future_tolerance

    def _expect(self, topic: Topic, message: Message) -> _Expected:
        """What a subject of its kind may tell on `topic`; remembered, as long as nothing is announced."""
        expected = topic, native.form_of(self._items_of(topic)), self._traces.of(topic.subject)
        self._expected[message.topic] = expected
        return expected

    def _refuse(self, sequence: int, received: int, message: Message, refused: RefusedError, into: Decoded) -> None:
        subject, label = self._about(message.topic), self._named(message)
        into.count(subject, _DEAD_LETTER)
        whole = _letter(sequence, received, message, subject, label.start)
        into.letters.append(whole._replace(code=refused.code, reason=refused.reason))
        into.refuse(whole, refused.values)
        moment = label.moment if refused.moment is None else refused.moment
        if subject and not message.retained:
            self._traces.refused(subject, label.number, moment, sequence, received)
            if refused.code == "future" and moment is not None:
                self._traces.ahead(subject, moment, received)

    def _named(self, message: Message) -> Named:
        """What a message that was refused says of its number and time, as far as that can be read."""
        if message.kind == "mqtt" and self._codec_of(message) == "native":
            with suppress(RefusedError):
                return named(message.payload, parse_topic(message.topic, self._decoding.prefix))
        return Named()

    def _announce(self, sequence: int, topic: Topic, message: Message, into: Decoded) -> None:
        told = native.decode_announcement(message.payload)
        # A broker that kept the session repeats retained messages too, after newer ones: what was announced before is
        # then old. Without a session nothing is repeated, and what the broker retains is the newest.
        is_old = message.retained and self._session_present and (topic.subject, told) in self._announced
        if is_old or self._subjects.get(topic.subject) == told:
            into.count(topic.subject, _DUPLICATE)
            return
        self._subjects[topic.subject] = told
        self._expected.clear()
        self._announced.add((topic.subject, told))
        into.announcements.append(Announcement(sequence, topic.subject, message.payload.decode()))
        into.count(topic.subject, _APPLIED)

    def _items_of(self, topic: Topic) -> tuple[str, ...]:
        subject, period = self._subjects.get(topic.subject), senders.PERIODS[topic.message]
        if subject is None:
            where = f"{self._decoding.prefix}/{topic.subject}/station"
            what = f"subject {topic.subject!r} is not known"
            reason = f"{what}; publish its announcement, retained, on {where}, see docs/mqtt.md"
            raise RefusedError("unknown-subject", reason)
        items = senders.items(subject, period)
        if not items:
            what, wanted = f"{topic.subject!r} is announced as {kind_of(subject)}", " or ".join(senders.kinds(period))
            raise RefusedError("unknown-subject", f"{what}; a message '{topic.message}' comes from {wanted}")
        return items


def _letter(sequence: int, received: int, message: Message, subject: str, start: int | None) -> DeadLetter:
    """The dead letter of a message, which does not say yet what was wrong with it."""
    return DeadLetter(sequence, None, received, message.topic, "", "", subject, start)
