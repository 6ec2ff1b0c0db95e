"""Applying dead letters once more: a message says which, and what is known by then decides what becomes of them.

What comes of it carries the number of that message and only fills in what is not there: a newer value stays. A message
that was refused as a whole becomes applied, or a duplicate where everything is known by now. One of which single values
were refused was counted as applied when it came, and stays so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
import structlog

from qingchuan.collector.decoded import Decoded, DecodedWhole
from qingchuan.collector.decoder import Decoder
from qingchuan.collector.letters import bounded, counted
from qingchuan.collector.station_checks import StationChecks
from qingchuan.store import again, dead_letters
from qingchuan.store.dead_letters import OTHERS
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import Message
from qingchuan.store.observations import Tally, Write
from qingchuan.store.state import DeadLetter, State
from qingchuan.store.subjects import parse_subject
from qingchuan.store.tallies import NONE

_ANNOUNCES = "/station"

_Letters = Mapping[str | None, DeadLetter]
"""The letters of one message, by the value that was refused; None is the whole."""


@dataclass
class _Outcome:
    """What trying again comes to: `writes` for each message, `marks` by checks, `letters` as they are from now on."""

    sequence: int
    writes: list[list[Write]] = field(default_factory=list)
    marks: list[Write] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)


class Again:
    """Applies dead letters once more.

    Parameters
    ----------
    journal : JournalReader
    state : State
        It knows all letters of the messages before the one that is applied.
    checks : StationChecks
    """

    def __init__(self, journal: JournalReader, state: State, checks: StationChecks) -> None:
        self._journal = journal
        self._state = state
        self._checks = checks
        self._log = structlog.get_logger("collector")

    def apply(self, sequence: int, message: Message, decoder: Decoder, into: Decoded) -> None:
        """Decode what `message` names into `into`, by what `decoder` knows, and keep what becomes of the letters."""
        try:
            told = msgspec.json.decode(message.payload, type=again.Again)
        except msgspec.DecodeError as error:
            self._log.error("not applied again", sequence=sequence, error=str(error))
            return
        letters = dead_letters.unsettled(self._state.engine, told.sequences, sequence, again.MOST)
        outcome = _Outcome(sequence)
        self._decode(letters, decoder, outcome, into)
        self._journal.forget()
        into.writes += [write for writes in reversed(outcome.writes) for write in writes]
        into.writes += outcome.marks
        self._state.record(into.announcements, [])
        dead_letters.put(self._state.engine, outcome.letters)
        settled = sum(letter.settled is not None for letter in outcome.letters)
        self._log.info("applied again", sequence=sequence, messages=len(letters), settled=settled, by=told.by)

    def _decode(
        self, letters: Mapping[int, list[DeadLetter]], decoder: Decoder, outcome: _Outcome, into: Decoded
    ) -> None:
        """Decode in the order in which they came, but announcements first."""
        twin = decoder.twin()
        announcing = {number for number, known in letters.items() if known[0].topic.endswith(_ANNOUNCES)}
        since = dead_letters.last_announced(self._state.engine, outcome.sequence) if announcing else {}
        for chosen in (sorted(announcing), sorted(letters.keys() - announcing)):
            for number, received, message in self._journal.messages(chosen):
                known = {letter.item: letter for letter in letters[number]}
                part = DecodedWhole()
                if since.get(twin.announces(message), 0) > number:
                    part.count(twin.announces(message), Tally(duplicate=1))  # it has announced itself anew since
                else:
                    twin.decode(number, received, message, part)
                self._judge(part, outcome, into)
                _take(number, known, part, outcome, into)
                self._announce(part, decoder, outcome, into)

    def _judge(self, part: Decoded, outcome: _Outcome, into: Decoded) -> None:
        """What a station tells of its own quality control; a message counts by it that tells nothing else."""
        if not part.checks:
            return
        own = Decoded(checks=[check._replace(sequence=outcome.sequence) for check in part.checks])
        self._checks.settle(own)
        into.judged += own.judged
        outcome.marks += [msgspec.structs.replace(mark, message=NONE) for mark in own.writes]
        if not part.writes:
            part.others = own.others or {part.checks[0].subject: Tally(applied=1)}

    def _announce(self, part: Decoded, decoder: Decoder, outcome: _Outcome, into: Decoded) -> None:
        for told in part.announcements:
            decoder.know(told.subject, parse_subject(told.announcement.encode()))
            older = [one for one in into.announcements if one.subject == told.subject]
            for one in older:
                into.announcements.remove(one)
            into.announcements.append(told._replace(sequence=outcome.sequence))


def announce_again(sequence: int, state: State, decoder: Decoder) -> None:
    """Let `decoder` know what subjects announced by message `sequence`, which applied others again."""
    for told in dead_letters.announced_by(state.engine, sequence):
        decoder.know(told.subject, parse_subject(told.announcement.encode()))


def _take(number: int, known: _Letters, part: Decoded, outcome: _Outcome, into: Decoded) -> None:
    """Take what one message comes to now, of which `known` was refused."""
    refused = {letter.item: letter for letter in part.letters}
    whole = known.get(None)
    if whole is not None and None not in refused:
        into.count(whole.subject, Tally(dead_letter=-1))
        for subject, tally in part.others.items():
            into.count(subject, tally)
    after = _letters(known, refused, outcome.sequence)
    outcome.letters += after
    if whole is not None or OTHERS in known or any(letter.settled for letter in after):
        message = NONE if whole is None else number
        outcome.writes.append(
            [Write(outcome.sequence, write.observation, revises=False, message=message) for write in part.writes]
        )
        into.figures += part.figures


def _letters(known: _Letters, refused: _Letters, sequence: int) -> list[DeadLetter]:
    """The letters of a message after it was tried again.

    Of one that is refused as a whole nothing else is decided; of one that was applied only what was refused then is.
    The subject of the whole stays the one that it was counted at.
    """
    after: list[DeadLetter] = []
    for item, letter in known.items():
        if item == OTHERS:
            continue
        now = refused.get(item)
        settled = sequence if now is None and None not in refused else None
        subject = letter.subject if now is None or item is None else now.subject
        after.append((now or letter)._replace(subject=subject, tried=sequence, settled=settled))
    new = [letter for item, letter in refused.items() if item not in known and item is not None]
    if OTHERS in known:
        after.append(_others(known[OTHERS], new, sequence, is_refused=None in refused))
    elif None in known:
        after += [letter._replace(tried=sequence) for letter in bounded(new)]
    return after


def _others(letter: DeadLetter, now: Sequence[DeadLetter], sequence: int, *, is_refused: bool) -> DeadLetter:
    """The letter that stands for all values without one of their own, of which those in `now` are refused now."""
    if now:
        return counted(now)._replace(tried=sequence)
    return letter._replace(tried=sequence, settled=None if is_refused else sequence)
