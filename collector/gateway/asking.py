"""Asking one logger for hours that are missing: one request at a time, tried again a few times, then left for later.

The dialogue (HJ 212—2017, table C.15 and following): we ask for a stretch, the logger says that it is ready (9011),
sends the data as it always does, and ends with 9012. What it sends is journaled as ever; here only the dialogue is
followed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from qingchuan.collector.hj212.answers import REQUEST_ANSWER, RESULT, History, Site, request_number
from qingchuan.collector.hj212.segment import Segment, parse_area

_PATIENCE = 60_000_000
"""How long a logger may take to say anything to a request. [µs]"""
_TRIES = 3
"""How often a request is sent, at most (HJ 212—2017, 6.2: three)."""
_READY = "1"


class Stretch(NamedTuple):
    """A stretch of time of which data are missing.

    Attributes
    ----------
    of : {"minute", "hour", "day"}
    begin, end : int
        The first and the last period. [s since 1970-01-01 UTC]
    """

    of: History
    begin: int
    end: int


class Asking:
    """The requests to one logger.

    Parameters
    ----------
    site : Site
        Builds them.

    Examples
    --------
    >>> asking = Asking(Site("A330200_0001", "123456", "21", "cnemc"))
    >>> asking.want([Stretch("hour", 1470009600, 1470013200)])
    >>> asking.due(0)[-60:-8]
    b'CP=&&BeginTime=20160801080000;EndTime=20160801090000'
    >>> asking.due(1_000_000) is None
    True
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._wanted: deque[Stretch] = deque()
        self._asked: str | None = None
        self._tries = 0
        self._since = 0

    @property
    def open(self) -> int:
        """How many stretches are still to be asked for."""
        return len(self._wanted)

    def want(self, stretches: Iterable[Stretch]) -> None:
        """Ask for `stretches` too, as far as they are not waiting already."""
        self._wanted.extend(stretch for stretch in stretches if stretch not in self._wanted)

    def due(self, now: int) -> bytes | None:
        """The request to send now, if there is one [`now` in µs since 1970-01-01 UTC]."""
        if not self._wanted or (self._asked is not None and now - self._since < _PATIENCE):
            return None
        if self._asked is not None and self._tries >= _TRIES:
            self._leave()
            return self.due(now)
        self._asked, self._since, self._tries = request_number(now), now, self._tries + 1
        stretch = self._wanted[0]
        return self._site.history(stretch.of, stretch.begin, stretch.end, qn=self._asked)

    def answered(self, segment: Segment) -> None:
        """The logger has said something to a request."""
        if segment.qn != self._asked:
            return
        told = parse_area(segment.data).fields
        if segment.cn == REQUEST_ANSWER and told.get("QnRtn", _READY) == _READY:
            self._since += _PATIENCE
        elif segment.cn in (REQUEST_ANSWER, RESULT):
            self._leave()

    def _leave(self) -> None:
        """Go on to the next: it is done, refused, or was not answered."""
        self._wanted.popleft()
        self._asked, self._tries = None, 0
