"""The talk with one logger: what is kept, what is answered and when, what is refused."""

from __future__ import annotations

from qingchuan.collector.devices import Device
from qingchuan.collector.gateway.asking import Stretch
from qingchuan.collector.gateway.loggers import Logger
from qingchuan.collector.gateway.repeats import Repeats
from qingchuan.collector.gateway.session import Heard, Session
from qingchuan.collector.hj212.segment import Segment, parse_segment
from tests.support.logger import MN, upload

NOW = 1_772_330_400_000_000
HOUR = upload("DataTime=20260301090000;w01001-Avg=7.25,w01001-Flag=N")


def _session(repeats: Repeats | None = None) -> Session:
    logger = Logger(Device(MN, "dazha", dialect="cnemc"), "123456")
    return Session({MN: logger}, repeats or Repeats(), "gateway", lambda: NOW)


def _segment(frame: bytes | None) -> Segment:
    assert frame is not None
    return parse_segment(frame[6:-6])


def _codes(heard: Heard) -> list[str]:
    return [refused.code for refused in heard.refused]


def test_data_are_kept_as_they_came_and_answered_with_9014_of_the_same_number() -> None:
    """System 91, the logger's own version of Flag, no answer wanted."""
    [taken] = _session().feed(HOUR + b"\r\n").taken
    assert taken.message is not None
    assert (taken.message.kind, taken.message.topic, taken.message.payload) == ("hj212", MN, HOUR)
    answer = _segment(taken.answer)
    assert (answer.cn, answer.st, answer.qn, answer.flag) == (9014, "91", "20260301093000000", 8)


def test_data_without_a_wish_for_an_answer_get_none() -> None:
    """Flag 8."""
    [taken] = _session().feed(upload("DataTime=20260301090000;w01001-Avg=7", flag=8)).taken
    assert taken.answer is None


def test_a_frame_that_the_journal_has_is_answered_and_not_kept_again() -> None:
    """The answer had not reached the logger."""
    [taken] = _session(Repeats([HOUR])).feed(HOUR).taken
    assert taken.message is None
    assert _segment(taken.answer).cn == 9014


def test_the_password_is_checked_and_a_frame_with_another_is_kept_as_refused() -> None:
    """It must never be decoded as if it were good."""
    heard = _session().feed(upload("DataTime=20260301090000;w01001-Avg=7", pw="654321"))
    [taken] = heard.taken
    assert taken.message is not None
    assert (taken.message.kind, taken.answer) == ("refused", None)
    assert _codes(heard) == ["wrong-password"]


def test_a_logger_without_an_entry_is_refused_and_named() -> None:
    """So that somebody can add it."""
    heard = _session().feed(upload("DataTime=20260301090000;w01001-Avg=7", mn="B000000_0001"))
    assert _codes(heard) == ["unknown-subject"]
    assert "'B000000_0001'" in heard.refused[0].reason


def test_a_heartbeat_is_answered_at_once_and_not_kept() -> None:
    """It tells nothing but that the logger lives."""
    heard = _session().feed(upload("", cn=9015))
    assert heard.taken == []
    assert [_segment(frame).qn for frame in heard.say] == ["20260301093000000"]


def test_who_asks_for_the_time_is_told_it() -> None:
    """The notice is answered first."""
    heard = _session().feed(upload("PolId=w01018", cn=1013))
    answer, time = map(_segment, heard.say)
    assert (answer.cn, time.cn, time.data) == (9013, 1012, "SystemTime=20260301100000")


def test_what_the_logger_answers_is_not_kept() -> None:
    """9011 and 9012 belong to what was asked."""
    heard = _session().feed(upload("QnRtn=1", cn=9011, st="91", flag=8))
    assert heard == Heard()


def test_answers_to_requests_may_come_in_the_name_of_the_system_of_the_logger() -> None:
    """Some loggers say their own ST, not 91; then too they belong to what was asked, and are no data."""
    session = _session()
    session.feed(HOUR)
    assert session.asking is not None
    session.asking.want([Stretch("hour", 1_772_323_200, 1_772_326_800)])
    request = _segment(session.asking.due(NOW))
    for cn, data in ((9011, "QnRtn=1"), (9012, "ExeRtn=1")):
        assert session.feed(upload(data, cn=cn, st="21", flag=5, qn=request.qn)) == Heard()
    assert session.asking.open == 0


def test_noise_between_frames_costs_only_itself() -> None:
    """Also when it comes in pieces."""
    session = _session()
    heard = [session.feed(part) for part in (b"\x00\xffGET / HTTP", b"/1.1\r\n", HOUR[:40], HOUR[40:])]
    kinds = [taken.message.kind for one in heard for taken in one.taken if taken.message]
    assert kinds == ["refused", "hj212"]


def test_who_only_sends_noise_is_kept_a_few_times_and_then_sent_away() -> None:
    """The journal is not filled with it."""
    session = _session()
    bad = upload("DataTime=20260301090000", mn="B000000_0001")
    heard = [session.feed(bad) for _ in range(20)]
    assert [one.over for one in heard] == [False] * 19 + [True]
    assert sum(len(one.taken) for one in heard) == 3


def test_a_good_frame_makes_up_for_those_before() -> None:
    """A logger on a bad line stays."""
    session = _session()
    for _ in range(10):
        assert not any(session.feed(part).over for part in [HOUR[:-1] + b"X"] * 5 + [HOUR])
