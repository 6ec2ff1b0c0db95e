"""From the journal into the store: what was appended is decoded, checked and applied, strictly in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from qingchuan.collector.decoded import Decoded
from qingchuan.collector.decoder import Decoder, Decoding
from qingchuan.collector.redelivery import Repeats
from qingchuan.collector.traces import Traces, session_present
from qingchuan.store import traces
from qingchuan.store.journal import Journal
from qingchuan.store.messages import FROM_STATIONS, Batch, Message
from qingchuan.store.observations import Observations
from qingchuan.store.state import State

_WINDOW = 20_000
"""How much of the tail a broker may repeat: as many messages as `deploy/mosquitto` lets be in flight."""


_LOOK_BACK = 10 * _WINDOW
"""How far back among the messages, repeats included, that tail is looked for."""

_MOST_HELD = 3 * _WINDOW
"""More messages than this are not held back; connections that break one after the other would fill the memory."""

_TOGETHER = 4
"""So many batches are applied in one transaction while more wait; one costs as much as hundreds of messages."""

_MOST_UNKEPT = 50_000
"""The traces of so many messages are followed again at a start, at most."""

_Key = tuple[str, bytes]
_Offered = list[tuple[int, _Key]]


@dataclass
class _Connection:
    """A connection whose first messages may be repeats; `before` are those of earlier ones that broke too soon."""

    repeats: Repeats
    retained: set[_Key]
    before: _Offered = field(default_factory=list)
    offered: _Offered = field(default_factory=list)


class Applier:
    """Applies what the journal holds. Any process may append to it; one applies.

    Parameters
    ----------
    journal : Journal
    observations : Observations
    state : State
    """

    def __init__(self, journal: Journal, observations: Observations, state: State) -> None:
        self._journal = journal
        self._observations = observations
        self._state = state
        self._position = observations.sequence()
        self._traces = Traces(traces.load(state.engine), journal.last_receipt)
        self._follow_up_to(self._position)
        self._decoder = self._decoder_at(self._position)
        self._open: dict[str, _Connection] = {}
        self._held: list[tuple[int, int, Message]] = []
        self._repeated: set[int] = set()

    def step(self) -> Decoded | None:
        """Apply the next batches, as many as are taken in at once; what they came to, or None when all is applied."""
        batches = self._journal.read(self._position, _TOGETHER)
        if batches:
            return self._apply(batches)
        self._keep_traces(self._done())
        return None

    def knows(self, message: Message) -> bool:
        """Whether a retained `message` tells only what was applied already: then it need not be kept again."""
        return self._decoder.tells_nothing_new(message, self._observations)

    def _apply(self, batches: Sequence[Batch]) -> Decoded:
        decoded = Decoded()
        for batch in batches:
            kinds = {message.kind for message in batch.messages}
            if not kinds <= FROM_STATIONS:
                self._mark(batch)
            if self._open or self._held or "connection" in kinds:
                for sequence, message in enumerate(batch.messages, batch.sequence):
                    self._take((sequence, batch.received, message), decoded)
            else:
                self._decoder.decode_all(batch, decoded)
        self._position = batches[-1].last
        done = self._done()
        self._record(decoded)
        self._observations.apply(decoded.writes, done, decoded.others)
        if done - self._traces.through > _MOST_UNKEPT:
            self._keep_traces(done)
        return decoded

    def _done(self) -> int:
        """The message up to which everything is decided."""
        return self._held[0][0] - 1 if self._held else self._position

    def _decoder_at(self, sequence: int) -> Decoder:
        """A decoder that goes on after message `sequence`."""
        settings = self._state.decoding(sequence)
        decoding = msgspec.json.decode(settings, type=Decoding) if settings else Decoding()
        return Decoder(self._state.subjects(as_of=sequence), self._state.announced(sequence), decoding, self._traces)

    def _follow_up_to(self, end: int) -> None:
        """Follow the traces of messages that were applied while theirs were not kept yet."""
        at = self._traces.through
        if at >= end:
            return
        decoder, repeated = self._decoder_at(at), self._state.repeated(at)
        while at < end:
            for batch in self._journal.read(at):
                self._mark(batch)
                for sequence, message in enumerate(batch.messages, batch.sequence):
                    if sequence <= end and sequence not in repeated:
                        decoder.decode(sequence, batch.received, message, Decoded())
                at = min(batch.last, end)
            self._keep_traces(at)

    def _mark(self, batch: Batch) -> None:
        """Follow what no station sent; at once, whatever else may have to wait until repeats are known."""
        for sequence, message in enumerate(batch.messages, batch.sequence):
            if message.kind not in FROM_STATIONS:
                self._traces.mark(sequence, batch.received, message)

    def _keep_traces(self, through: int) -> None:
        """Keep what messages left behind. A transaction for each step would cost more than following them does."""
        if through > self._traces.through or self._traces.marked:
            traces.save(self._state.engine, self._traces.changes(through))

    def _record(self, decoded: Decoded) -> None:
        self._state.record(
            decoded.announcements,
            decoded.letters,
            digests=decoded.digests,
            decoding=decoded.settings,
            repeated=decoded.repeated,
        )

    def _take(self, entry: tuple[int, int, Message], decoded: Decoded) -> None:
        sequence, _, message = entry
        if message.kind == "connection":
            self._connect(message, sequence, decoded)
        elif self._is_news(message):
            del self._open[message.source]
        if not self._open and not self._held:
            self._decoder.decode(*entry, decoded)
            return
        self._held.append(entry)
        self._offer(sequence, message)
        if len(self._held) > _MOST_HELD:
            self._open.clear()
        if not self._open:
            self._release(decoded)

    def _is_news(self, message: Message) -> bool:
        """Whether a message can be no repeat, and so none can come any more: repeats come before everything else.

        A retained message of a known subject can be one although it is not in the journal: it told nothing new then.
        """
        connection = self._open.get(message.source)
        if connection is None or message.kind != "mqtt":
            return False
        if not message.retained:
            return message.qos == 0
        return _key(message) not in connection.retained and self._decoder.is_of_unknown_subject(message)

    def _connect(self, marker: Message, sequence: int, decoded: Decoded) -> None:
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
            self._open[source] = _Connection(again, broken.retained, broken.before + broken.offered)
            return
        known = self._repeated.union(decoded.repeated, self._state.repeated(sequence - _LOOK_BACK))
        tail = self._journal.tail(source, sequence, _WINDOW, known)
        said = [_key(message) for _, message in tail if _is_repeatable(message)]
        retained = {_key(message) for _, message in tail if message.retained}
        if said:
            self._open[source] = _Connection(Repeats(said), retained)

    def _offer(self, sequence: int, message: Message) -> None:
        if message.source in self._open and _is_repeatable(message):
            self._judge(message.source, sequence, _key(message))

    def _judge(self, source: str, sequence: int, key: _Key) -> None:
        connection = self._open[source]
        connection.offered.append((sequence, key))
        count = connection.repeats.offer(key)
        if count:
            repeated = connection.before + connection.offered[:count]
            self._repeated.update(number for number, _ in repeated)
        if count is not None:
            del self._open[source]
        if count == 0 and connection.before:
            self._judge_again(source, connection)

    def _judge_again(self, source: str, connection: _Connection) -> None:
        """What earlier connections left open was news, since the rest of it did not come; this one may repeat that."""
        said = [*connection.repeats.tail, *(key for _, key in connection.before)]
        self._open[source] = _Connection(Repeats(said), connection.retained)
        for entry in connection.offered:
            if source in self._open:
                self._judge(source, *entry)

    def _release(self, decoded: Decoded) -> None:
        """Decode what was held, now that it is known what of it are repeats."""
        for entry in self._held:
            if entry[0] in self._repeated:
                self._decoder.repeat(entry[0], entry[2], decoded)
            else:
                self._decoder.decode(*entry, decoded)
        self._held.clear()
        self._repeated.clear()


def _key(message: Message) -> _Key:
    return message.topic, message.payload


def _is_repeatable(message: Message) -> bool:
    return message.kind == "mqtt" and message.qos > 0 and not message.retained
