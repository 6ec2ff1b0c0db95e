"""The talk with one logger, without a socket: bytes in, and out comes what to keep, what to answer, what to ask.

Nothing is answered by itself: an answer to data leaves when the journal has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from qingchuan.collector.gateway.asking import Asking
from qingchuan.collector.gateway.loggers import Logger, unknown
from qingchuan.collector.gateway.repeats import Repeats
from qingchuan.collector.hj212 import answers
from qingchuan.collector.hj212.dialects import Dialect
from qingchuan.collector.hj212.frames import Frame, Frames, Refused
from qingchuan.collector.hj212.segment import Segment, parse_segment
from qingchuan.collector.hj212.sm4 import opened
from qingchuan.collector.refusal import RefusedError, refusal_of
from qingchuan.store.messages import Message

_CALIBRATE = 1013
"""CN by which a logger asks for the time."""
_HEARTBEAT = 9015
_ONLY_ANSWER = frozenset({answers.REQUEST_ANSWER, answers.RESULT, answers.NOTICE_ANSWER, answers.DATA_ANSWER})
"""CN of what only answers; some loggers say their own ST there, not 91."""
_MOST_REFUSED = 20
"""So many refusals in a row end a connection: who speaks another protocol would fill the journal."""
_KEPT = 3
"""So many refusals of a connection are kept as dead letters before a frame is taken again; the others are counted."""

_BY_VERSION: dict[int | None, Dialect] = {None: "hj212-2005", 0: "hj212-2005", 1: "hj212-2017"}
"""In which dialect a logger is asked whose entry names none."""


class Taken(NamedTuple):
    """A frame for the journal.

    Attributes
    ----------
    message : Message or None
        None where the journal has it already.
    answer : bytes or None
        What to send when it is there.
    """

    message: Message | None
    answer: bytes | None = None


@dataclass
class Heard:
    """What a portion of bytes comes to, in order.

    Attributes
    ----------
    taken : list of Taken
    say : list of bytes
        What to send that has nothing to do with the journal.
    refused : list of RefusedError
    over : bool
        Whether to end the connection.
    """

    taken: list[Taken] = field(default_factory=list)
    say: list[bytes] = field(default_factory=list)
    refused: list[RefusedError] = field(default_factory=list)
    over: bool = False


class Session:
    """One connection.

    Parameters
    ----------
    loggers : mapping of str to Logger
        By their MN.
    repeats : Repeats
        What the journal has of all loggers.
    gateway : str
        Name of the gateway, the source of its messages.
    now : callable
        [µs since 1970-01-01 UTC]
    """

    def __init__(self, loggers: Mapping[str, Logger], repeats: Repeats, gateway: str, now: Callable[[], int]) -> None:
        self._loggers = loggers
        self._repeats = repeats
        self._gateway = gateway
        self._now = now
        self._frames = Frames()
        self._refusals = 0
        self.logger: Logger | None = None
        self.asking: Asking | None = None

    def feed(self, data: bytes) -> Heard:
        """What `data` comes to."""
        heard = Heard()
        for cut in self._frames.feed(data):
            try:
                if isinstance(cut, Refused):
                    raise RefusedError("wrong-frame", cut.reason)  # noqa: TRY301 - refused like every other
                self._take(cut, heard)
                self._refusals = 0
            except RefusedError as refused:
                self._refuse(cut, refused, heard)
        return heard

    def _take(self, frame: Frame, heard: Heard) -> None:
        segment = self._segment(frame)
        if segment.st == answers.INTERACTION or segment.cn in _ONLY_ANSWER:
            if self.asking is not None:
                self.asking.answered(segment)
        elif segment.cn == _HEARTBEAT:
            heard.say += _said(self._answer(segment))
        elif segment.cn == _CALIBRATE:
            heard.say += [*_said(self._answer(segment)), self._the_time(segment)]
        else:
            known = self._repeats.knows(frame.raw)
            message = None if known else Message("hj212", self._gateway, segment.mn, frame.raw)
            heard.taken.append(Taken(message, self._answer(segment)))

    def _segment(self, frame: Frame) -> Segment:
        """The segment of a frame of a logger that may speak, opened with its key."""
        told = parse_segment(frame.segment)
        logger = self._loggers.get(told.mn)
        if logger is None:
            raise unknown(told.mn)
        segment = parse_segment(opened(frame, logger.device.secret()))
        logger.check(segment)
        self._know(logger, segment)
        return segment

    def _know(self, logger: Logger, segment: Segment) -> None:
        if self.logger is None or self.logger.device.id != logger.device.id:
            self.logger = logger
            self.asking = Asking(self._site(logger, segment))

    def _site(self, logger: Logger, segment: Segment) -> answers.Site:
        dialect = logger.device.dialect or _BY_VERSION.get(segment.version, "hj212-2025")
        return answers.Site(segment.mn, segment.pw, segment.st, dialect)

    def _answer(self, segment: Segment) -> bytes | None:
        return answers.answer(segment, self.logger.device.dialect if self.logger else None)

    def _the_time(self, segment: Segment) -> bytes:
        if self.logger is None:
            raise unknown(segment.mn)
        now = self._now()
        return self._site(self.logger, segment).set_time(now // 1_000_000, qn=answers.request_number(now))

    def _refuse(self, cut: Frame | Refused, refused: RefusedError, heard: Heard) -> None:
        self._refusals += 1
        heard.refused.append(refused)
        if self._refusals <= _KEPT:
            heard.taken.append(Taken(refusal_of(self._gateway, refused, cut.raw)))
        heard.over = self._refusals >= _MOST_REFUSED


def _said(answer: bytes | None) -> list[bytes]:
    return [] if answer is None else [answer]
