"""Taking a data segment apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.collector.hj212.segment import parse_area, parse_segment
from qingchuan.collector.refusal import RefusedError
from tests.support.hj212_frames import example, valid


def _refusal(segment: bytes) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        parse_segment(segment)
    return caught.value


@pytest.mark.parametrize("raw", valid())
def test_every_published_segment_is_understood(raw: bytes) -> None:
    """MN and CN are there in all of them, whatever else is missing."""
    segment = parse_segment(raw[6:-4])
    assert segment.mn
    assert b"CN=%d;" % segment.cn in raw
    assert segment.data.encode() in raw


def test_all_fields_of_the_head_are_told() -> None:
    """Table C.50: Flag 7 says 2017, packets, and that an answer is wanted."""
    segment = parse_segment(example("PNUM=2;PNO=1;")[6:-4])
    assert (segment.qn, segment.st, segment.cn, segment.pw) == ("20160801085857534", "32", 2061, "123456")
    assert (segment.mn, segment.flag, segment.pnum, segment.pno) == ("010000A8900016F000169DC0", 7, 2, 1)
    assert (segment.version, segment.wants_answer, segment.resent) == (1, True, False)


@pytest.mark.parametrize(
    ("flag", "version", "wants_answer"),
    [
        (0, 0, False),
        (1, 0, True),
        (4, 1, False),
        (5, 1, True),
        (7, 1, True),
        (8, 2, False),
        (9, 2, True),
        (11, 2, True),
    ],
)
def test_flag_has_version_and_answer(flag: int, version: int, wants_answer: bool) -> None:  # noqa: FBT001
    """Six bits of version, one of packets, one of the answer."""
    segment = parse_segment(b"CN=2011;MN=A;Flag=%d;CP=&&&&" % flag)
    assert (segment.version, segment.wants_answer) == (version, wants_answer)


def test_a_frame_of_2005_has_neither_request_number_nor_flag() -> None:
    """Packets may be told all the same, and in another order."""
    segment = parse_segment(example("PNO=1;PNUM=2;")[6:-4])
    assert (segment.qn, segment.flag, segment.version, segment.wants_answer) == ("", None, None, False)
    assert (segment.pno, segment.pnum) == (1, 2)


def test_data_that_are_sent_late_say_so() -> None:
    """RF of HJ 212—2025."""
    assert parse_segment(b"CN=2061;MN=A;Flag=9;RF=1;CP=&&&&").resent


def test_names_of_fields_are_case_sensitive_and_unknown_ones_passed_over() -> None:
    """`mn` is not MN."""
    assert parse_segment(b"CN=2061;MN=A;mn=B;Extra=1;CP=&&&&").mn == "A"
    assert _refusal(b"CN=2061;mn=B;CP=&&&&").reason == "the fields are CN, mn; CN and MN have to be there"


@pytest.mark.parametrize(
    ("segment", "says"),
    [
        (b"", "it ends with CP=&&…&&"),
        (b"QN=1;CN=2011;MN=A", "it ends with CP=&&…&&"),
        (b"CN=2011;MN=A;CP=&&DataTime=1", "it ends with CP=&&…&&"),
        (b"CP=&&&&", "the fields are none"),
        (b"CN=;MN=A;CP=&&&&", "CN and MN have to be there"),
        (b"CN=20x1;MN=A;CP=&&&&", "the field CN is '20x1'; it is a number of up to four digits"),
        (b"CN=2011;MN=A;Flag=-1;CP=&&&&", "the field Flag is '-1'"),
        (b"CN=2011;MN=A;PNUM=99999;CP=&&&&", "the field PNUM is '99999'"),
        ("CN=２０１１;MN=A;CP=&&&&".encode(), "the field CN is"),
        (b"CN=2011;MN=A;MN=B;CP=&&&&", "the field MN is 'A' and 'B'; a segment tells a field once"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_the_reason(segment: bytes, says: str) -> None:
    """Nothing is guessed: neither who sends nor what."""
    refusal = _refusal(segment)
    assert refusal.code == "wrong-shape"
    assert says in refusal.reason


def test_a_field_may_be_told_twice_alike() -> None:
    """It says nothing new."""
    assert parse_segment(b"CN=2011;CN=2011;MN=A;CP=&&&&").cn == 2011


def test_bytes_that_are_no_text_stay_readable() -> None:
    """Chinese in GBK, which some loggers send instead of UTF-8."""
    data = parse_segment(b"CN=3020;MN=A;CP=&&i11001-Info=" + "维护".encode("gbk") + b"&&").data
    assert data.endswith(r"\xbb\xa4")


def test_sub_fields_go_to_their_code() -> None:
    """Also where a logger parts everything by commas, or puts blanks in."""
    by_standard = parse_area("DataTime=1;w01001-Min=7.1,w01001-Avg=7.5,w01001-Flag=N;w01018-Avg=40")
    by_commas = parse_area("DataTime=1,w01001-Min=7.1, w01001-Avg=7.5,w01001-Flag =N,w01018-Avg=40,")
    assert by_standard == by_commas
    assert by_standard.items == {"w01001": {"Min": "7.1", "Avg": "7.5", "Flag": "N"}, "w01018": {"Avg": "40"}}
    assert by_standard.fields == {"DataTime": "1"}


def test_what_is_told_twice_and_differently_is_named() -> None:
    """Told twice alike it is no matter."""
    assert parse_area("a-Rtd=1;a-Rtd=1;b-Rtd=1;b-Rtd=2;DataTime=1;DataTime=2").twice == {"b", "DataTime"}


def test_entries_that_are_none_are_passed_over() -> None:
    """Semicolons at the end, a word alone."""
    assert parse_area("") == parse_area(";,;") == parse_area("w01001-Rtd") == ({}, {}, set())


def test_only_the_last_hyphen_parts_code_and_sub_field() -> None:
    """Negative values have one too."""
    assert parse_area("a-b-Rtd=-1.5").items == {"a-b": {"Rtd": "-1.5"}}


@given(st.binary(max_size=200))
def test_any_bytes_are_understood_or_refused(segment: bytes) -> None:
    """Never another exception."""
    for data in (segment, b"CN=2011;MN=A;CP=&&" + segment + b"&&"):
        try:
            parse_area(parse_segment(data).data)
        except RefusedError as refused:
            assert refused.reason  # noqa: PT017 - one of two ends
