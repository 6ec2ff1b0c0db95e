"""Frames that a host sends: answers to what arrives, and requests; and those that a simulated site sends back.

Every time and every request number is an argument; nothing here looks at a clock.
"""

from __future__ import annotations

from typing import Final, Literal

from qingchuan.collector.hj212.crc import crc
from qingchuan.collector.hj212.dialects import Dialect, guessed, meanings
from qingchuan.collector.hj212.segment import Segment
from qingchuan.processing.periods import to_beijing

INTERACTION: Final = "91"
"""ST of everything that only answers (系统交互)."""

REQUEST_ANSWER: Final = 9011
RESULT: Final = 9012
NOTICE_ANSWER: Final = 9013
DATA_ANSWER: Final = 9014

_ANSWERS: Final = {"data": DATA_ANSWER, "notice": NOTICE_ANSWER}
_VERSIONS: dict[Dialect, int] = {"hj212-2005": 0, "hj212-2017": 1, "hj212-2025": 2, "cnemc": 2}
_WANTED: Final = 1
_TIME: Final = "%Y%m%d%H%M%S"

History = Literal["minute", "hour", "day"]
_HISTORY: dict[History, int] = {"minute": 2051, "hour": 2061, "day": 2031}


def frame(segment: str) -> bytes:
    r"""The frame around a data segment, with length, CRC and CR LF.

    Raises
    ------
    ValueError
        The segment has more than 9,999 bytes: no length can say that.

    Examples
    --------
    >>> frame("QN=20260706103512345;ST=91;CN=9014;PW=123456;MN=A110000_0001;Flag=8;CP=&&&&")
    b'##0075QN=20260706103512345;ST=91;CN=9014;PW=123456;MN=A110000_0001;Flag=8;CP=&&&&0140\r\n'
    """
    data = segment.encode()
    if len(data) > 9999:  # noqa: PLR2004 - four digits
        raise ValueError(f"the data segment has {len(data)} bytes; its length has four digits (HJ 212—2017, table 2)")
    return b"##%04d%b%04X\r\n" % (len(data), data, crc(data))


def answer(to: Segment, dialect: Dialect | None = None) -> bytes | None:
    r"""What a host answers, by the command: 9014 to data, 9013 to a notice; None where no answer is wanted or known.

    Parameters
    ----------
    to : Segment
        Of a frame whose CRC was right.
    dialect : {"hj212-2005", "hj212-2017", "hj212-2025", "cnemc"} or None
        Of the device. Where it is not known and leaves two answers open, the first of 2025 is given.

    Notes
    -----
    A heartbeat (9015) is a notice by two programs that were written by HJ 212—2025; that the national stations want
    9014 for theirs is not confirmed. What wants an answer and is no known command gets 9014.

    Examples
    --------
    >>> from qingchuan.collector.hj212.segment import parse_segment
    >>> hour = parse_segment(b"QN=20160801085857535;ST=32;CN=2061;PW=123456;MN=010000A8900016F000169DC0;Flag=7;CP=&&&&")
    >>> answer(hour)
    b'##0087QN=20160801085857535;ST=91;CN=9014;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&&&4A40\r\n'
    """
    if not to.wants_answer:
        return None
    kinds = [command.answer for command in meanings(to.cn, dialect or guessed(to.version))] or ["data"]
    return None if kinds[0] is None else interaction(to, _ANSWERS[kinds[0]])


def request_answer(to: Segment, code: int = 1) -> bytes:
    """What a site answers a request with (9011): 1 ready, else why not (table 7)."""
    return interaction(to, REQUEST_ANSWER, f"QnRtn={code}")


def result(to: Segment, code: int = 1) -> bytes:
    """What a site ends a request with (9012): 1 done, else why not (table 6)."""
    return interaction(to, RESULT, f"ExeRtn={code}")


def interaction(to: Segment, cn: int, data: str = "") -> bytes:
    """A frame that answers `to`: ST 91, the same QN, PW and MN, the version of its Flag, no answer wanted."""
    flag = "" if to.version is None else f"Flag={to.version << 2};"
    number = f"QN={to.qn};" if to.qn else ""
    return frame(f"{number}ST={INTERACTION};CN={cn};PW={to.pw};MN={to.mn};{flag}CP=&&{data}&&")


class Site:
    r"""Builds the requests to one site.

    Parameters
    ----------
    mn, pw, st : str
        As the site calls itself, its password and its system.
    dialect : {"hj212-2005", "hj212-2017", "hj212-2025", "cnemc"}

    Examples
    --------
    >>> site = Site("010000A8900016F000169DC0", "123456", "32", "hj212-2017")
    >>> site.history("hour", 1470009600, 1470009600, qn="20160801085857223")[-60:]
    b'CP=&&BeginTime=20160801080000;EndTime=20160801080000&&7EC0\r\n'
    """

    def __init__(self, mn: str, pw: str, st: str, dialect: Dialect) -> None:
        self._mn = mn
        self._pw = pw
        self._st = st
        self._flag = (_VERSIONS[dialect] << 2) | _WANTED

    def request(self, cn: int, data: str = "", *, qn: str) -> bytes:
        """A command that wants an answer."""
        head = f"QN={qn};ST={self._st};CN={cn};PW={self._pw};MN={self._mn};Flag={self._flag};"
        return frame(f"{head}CP=&&{data}&&")

    def time(self, *, qn: str) -> bytes:
        """What time is it? (1011)."""
        return self.request(1011, qn=qn)

    def set_time(self, seconds: int, *, qn: str) -> bytes:
        """It is `seconds` since 1970-01-01 UTC (1012)."""
        return self.request(1012, f"SystemTime={beijing(seconds)}", qn=qn)

    def realtime(self, *, qn: str) -> bytes:
        """Begin to send real-time data (2011)."""
        return self.request(2011, qn=qn)

    def history(self, of: History, begin: int, end: int, *, qn: str) -> bytes:
        """Send what there is from `begin` to `end` [s since 1970-01-01 UTC] (2051, 2061, 2031)."""
        return self.request(_HISTORY[of], f"BeginTime={beijing(begin)};EndTime={beijing(end)}", qn=qn)


def beijing(seconds: int) -> str:
    """An instant as the protocol writes it.

    Examples
    --------
    >>> beijing(1470009600)
    '20160801080000'
    """
    return to_beijing(seconds).strftime(_TIME)


def request_number(microseconds: int) -> str:
    """QN of an instant: Beijing time to the millisecond.

    Parameters
    ----------
    microseconds : int
        [µs since 1970-01-01 UTC]

    Examples
    --------
    >>> request_number(1470013137_223_000)
    '20160801085857223'
    """
    seconds, rest = divmod(microseconds, 1_000_000)
    return f"{beijing(seconds)}{rest // 1000:03d}"
