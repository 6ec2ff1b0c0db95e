"""What a message of the journal means: an observation, an announcement, or a dead letter."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

import msgspec
import structlog

from qingchuan.collector.codecs import native
from qingchuan.collector.refusal import RefusedError, RefusedValue
from qingchuan.collector.topics import MessageKind, Topic, parse_topic
from qingchuan.store.messages import Message
from qingchuan.store.observations import Observations, Tally, Write
from qingchuan.store.state import Announcement, DeadLetter
from qingchuan.store.subjects import Kind, Subject, kind_of

_TELLS: dict[MessageKind, Kind] = {"hour": "air-station", "day": "city", "reading": "section"}


_NO_LIMIT = 1 << 62


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
    """

    version: str = ""
    prefix: str = "qingchuan"
    future_tolerance: int = 3600


class _Marker(msgspec.Struct, frozen=True):
    session_present: bool = True


@dataclass
class Decoded:
    """What consecutive messages came to.

    Attributes
    ----------
    writes : list of Write
    announcements : list of Announcement
    letters : list of DeadLetter
    digests : dict of str to bytes
        Digest of the payload for topics that a broker keeps.
    settings : list of (int, str)
        Sequence number and JSON of `Decoding`.
    repeated : list of int
        Messages that a broker had sent before.
    applied, duplicate, dead_letter : int
        Messages without an observation, as in `Tally`.
    """

    writes: list[Write] = field(default_factory=list)
    announcements: list[Announcement] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    digests: dict[str, bytes] = field(default_factory=dict)
    settings: list[tuple[int, str]] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    applied: int = 0
    duplicate: int = 0
    dead_letter: int = 0

    def tally(self) -> Tally:
        """What became of the messages without an observation."""
        return Tally(self.applied, self.duplicate, self.dead_letter)


def digest(payload: bytes) -> bytes:
    """A short digest of `payload`.

    Examples
    --------
    >>> len(digest(b"{}"))
    16
    """
    return blake2b(payload, digest_size=16).digest()


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
    """

    def __init__(self, subjects: dict[str, Subject], announced: set[tuple[str, Subject]], decoding: Decoding) -> None:
        self._subjects = subjects
        self._announced = announced
        self._decoding = decoding
        self._session_present = True
        self._expected: dict[str, Topic] = {}
        self._log = structlog.get_logger("collector")

    def decode(self, sequence: int, received: int, message: Message, into: Decoded) -> None:
        """Decode one message into `into`."""
        if message.kind == "mqtt":
            try:
                self._decode(sequence, received, message, into)
            except RefusedError as refused:
                _refuse(sequence, received, message, refused, into)
            except Exception as error:  # noqa: BLE001 - acknowledged already: it must not stop every start from now on
                self._log.exception("message not understood", sequence=sequence, topic=message.topic)
                reason = f"the program failed on it ({error!r}); report it together with this message"
                _refuse(sequence, received, message, RefusedError("internal", reason), into)
        elif message.kind == "settings":
            self._decoding = msgspec.json.decode(message.payload, type=Decoding)
            self._expected.clear()
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

    def repeat(self, sequence: int, into: Decoded) -> None:
        """Note a message that a broker had sent before."""
        into.repeated.append(sequence)
        into.duplicate += 1

    def _decode(self, sequence: int, received: int, message: Message, into: Decoded) -> None:
        if message.retained:
            into.digests[message.topic] = digest(message.payload)
        topic = self._expected.get(message.topic) or self._topic_of(message)
        if topic.message == "station":
            into.digests[message.topic] = digest(message.payload)
            self._announce(sequence, topic, message, into)
            return
        latest = received // 1_000_000 + self._decoding.future_tolerance
        observation, refused = native.decode_observation(message.payload, topic, latest)
        into.writes.append(Write(sequence, observation, not message.retained))
        if refused:
            into.letters += _letters(sequence, received, message.topic, refused)

    def _topic_of(self, message: Message) -> Topic:
        """The topic of a message, which a subject of its kind may send; remembered, as long as nothing is announced."""
        topic = parse_topic(message.topic, self._decoding.prefix)
        if topic.message != "station":
            self._check_subject(topic)
            self._expected[message.topic] = topic
        return topic

    def _announce(self, sequence: int, topic: Topic, message: Message, into: Decoded) -> None:
        told = native.decode_announcement(message.payload)
        # A broker that kept the session repeats retained messages too, after newer ones: what was announced before is
        # then old. Without a session nothing is repeated, and what the broker retains is the newest.
        is_old = message.retained and self._session_present and (topic.subject, told) in self._announced
        if is_old or self._subjects.get(topic.subject) == told:
            into.duplicate += 1
            return
        self._subjects[topic.subject] = told
        self._expected.clear()
        self._announced.add((topic.subject, told))
        into.announcements.append(Announcement(sequence, topic.subject, message.payload.decode()))
        into.applied += 1

    def _check_subject(self, topic: Topic) -> None:
        subject, wanted = self._subjects.get(topic.subject), _TELLS[topic.message]
        if subject is None:
            where = f"{self._decoding.prefix}/{topic.subject}/station"
            what = f"subject {topic.subject!r} is not known"
            reason = f"{what}; publish its announcement, retained, on {where}, see docs/mqtt.md"
            raise RefusedError("unknown-subject", reason)
        if kind_of(subject) != wanted:
            reason = (
                f"{topic.subject!r} is announced as {kind_of(subject)}; a message '{topic.message}' comes from {wanted}"
            )
            raise RefusedError("unknown-subject", reason)


def session_present(marker: Message) -> bool:
    """Whether the broker still knew the client when the connection began that `marker` marks.

    Examples
    --------
    >>> session_present(Message("connection", "collector", "", b'{"session_present": false}'))
    False
    """
    return msgspec.json.decode(marker.payload, type=_Marker).session_present


def _refuse(sequence: int, received: int, message: Message, refused: RefusedError, into: Decoded) -> None:
    into.dead_letter += 1
    into.letters.append(DeadLetter(sequence, None, received, message.topic, refused.code, refused.reason))
    into.letters += _letters(sequence, received, message.topic, refused.values)


def _letters(
    sequence: int, received: int, topic: str, refused: list[RefusedValue] | tuple[RefusedValue, ...]
) -> list[DeadLetter]:
    return [DeadLetter(sequence, value.item, received, topic, value.code, value.reason) for value in refused]
