"""Messages of which it is known what is expected: many at once where all are usual, or else one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from qingchuan.collector.codecs.named import named
from qingchuan.collector.codecs.native import Form
from qingchuan.collector.codecs.native_one import decode_one
from qingchuan.collector.codecs.native_runs import Usual, decode_usual
from qingchuan.collector.decoded import Decoded, letter_of
from qingchuan.collector.refusal import NOTHING, Code, Why
from qingchuan.collector.refusing import Refusing
from qingchuan.collector.topics import Topic
from qingchuan.collector.traces import Traces
from qingchuan.store.messages import Message
from qingchuan.store.observations import Write
from qingchuan.store.traces import Trace

AT_ONCE = 256
"""So many messages are decoded at once, at most: where one of them is not usual, each of the others costs more."""
_FEW = 8
"""So few cost as much at once as one by one."""


class Expected(NamedTuple):
    """What is expected on a topic, as long as nothing is announced.

    Attributes
    ----------
    topic : Topic
    form : Form
        Of the values that its subject may tell.
    trace : Trace
        Of its subject.
    about : str
        The subject that its dead letters are about.
    """

    topic: Topic
    form: Form
    trace: Trace
    about: str


class Unexpected(NamedTuple):
    """That nothing is expected on a topic, as long as nothing is announced.

    Attributes
    ----------
    topic : Topic or None
        None if it has another form.
    code, reason : str
        Why what comes there is refused.
    about : str
        The subject that its dead letters are about.
    """

    topic: Topic | None
    code: Code
    reason: str
    about: str


Running = tuple[int, Message, Expected]
"""A message with its sequence number, and what is expected on its topic."""


class Runs:
    """Decodes such messages.

    Parameters
    ----------
    traces : Traces
        What the messages leave behind.
    refusing : Refusing
    failed : callable
        Takes a message on which the program failed: sequence, receipt, message, error, into.
    """

    def __init__(
        self,
        traces: Traces,
        refusing: Refusing,
        failed: Callable[[int, int, Message, Exception, Decoded], None],
    ) -> None:
        self._traces = traces
        self._refusing = refusing
        self._failed = failed

    def decode(self, run: Sequence[Running], received: int, latest: int, into: Decoded) -> None:
        """Decode messages that follow one another; a time later than `latest` is a wrong clock [s since 1970 UTC]."""
        usual = None
        if len(run) > _FEW:
            payloads, topics = [message.payload for _, message, _ in run], [expected.topic for _, _, expected in run]
            usual = decode_usual(payloads, topics, [expected.form for _, _, expected in run], latest)
        if usual is not None:
            self._take_usual(run, usual, received, into)
            return
        for sequence, message, expected in run:
            try:
                self.one(expected, sequence, received, message, latest, into)
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not stop every start from now on
                self._failed(sequence, received, message, error, into)

    def one(
        self, expected: Expected, sequence: int, received: int, message: Message, latest: int, into: Decoded
    ) -> None:
        """Decode a message."""
        told = decode_one(message.payload, expected.topic, expected.form, latest)
        if isinstance(told, Why):
            self._refusing(sequence, received, message, told, expected.about, into)
            return
        observation, number, moment, trace = told.observation, told.number, told.moment, expected.trace
        if told.values is not None and not message.retained:
            into.tell(told.values)
        into.writes.append(Write(sequence, observation, not message.retained))
        if told.refused:
            whole = letter_of(sequence, received, message, observation.subject, observation.start)
            into.refuse(whole, told.refused)
        if number is not None:
            if number == trace.next:
                trace.next = number + 1
            else:
                self._traces.count(trace, number, moment, sequence, received)
        if moment > trace.moment:
            self._traces.told(trace, moment, received, message, observation.period)

    def refuse(self, unexpected: Unexpected, sequence: int, received: int, message: Message, into: Decoded) -> None:
        """Refuse a message on a topic on which nothing is expected."""
        topic, code, reason, about = unexpected
        why = Why(code, reason, named=NOTHING if topic is None else named(message.payload, topic))
        self._refusing(sequence, received, message, why, about, into)

    def _take_usual(self, run: Sequence[Running], usual: Usual, received: int, into: Decoded) -> None:
        into.decoded.append((len(into.writes), usual.values))
        into.writes += map(Write, [sequence for sequence, _, _ in run], usual.observations)
        for (sequence, message, (_, _, trace, _)), observation, number, moment in zip(run, *usual[:3], strict=True):
            if number is not None:
                if number == trace.next:
                    trace.next = number + 1
                else:
                    self._traces.count(trace, number, moment, sequence, received)
            if moment > trace.moment:
                if received != trace.received:
                    self._traces.measure(trace, moment, received, message.source, observation.period)
                trace.moment = moment
