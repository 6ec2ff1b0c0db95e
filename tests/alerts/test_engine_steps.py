"""Steps of the engine: all or nothing, one engine or two, readings in any order."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingchuan.alerts.engine import Engine
from qingchuan.store.arrays import Readings
from qingchuan.store.embedded import EmbeddedObservations
from tests.alerts.support import HOUR, RULE, Place, position, run


def test_all_is_written_or_nothing(place: Place) -> None:
    """A step that breaks in its transaction is done again from the start, without leaving a trace."""
    place.read(0, tp="0.5")

    def broken() -> str:
        raise OSError("the head cannot be read")

    engine = Engine(
        place.observations, place.state, (RULE,), now=place.clock, notify_within=HOUR, targets=("duty",), head=broken
    )
    with pytest.raises(OSError, match="the head cannot be read"):
        engine.step()
    assert (position(place), place.alerts()) == (None, [])
    run(place.engine())
    assert (position(place), place.told()) == (1, ["opened"])


def test_an_engine_that_was_away_knows_of_no_later_readings(place: Place) -> None:
    """Another one judged the reading at 2 in the meantime; the late one at 1 still belongs to its episode."""
    first = place.engine()
    place.read(0, tp="0.1")
    run(first)
    place.read(2, tp="0.5")
    run(place.engine())
    place.read(1, tp="0.35")
    run(first)
    assert place.spans() == [(1, None, 6, 6)]


class Interrupted(EmbeddedObservations):
    """Observations during whose reading something else happens."""

    happens: list[Callable[[], object]]

    def readings(
        self, subjects: Sequence[str], items: Sequence[str], start: int, end: int, as_of: int | None = None
    ) -> Readings:
        """The readings, after the next thing to happen, the last in the list."""
        if self.happens:
            self.happens.pop()()
        return super().readings(subjects, items, start, end, as_of)


def test_of_two_engines_one_does_the_work(place: Place, tmp_path: Path) -> None:
    """The slower one finds the cursor moved and writes nothing; afterwards it goes on.

    The other one comes in when the stored episodes have been looked up, in the second reading of the step.
    """
    place.read(0, tp="0.5")
    observations = Interrupted(tmp_path / "observations.sqlite3", read_only=True)
    observations.happens = [place.engine().step, int]
    slow = Engine(observations, place.state, (RULE,), now=place.clock, notify_within=HOUR, targets=("duty",))
    assert slow.step() == 1
    assert not observations.happens
    assert (place.told(), len(place.alerts())) == (["opened"], 1)
    place.read(1, tp="0.1")
    run(slow)
    assert place.told() == ["opened", "closed"]
    observations.close()


# One reading of an hour: which value of phosphorus and of oxygen, as text with a flag, if any.
values = st.sampled_from([("0.1", 2), ("0.35", 2), ("0.5", 1), ("0.5", 3)])
oxygen = st.sampled_from([("8", 2), ("2.5", 2), ("1", 4)])
reading = st.tuples(st.integers(0, 7), st.fixed_dictionaries({}, optional={"tp": values, "do": oxygen}))
Reading = tuple[int, dict[str, tuple[str, int]]]


def outcome(readings: Sequence[Reading], steps: set[int], *, limit: int, restarts: bool) -> list[dict[str, Any]]:
    """The episodes without ids and sequence numbers, after the readings came in this order."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        engine = place.engine(limit=limit)
        for index, (hour, items) in enumerate(readings):
            place.read(hour, **items)
            if index in steps:
                engine.step()
                engine = place.engine(limit=limit) if restarts else engine
        run(engine)
        found = [_without_sequence(msgspec.to_builtins(alert.episode)) for alert in place.alerts()]
        place.close()
        return found


def _without_sequence(episode: dict[str, Any]) -> dict[str, Any]:
    moment = {key: value for key, value in episode["moment"].items() if key != "sequence"}
    return {**{key: value for key, value in episode.items() if key != "sequence"}, "moment": moment}


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_order_of_arrival_ends_in_the_same_episodes(data: st.DataObject) -> None:
    """Late, doubled and shuffled readings, judged in any batches, with restarts, as if they had come in order."""
    told = data.draw(st.dictionaries(*_parts(), max_size=8), label="readings")
    in_order = sorted(told.items())
    doubled = in_order + data.draw(st.lists(st.sampled_from(in_order), max_size=3) if in_order else st.just([]))
    shuffled = data.draw(st.permutations(doubled), label="arrival")
    steps = data.draw(st.sets(st.integers(0, 10)), label="steps after")
    limit = data.draw(st.integers(1, 4), label="limit")
    restarts = data.draw(st.booleans(), label="restarts")
    assert outcome(shuffled, steps, limit=limit, restarts=restarts) == outcome(
        in_order, set(), limit=64, restarts=False
    )


def _parts() -> tuple[st.SearchStrategy[int], st.SearchStrategy[dict[str, tuple[str, int]]]]:
    return st.integers(0, 9), st.fixed_dictionaries({}, optional={"tp": values, "do": oxygen})


@settings(max_examples=40, deadline=None)
@given(st.lists(reading, max_size=10), st.sets(st.integers(0, 10)), st.booleans())
def test_corrections_end_in_the_episodes_of_the_corrected_readings(
    readings: list[Reading],
    steps: set[int],
    restarts: bool,  # noqa: FBT001  # drawn by hypothesis
) -> None:
    """What is corrected step by step ends as if only the last values had ever come."""
    final: dict[int, dict[str, tuple[str, int]]] = {}
    for hour, items in readings:
        final[hour] = {**final.get(hour, {}), **items}
    corrected = outcome(readings, steps, limit=2, restarts=restarts)
    assert corrected == outcome(sorted(final.items()), set(), limit=64, restarts=False)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.sampled_from(["river", "lake"]) | st.tuples(st.integers(0, 5), st.sampled_from(["0.15", "0.25"]))),
    st.sets(st.integers(0, 10)),
    st.booleans(),
)
def test_episodes_follow_from_the_messages_alone(
    messages: list[str | tuple[int, str]],
    steps: set[int],
    restarts: bool,  # noqa: FBT001  # drawn by hypothesis
) -> None:
    """Announcements among the readings: judged as they come, or all at the end."""
    assert _follows(messages, steps, restarts=restarts) == _follows(messages, set(), restarts=False)


def _follows(
    messages: list[str | tuple[int, str]], steps: set[int], *, restarts: bool
) -> list[tuple[float, float | None, int, int]]:
    """The episodes of ``dazha`` after `messages`: a kind of water body, or hour and phosphorus."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        engine = place.engine()
        for index, message in enumerate(messages):
            if isinstance(message, str):
                place.announce("dazha", message)
            else:
                place.read(message[0], tp=message[1])
            if index in steps:
                run(engine)
                engine = place.engine() if restarts else engine
        run(engine)
        found = place.spans()
        place.close()
        return found
