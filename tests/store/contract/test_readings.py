"""Readings of instants, manual samples beside them, and what set a flag."""

from __future__ import annotations

import numpy as np

from qingchuan.store.flag_texts import WITHDRAWN
from qingchuan.store.observations import Marked, Observation, Origin
from tests.store.contract.stores import HOUR, Store, apply, hour, reading


def test_readings_come_by_subject_and_then_by_time(store: Store) -> None:
    """Unicode ids, and a range in which nothing is."""
    apply(store, *(reading(moment, subject, ph="7") for moment in (5, 3) for subject in ("溪口", "四灶浦闸")))
    found = store.readings(["四灶浦闸", "溪口", "nobody"], ["ph", "do"], 0, 10)
    assert found.subject.tolist() == [0, 0, 1, 1]
    assert found.times.astype(int).tolist() == [3, 5, 3, 5]
    assert found.values[0].tolist() == [7, 7, 7, 7]
    assert store.readings(["溪口"], ["ph"], 6, 10).times.size == 0
    assert store.readings([], [], 0, 10).values.shape == (0, 0)


def test_any_printable_text_can_be_a_subject(store: Store) -> None:
    """What means something to a query or to a line is a letter like all others in an id."""
    odd = ["a,b", "a b", "a=b", "a\\", "a\\,b", "a\\ b", "a'b", 'a"b', "a%5Cb", "a|b", "a.b", "a/b", "$a", "", "镇海'"]
    odd.remove("")
    apply(store, *(reading(0, subject, ph=str(number)) for number, subject in enumerate(odd)))
    found = store.readings(odd, ["ph"], 0, 1)
    assert found.values[0].tolist() == list(range(len(odd)))
    for number, subject in enumerate(odd):
        assert store.readings([subject], ["ph"], 0, 1).values.tolist() == [[number]]
        assert store.holds(reading(0, subject, ph=str(number)))


def test_manual_samples_stand_beside_the_others(store: Store) -> None:
    """The automatic readings are as `readings` has them: an audited value wins over a reported one, item by item."""
    _sample(store)
    items = ("tp", "ph", "zinc")
    automatic, manual = store.samples(["b", "a"], items, 0, 7200)
    assert (automatic.subject.tolist(), automatic.sequence.tolist()) == ([1], [2])
    assert np.array_equal(automatic.values, [[0.2], [7.5], [np.nan]], equal_nan=True)
    assert (manual.subject.tolist(), manual.sequence.tolist()) == ([1, 1], [3, 4])
    assert np.array_equal(manual.values, [[0.3, np.nan], [np.nan, np.nan], [1.5, 1.6]], equal_nan=True)
    assert manual.flags.tolist() == [[2, 9], [9, 9], [2, 2]]
    alone = store.readings(["b", "a"], items, 0, 7200)
    assert np.array_equal(automatic.values, alone.values, equal_nan=True)


def test_samples_are_those_that_were_known_then(store: Store) -> None:
    """After message 1 there was neither an audited value nor a manual sample."""
    _sample(store)
    automatic, manual = store.samples(["a"], ("tp",), 0, 7200, as_of=1)
    assert (automatic.values.tolist(), manual.values.shape) == ([[0.1]], (1, 0))


def _sample(store: Store) -> None:
    """Samples of one section by three origins."""
    told: list[tuple[int, Origin, dict[str, str]]] = [
        (0, "reported", {"tp": "0.1", "ph": "7.5"}),
        (0, "audited", {"tp": "0.2"}),
        (0, "manual", {"tp": "0.3", "zinc": "1.5"}),
        (HOUR, "manual", {"zinc": "1.6"}),
    ]
    apply(store, *(reading(start, "a", origin, **items) for start, origin, items in told))


def test_a_flag_that_something_set_is_told_with_what_set_it(store: Store) -> None:
    """The plain ones are not: there would be one for every value. The later origin comes last."""
    marked = {"pm25": ("35", 3), "co": ("0.7", 2)}
    apply(
        store,
        Observation.of("1235A", "hour", 0, "audited", {"pm25": ("30", 4)}, by={"pm25": "audit"}),
        Observation.of("1235A", "hour", 0, "reported", marked, by={"pm25": "spike"}),
        Observation.of("1235A", "hour", 0, "manual", marked, by={"pm25": "laboratory"}),
        hour(HOUR, pm25="36"),
        Observation.of("1236A", "hour", HOUR, "reported", marked, by={"co": "device:M"}),
    )
    assert store.marks(["1235A"], "hour", 0, HOUR) == [
        Marked(0, "1235A", "pm25", 3, "spike"),
        Marked(0, "1235A", "pm25", 4, "audit"),
    ]
    assert store.marks(["1236A", "1235A"], "hour", HOUR, 2 * HOUR) == [Marked(HOUR, "1236A", "co", 2, "device:M")]
    assert store.marks(["1235A"], "day", 0, HOUR) == []
    assert store.marks([], "hour", 0, HOUR) == []


def test_what_a_subject_reported_is_told_digit_for_digit_in_order_of_time(store: Store) -> None:
    """What others say of it is not; nor is what lies outside of the range."""
    told = [hour(start, pm25="35.0", co="0.70") for start in (HOUR, 0, 2 * HOUR)]
    apply(store, *told, hour(0, origin="audited", pm25="1"), hour(0, "1236A", pm25="2"))
    found = store.reported("1235A", "hour", 0, 2 * HOUR)
    assert [(one.start, one.origin) for one in found] == [(0, "reported"), (HOUR, "reported")]
    assert [one.items for one in found] == [{"pm25": ("35.0", 2), "co": ("0.70", 2)}] * 2
    assert store.reported("1235A", "hour", HOUR, HOUR) == []
    assert store.reported("nobody", "hour", 0, HOUR) == []


def test_each_origin_is_told_digit_for_digit_and_what_was_taken_back_is_not_read(store: Store) -> None:
    """An auditor's value wins until it is withdrawn; then the station's counts again."""
    told = Observation.of("1235A", "hour", 0, "reported", {"co": ("0.70", 2)})
    audited = Observation.of("1235A", "hour", 0, "audited", {"co": ("0.50", 1)}, {"co": "audit"})
    withdrawn = Observation.of("1235A", "hour", 0, "audited", {"co": ("0.50", 9)}, {"co": WITHDRAWN})
    apply(store, told, audited, withdrawn)
    assert [one.items for one in store.reported("1235A", "hour", 0, HOUR)] == [{"co": ("0.70", 2)}]
    assert [one.items for one in store.reported("1235A", "hour", 0, HOUR, "audited")] == [{"co": ("0.50", 9)}]
    read = [store.read(["1235A"], ["co"], "hour", 0, HOUR, as_of).values.item() for as_of in (1, 2, 3, None)]
    assert read == [0.7, 0.5, 0.7, 0.7]
    assert store.marks(["1235A"], "hour", 0, HOUR) == []
