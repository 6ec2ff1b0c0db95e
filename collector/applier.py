"""From the journal into the store: what was appended is decoded, checked and applied, strictly in order."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec

from qingchuan.collector.again import Again, announce_again
from qingchuan.collector.auditing.applying import Audits
from qingchuan.collector.auditing.publishing import Publishing
from qingchuan.collector.codecs.sparkplug import Memory, Sparkplug
from qingchuan.collector.connections import MOST_HELD, Connections
from qingchuan.collector.decoded import Decoded
from qingchuan.collector.decoder import Decoder
from qingchuan.collector.decoding import Decoding
from qingchuan.collector.importing.decoding import imported
from qingchuan.collector.quality.judging import Quality, thresholds_of
from qingchuan.collector.sessions import Sessions
from qingchuan.collector.station_checks import StationChecks
from qingchuan.collector.traces import Traces
from qingchuan.store import codec_memory, faults, station_checks, traces
from qingchuan.store.journal import Journal
from qingchuan.store.messages import FROM_STATIONS, Batch, Message
from qingchuan.store.observations import Observations
from qingchuan.store.state import State

_BATCHES, _ENOUGH = 32, 12_000
"""So many batches are applied in one transaction while more wait, or as many as hold so many messages; a transaction
costs as much as hundreds of messages."""

_MOST_UNKEPT = 50_000
"""The traces of so many messages are followed again at a start, at most."""

_SPARKPLUG, _MQTT = "sparkplug", "mqtt"


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
        self._sessions = Sessions(codec_memory.load(state.engine, _MQTT))
        self._follow_up_to(self._position)
        self._decoder = self._decoder_at(self._position)
        self._checks = StationChecks(state.engine, observations)
        thresholds = thresholds_of(state.decoding(self._position))
        self._quality = Quality(thresholds, observations, state.first_announcements())
        self._again = Again(journal, state, self._checks)
        self._audits, self._publishing = Audits(state, observations), Publishing(state)
        self._connections = Connections(journal, state, self._position, self._decoder.is_of_unknown_subject)
        self._held: list[tuple[int, int, Message]] = []

    def step(self) -> Decoded | None:
        """Apply the next batches, as many as are taken in at once; what they came to, or None when all is applied."""
        batches = self._journal.read(self._position, _BATCHES, _ENOUGH)
        if batches:
            return self._apply(batches)
        self._keep_traces(self._done())
        return None

    def knows(self, message: Message) -> bool:
        """Whether a retained `message` tells only what was applied already: then it need not be kept again."""
        return self._decoder.tells_nothing_new(message, self._observations)

    def waits_for(self, source: str) -> bool:
        """Whether messages wait, as it is not known yet what the last connection of client `source` repeats."""
        return self._connections.is_open(source)

    def _apply(self, batches: Sequence[Batch]) -> Decoded:
        decoded = Decoded()
        for batch in batches:
            kinds = {message.kind for message in batch.messages}
            if not kinds <= FROM_STATIONS:
                self._mark(batch)
            waits = self._connections.any_open() or self._held or self._connections.repeated
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
        return Decoder(subjects, announced, decoding, self._traces, self._sparkplug, self._sessions)

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
            remembered = {_SPARKPLUG: self._sparkplug.changes(), _MQTT: self._sessions.changes()}
            codec_memory.save(self._state.engine, self._traces.changes(through), remembered)

    def _settle(self, decoded: Decoded, through: int) -> None:
        """Take what the messages up to `through` came to into the stores."""
        self._checks.settle(decoded)
        self._quality.judge(decoded)
        self._record(decoded)
        self._observations.apply(decoded.writes, through, decoded.tallies())
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
        self._connections.follow(sequence, message, decoded.repeated)
        if not self._connections.any_open() and not self._held:
            self._decode(entry, decoded)
            return
        self._held.append((sequence, received, self._connections.offer(sequence, message)))
        if len(self._held) > MOST_HELD:
            self._connections.give_up()
        if not self._connections.any_open():
            self._release(decoded)

    def _release(self, decoded: Decoded) -> None:
        """Decode what was held, now that it is known what of it are repeats."""
        for entry in self._held:
            self._decode(entry, decoded)
        self._held.clear()
        self._connections.repeated.clear()

    def _decode(self, entry: tuple[int, int, Message], decoded: Decoded) -> None:
        """Decode a message whose turn it is; all before it is decoded.

        One that may judge earlier values is settled by itself, after them: it has to find them in the store.
        """
        sequence, _, message = entry
        if sequence in self._connections.repeated:
            self._connections.repeated.discard(sequence)
            self._decoder.repeat(sequence, message, decoded)
        elif not self._decoder.judging.may(message):
            self._decoder.decode(*entry, decoded)
        else:
            decoded.repeated += self._connections.repeated  # a start that goes on here would not know them
            self._settle(decoded, sequence - 1)
            decoded.is_settled()
            if message.kind == "again":
                self._again.apply(sequence, message, self._decoder, decoded)
            elif message.kind == "audit":
                self._audits.apply(*entry, decoded)
            elif message.kind == "publication":
                self._publishing.apply(*entry)
            else:
                self._decoder.decode(*entry, decoded)
            self._settle(decoded, sequence)
            decoded.is_settled()
