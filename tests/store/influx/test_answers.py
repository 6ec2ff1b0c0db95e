"""Answers of a real server, recorded, come to arrays and rows."""

from __future__ import annotations

import msgspec
import numpy as np

from qingchuan.store.influx import answers
from qingchuan.store.rows import Texts
from tests.support.influx_replies import recorded

ODD = "溪 口,\\"


def test_series_become_arrays() -> None:
    """Missing is missing, also an item that nobody ever told; flags of items stand with the items."""
    told = answers.told_of(answers.decode(recorded("select").body), ["1235A", ODD], ["pm25", "co", "o3"])
    order = np.lexsort((told.starts, told.origins, told.subject))
    told = told.take(order)
    assert told.origins.tolist() == ["audited", "reported", "reported", "reported"]
    assert told.subject.tolist() == [0, 0, 0, 1]
    assert told.starts.tolist() == [0, 0, 3600, 0]
    assert told.sequence.tolist() == [3, 1, 2, 4]
    assert np.array_equal(told.values[0], [30, 35, 36.5, np.nan], equal_nan=True)
    assert np.isnan(told.values[2]).all()
    assert told.flags.tolist() == [[2, 2, 2, 0], [0, 2, 2, 2], [0, 0, 0, 0]]


def test_a_number_that_no_float_can_hold_lies_on_its_side_of_a_limit() -> None:
    """0.1999999999999999999 is less than 0.2."""
    told = answers.told_of(answers.decode(recorded("select").body), ["1235A", ODD], ["pm25", "co", "o3"])
    values = told.values[1][told.starts == 3600]
    assert (values < 0.2).all()
    assert (values > 0.19).all()


def test_whole_points_become_texts_as_they_were_sent() -> None:
    """Digit for digit, with all flags and what set them."""
    found = {
        key: (sequence, texts)
        for key, sequence, texts in answers.whole_of(answers.decode(recorded("select whole").body))
    }
    assert found[0, "1235A", "hour", "reported"] == (1, Texts('{"co":0.70,"pm25":35}', "2"))
    spiked = Texts('{"co":0.1999999999999999999,"pm25":36.5}', '{"*":2,"pm25":[3,"spike"]}')
    assert found[3600, "1235A", "hour", "reported"] == (2, spiked)
    assert found[0, ODD, "hour", "reported"] == (4, Texts('{"co":1e-7}', "2"))


def test_marks_become_rows() -> None:
    """Of the points that have some."""
    [row] = answers.marks_of(answers.decode(recorded("select marks").body))
    assert (row.start, row.subject, row.origin, row.sequence) == (3600, "1235A", "reported", 2)
    assert row.flags == '{"*":2,"pm25":[3,"spike"]}'


def test_nothing_found_is_nothing() -> None:
    """And has the shape of nothing."""
    told = answers.told_of(answers.decode(recorded("nothing found").body), ["1235A"], ["pm25"])
    assert told.values.shape == (1, 0)


def test_points_that_are_being_written_are_not_told() -> None:
    """The server shows the fields of a new point one by one: those without sequence and flags are half there."""
    columns = ["time", "pm25", "seq", "flags"]
    points = [[0, 35, 1, "2"], [3600, 36, None, "2"], [7200, 37, 3, None], [10800, 38, None, None]]
    tags = {"subject": "1235A", "origin": "reported", "period": "hour"}
    half = {"columns": columns, "values": points[1:], "tags": tags | {"subject": "1236A"}}
    answer = {"results": [{"series": [{"columns": columns, "values": points, "tags": tags}, half]}]}
    found = answers.decode(msgspec.msgpack.encode(answer))
    assert [series.tags["subject"] for series in found] == ["1235A"]
    told = answers.told_of(found, ["1235A", "1236A"], ["pm25"])
    assert (told.starts.tolist(), told.values.tolist()) == ([0], [[35.0]])
    assert [key[0] for key, *_ in answers.whole_of(found)] == [0]
