"""What was refused as a whole: a dead letter, with all that follows from it."""

from __future__ import annotations

from qingchuan.collector.decoded import Decoded, letter_of
from qingchuan.collector.refusal import Why
from qingchuan.collector.traces import Traces
from qingchuan.store.messages import Message
from qingchuan.store.state import DeadLetter


class Refusing:
    """Refuses messages.

    Parameters
    ----------
    traces : Traces
        What the messages leave behind.
    """

    def __init__(self, traces: Traces) -> None:
        self._traces = traces

    def __call__(self, sequence: int, received: int, message: Message, why: Why, about: str, into: Decoded) -> None:
        """Refuse a message that is `about` a subject, or about none that is known."""
        number, start, moment = why.named
        into.refused[about] = into.refused.get(about, 0) + 1
        into.letters.append(DeadLetter(sequence, None, received, message.topic, why.code, why.reason, about, start))
        if why.values:
            into.refuse(letter_of(sequence, received, message, about, start), why.values)
        if not about or message.retained:
            return
        moment = moment if why.moment is None else why.moment
        self._traces.refused(about, number, moment, sequence, received)
        if why.code == "future" and moment is not None:
            self._traces.ahead(about, moment, received)
