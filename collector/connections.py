"""What has to wait after a new connection, until it is known what of it the broker repeats.

A new connection with a session is *open* until the messages that came on it are told apart: repeats, or news. What
comes while one is open, from whomever, is held back; nothing is applied out of its order. What ends the wait is in the
journal, so that a start in between, or other groups, come to the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from qingchuan.collector.redelivery import Repeats
from qingchuan.collector.traces import session_present
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import Message
from qingchuan.store.state import State

_WINDOW = 65_535
"""How much of the tail a broker may repeat: as many messages as MQTT has numbers for. Mosquitto lets more be in flight
than it is told to where connections break one after the other."""

MOST_HELD = 400_000
"""More messages than this are not held back; connections that break one after the other would fill the memory."""

_LOOK_BACK = 2 * MOST_HELD
"""How far back among the messages, repeats included, that tail is looked for."""

_Key = tuple[str, bytes]
_Offered = list[tuple[int, _Key]]


@dataclass
class _Connection:
    """A connection whose first messages may be repeats; `before` are those of earlier ones that broke too soon.

    `said` finds the equal of a message: one that is held and was said before need not be in memory twice.
    """

    repeats: Repeats
    retained: set[_Key]
    said: dict[Message, Message]
    before: _Offered = field(default_factory=list)
    offered: _Offered = field(default_factory=list)


class Connections:
    """The connections that are open, and what of their messages is known to be repeated.

    Parameters
    ----------
    journal : JournalReader
    state : State
    sequence : int
        The message up to which everything is decided.
    is_of_unknown_subject : callable
        Whether a message is of a subject that was never announced.

    Attributes
    ----------
    repeated : set of int
        Messages that are repeats and are not decoded yet.
    """

    def __init__(
        self, journal: JournalReader, state: State, sequence: int, is_of_unknown_subject: Callable[[Message], bool]
    ) -> None:
        self._journal = journal
        self._state = state
        self._is_of_unknown_subject = is_of_unknown_subject
        self._open: dict[str, _Connection] = {}
        self.repeated = state.repeated(sequence + 1)

    def any_open(self) -> bool:
        """Whether anything has to wait."""
        return bool(self._open)

    def is_open(self, source: str) -> bool:
        """Whether it is not known yet what the connection of `source` repeats."""
        return source in self._open

    def follow(self, sequence: int, message: Message, repeated: Sequence[int]) -> None:
        """Open or end what `message` opens or ends, before it is held back; `repeated` are not in the state yet."""
        if message.kind == "connection":
            self._connect(message, sequence, repeated)
        elif self._is_end(message):
            self._end(message.source)

    def offer(self, sequence: int, message: Message) -> Message:
        """Take into account that `message` is held back; it, or its equal."""
        connection = self._open.get(message.source)
        if connection is None:
            return message
        if _is_repeatable(message):
            self._judge(message.source, sequence, _key(message))
        return connection.said.get(message, message)

    def give_up(self) -> None:
        """Wait no longer, for nobody."""
        self._open.clear()

    def _is_end(self, message: Message) -> bool:
        """Whether nothing is to be waited for any more on the open connection, if there is one, of its client.

        After a connection that ended before it brought anything to be judged, the next one knows as much without it.
        """
        connection = self._open.get(message.source)
        if connection is None:
            return False
        if message.kind == "disconnection":
            return not connection.before and not connection.offered
        return message.kind == "quiet" or (message.kind == "mqtt" and self._is_news(message, connection))

    def _is_news(self, message: Message, connection: _Connection) -> bool:
        """Whether a message can be no repeat, and so none can come any more: repeats come before everything else.

        A retained message of a known subject can be one although it is not in the journal: it told nothing new then.
        """
        if not message.retained:
            return message.qos == 0
        return _key(message) not in connection.retained and self._is_of_unknown_subject(message)

    def _connect(self, marker: Message, sequence: int, repeated: Sequence[int]) -> None:
        """Expect repeats; if an earlier connection broke among them, then the rest of them.

        A broker without a session has nothing to repeat. Where another client connects, none is waited for any longer.
        """
        source = marker.source
        broken = self._open.pop(source, None)
        self._open.clear()
        if not session_present(marker):
            return
        if broken:
            again = broken.repeats.after_break()
            self._open[source] = _Connection(again, broken.retained, broken.said, broken.before + broken.offered)
            return
        known = self.repeated.union(repeated, self._state.repeated(sequence - _LOOK_BACK))
        tail = self._journal.tail(source, sequence, _WINDOW, known)
        said = [_key(message) for _, message in tail if _is_repeatable(message)]
        retained = {_key(message) for _, message in tail if message.retained}
        if said:
            self._open[source] = _Connection(Repeats(said), retained, {message: message for _, message in tail})

    def _end(self, source: str) -> None:
        """Nothing of what was begun to be repeated goes on: it was news; of earlier connections first."""
        connection = self._open.pop(source, None)
        if connection is not None and connection.before:
            self._judge_again(source, connection)
            self._open.pop(source, None)

    def _judge(self, source: str, sequence: int, key: _Key) -> None:
        connection = self._open[source]
        connection.offered.append((sequence, key))
        count = connection.repeats.offer(key)
        if count:
            repeated = connection.before + connection.offered[:count]
            self.repeated.update(number for number, _ in repeated)
        if count is not None:
            del self._open[source]
        if count == 0 and connection.before:
            self._judge_again(source, connection)

    def _judge_again(self, source: str, connection: _Connection) -> None:
        """What earlier connections left open was news, since the rest of it did not come; this one may repeat that."""
        said = [*connection.repeats.tail, *(key for _, key in connection.before)]
        self._open[source] = _Connection(Repeats(said), connection.retained, connection.said)
        for entry in connection.offered:
            if source in self._open:
                self._judge(source, *entry)


def _key(message: Message) -> _Key:
    return message.topic, message.payload


def _is_repeatable(message: Message) -> bool:
    return message.kind == "mqtt" and message.qos > 0 and not message.retained
