"""From the journal into the store: what was appended is decoded, checked and applied, strictly in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import msgspec

from qingchuan.collector.again import Again, announce_again
from qingchuan.collector.codecs.sparkplug import Memory, Sparkplug
from qingchuan.collector.decoded import Decoded
from qingchuan.collector.decoder import Decoder
from qingchuan.collector.decoding import Decoding
from qingchuan.collector.importing.decoding import imported
from qingchuan.collector.quality.judging import Quality, thresholds_of
from qingchuan.collector.redelivery import Repeats
from qingchuan.collector.station_checks import StationChecks
from qingchuan.collector.traces import Traces, session_present
from qingchuan.store import codec_memory, faults, station_checks, traces
from qingchuan.store.journal import Journal
from qingchuan.store.messages import FROM_STATIONS, Batch, Message
from qingchuan.store.observations import Observations
from qingchuan.store.state import State

_WINDOW = 65_535
"""How much of the tail a broker may repeat: as many messages as MQTT has numbers for. Mosquitto lets more be in flight
than it is told to where connections break one after the other."""

_MOST_HELD = 400_000
"""More messages than this are not held back; connections that break one after the other would fill the memory."""

_LOOK_BACK = 2 * _MOST_HELD
"""How far back among the messages, repeats included, that tail is looked for."""

_TOGETHER = 4
"""So many batches are applied in one transaction while more wait; one costs as much as hundreds of messages."""

_MOST_UNKEPT = 50_000
"""The traces of so many messages are followed again at a start, at most."""

_SPARKPLUG = "sparkplug"

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
        self._sparkplug = Sparkplug(Memory.of(codec_memory.load(state.engine, _SPARKPLUG)))
        self._follow_up_to(self._position)
        self._decoder = self._decoder_at(self._position)
        self._checks = StationChecks(state.engine, observations)
        thresholds = thresholds_of(state.decoding(self._position))
        self._quality = Quality(thresholds, observations, state.first_announcements())
        self._again = Again(journal, state, self._checks)
        self._open: dict[str, _Connection] = {}
        self._held: list[tuple[int, int, Message]] = []
        self._repeated = state.repeated(self._position + 1)

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
            waits = self._open or self._held or self._repeated
            if waits or "connection" in kinds or self._decoder.judging.may_any(batch.messages, kinds):
                for sequence, message in enumerate(batch.messages, batch.sequence):
                    self._take((sequence, batch.received, message), decoded)
            else:
                self._decoder.decode_all(batch, decoded)
        self._position = batches[-1].last
        done = self._done()
        self._settle(decoded, done)
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
        subjects, announced = self._state.subjects(as_of=sequence), self._state.announced(sequence)
        return Decoder(subjects, announced, decoding, self._traces, self._sparkplug)

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
                    if message.kind == "again" and sequence <= end:
                        announce_again(sequence, self._state, decoder)
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
            changes = self._traces.changes(through)
            codec_memory.save(self._state.engine, changes, _SPARKPLUG, self._sparkplug.changes())

    def _settle(self, decoded: Decoded, through: int) -> None:
        """Take what the messages up to `through` came to into the stores."""
        self._checks.settle(decoded)
        self._quality.judge(decoded)
        self._record(decoded)
        self._observations.apply(decoded.writes, through, decoded.others)
        for _, settings in decoded.settings:
            self._quality = self._quality.under(thresholds_of(settings))

    def _record(self, decoded: Decoded) -> None:
        judged = [partial(station_checks.write, checks=decoded.judged)] if decoded.judged else []
        found = [partial(faults.take, told=list(decoded.faults))] if decoded.faults else []
        self._state.record(
            decoded.announcements,
            decoded.letters,
            digests=decoded.digests,
            decoding=decoded.settings,
            repeated=decoded.repeated,
            within=[*judged, *found, *imported(decoded)],
        )

    def _take(self, entry: tuple[int, int, Message], decoded: Decoded) -> None:
        sequence, received, message = entry
        if message.kind == "connection":
            self._connect(message, sequence, decoded)
        elif self._is_news(message):
            del self._open[message.source]
        if not self._open and not self._held:
            self._decode(entry, decoded)
            return
        if (connection := self._open.get(message.source)) is not None:
            message = connection.said.get(message, message)
        self._held.append((sequence, received, message))
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
            self._open[source] = _Connection(again, broken.retained, broken.said, broken.before + broken.offered)
            return
        known = self._repeated.union(decoded.repeated, self._state.repeated(sequence - _LOOK_BACK))
        tail = self._journal.tail(source, sequence, _WINDOW, known)
        said = [_key(message) for _, message in tail if _is_repeatable(message)]
        retained = {_key(message) for _, message in tail if message.retained}
        if said:
            self._open[source] = _Connection(Repeats(said), retained, {message: message for _, message in tail})

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
        self._open[source] = _Connection(Repeats(said), connection.retained, connection.said)
        for entry in connection.offered:
            if source in self._open:
                self._judge(source, *entry)

    def _release(self, decoded: Decoded) -> None:
        """Decode what was held, now that it is known what of it are repeats."""
        for entry in self._held:
            self._decode(entry, decoded)
        self._held.clear()
        self._repeated.clear()

    def _decode(self, entry: tuple[int, int, Message], decoded: Decoded) -> None:
        """Decode a message whose turn it is; all before it is decoded.

        One that may judge earlier values is settled by itself, after them: it has to find them in the store.
        """
        sequence, _, message = entry
        if sequence in self._repeated:
            self._repeated.discard(sequence)
            self._decoder.repeat(sequence, message, decoded)
        elif not self._decoder.judging.may(message):
            self._decoder.decode(*entry, decoded)
        else:
            decoded.repeated += self._repeated  # a start that goes on here would not know them
            self._settle(decoded, sequence - 1)
            decoded.is_settled()
            if message.kind == "again":
                self._again.apply(sequence, message, self._decoder, decoded)
            else:
                self._decoder.decode(*entry, decoded)
            self._settle(decoded, sequence)
            decoded.is_settled()


def _key(message: Message) -> _Key:
    return message.topic, message.payload


def _is_repeatable(message: Message) -> bool:
    return message.kind == "mqtt" and message.qos > 0 and not message.retained
