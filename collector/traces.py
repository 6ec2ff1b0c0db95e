"""Following what messages leave behind: which numbers are missing, when nobody took messages, how clocks go.

Numbers. A station counts its messages by ``seq``. A number that passes others over opens a gap; one of them that comes
later is late and not lost. A smaller number that is not missing, with a newer event time, is a count that begins anew.

Clocks. The delay of a message is its receipt less its event time. Measured are live messages only: the receipt must
have gone on since the message before by at least half as much as the event time has, so that history, which comes at
once, does not count; nor does what is older than any time zone could make it.

Windows. A connection without a session, an end of a connection and a start of the collector are messages too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Literal

import msgspec

from qingchuan.store.messages import Message
from qingchuan.store.observations import PERIOD_SECONDS, Period
from qingchuan.store.traces import Gap, Kept, Trace, Window

_LARGEST = 2**53
"""A larger number is none that a station counts by."""
_MOST_MISSING = 10_000
"""Who passes more numbers over counts by something else, or has begun anew."""
_MOST_GAPS = 64
"""So many gaps of a subject may still close; the oldest is given up for another."""
_LONGEST_DELAY = 14 * 3600 + 1800
"""What is older is history: no time zone is further from another. [s]"""
_SECOND = 1_000_000

LastReceipt = Callable[[int, Callable[[Message], bool]], int | None]
"""When the last message before one of a number was received of which something is true [µs]; None if none was."""


class Ended(msgspec.Struct, frozen=True):
    """Why a client has no connection, as a message of the journal tells it.

    Attributes
    ----------
    cause : {"broker", "journal", "stop"}
        The broker went away or was not there; the journal could take nothing; the collector was told to stop.
    reason : str
    """

    cause: Literal["broker", "journal", "stop"] = "broker"
    reason: str = ""


class _Marker(msgspec.Struct, frozen=True):
    session_present: bool = True


class Traces:
    """The traces of all subjects and connections, up to the message that was decoded last.

    Parameters
    ----------
    kept : Kept
    last_receipt : callable
        Looks into the journal.

    Attributes
    ----------
    through : int
        The message up to which what they are is kept.
    marked : bool
        Whether a message that no station sent was taken into account since.
    """

    def __init__(self, kept: Kept, last_receipt: LastReceipt) -> None:
        self.through = kept.through
        self.marked = False
        self._last_receipt = last_receipt
        self._traces = {trace.subject: trace for trace in kept.traces}
        self._gaps: defaultdict[str, list[Gap]] = defaultdict(list)
        for gap in kept.gaps:
            self._gaps[gap.subject].append(gap)
        self._lasting = {window.source: window for window in kept.windows}
        self._connected = dict(kept.connected)
        self._changed_gaps: dict[int, Gap] = {}
        self._changed_windows: dict[int, Window] = {}
        self._filled: list[tuple[int, int, int]] = []

    def of(self, subject: str) -> Trace:
        """The trace of a subject."""
        found = self._traces.get(subject)
        if found is None:
            found = self._traces[subject] = Trace(subject)
        return found

    def count(self, trace: Trace, number: int, moment: int, sequence: int, received: int) -> None:
        """Take the number of a message into account that is not simply the next one."""
        due = trace.next
        if not 0 <= number <= _LARGEST:
            return
        if due is None:
            trace.next = number + 1
        elif number >= due:
            self._pass_over(trace, due, number, moment, sequence, received)
        elif not self._came_late(trace, number, sequence) and moment > trace.moment:
            self._begin_anew(trace, number, moment)

    def measure(self, trace: Trace, moment: int, received: int, source: str, period: Period) -> None:
        """Take the delay of a message into account that tells of a newer time than all before; days are sent late."""
        delay = received // _SECOND - moment
        goes_on = trace.received > 0 and 2 * (received - trace.received) >= _SECOND * (moment - trace.moment)
        if goes_on and delay <= _LONGEST_DELAY and period != "day":
            trace.delays.append(delay)
        trace.received, trace.source, trace.touched = received, source, True

    def told(self, trace: Trace, moment: int, received: int, message: Message, period: Period) -> None:
        """Take the time of an observation into account."""
        if moment > trace.moment:
            if received != trace.received and not message.retained:
                self.measure(trace, moment, received, message.source, period)
            trace.moment = moment

    def ahead(self, subject: str, moment: int, received: int) -> None:
        """Take a message into account that was refused because its time lies too far ahead."""
        trace = self.of(subject)
        delay = received // _SECOND - moment
        if -delay <= _LONGEST_DELAY:
            trace.delays.append(delay)
            trace.touched = True

    def refused(self, subject: str, number: int | None, moment: int | None, sequence: int, received: int) -> None:
        """Take a message into account that was refused: it came, so its number is not missing."""
        trace = self.of(subject)
        if number is not None:
            told = trace.moment if moment is None else min(moment, received // _SECOND)
            self.count(trace, number, told, sequence, received)
            return
        trace.unread = trace.unread + 1 if trace.unread_at == trace.next else 1
        trace.unread_at, trace.touched = trace.next, True

    def mark(self, sequence: int, received: int, message: Message) -> None:
        """Take a message into account that no station sent; taking it again changes nothing."""
        self.marked = True
        if message.kind == "settings":
            self._started(sequence, received, message.source)
        elif message.kind == "connection":
            self._connect(sequence, received, message)
        elif message.kind == "disconnection":
            self._disconnect(sequence, received, message)

    def changes(self, through: int) -> Kept:
        """What changed since it was last asked, up to message `through`."""
        changed = [trace for trace in self._traces.values() if _differs(trace)]
        for trace in changed:
            trace.touched, trace.kept = False, (trace.next, trace.moment)
        found = Kept(
            through,
            changed,
            list(self._changed_gaps.values()),
            list(self._changed_windows.values()),
            dict(self._connected),
            self._filled,
        )
        self._changed_gaps, self._changed_windows, self._filled = {}, {}, []
        self.through, self.marked = through, False
        return found

    def _pass_over(self, trace: Trace, due: int, number: int, moment: int, sequence: int, received: int) -> None:
        lacking = number - due
        if moment < trace.began and lacking:
            return  # it belongs to the count before
        unread = trace.unread if trace.unread_at == due else 0
        if lacking > _MOST_MISSING:
            self._begin_anew(trace, number, moment)
        elif lacking > unread:
            since, until = sorted((trace.moment, moment))
            missing = [[due, number - 1]]
            self._open(Gap(sequence, trace.subject, due, number - 1, since, until, received, missing))
        trace.next = number + 1

    def _open(self, gap: Gap) -> None:
        open_ones = self._gaps[gap.subject]
        open_ones.append(gap)
        self._changed_gaps[gap.sequence] = gap
        if len(open_ones) > _MOST_GAPS:
            self._give_up(open_ones.pop(0))

    def _came_late(self, trace: Trace, number: int, sequence: int) -> bool:
        """Whether `number` was missing; then it is not any more."""
        for gap in self._gaps[trace.subject]:
            for place, (first, last) in enumerate(gap.missing):
                if first <= number <= last:
                    rest = [[first, number - 1], [number + 1, last]]
                    gap.missing[place : place + 1] = [part for part in rest if part[0] <= part[1]]
                    self._filled.append((gap.sequence, number, sequence))
                    self._close(gap, sequence)
                    return True
        return False

    def _close(self, gap: Gap, sequence: int) -> None:
        self._changed_gaps[gap.sequence] = gap
        if not gap.missing:
            gap.state, gap.closed = "late", sequence
            self._gaps[gap.subject].remove(gap)

    def _begin_anew(self, trace: Trace, number: int, moment: int) -> None:
        for gap in self._gaps.pop(trace.subject, ()):
            self._give_up(gap)
        trace.next, trace.began, trace.touched = number + 1, moment, True

    def _give_up(self, gap: Gap) -> None:
        gap.state = "lost"
        self._changed_gaps[gap.sequence] = gap

    def _started(self, sequence: int, received: int, source: str) -> None:
        """The collector started: nothing was taken since the last receipt before, if there is one."""
        begin = self._last_receipt(sequence, lambda message: message.kind != "loss")
        if begin is not None:
            self._note(Window(sequence, "service-away", source, begin, received))

    def _connect(self, sequence: int, received: int, message: Message) -> None:
        """A client connected; where the broker did not know it any more, what came meanwhile may be lost."""
        source = message.source
        lasting = self._lasting.pop(source, None)
        if lasting is not None:
            lasting.end = received
            self._note(lasting)
        first = self._connected.setdefault(source, sequence)
        if first < sequence and not session_present(message):
            begin = self._last_taken(sequence, source, received)
            self._note(Window(sequence, "no-session", source, begin, received, "the broker did not know the client"))

    def _disconnect(self, sequence: int, received: int, message: Message) -> None:
        """A client has no connection any more, or could not make one; a stop is told by the start that follows."""
        ended, source = msgspec.json.decode(message.payload, type=Ended), message.source
        if ended.cause == "stop" or source in self._lasting:
            return
        if ended.cause == "broker":
            window = Window(sequence, "broker-away", source, received, None, ended.reason)
        else:
            begin = self._last_taken(sequence, source, received)
            window = Window(sequence, "service-away", source, begin, None, ended.reason)
        self._lasting[source] = window
        self._note(window)

    def _note(self, window: Window) -> None:
        self._changed_windows[window.sequence] = window

    def _last_taken(self, sequence: int, source: str, received: int) -> int:
        """When `source` was last known to take what was sent."""

        def shows(message: Message) -> bool:
            return message.source == source and message.kind in {"mqtt", "connection"}

        found = self._last_receipt(sequence, shows)
        return received if found is None else found


def session_present(marker: Message) -> bool:
    """Whether the broker still knew the client when the connection began that `marker` marks.

    Examples
    --------
    >>> session_present(Message("connection", "collector", "", b'{"session_present": false}'))
    False
    """
    return msgspec.json.decode(marker.payload, type=_Marker).session_present


def moment_of(period: Period, start: int) -> int:
    """The latest moment that an observation tells of: the end of its period, or its instant.

    Examples
    --------
    >>> moment_of("hour", 3600), moment_of("instant", 3600)
    (7200, 3600)
    """
    return start + PERIOD_SECONDS.get(period, 0)


def _differs(trace: Trace) -> bool:
    return trace.touched or trace.kept != (trace.next, trace.moment)
