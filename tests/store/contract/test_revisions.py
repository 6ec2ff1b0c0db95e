"""What is told again: repeats, revisions, what stood there before, and what is counted."""

from __future__ import annotations

from contextlib import closing

import numpy as np

from qingchuan.store.observations import Changed, Observation, Tally, Write
from qingchuan.store.rows import Texts
from tests.store.contract.stores import HOUR, Opener, Store, apply, hour, pm25, reading


def test_another_value_makes_a_revision_and_the_earlier_one_can_be_asked_for(store: Store) -> None:
    """Nothing is overwritten."""
    apply(store, hour(0, pm25="35"))
    apply(store, hour(0, pm25="36"))
    apply(store, hour(0, pm25="37"))
    assert pm25(store) == [37.0]
    assert [pm25(store, as_of=sequence)[0] for sequence in (1, 2, 3)] == [35.0, 36.0, 37.0]
    assert np.isnan(pm25(store, as_of=0)[0])


def test_an_equal_number_is_a_duplicate_however_it_is_written(store: Store) -> None:
    """0.70 and 0.7 are the same number, whichever came first."""
    apply(store, hour(0, co="0.70"), hour(HOUR, co="7"))
    apply(store, hour(0, co="0.7"), hour(HOUR, co="7.00"))
    assert store.tally() == Tally(applied=2, duplicate=2)
    assert store.changed(0, 10) == [Changed(1, "1235A", "hour", 0), Changed(2, "1235A", "hour", HOUR)]


def test_a_number_that_differs_where_a_float_does_not_is_another_one(store: Store) -> None:
    """A value has as many digits as its sender gave it."""
    apply(store, hour(0, co="0.1"), hour(0, co="0.10000000000000000001"), hour(0, co="0.10000000000000000001"))
    assert store.tally() == Tally(applied=2, duplicate=1)


def test_a_value_with_more_digits_than_a_float_compares_as_it_was_sent(store: Store) -> None:
    """0.1000000000000000001 is more than 0.1, and 0.0999999999999999999 is less."""
    for start, sent in enumerate(("0.1000000000000000001", "0.0999999999999999999")):
        told = Observation.of("xikou", "instant", start, "reported", {"tp": (sent, 2), "ph": ("7", 2)})
        apply(store, told)
        assert store.holds(told)
    [[above, below]] = store.readings(["xikou"], ["tp"], 0, 2).values
    assert below < 0.1 < above


def test_another_flag_alone_is_a_revision_too(store: Store) -> None:
    """Whatever the number is."""
    apply(store, hour(0, pm25="35"))
    apply(store, Observation.of("1235A", "hour", 0, "reported", {"pm25": ("35", 4)}, by={"pm25": "device:M"}))
    assert [store.read(["1235A"], ["pm25"], "hour", 0, HOUR, end).flags.item() for end in (1, 2)] == [2, 4]


def test_a_write_that_does_not_revise_changes_nothing_that_is_there(store: Store) -> None:
    """A retained message may be older than what came since."""
    apply(store, hour(0, pm25="36"))
    store.apply([Write(2, hour(0, pm25="35"), revises=False), Write(3, hour(HOUR, pm25="5"), revises=False)], up_to=3)
    assert pm25(store, 0, 2 * HOUR) == [36.0, 5.0]
    assert store.tally() == Tally(applied=2, duplicate=1)


def test_what_does_not_revise_fills_in_what_is_lacking(store: Store) -> None:
    """An item that is not there yet is news, however old the message is."""
    apply(store, hour(0, pm25="36"))
    store.apply([Write(2, hour(0, pm25="35", co="0.7"), revises=False)], up_to=2)
    assert store.read(["1235A"], ["pm25", "co"], "hour", 0, HOUR).values.ravel().tolist() == [36.0, 0.7]
    assert store.tally() == Tally(applied=2)


def test_what_is_applied_again_counts_for_the_message_that_it_came_with(store: Store) -> None:
    """Or for none, if that was counted before."""
    store.apply([], up_to=1, others={"": Tally(dead_letter=1)})
    again = [Write(2, hour(0, pm25="35"), revises=False, message=1), Write(2, hour(HOUR, co="1"), message=0)]
    store.apply(again, up_to=2, others={"": Tally(dead_letter=-1)})
    assert store.tallies() == (2, {"": Tally(), "1235A": Tally(applied=1)})
    assert [change.sequence for change in store.changed(0, 10)] == [2, 2]


def test_applying_again_changes_nothing(store: Store) -> None:
    """A crash between writing and noting it repeats."""
    writes = [Write(1, hour(0, pm25="35")), Write(2, hour(0, pm25="36"))]
    store.apply(writes, up_to=2, others={"": Tally(dead_letter=1)})
    store.apply(writes, up_to=2, others={"": Tally(dead_letter=1)})
    assert store.tally() == Tally(applied=2, dead_letter=1)
    assert pm25(store, as_of=1) == [35.0]


def test_messages_without_observations_move_the_store_on(store: Store) -> None:
    """What was refused is done too."""
    store.apply([], up_to=7, others={"": Tally(dead_letter=2), "1235A": Tally(duplicate=1)})
    assert store.sequence() == 7
    assert store.tallies() == (7, {"": Tally(dead_letter=2), "1235A": Tally(duplicate=1)})
    assert store.tally() == Tally(duplicate=1, dead_letter=2)


