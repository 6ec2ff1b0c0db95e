"""Quality control on entry says what a plain model says, however messages are grouped and whenever it starts anew."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from qingchuan.collector.quality.faults import fault_runs
from qingchuan.collector.quality.grades import FAULTS, graded
from qingchuan.store.faults import Run
from tests.support.plain_quality import PlainQuality
from tests.support.quality_traffic import FAR_BACK, THRESHOLDS, Entry, judged, writes_of

_SEEDS = st.integers(0, 2**32)


@settings(max_examples=30, deadline=None)
@given(_SEEDS, st.lists(st.integers(0, 80), max_size=6), st.lists(st.booleans(), max_size=6))
def test_however_messages_are_grouped_it_says_what_the_plain_model_says(
    seed: int, cuts: list[int], restarts: list[bool]
) -> None:
    """Every value has the flag that it gets one by one, at the same message; a new start changes nothing."""
    writes = writes_of(seed)
    plain = PlainQuality(THRESHOLDS)
    for write in writes:
        plain.take(write)
    kept = judged(writes, cuts, restarts)
    assert sorted(kept.log, key=str) == sorted(plain.log, key=str)
    one_by_one = range(len(writes) + 1)
    assert kept.faults() == judged(writes).faults() == judged(writes, one_by_one, [True] * len(writes)).faults()


@settings(max_examples=20, deadline=None)
@given(_SEEDS)
def test_faults_are_the_runs_of_values_that_a_fault_test_marked(seed: int) -> None:
    """As long as nothing is out of sight, whatever came late or was corrected."""
    kept = judged(writes_of(seed, within_sight=True), range(0, 80, 7), thresholds=FAR_BACK)
    found: dict[tuple[str, str, str], set[Run]] = {}
    for fault in kept.faults():
        found.setdefault((fault.subject, fault.period, fault.item), set()).add(Run(*fault[3:7]))
    expected: dict[tuple[str, str, str], set[Run]] = {}
    for about, values in _lines(kept.log).items():
        tests = [int(FAULTS[grade]) for _, grade in sorted(values.items())]
        if runs := fault_runs(tests, sorted(values)):
            expected[about] = set(runs)
    assert found == expected


def _lines(log: list[Entry]) -> dict[tuple[str, str, str], dict[int, int]]:
    """For each item the grades of its values by their starts, as they are in the end."""
    lines: dict[tuple[str, str, str], dict[int, int]] = {}
    for _, start, subject, period, items in log:
        for item, (_, mark) in items.items():
            lines.setdefault((subject, period, item), {})[start] = graded(mark)
    return lines
