"""What a message of the journal means: an observation, an announcement, or a dead letter."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy

import msgspec
import structlog

from qingchuan.collector import senders
from qingchuan.collector.about import About
from qingchuan.collector.announced import Announced
from qingchuan.collector.codecs import native
from qingchuan.collector.codecs.named import named
from qingchuan.collector.codecs.registry import codecs
from qingchuan.collector.codecs.sparkplug import Sparkplug
from qingchuan.collector.decoded import Decoded, digest, letter_of
from qingchuan.collector.decoding import Decoding
from qingchuan.collector.devices import CodecName, codec_of, named_by
from qingchuan.collector.importing.decoding import decode_import
from qingchuan.collector.judging import Judging
from qingchuan.collector.quality.merging import is_known
from qingchuan.collector.refusal import Named, Refusal, RefusedError
from qingchuan.collector.refusing import Refusing
from qingchuan.collector.resolving import Resolver
from qingchuan.collector.runs import AT_ONCE, Expected, Running, Runs, Unexpected
from qingchuan.collector.sessions import Sessions
from qingchuan.collector.topics import Topic, parse_topic
from qingchuan.collector.traces import Traces, moment_of, session_present
from qingchuan.store.messages import FROM_STATIONS, Batch, Message
from qingchuan.store.observations import Observations, Tally, Write
from qingchuan.store.state import Announcement
from qingchuan.store.subjects import Subject
from qingchuan.store.traces import Kept

_NO_LIMIT = 1 << 62
_LONGEST_TOPIC, _MOST_UNEXPECTED = 200, 4096
"""Of topics on which nothing is expected, these are remembered."""
_APPLIED, _DUPLICATE = Tally(applied=1), Tally(duplicate=1)


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
    sparkplug : Sparkplug
        With what it remembers of the messages before.
    sessions : Sessions or None
        Of the connections before; None where nothing is repeated by a broker.

    Attributes
    ----------
    judging : Judging
        By the settings of now.
    """

    def __init__(
        self,
        subjects: dict[str, Subject],
        announced: set[tuple[str, Subject]],
        decoding: Decoding,
        traces: Traces,
        sparkplug: Sparkplug,
        sessions: Sessions | None = None,
    ) -> None:
        self._subjects = subjects
        self._sessions = sessions
        self._announced = Announced(subjects, announced, sessions)
        self._traces = traces
        self._refusing = Refusing(traces)
        self._runs = Runs(traces, self._refusing, self._failed)
        self._expected: dict[str, Expected] = {}
        self._unexpected: dict[str, Unexpected] = {}
        self._sparkplug = sparkplug
        self._follow(decoding)
        self._log = structlog.get_logger("collector")

    def decode_all(self, batch: Batch, into: Decoded) -> None:
        """Decode the messages of a batch into `into`; what is usual goes by the shortest way."""
        run: list[Running] = []
        for sequence, message in enumerate(batch.messages, batch.sequence):
            expected = None if message.retained else self._expected.get(message.topic)
            if expected is not None:
                run.append((sequence, message, expected))
                if len(run) < AT_ONCE:
                    continue
            self._runs.decode(run, batch.received, self._latest(batch.received), into)
            run = []
            if expected is None:
                unexpected = self._unexpected.get(message.topic)
                if unexpected is None or message.kind != "mqtt" or message.retained:
                    self.decode(sequence, batch.received, message, into)
                else:
                    self._runs.refuse(unexpected, sequence, batch.received, message, into)
        self._runs.decode(run, batch.received, self._latest(batch.received), into)

    def decode(self, sequence: int, received: int, message: Message, into: Decoded) -> None:
        """Decode one message into `into`."""
        if message.kind in FROM_STATIONS:
            try:
                self._decode(sequence, received, message, into)
            except RefusedError as refused:
                self._refuse(sequence, received, message, refused, into)
            except Exception as error:  # noqa: BLE001 - acknowledged already: it must not stop every start from now on
                self._failed(sequence, received, message, error, into)
        elif message.kind == "settings":
            self._follow(msgspec.json.decode(message.payload, type=Decoding))
            into.settings.append((sequence, message.payload.decode()))
        elif message.kind == "connection" and self._sessions is not None:
            self._sessions.connected(message.source, present=session_present(message))

    def tells_nothing_new(self, message: Message, observations: Observations) -> bool:
        """Whether `message` is understood, and all it tells is known."""
        try:
            topic = parse_topic(message.topic, self._decoding.prefix)
            if topic.message == "station":
                return self._subjects.get(topic.subject) == native.decode_announcement(message.payload)
            observation, refused = native.decode_observation(message.payload, topic, _NO_LIMIT)
        except RefusedError:
            return False
        return not refused and is_known(observation, observations)

    def is_of_unknown_subject(self, message: Message) -> bool:
        """Whether `message` is of a subject that was never announced."""
        try:
            return parse_topic(message.topic, self._decoding.prefix).subject not in self._subjects
        except RefusedError:
            return False

    def twin(self) -> Decoder:
        """One that knows what this one does and leaves nothing behind: for what is applied again."""
        traces, sparkplug = Traces(Kept(), lambda *_: None), Sparkplug(deepcopy(self._sparkplug.memory))
        return Decoder(dict(self._subjects), set(), self._decoding, traces, sparkplug)

    def announces(self, message: Message) -> str:
        """The subject that `message` is the announcement of; empty where it is none."""
        with suppress(RefusedError):
            topic = parse_topic(message.topic, self._decoding.prefix)
            return topic.subject if topic.message == "station" and self._codec_of(message) == "native" else ""
        return ""

    def know(self, subject: str, told: Subject) -> None:
        """Go by what a subject told about itself in a message that was applied again."""
        self._announced.know(subject, told)
        self._forget()

    def repeat(self, sequence: int, message: Message, into: Decoded) -> None:
        """Note a message that a broker had sent before."""
        into.repeated.append(sequence)
        into.count(self._about(message.topic), _DUPLICATE)

    def _decode(self, sequence: int, received: int, message: Message, into: Decoded) -> None:
        if message.kind == "refused":
            told = msgspec.json.decode(message.payload, type=Refusal)
            raise RefusedError(told.code, told.reason)
        if message.kind == "import":
            whole = letter_of(sequence, received, message, "", None)
            decode_import(message.payload, whole, self._subjects, self._latest(received), into)
            return
        if message.retained:
            into.digests[message.topic] = digest(message.payload)
        expected = self._expected.get(message.topic)
        if expected is not None:
            self._runs.one(expected, sequence, received, message, self._latest(received), into)
            return
        codec = self._codec_of(message)
        if codec != "native":
            self._decode_foreign(codec, sequence, received, message, into)
            return
        try:
            topic = parse_topic(message.topic, self._decoding.prefix)
            expected = None if topic.message == "station" else self._expect(topic, message)
        except RefusedError as refused:
            self._expect_nothing(message.topic, refused)
            raise
        if expected is None:
            into.digests[message.topic] = digest(message.payload)
            self._announce(sequence, topic, message, into)
            return
        self._runs.one(expected, sequence, received, message, self._latest(received), into)

    def _decode_foreign(self, codec: CodecName, sequence: int, received: int, message: Message, into: Decoded) -> None:
        """What another format tells; a message that tells nothing, such as a sign of life, is applied all the same."""
        content = self._codecs[codec](message.payload, message.topic, received)
        for note in content.notes:
            self._log.warning("noticed", sequence=sequence, topic=message.topic, note=note)
        observations, refused, checks = self._resolver.resolve(content, self._latest(received), self._named_by(message))
        into.writes += [Write(sequence, observation, not message.retained) for observation in observations]
        into.checks += [check._replace(sequence=sequence) for check in checks]
        about = self._about(message.topic)
        start = observations[0].start if observations else None
        into.refuse(letter_of(sequence, received, message, about, start), refused)
        for told in observations:
            trace, moment = self._traces.of(told.subject), moment_of(told.period, told.start)
            self._traces.told(trace, moment, received, message, told.period)
        if not observations and not checks:
            into.count(about, _APPLIED)

    def _follow(self, decoding: Decoding) -> None:
        """Go by other settings from now on."""
        self._decoding = decoding
        devices = {device.id: device for device in decoding.devices}
        self._codecs = codecs(devices, self._sparkplug)
        self._resolver = Resolver(devices, self._subjects)
        self._about = About(decoding.prefix, self._subjects, devices)
        self.judging = Judging(decoding.formats)
        self._forget()

    def _codec_of(self, message: Message) -> CodecName:
        return "hj212" if message.kind == "hj212" else codec_of(message.topic, self._decoding.formats)

    def _named_by(self, message: Message) -> str | None:
        """The sender that the topic of `message` names; a frame over TCP says it itself."""
        return None if message.kind == "hj212" else named_by(message.topic, self._decoding.formats)

    def _latest(self, received: int) -> int:
        return received // 1_000_000 + self._decoding.future_tolerance

    def _expect(self, topic: Topic, message: Message) -> Expected:
        """What a subject of its kind may tell on `topic`; remembered, as long as nothing is announced."""
        items = senders.told_on(topic, self._subjects, self._decoding.prefix)
        expected = Expected(topic, native.form_of(items), self._traces.of(topic.subject), self._about(message.topic))
        self._expected[message.topic] = expected
        return expected

    def _expect_nothing(self, topic: str, refused: RefusedError) -> None:
        """Remember why all is refused that comes on `topic`, within bounds: anybody may think up topics."""
        if len(topic) > _LONGEST_TOPIC:
            return
        if len(self._unexpected) >= _MOST_UNEXPECTED:
            self._unexpected.clear()
        parts = None if refused.code == "unknown-topic" else parse_topic(topic, self._decoding.prefix)
        self._unexpected[topic] = Unexpected(parts, refused.code, refused.reason, self._about(topic))

    def _forget(self) -> None:
        """Find out anew what is expected: somebody announced something else, or the settings are others."""
        self._expected.clear()
        self._unexpected.clear()

    def _failed(self, sequence: int, received: int, message: Message, error: Exception, into: Decoded) -> None:
        self._log.error("message not understood", sequence=sequence, topic=message.topic, exc_info=error)
        reason = f"the program failed on it ({error!r}); report it together with this message"
        self._refuse(sequence, received, message, RefusedError("internal", reason), into)

    def _refuse(self, sequence: int, received: int, message: Message, refused: RefusedError, into: Decoded) -> None:
        why = refused.why() if refused.code == "not-json" else refused.why(self._named(message))
        self._refusing(sequence, received, message, why, self._about(message.topic), into)

    def _named(self, message: Message) -> Named:
        """What a message that was refused says of its number and time, as far as that can be read."""
        if message.kind == "mqtt" and self._codec_of(message) == "native":
            try:
                return named(message.payload, parse_topic(message.topic, self._decoding.prefix))
            except RefusedError:
                pass
        return Named()

    def _announce(self, sequence: int, topic: Topic, message: Message, into: Decoded) -> None:
        told = native.decode_announcement(message.payload)
        retained_for = message.source if message.retained else None
        if not self._announced.hear(topic.subject, told, retained_for=retained_for):
            into.count(topic.subject, _DUPLICATE)
            return
        self._forget()
        into.announcements.append(Announcement(sequence, topic.subject, message.payload.decode()))
        into.count(topic.subject, _APPLIED)