def test_in_one_batch_each_message_counts_for_what_it_was(store: Store) -> None:
    """What is new goes in at one stroke unless some of the batch is known; the outcome is the same."""
    apply(store, hour(0, pm25="35"))
    apply(store, hour(HOUR, pm25="5"), hour(0, pm25="35"), hour(HOUR, pm25="6"), hour(0, pm25="36"))
    assert store.tally() == Tally(applied=4, duplicate=1)
    assert pm25(store, 0, 2 * HOUR) == [36.0, 6.0]
    assert pm25(store, 0, 2 * HOUR, as_of=2) == [35.0, 5.0]


def test_what_is_held_need_not_be_told_again(store: Store) -> None:
    """Less than all of it, or the same numbers, are nothing new; another number, flag or item is."""
    apply(store, hour(0, pm25="35", co="0.70"))
    assert store.holds(hour(0, co="0.7"))
    assert store.holds(hour(0, co="0.70", pm25="35.0"))
    assert not store.holds(hour(0, co="0.71"))
    assert not store.holds(hour(0, o3="80"))
    assert not store.holds(Observation.of("1235A", "hour", 0, "reported", {"co": ("0.7", 3)}))
    assert not store.holds(hour(0, origin="audited", co="0.7"))


def test_changes_are_told_by_whole_messages(store: Store) -> None:
    """A limit does not cut a message in two."""
    store.apply([Write(1, hour(0, pm25="1")), Write(2, hour(HOUR, pm25="1")), Write(2, hour(0, "1236A", co="1"))], 2)
    assert [change.sequence for change in store.changed(0, 2)] == [1, 2, 2]
    assert store.changed(2, 5) == []


def test_another_process_sees_what_was_written(store: Store, opener: Opener) -> None:
    """Readers poll a number that is cheap to read."""
    reader = opener(read_only=True)
    before = reader.data_version()
    assert reader.data_version() == before
    apply(store, hour(0, pm25="35"))
    assert reader.data_version() != before
    assert pm25(reader) == [35.0]
    reader.close()


def test_a_store_that_is_opened_again_goes_on_where_it_was(store: Store, opener: Opener) -> None:
    """Revisions of what was written before, too."""
    apply(store, hour(0, pm25="35"), hour(HOUR, pm25="5"))
    with closing(opener()) as again:
        apply(again, hour(0, pm25="36"), hour(HOUR, pm25="5"))
        assert (again.sequence(), again.tally()) == (4, Tally(applied=3, duplicate=1))
        assert [pm25(again, 0, 2 * HOUR, end) for end in (2, 4)] == [[35.0, 5.0], [36.0, 5.0]]


def test_what_a_message_says_twice_of_an_observation_was_never_anything_else(store: Store) -> None:
    """Its last word is what it said; what stood there before the message can be asked for."""
    apply(store, hour(0, pm25="35"))
    store.apply([Write(2, hour(0, pm25="36")), Write(2, hour(0, pm25="37"), known=True)], up_to=2)
    apply(store, hour(0, pm25="38"))
    assert [pm25(store, as_of=sequence) for sequence in (1, 2, 3)] == [[35.0], [37.0], [38.0]]
    assert store.tally() == Tally(applied=3)


def test_that_an_observation_is_known_is_a_hint_and_changes_nothing(store: Store) -> None:
    """Whether it is right or wrong."""
    writes = [
        Write(1, hour(0, pm25="35"), known=True),
        Write(2, hour(HOUR, pm25="36")),
        Write(3, hour(0, pm25="37"), known=True),
        Write(4, hour(HOUR, pm25="38")),
    ]
    store.apply(writes, up_to=4)
    assert [pm25(store, 0, 2 * HOUR, as_of)[0] for as_of in (1, 2, 3)] == [35.0, 35.0, 37.0]
    assert pm25(store, 0, 2 * HOUR) == [37.0, 38.0]
    assert store.tally() == Tally(applied=4)


def test_what_is_stored_can_be_looked_up_row_by_row(store: Store) -> None:
    """As it was reported, digit for digit; other origins are not looked at."""
    apply(store, hour(0, co="0.70"), hour(0, origin="audited", co="0.8"), reading(0, ph="7.10"))
    keys = [(0, "1235A", "hour"), (HOUR, "1235A", "hour"), (0, "溪口", "instant")]
    assert store.stored(keys) == {keys[0]: Texts('{"co":0.70}', "2"), keys[2]: Texts('{"ph":7.10}', "2")}
    assert store.stored([]) == {}


def test_the_last_days_of_a_period_end_with_its_newest_observation(store: Store) -> None:
    """Whole days of UTC."""
    day = 24 * HOUR
    assert store.recent("hour", 7) == []
    apply(store, *(hour(start, pm25="1") for start in (0, day - HOUR, day, 3 * day + HOUR)), reading(9 * day, ph="7"))
    assert sorted(row.start for row in store.recent("hour", 2)) == [day, 3 * day + HOUR]
    assert [row.values for row in store.recent("instant", 1)] == ['{"ph":7}']
