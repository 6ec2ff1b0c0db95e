"""What a host sends."""

from __future__ import annotations

import pytest

from qingchuan.collector.hj212 import answers
from qingchuan.collector.hj212.dialects import Dialect
from qingchuan.collector.hj212.frames import Frame, frames_of
from qingchuan.collector.hj212.segment import Segment, parse_segment
from qingchuan.processing.periods import parse_instant
from tests.support.hj212_frames import example, examples, framed

QN = "20160801085857223"
DIALOGUE = [found.raw for found in examples("dialogue")]
SITE = answers.Site("010000A8900016F000169DC0", "123456", "32", "hj212-2017")


def _segment(raw: bytes) -> Segment:
    return parse_segment(raw[6:-4])


def _sent(cn: int, flag: int) -> Segment:
    return _segment(framed(f"QN={QN};ST=32;CN={cn};PW=123456;MN=A110000_0001;Flag={flag};CP=&&&&"))


def test_two_packets_are_answered_as_table_c50_has_it() -> None:
    """Each with its own QN; ST is 91 and not that of the site, and no answer to the answer is wanted."""
    first, second = (_segment(example(f"PNUM=2;PNO={number};")) for number in (1, 2))
    assert [answers.answer(first), answers.answer(second)] == [raw + b"\r\n" for raw in DIALOGUE[5:]]


def test_the_answer_to_a_national_station_is_the_published_one() -> None:
    """Flag 8: the version of the frame that is answered."""
    assert (
        answers.answer(_segment(example("CN=2011;PW=123456;MN=A110000_0001")))
        == example("ST=91;CN=9014;PW=123456;MN=A11") + b"\r\n"
    )


def test_requests_are_those_of_annex_c() -> None:
    """C.5, C.50, and A; the site's part is there for simulators."""
    request = _segment(DIALOGUE[0])
    assert SITE.request(1061, qn=QN) == DIALOGUE[0] + b"\r\n"
    assert answers.request_answer(request) == DIALOGUE[1] + b"\r\n"
    assert answers.result(request) == DIALOGUE[3] + b"\r\n"
    hour = parse_instant("2016-08-01T08:00:00+08:00")
    assert SITE.history("hour", hour, hour, qn=QN) == DIALOGUE[4] + b"\r\n"
    changed = answers.Site("010000A8900016F000169DC0", "100000", "32", "hj212-2017")
    assert changed.request(1062, "RtdInterval=30", qn=QN) == example("PW=100000") + b"\r\n"


@pytest.mark.parametrize(
    ("sent", "cn", "data"),
    [
        (SITE.time(qn=QN), 1011, ""),
        (SITE.set_time(parse_instant("2016-08-01T08:58:57+08:00"), qn=QN), 1012, "SystemTime=20160801085857"),
        (SITE.realtime(qn=QN), 2011, ""),
        (SITE.history("minute", 0, 60, qn=QN), 2051, "BeginTime=19700101080000;EndTime=19700101080100"),
        (SITE.history("day", 0, 60, qn=QN), 2031, "BeginTime=19700101080000;EndTime=19700101080100"),
    ],
)
def test_requests_want_an_answer(sent: bytes, cn: int, data: str) -> None:
    """And are frames that can be cut again."""
    [cut] = frames_of(sent)
    assert isinstance(cut, Frame)
    told = parse_segment(cut.segment)
    assert (told.cn, told.data, told.flag, told.qn, told.st) == (cn, data, 5, QN, "32")


@pytest.mark.parametrize(("dialect", "flag"), [("hj212-2005", 1), ("hj212-2017", 5), ("hj212-2025", 9), ("cnemc", 9)])
def test_requests_carry_the_version_of_the_dialect(dialect: Dialect, flag: int) -> None:
    """And that an answer is wanted."""
    assert b";Flag=%d;CP=" % flag in answers.Site("A", "1", "21", dialect).time(qn=QN)


@pytest.mark.parametrize(("flag", "version"), [(1, 0), (5, 4), (7, 4), (9, 8), (11, 8)])
def test_an_answer_carries_the_version_of_what_is_answered(flag: int, version: int) -> None:
    """Without packets, and wanting no answer."""
    assert b";ST=91;CN=9014;PW=123456;MN=A110000_0001;Flag=%d;CP=&&&&" % version in (
        answers.answer(_sent(2061, flag)) or b""
    )


@pytest.mark.parametrize("flag", [0, 4, 6, 8, 10])
def test_nothing_is_answered_where_nothing_is_wanted(flag: int) -> None:
    """Whatever the command."""
    assert all(answers.answer(_sent(cn, flag)) is None for cn in (2011, 1013, 9015, 7777))


def test_a_frame_of_2005_without_a_flag_is_not_answered() -> None:
    """It does not say that it wants that."""
    assert answers.answer(_segment(example("MN=DM000001;CP"))) is None


@pytest.mark.parametrize("cn", [9011, 9012, 9013, 9014, 1012])
def test_answers_are_not_answered(cn: int) -> None:
    """Some loggers say that they want it; two programs would answer one another for ever."""
    assert answers.answer(_sent(cn, 5)) is None


@pytest.mark.parametrize(
    ("cn", "dialect", "expected"),
    [
        (2011, None, 9014),
        (2021, None, 9014),
        (2081, None, 9014),
        (3020, None, 9014),
        (1013, None, 9013),
        (9015, "hj212-2025", 9013),
        (9015, "cnemc", 9014),
        (9015, None, 9013),
        (2062, None, 9014),
        (7777, None, 9014),
        (9021, None, 9014),
    ],
)
def test_data_and_notices_have_answers_of_their_own(cn: int, dialect: Dialect | None, expected: int) -> None:
    """A heartbeat is a notice in 2025; a command that nobody knows is answered, so that it is not sent for ever."""
    assert b";CN=%d;" % expected in (answers.answer(_sent(cn, 9), dialect) or b"")


def test_a_segment_without_qn_is_answered_without_one() -> None:
    """Nothing is made up."""
    told = parse_segment(b"ST=21;CN=2011;PW=1;MN=A;Flag=1;CP=&&&&")
    assert (answers.answer(told) or b"")[6:].startswith(b"ST=91;CN=9014;PW=1;MN=A;Flag=0;CP=&&&&")


def test_lengths_count_bytes_and_end_at_four_digits() -> None:
    """Chinese has three bytes in UTF-8."""
    assert answers.frame("CN=3020;MN=A;CP=&&维护&&").startswith(b"##0026")
    with pytest.raises(ValueError, match="the data segment has 10000 bytes; its length has four digits"):
        answers.frame("x" * 10_000)
