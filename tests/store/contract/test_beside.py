"""What stands beside the readings of stations: official values, and samples in which less was found than can be."""

from __future__ import annotations

import numpy as np

from qingchuan.store.flag_texts import LESS_THAN
from qingchuan.store.observations import WITH_OFFICIAL, Observation
from tests.store.contract.stores import HOUR, Store, apply, hour


def test_official_values_are_read_where_they_are_asked_for(store: Store) -> None:
    """Item by item they win over audited ones; without asking nothing of them is seen."""
    apply(
        store, hour(0, pm25="35", co="0.7"), hour(0, origin="official", pm25="30"), hour(0, origin="audited", pm25="33")
    )
    own = store.read(["1235A"], ["pm25", "co"], "hour", 0, HOUR)
    assert own.values[:, 0, 0].tolist() == [33, 0.7]
    told = store.read(["1235A"], ["pm25", "co"], "hour", 0, HOUR, origins=WITH_OFFICIAL)
    assert told.values[:, 0, 0].tolist() == [30, 0.7]
    alone = store.read(["1235A"], ["pm25", "co"], "hour", 0, HOUR, origins=("official",))
    assert np.array_equal(alone.values[:, 0, 0], [30, np.nan], equal_nan=True)
    assert store.read(["1235A"], ["pm25"], "hour", 0, HOUR, as_of=1, origins=WITH_OFFICIAL).values.tolist() == [[[35]]]


def test_detection_limits_are_told_from_values(store: Store) -> None:
    """Of each sample and item: the flag still counts, and a later value that was found takes the mark away."""
    less = {"tp": ("0.01", 2), "copper": ("0.001", 2)}
    sample = Observation.of("a", "instant", 0, "manual", less, by=dict.fromkeys(less, LESS_THAN))
    found = Observation.of("a", "instant", 5, "manual", {"tp": ("0.05", 2)})
    apply(store, sample, found, Observation.of("a", "instant", 0, "manual", {"copper": ("0.003", 2)}))
    _, manual = store.samples(["a"], ["tp", "copper"], 0, 10)
    assert manual.below.tolist() == [[True, False], [False, False]]
    assert manual.flags.tolist() == [[2, 2], [2, 9]]
    _, before = store.samples(["a"], ["tp", "copper"], 0, 10, as_of=1)
    assert before.below.tolist() == [[True], [True]]
